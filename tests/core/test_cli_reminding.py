"""« fabrique remind » on a programme with one late quarter: the list, the letters, the document, the refusal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.cli.program import DONE, REFUSED, main
from core.contract import schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, Role
from core.storage import Store
from tests.support.filled import empty_copy, registry

AT = datetime(2021, 7, 5, 9, tzinfo=UTC)
LEAD = Actor("Karim", Role.LEAD)
QUARTER = {"code": "2021-T3", "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)}


@pytest.fixture(autouse=True)
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = empty_copy(tmp_path)
    with Store.open(url) as store:
        schema_setup.prepare(registry(), store, at=AT)
        submit.save_rows(Scope(registry(), store, LEAD, AT), "metropole", "periodes", [QUARTER])
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", url)
    monkeypatch.setenv("FABRIQUE_TODAY", "2021-10-09")


def test_the_list_the_letters_and_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remind"]) == DONE
    told = capsys.readouterr().out
    assert "aucune : invitez un compte" in told.replace("\u00a0", " ") and "Bonjour" not in told
    assert main(["remind", "--dry-run"]) == DONE
    assert "Bonjour" in capsys.readouterr().out
    assert main(["remind", "--json"]) == DONE
    found = {one["association"]: one for one in json.loads(capsys.readouterr().out)["reminders"]}
    assert [one["days_late"] for one in found["ifac"]["releves"]] == [2, 2]
    assert found["ifac"]["sent"] is False


def test_nothing_leaves_without_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remind", "--send", "--json"]) == REFUSED
    answer = capsys.readouterr()
    assert "FABRIQUE_SMTP_HOST" in answer.err and json.loads(answer.out)["reminders"] == []


def test_nothing_to_remind_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FABRIQUE_TODAY", "2021-07-10")
    assert main(["remind", "--within", "3"]) == DONE
    assert "rien à rappeler" in capsys.readouterr().out
