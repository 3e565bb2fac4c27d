"""Who is reminded, by which letter, and that no association gets two on one day."""

from __future__ import annotations

import email
import socket
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.domain.access import Role
from core.errors import Forbidden, Refused
from core.reporting import reminders
from core.reporting.reminders import Server
from core.settings import Settings
from core.storage import Store, accounts
from core.storage.accounts import AccountRow
from tests.core.desk import WHO, Desk, who
from tests.support.scopes import acting

AT = datetime(2021, 10, 9, 8, tzinfo=UTC)
TODAY = AT.date()


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """A desk whose quarter is late and at which two associations have an account, one of them closed."""
    desk.save(
        "metropole",
        "periodes",
        {"code": "2021-T3", "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)},
    )
    account(desk.store, "claire@ifac.example", "ifac")
    account(desk.store, "karim@anonymal.example", "anonymal", closed=AT)
    return desk


def account(store: Store, address: str, association: str, closed: datetime | None = None) -> None:
    row = AccountRow(address, address, "Nom", str(Role.ASSOCIATION), association, None, AT, closed)
    with store.writing(WHO, AT) as writing:
        accounts.add_account(writing.connection, row)


def found(desk: Desk, today: date = TODAY, **given: Any) -> dict[str, reminders.Reminder]:
    return {one.association: one for one in reminders.reminders(desk.registry, desk.store, today, **given)}


class Box:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@pytest.fixture
def box() -> Any:
    kept = Box()
    controller = Controller(kept, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield (
        kept,
        Server("127.0.0.1", controller.server.sockets[0].getsockname()[1], "suivi@metropole.example", starttls=False),
    )
    controller.stop()


def test_who_is_late_or_due_soon_is_listed(opened: Desk) -> None:
    listed = found(opened)
    assert set(listed) == {one.code for one in opened.registry.associations}
    assert [one.experiment for one in listed["ifac"].releves] == ["ct1-frais-vallon", "ct1-plan-d-aou"]
    assert (listed["ifac"].addresses, listed["anonymal"].addresses) == (("claire@ifac.example",), ())
    assert found(opened, date(2021, 9, 20), within=14) == {}, "due in seventeen days"
    assert set(found(opened, date(2021, 9, 23), within=14)) == set(listed)


def test_the_letter_says_what_is_awaited_since_when(opened: Desk) -> None:
    letter = found(opened, address="https://fabrique.example")["ifac"].letter
    assert "attendu depuis le 7" in letter.body and "https://fabrique.example" in letter.body
    assert letter.subject.endswith("2 relevés attendus")
    assert "attendu le 7" in found(opened, date(2021, 10, 1))["ifac"].letter.body


def test_letters_leave_once_a_day_and_only_where_there_is_an_address(opened: Desk, box: Any) -> None:
    kept, server = box
    sent = reminders.send(acting(opened.store, WHO, AT), found(opened).values(), server)
    assert [one.association for one in sent] == ["ifac"]
    ((to, letter),) = kept.letters
    assert to == ["claire@ifac.example"] and letter["From"] == "suivi@metropole.example"
    assert "Bonjour" in letter.get_payload(decode=True).decode()
    assert found(opened)["ifac"].sent_today
    stale = list(found(opened).values())
    assert reminders.send(acting(opened.store, WHO, AT + timedelta(hours=2)), stale, server) == ()
    assert len(reminders.send(acting(opened.store, WHO, AT + timedelta(days=1)), stale, server)) == 1
    assert len(kept.letters) == 2


def test_a_server_that_does_not_answer_leaves_the_letter_to_send(opened: Desk, box: Any) -> None:
    kept, server = box
    closed = Server("127.0.0.1", 1, "suivi@metropole.example", starttls=False)
    with pytest.raises(Refused, match="reste à envoyer"):
        reminders.send(acting(opened.store, WHO, AT), found(opened).values(), closed)
    assert not found(opened)["ifac"].sent_today
    assert len(reminders.send(acting(opened.store, WHO, AT), found(opened).values(), server)) == 1
    assert len(kept.letters) == 1


def test_a_server_without_encryption_is_not_spoken_to_in_clear(opened: Desk, box: Any) -> None:
    kept, server = box
    asked = Server(server.host, server.port, server.sender)
    with pytest.raises(Refused):
        reminders.send(acting(opened.store, WHO, AT), found(opened).values(), asked)
    assert kept.letters == []


def test_an_association_sends_no_reminder(opened: Desk, box: Any) -> None:
    with pytest.raises(Forbidden):
        reminders.send(acting(opened.store, who("ifac"), AT), found(opened).values(), box[1])


def test_the_settings_give_the_server_or_none() -> None:
    assert reminders.server_of(Settings()) is None
    assert reminders.server_of(Settings(smtp_host="courriel.example", smtp_from="a@b.example")).port == 587
    nobody = SimpleNamespace(smtp_host="x", smtp_password=None, smtp_from=None, smtp_user=None)
    with pytest.raises(Refused, match="FABRIQUE_SMTP_FROM"):
        reminders.server_of(nobody)
