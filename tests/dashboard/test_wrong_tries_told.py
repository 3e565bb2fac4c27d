"""The letter about wrong passwords: who gets it, what it says, and that nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from core.accounts import accounts, sign_in
from core.accounts.tries import Origin
from core.domain.access import Actor, Role
from core.errors import Refused
from core.settings import Settings
from core.storage import Store
from dashboard import door
from tests.support.passwords import quick

NOON = datetime(2021, 9, 1, 12, tzinfo=UTC)
EMAIL = "claire@ifac.fr"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    found: list[EmailMessage] = []
    monkeypatch.setattr(door, "deliver", lambda _server, messages: found.extend(messages))
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with quick(), Store.open(f"sqlite:///{tmp_path / 'base.sqlite3'}") as opened:
        yield opened


def attacked(opened: door.Door, email: str = EMAIL) -> None:
    """Five wrong passwords, each from elsewhere; the letter had the time to leave."""
    for number in range(5):
        with pytest.raises(Refused, match="incorrect"):
            origin = Origin(f"203.0.113.{number}")
            sign_in.with_password(opened.office, email, "faux", device="", at=NOON, origin=origin)
    for one in threading.enumerate():
        if one.name == "letter":
            one.join(10)


def opened_by(store: Store, *, fictitious: bool = False, **more: object) -> door.Door:
    settings = Settings.model_validate({"public_url": "https://fabrique.exemple.fr", **more})
    found = door.Door.of(settings, store, fictitious=fictitious)
    lead = Actor("Chefferie", Role.LEAD)
    link = accounts.invite(found.office, EMAIL, "Claire", Role.ASSOCIATION, "ifac", actor=lead, at=NOON)
    accounts.accept(found.office, link, "un chapeau de paille", device="", at=NOON)
    return found


def test_account_is_written_to_where_a_server_sends_letters(store: Store, sent: list[EmailMessage]) -> None:
    found = opened_by(store, smtp_host="courriel.exemple.fr", smtp_from="fabrique@exemple.fr")
    attacked(found)
    attacked(found, "inconnue@ifac.fr")
    (letter,) = sent
    assert letter["To"] == EMAIL
    said = letter.get_content().replace("\u00a0", " ").replace("\u202f", " ")
    assert "5 essais de suite" in said and "1er septembre 2021 à 14 h 00" in said
    assert "https://fabrique.exemple.fr/mon-compte" in said and "faux" in letter["Subject"]


@pytest.mark.parametrize("more", [{}, {"smtp_host": "courriel.exemple.fr"}])
def test_without_a_server_or_a_sender_signing_in_goes_on(
    store: Store, sent: list[EmailMessage], more: dict[str, str]
) -> None:
    attacked(opened_by(store, **more))
    assert not sent


def test_demonstration_writes_to_nobody(store: Store, sent: list[EmailMessage]) -> None:
    more = {"smtp_host": "courriel.exemple.fr", "smtp_from": "fabrique@exemple.fr"}
    attacked(opened_by(store, fictitious=True, **more))
    assert not sent


def test_server_that_does_not_answer_keeps_nobody_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(door, "deliver", lambda *_given: held.wait(30))
    found = opened_by(store, smtp_host="courriel.exemple.fr", smtp_from="fabrique@exemple.fr")
    for number in range(5):
        with pytest.raises(Refused):
            origin = Origin(f"203.0.113.{number}")
            sign_in.with_password(found.office, EMAIL, "faux", device="", at=NOON, origin=origin)
    waiting = [one for one in threading.enumerate() if one.name == "letter" and one.is_alive()]
    assert waiting, "the letter leaves by itself"
    held.set()
    waiting[0].join(10)
