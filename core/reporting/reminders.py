"""Reminders of what is late or comes soon: who is to be reminded, and the letters ready to send."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, ReleveState, Role
from core.domain.calendar import day_in_france
from core.domain.releve import PeriodTold, Releve
from core.errors import Refused
from core.reporting.states import board
from core.settings import Settings
from core.storage import Store, accounts
from core.storage.event_log import Entry
from core.storage.events import EventType, renamed

SIGNED = "L’équipe de projet, Métropole Aix-Marseille-Provence"
_BEGUN: Mapping[ReleveState | None, str] = {
    ReleveState.DRAFT: " (brouillon commencé)",
    ReleveState.RETURNED: " (retourné pour correction)",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as plain text: to whom, about what, what it says."""

    to: str
    subject: str
    body: str

    @property
    def text(self) -> str:
        """The whole of it, to copy or to keep."""
        return f"À : {self.to}\nObjet : {self.subject}\n\n{self.body}\n"


def reminder(registry: Registry, association: str, awaited: Iterable[Releve], today: date, address: str = "") -> Letter:
    """The reminder to one association, whatever it owes in one letter."""
    name, listed = registry.association(association).name, list(awaited)
    late = [one for one in listed if one.today > one.due]
    said = [
        "Bonjour,",
        "Un relevé dit ce qu’une expérimentation a fait pendant une période : ses chiffres et votre commentaire.",
        *_part("Nous attendons encore :", registry, late, lambda one: f"attendu depuis le {french.day(one.due)}"),
        *_part(
            "Bientôt attendu :",
            registry,
            [one for one in listed if one not in late],
            lambda one: f"attendu le {french.day(one.due)}",
        ),
        "S’il n’y a rien à transmettre pour un tableau, dites-le : « rien à déclarer » est une réponse, et vaut zéro.",
        *([f"Pour déposer et transmettre : {address}"] if address else []),
        "Si une difficulté vous retarde, écrivez-la dans le commentaire du relevé : le comité la lira.",
        f"{SIGNED}, le {french.day(today)}.",
    ]
    count = french.count(len(listed), "relevé attendu", "relevés attendus")
    return _letter(name, f"Fabrique Inclusive Numérique : {count}", said)


def returned(registry: Registry, releve: Releve, address: str = "") -> Letter:
    """The letter that goes with a relevé returned for correction; it must have been returned."""
    assert releve.last is not None
    name = registry.association(releve.association).name
    title = registry.experiment(releve.experiment).title
    said = [
        "Bonjour,",
        f"Nous avons relu le relevé de « {title} » pour le {releve.period.label}. Nous vous le retournons :",
        releve.last.reason,
        "Vous pouvez de nouveau le modifier. Corrigez, puis transmettez-le : l’historique garde les deux versions.",
        *([f"Pour corriger : {address}"] if address else []),
        f"{SIGNED}, le {french.day(day_in_france(releve.last.at))}.",
    ]
    return _letter(name, f"Relevé à corriger : {title}, {releve.period.label}", said)


def _part(title: str, registry: Registry, rows: list[Releve], when: Callable[[Releve], str]) -> list[str]:
    if not rows:
        return []
    lines = [
        f"- {registry.experiment(one.experiment).title}, {one.period.label}, {when(one)}" + _BEGUN.get(one.state, "")
        for one in rows
    ]
    return ["\n".join([title, *lines])]


def _letter(to: str, subject: str, paragraphs: Iterable[str]) -> Letter:
    return Letter(to, french.typeset(subject), french.typeset("\n\n".join(paragraphs)))


# --- Reminders: who owes what, one letter to each association, sent by SMTP at most once a day -----


KIND = "rappel"


@dataclass(frozen=True, slots=True)
class ReminderSaid:
    """What an entry says of a letter: its day, whether it did not leave, the relevés named, to how many addresses."""

    day: date
    failed: bool = False
    releves: tuple[str, ...] = ()
    addresses: int = 0


