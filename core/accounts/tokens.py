"""Keys for programs: who may read what through the API, until when; only their print is kept.

Each key given or withdrawn is an entry of the register; the key itself is shown once, to the
person who made it. A key reads and never writes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.accounts.identity import digest
from core.deliberation import ASSOCIATIONS
from core.domain import access
from core.domain.access import Action, Actor
from core.domain.calendar import day_in_france
from core.errors import Refused, UnknownName
from core.storage import Store, event_log
from core.storage.events import Content, EventType, renamed

KIND = "jeton"
PREFIX = "fab_"
LONGEST_DAYS = 366
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class TokenSaid:
    """What an entry says: a key that is given, with its last day, or that it is withdrawn."""

    name: str = ""
    sha256: str = ""
    associations: tuple[str, ...] = ()
    rows: bool = False
    expires: date | None = None
    withdrawn: bool = False


def _upgraded(content: Content) -> Content:
    named = renamed(content, {"nom": "name", "lignes": "rows", "fin": "expires"})
    return {**named, "withdrawn": content["etat"] == "révoqué"}


TOKENS = EventType(KIND, TokenSaid, _upgraded)


@dataclass(frozen=True, slots=True)
class Token:
    """A key as known: ``sha256`` is its print, never itself.

    ``associations`` are those that it reads (empty: the whole programme); ``rows`` lets it read
    rows and deposits, and small counts as they are. ``expires`` is its last day.
    """

    id: str
    name: str
    sha256: str
    associations: tuple[str, ...]
    rows: bool
    given: datetime
    given_by: str
    expires: date
    withdrawn: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it still opens at that instant; one given under a clock that was ahead lasts no longer for it."""
        today = day_in_france(at)
        return self.withdrawn is None and today <= self.expires <= today + timedelta(days=LONGEST_DAYS)


def create(
    store: Store,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    associations: Iterable[str] = (),
    rows: bool = False,
    days: int = 90,
    chance: Callable[[int], str] = secrets.token_urlsafe,
) -> tuple[Token, str]:
    """Give a key for ``days`` days; return it with its secret, which nobody can read again.

    Raises Forbidden, UnknownName for an association that is not of the programme, Refused for
    an empty or long name or a duration out of bounds.
    """
    access.check(actor, Action.ADMINISTER)
    named, read = " ".join(name.split()), tuple(dict.fromkeys(associations))
    _check(named, read, days)
    secret = PREFIX + chance(32)
    told = TokenSaid(named, digest(secret), read, rows, day_in_france(at) + timedelta(days=days))
    with store.writing(actor, at) as writing:
        code = f"J{1 + sum(not TOKENS.read(entry).withdrawn for entry in writing.entries(KIND))}"
        TOKENS.enter(writing, code, told)
    return next(one for one in tokens(store) if one.id == code), secret


def revoke(store: Store, code: str, *, actor: Actor, at: datetime) -> Token:
    """Withdraw a key at once. Raises Forbidden, UnknownName, Refused when it was withdrawn already."""
    access.check(actor, Action.ADMINISTER)
    found = next((one for one in tokens(store) if one.id == code), None)
    if found is None:
        raise UnknownName(f"Le jeton « {code} » n’existe pas ; « fabrique token list » les donne.")
    if found.withdrawn is not None:
        raise Refused(f"Le jeton {code} est déjà révoqué.")
    with store.writing(actor, at) as writing:
        TOKENS.enter(writing, code, TokenSaid(withdrawn=True))
    return next(one for one in tokens(store) if one.id == code)


def tokens(store: Store) -> tuple[Token, ...]:
    """Every key ever given, the first one first."""
    with store.connect() as connection:  # never from a copy: a key that was withdrawn opens nothing any more
        entries = event_log.entries(connection, KIND)
    found: dict[str, Token] = {}
    for entry in entries:
        said = TOKENS.read(entry)
        if said.withdrawn:
            found[entry.subject] = replace(found[entry.subject], withdrawn=entry.at)
        elif said.expires is not None:
            made = entry.at, entry.actor, said.expires
            found[entry.subject] = Token(entry.subject, said.name, said.sha256, said.associations, said.rows, *made)
    return tuple(found.values())


def holder(store: Store, secret: str, *, at: datetime) -> Token | None:
    """The key that bears this secret, None when none does, or it ended or was withdrawn."""
    if not secret.startswith(PREFIX):
        return None
    wanted = digest(secret)
    return next((one for one in tokens(store) if secrets.compare_digest(one.sha256, wanted) and one.holds(at)), None)


def _check(name: str, associations: tuple[str, ...], days: int) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"Donnez au jeton un nom de 1 à {LONGEST_NAME} caractères : à quoi il sert.")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"Un jeton dure de 1 à {LONGEST_DAYS} jours.")
    for one in associations:
        if one not in ASSOCIATIONS:
            raise UnknownName(f"Association « {one} » : choisissez parmi {', '.join(ASSOCIATIONS)}.")
