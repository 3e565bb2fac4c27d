"""Reminders: who owes what, one letter to each association, sent by SMTP at most once a day."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from core.domain import access, french
from core.domain.access import Action, State
from core.domain.actor import Actor, Role
from core.domain.local_time import day_in_france
from core.domain.releve import Releve
from core.errors import Refused
from core.services.releves.letters import Letter, reminder
from core.services.releves.states import board
from core.storage import Store, accounts

KIND = "rappel"
SOON = 14
"""How many days before the due date a reminder is proposed."""
_SECONDS = 20
_OWED = frozenset({State.DUE, State.DRAFT, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one association owes, where to write to it, and the letter.

    ``sent_today``: it was already sent on that day.
    """

    association: str
    releves: tuple[Releve, ...]
    addresses: tuple[str, ...]
    letter: Letter
    sent_today: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; ``sender`` is the address that letters come from."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = True


def server_of(settings: Any) -> Server | None:
    """The mail server of the settings, None when there is none."""
    if settings is None or not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    sender = settings.smtp_from or settings.smtp_user
    if not sender:
        raise Refused("Le serveur de courriel n’a pas d’expéditeur : donnez FABRIQUE_SMTP_FROM.")
    return Server(
        settings.smtp_host, settings.smtp_port, sender, settings.smtp_user, password, not settings.smtp_plain
    )  # fmt: skip


def reminders(
    registry: Any, store: Store, today: date, *, within: int = SOON, address: str = ""
) -> tuple[Reminder, ...]:
    """One per association that owes a relevé, late or due within so many days."""
    owed = [one for one in board(registry, store, today) if one.state in _OWED and (one.due - today).days <= within]
    written = sent_on(store, today)
    whom = addresses(store)
    return tuple(
        Reminder(
            association.code,
            tuple(mine),
            whom.get(association.code, ()),
            reminder(registry, association.code, mine, today, address),
            association.code in written,
        )
        for association in registry.associations
        if (mine := [one for one in owed if one.association == association.code])
    )


def addresses(store: Store) -> dict[str, tuple[str, ...]]:
    """The e-mails of the active accounts of each association."""
    found: dict[str, list[str]] = {}
    with store.connect() as connection:
        for one in accounts.all_accounts(connection):
            if one.role == Role.ASSOCIATION and one.association and one.deactivated_at is None:
                found.setdefault(one.association, []).append(one.email)
    return {code: tuple(emails) for code, emails in found.items()}


def sent_on(store: Store, day: date) -> frozenset[str]:
    """The associations to which a reminder was sent on ``day``."""
    return _sent(store.entries(KIND), day)


def send(
    store: Store,
    found: Iterable[Reminder],
    server: Server,
    *,
    actor: Actor,
    at: datetime,
    post: Callable[[Server, list[EmailMessage]], None] | None = None,
) -> tuple[Reminder, ...]:
    """Send each letter that has an address and was not sent today; the others are left aside.

    Each is written in the register before it leaves, and so is a failure, so that what stops
    half-way is not sent twice. Raises Forbidden; Refused when the server does not take a letter.
    """
    access.check(actor, Action.REVIEW)
    sent = []
    for one in found:
        if one.addresses and _claimed(store, one, actor, at):
            try:
                (post or _post)(server, [_message(one, to, server, at) for to in one.addresses])
            except Refused:
                with store.writing(actor, at) as writing:
                    writing.enter(KIND, one.association, {"jour": day_in_france(at).isoformat(), "échec": True})
                raise
            sent.append(one)
    return tuple(sent)


def _claimed(store: Store, one: Reminder, actor: Actor, at: datetime) -> bool:
    """Write down that the letter leaves; False when it already left on that day."""
    day = day_in_france(at)
    with store.writing(actor, at) as writing:
        if one.association in _sent(writing.entries(KIND), day):
            return False
        named = [releve.subject for releve in one.releves]
        writing.enter(
            KIND, one.association, {"jour": day.isoformat(), "relevés": named, "adresses": len(one.addresses)}
        )
    return True


def _sent(entries: Iterable[Any], day: date) -> frozenset[str]:
    """The associations whose last entry of that day is no failure."""
    last = {one.subject: one for one in entries if one.content["jour"] == day.isoformat()}
    return frozenset(code for code, one in last.items() if not one.content.get("échec"))


def _message(one: Reminder, to: str, server: Server, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, to, one.letter.subject
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain=server.sender.rpartition("@")[2])
    message.set_content(one.letter.body)
    return message


def _post(server: Server, messages: list[EmailMessage]) -> None:
    try:
        with smtplib.SMTP(server.host, server.port, timeout=_SECONDS) as line:
            if server.starttls:
                line.starttls(context=ssl.create_default_context())
            if server.user and server.password:
                line.login(server.user, server.password)
            for message in messages:
                line.send_message(message)
    except (OSError, smtplib.SMTPException) as problem:
        said = f"Le serveur de courriel {server.host}:{server.port} n’a pas pris le rappel, qui reste à envoyer."
        raise Refused(french.typeset(f"{said} Vérifiez FABRIQUE_SMTP_HOST et les autres réglages.")) from problem
