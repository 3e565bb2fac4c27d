"""The dashboard and the demonstration, as the command starts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core import demonstration
from core.cli import serving
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import filling
from core.depositing import submit
from core.domain.access import Actor, Role
from core.domain.calendar import FRANCE

Run = Callable[..., tuple[int, str, str]]


class Screens:
    """A dashboard that only writes down how it was started."""

    def __init__(self) -> None:
        self.served: list[Any] = []

    def serve(self, settings: Any, *, opening: Callable[[], Any] | None = None) -> None:
        self.served.append((settings, opening() if opening else None))

    @property
    def Context(self) -> Screens:
        return self

    def open(self, settings: Any, *, clock: Callable[[], Any], demonstration: bool) -> tuple[Any, bool]:
        return clock(), demonstration


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    found = Screens()
    monkeypatch.setattr(serving, "importlib", SimpleNamespace(import_module=lambda _name: found))
    return found


def test_serving_starts_the_dashboard_where_asked(run: Run, screens: Screens, tmp_path: Path) -> None:
    status, out, _ = run("serve", "--port", "9000")
    assert status == 0 and "http://127.0.0.1:9000" in out
    ((settings, context),) = screens.served
    assert (settings.host, settings.port, context) == ("127.0.0.1", 9000, None)
    assert (tmp_path / "data" / "fabrique.sqlite3").exists()


def test_serving_without_the_dashboard_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(serving, "importlib", SimpleNamespace(import_module=absent))
    status, _, err = run("serve")
    assert status == 1 and "dashboard.server" in err and "make setup" in err


@pytest.fixture
def short_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration of one declaration."""

    def fill(registry: Any, store: Any) -> None:
        at, who = datetime(2022, 7, 5, tzinfo=UTC), Actor("fictive", Role.ASSOCIATION, "ifac")
        submit.declare_nothing(Scope(registry, store, who, at), "ifac", "materiel", "2021-T3")

    monkeypatch.setattr(filling, "fill", fill)


def test_the_demonstration_has_a_store_of_its_own(
    run: Run, screens: Screens, short_story: None, tmp_path: Path
) -> None:
    for _ in range(2):
        status, _, err = run("demo", "--port", "9001")
        assert (status, err) == (0, "")
    settings, (today, fictitious) = screens.served[-1]
    assert (settings.port, f"{today:%Y-%m-%d}", fictitious) == (9001, "2022-07-05", True)
    assert settings.database_url == "sqlite:///data/demonstration/fabrique.sqlite3"
    assert not (tmp_path / "data" / "fabrique.sqlite3").exists()
    assert list((tmp_path / "data" / "demonstration").glob("*.xlsx"))


def test_the_demonstration_fills_a_named_store_once(
    run: Run, screens: Screens, short_story: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", "sqlite:///essai/base.sqlite3")
    assert run("demo", "--fill-only")[0] == 0
    assert screens.served == [] and Path("essai/base.sqlite3").exists()
    assert run("demo", "--fill-only")[0] == 1
    run("serve")
    assert screens.served[-1][1][1] is True, "a store of fictitious data says so when it is served"


def test_the_demonstration_spares_a_store_in_its_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", "sqlite:///data/demonstration/fabrique.sqlite3")
    status, _, err = run("demo")
    assert status == 1 and "FABRIQUE_DATABASE_URL" in err


def test_a_deposit_of_the_command_is_of_the_day_of_the_demonstration(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was dated with the real day: « Dernier dépôt 29 novembre 2026 », in July 2022."""
    from core.cli.edge import workshop

    monkeypatch.setenv("FABRIQUE_DATABASE_URL", f"sqlite:///{tmp_path}/base.sqlite3")
    with workshop() as here:
        schema_setup.mark_fictitious(here.store, here.actor(), here.instant)
    with workshop() as here:
        assert here.today == here.now.date() == demonstration.TODAY
        assert here.instant.date() != demonstration.TODAY
        assert here.now.astimezone(FRANCE).time() == here.instant.astimezone(FRANCE).time()