REMINDERS = EventType(
    KIND,
    ReminderSaid,
    lambda content: renamed(content, {"jour": "day", "échec": "failed", "relevés": "releves", "adresses": "addresses"}),
)
SOON = 14
"""How many days before the due date a reminder is proposed."""
_SECONDS = 20
_OWED = frozenset({ReleveState.DUE, ReleveState.DRAFT, ReleveState.RETURNED})


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


def server_of(settings: Settings) -> Server | None:
    """The mail server of the settings, None when there is none."""
    if settings is None or not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    sender = settings.smtp_from or settings.smtp_user
    if not sender:
        raise Refused("Le serveur de courriel n’a pas d’expéditeur : donnez FABRIQUE_SMTP_FROM.")
    return Server(settings.smtp_host, settings.smtp_port, sender, settings.smtp_user, password, not settings.smtp_plain)


def reminders(
    registry: Registry, store: Store, today: date, *, within: int = SOON, address: str = ""
) -> tuple[Reminder, ...]:
    """One per association that owes a relevé, late or due within so many days."""
    owed = [one for one in board(registry, store, today) if _owes(one) and (one.due - today).days <= within]
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


def _owes(one: Releve) -> bool:
    """Whether something is still to come: a period that is not told, or a relevé to correct."""
    return one.state in _OWED and (one.told is not PeriodTold.TOLD or one.state is ReleveState.RETURNED)


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
    scope: Scope,
    found: Iterable[Reminder],
    server: Server,
    *,
    post: Callable[[Server, list[EmailMessage]], None] | None = None,
) -> tuple[Reminder, ...]:
    """Send each letter that has an address and was not sent today; the others are left aside.

    Each is written in the event log before it leaves, and so is a failure, so that what stops
    half-way is not sent twice. Raises Forbidden; Refused when the server does not take a letter.
    """
    access.check(scope.actor, Action.REVIEW)
    sent = []
    for one in found:
        if one.addresses and _claimed(scope, one):
            try:
                (post or deliver)(server, [message(one.letter, to, server, scope.now) for to in one.addresses])
            except Refused:
                with scope.writing() as writing:
                    REMINDERS.enter(writing, one.association, ReminderSaid(scope.today, failed=True))
                raise
            sent.append(one)
    return tuple(sent)


def _claimed(scope: Scope, one: Reminder) -> bool:
    """Write down that the letter leaves; False when it already left on that day."""
    day = scope.today
    with scope.writing() as writing:
        if one.association in _sent(writing.entries(KIND), day):
            return False
        named = tuple(releve.subject for releve in one.releves)
        REMINDERS.enter(writing, one.association, ReminderSaid(day, releves=named, addresses=len(one.addresses)))
    return True


def _sent(entries: Iterable[Entry], day: date) -> frozenset[str]:
    """The associations whose last entry of that day is no failure."""
    last = {entry.subject: said for entry in entries if (said := REMINDERS.read(entry)).day == day}
    return frozenset(code for code, said in last.items() if not said.failed)


def message(letter: Letter, to: str, server: Server, at: datetime) -> EmailMessage:
    """A letter as mail servers take it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = server.sender, to, letter.subject
    made["Date"], made["Message-ID"] = format_datetime(at), make_msgid(domain=server.sender.rpartition("@")[2])
    made.set_content(letter.body)
    return made


def deliver(server: Server, messages: list[EmailMessage]) -> None:
    """Hand letters to the server. Raises Refused when it does not take them."""
    try:
        with smtplib.SMTP(server.host, server.port, timeout=_SECONDS) as line:
            if server.starttls:
                line.starttls(context=ssl.create_default_context())
            if server.user and server.password:
                line.login(server.user, server.password)
            for one in messages:
                line.send_message(one)
    except (OSError, smtplib.SMTPException) as problem:
        said = f"Le serveur de courriel {server.host}:{server.port} n’a pas pris la lettre, qui reste à envoyer."
        raise Refused(f"{said} Vérifiez FABRIQUE_SMTP_HOST et les autres réglages.") from problem
