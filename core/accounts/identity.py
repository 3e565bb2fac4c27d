"""Who somebody is for the accounts: the store, the rules of time, the source of chance."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain import access
from core.domain.access import Action, Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.storage import Store, accounts
from core.storage.accounts import AccountRow
from core.storage.writing import Writing


def _by_chance() -> str:
    """256 bits that nobody guesses, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Rules:
    """How long things last.

    idle          a session that nobody uses ends
    longest       a session ends, used or not
    seen_every    how often its last use is written down, so that a page does not write each time
    link          a link that opens once stops working
    free          wrong tries in a row that cost nothing, for one who tries
    free_for_all  and for everybody of one network address, or everybody who tries one account
    first_wait    how long one waits then; twice as long after each wrong try
    longest_wait  and never longer
    wait_for_all  nor longer than this for what others tried from elsewhere
    forgotten     wrong tries that nobody added to are forgotten
    browser       a browser that nobody came in by is known no longer
    second_step   between the password and the code of a second factor
    early         by how much something may be dated after now: beyond, the clock was wrong when it was made
    """

    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(days=7)
    seen_every: timedelta = timedelta(minutes=10)
    link: timedelta = timedelta(days=7)
    free: int = 5
    free_for_all: int = 20
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    wait_for_all: timedelta = timedelta(minutes=1)
    forgotten: timedelta = timedelta(days=1)
    browser: timedelta = timedelta(days=180)
    second_step: timedelta = timedelta(minutes=10)
    early: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WrongTries:
    """What is told to an account: so many wrong tries in a row, the last one then."""

    account: AccountRow
    failures: int
    at: datetime


def _untold(_told: WrongTries) -> None:
    """No server sends letters."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where accounts are kept. ``chance`` gives a new secret; ``warn`` writes to an account, and waits for nobody."""

    store: Store
    rules: Rules = field(default_factory=Rules)
    chance: Callable[[], str] = _by_chance
    warn: Callable[[WrongTries], None] = _untold


def digest(secret: str) -> str:
    """What is kept of a session id or of a link: its SHA-256, from which it cannot be found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- Who an account is for the rest of the product: an address, a name, an Actor -------------------


OF_PEOPLE = (Role.LEAD, Role.COMMITTEE, Role.ASSOCIATION)
"""The roles that an account may have."""
TYPED = {"chefferie": Role.LEAD, "comite": Role.COMMITTEE, "association": Role.ASSOCIATION}
"""How roles are typed in the command and in the settings."""
_EMAIL = re.compile(r"[^@\s<>\",;:()\\]+@[^@\s<>\"',;:()\\]+\.[^@\s<>\"',;:()\\]+")
_LONGEST_EMAIL, _LONGEST_NAME = 254, 80


def email_of(text: str) -> str:
    """The address as it is kept: no space around, small letters.

    Raises Refused when it is no address.
    """
    found = plain_email(text)
    if len(found) > _LONGEST_EMAIL or not _EMAIL.fullmatch(found):
        raise Refused("Ce courriel n’en est pas un. Écrivez-le comme « prenom.nom@exemple.fr ».")
    return found


def plain_email(text: str) -> str:
    """The address as it is looked for, whether it is one or not."""
    typed = unicodedata.normalize("NFKC", text).strip().casefold()
    return typed.replace("’", "'")  # the keyboard's apostrophe: « o’connor » is « o'connor » (RFC 5322, atext)


def name_of(text: str) -> str:
    """The name that history shows.

    Raises Refused when it is empty or too long.
    """
    found = " ".join(unicodedata.normalize("NFC", text).split())
    if not found or not found.isprintable() or len(found) > _LONGEST_NAME:
        raise Refused(f"Donnez le nom que l’historique montrera, en {_LONGEST_NAME} caractères au plus.")
    return found


def check_place(role: Role, association: str | None) -> None:
    """Raise Refused when this role cannot have this association."""
    if role not in OF_PEOPLE:
        raise Refused("Un compte est celui de la chefferie de projet, du comité ou d’une association.")
    if role is Role.ASSOCIATION and association is None:
        raise Refused("Dites de quelle association est ce compte.")
    if role is not Role.ASSOCIATION and association is not None:
        raise Refused("Seul un compte d’association a une association.")


def role_of(text: str) -> Role:
    """The role that is typed: chefferie, comite or association; English codes are understood too.

    Raises UnknownName when it is none of them.
    """
    typed = text.strip().casefold().replace("é", "e")
    found = TYPED.get(typed) or next((role for role in OF_PEOPLE if role.value == typed), None)
    if found is None:
        raise UnknownName(f"Le rôle « {text} » n’existe pas. Les rôles : {', '.join(TYPED)}.")
    return found


def actor_of(account: AccountRow) -> Actor:
    """Who acts when this account does."""
    return Actor(account.name, Role(account.role), account.association)


def subject_of(account: str) -> str:
    """How the journal names an account."""
    return f"compte/{account}"


def note(writing: Writing, account: AccountRow, action: str, **more: object) -> None:
    """A line of the journal about an account: its identifier, role and association, never its address or name."""
    writing.note(action, subject_of(account.id), {"role": account.role, "association": account.association, **more})


def acting_for(actor: Actor, association: str) -> Actor:
    """The project lead typing « pour le compte de » an association, which history then says.

    Raises Forbidden for anybody else; an association acts for itself.
    """
    if actor.role is Role.ASSOCIATION and actor.association == association:
        return actor
    if not access.allowed(actor, Action.STEER):
        raise Forbidden("Accès refusé : seule la chefferie de projet saisit pour le compte d’une association.")
    return replace(actor, on_behalf_of=association)


@contextmanager
def changing(office: Office, account: str, actor: Actor, at: datetime) -> Iterator[tuple[Writing, AccountRow]]:
    """An account being changed by who administers them. Raises Forbidden, UnknownName."""
    access.check(actor, Action.ADMINISTER)
    with office.store.writing(actor, at) as writing:
        found = accounts.account_by_id(writing.connection, account)
        if found is None:
            raise UnknownName("Ce compte n’existe pas.")
        yield writing, found
