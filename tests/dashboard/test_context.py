"""The day of the screens is that of France, on whatever machine they are served."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from types import SimpleNamespace

import pytest

from core.domain.calendar import FRANCE
from dashboard import context
from dashboard.context import Context


def test_after_midnight_in_france_it_is_the_next_day_on_a_server_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    class Night(datetime):
        """Half past midnight in Marseille."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2022, 7, 5, 22, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(context, "datetime", Night)
    here = Context(None, None)
    assert here.today == date(2022, 7, 6)
    assert here.now == datetime(2022, 7, 6, 0, 30, tzinfo=FRANCE)


def test_a_silent_base_says_nothing_of_itself_to_the_street(caplog: pytest.LogCaptureFixture) -> None:
    def silent() -> int:
        raise RuntimeError("connection to server at 10.0.0.7 failed for user fabrique")

    told = Context(None, SimpleNamespace(latest=silent)).problem()
    assert told == "La base ne répond pas\u00a0: le journal du serveur dit pourquoi."
    assert "10.0.0.7" in caplog.text
