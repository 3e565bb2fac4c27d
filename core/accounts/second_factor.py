"""The second factor: codes of a telephone (RFC 6238), recovery codes, and for whom the project lead requires them.

begin, confirm    set up: a secret shown once as a picture, then a first code typed back
accept_code       a code of the telephone, or one of the recovery codes; each serves once
give_up           take it off: one’s own with a code, somebody else’s by the project lead
require           nobody who may steer comes in without one
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime

import pyotp
import sqlalchemy as sa

from core.accounts.identity import Office, actor_of, changing, digest, note
from core.domain import access
from core.domain.access import Action, Actor, Role
from core.errors import Refused
from core.storage import Store, accounts, event_log
from core.storage.accounts import AccountRow, FactorRow
from core.storage.events import EventType

KIND, SUBJECT = "double authentification", "chefferie"
STEERING = frozenset(role for role in Role if access.allowed(Actor("", role), Action.STEER))
"""Who may steer: those for whom it can be required."""
WRONG = "Ce code ne convient pas : il change toutes les trente secondes et ne sert qu’une fois."
_CODES, _STEP = 10, 30


@dataclass(frozen=True, slots=True)
class FactorRule:
    """What an entry says: whether those who may steer come in only with a second factor."""

    required: bool


FACTOR_RULES = EventType(KIND, FactorRule, lambda content: {"required": content["etat"] == "exigée"})


@dataclass(frozen=True, slots=True)
class FactorState:
    """Where the second factor of an account stands: since when, and how many recovery codes are left."""

    since: datetime | None
    codes_left: int
    required: bool


def state_of(office: Office, account: AccountRow) -> FactorState:
    """Where the second factor of an account stands."""
    with office.store.connect() as connection:
        found = accounts.factor(connection, account.id)
        left = accounts.recovery_codes_left(connection, account.id)
        return FactorState(found.since if found else None, left, _is_required(connection, account))


def is_asked(connection: sa.Connection, account: AccountRow) -> bool:
    """Whether this account comes in only with a second factor: it has one, or must set one up first."""
    return _is_set_up(connection, account) or _is_required(connection, account)


def begin(office: Office, account: AccountRow, *, at: datetime) -> str:
    """The secret to put into a telephone; the same until a code confirms it.

    Raises Refused when the account has a second factor already.
    """
    with office.store.writing(actor_of(account), at) as writing:
        found = accounts.factor(writing.connection, account.id)
        if found is None:
            found = FactorRow(account.id, pyotp.random_base32(), None)
            accounts.set_factor(writing.connection, found)
    if found.since is not None:
        raise Refused("La double authentification de ce compte est déjà en place.")
    return found.secret


def telephone_address(account: AccountRow, secret: str) -> str:
    """What the picture says to the telephone: « otpauth://totp/… »."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Fabrique")


def confirm(office: Office, connection: sa.Connection, account: AccountRow, code: str, at: datetime) -> list[str]:
    """Set it up with a first code, in the caller's transaction; the recovery codes, which nobody reads again.

    Raises Refused when the code is not the telephone's.
    """
    found = accounts.factor(connection, account.id)
    if found is None or found.since is not None:
        raise Refused("La double authentification de ce compte est déjà en place, ou n’a pas été commencée.")
    step = _step_of(found, code, at)
    if step is None:
        raise Refused(WRONG)
    accounts.set_factor(connection, replace(found, since=at, last_step=step))
    return _new_codes(office, connection, account.id)


def accept_code(connection: sa.Connection, account: AccountRow, code: str, at: datetime) -> bool:
    """Whether a code is the telephone's or a recovery code, in the caller's transaction: it serves no more."""
    found = accounts.factor(connection, account.id)
    if found is None or found.since is None:
        return False
    step = _step_of(found, code, at)
    if step is None:
        return accounts.use_recovery_code(connection, account.id, digest(_plain(code)))
    accounts.set_factor(connection, replace(found, last_step=step))
    return True


def give_up(office: Office, account: str, *, actor: Actor, at: datetime) -> bool:
    """Take the second factor off somebody's account, who lost her telephone and her codes; whether there was one.

    Raises Forbidden, UnknownName.
    """
    with changing(office, account, actor, at) as (writing, found):
        if not accounts.forget_factor(writing.connection, account):
            return False
        note(writing, found, "double authentification retirée")
        return True


def require(office: Office, account: AccountRow, *, actor: Actor, required: bool, at: datetime) -> None:
    """Ask a second factor of all who may steer, or leave them free; sessions without one end.

    Raises Forbidden; Refused when who requires it has none herself: she would be the first one kept out.
    """
    access.check(actor, Action.ADMINISTER)
    with office.store.writing(actor, at) as writing:
        if required and not _is_set_up(writing.connection, account):
            raise Refused("Mettez d’abord en place la double authentification de votre propre compte.")
        FACTOR_RULES.enter(writing, SUBJECT, FactorRule(required))
        if not required:
            return
        for one in accounts.all_accounts(writing.connection):
            if Role(one.role) in STEERING and not _is_set_up(writing.connection, one):
                accounts.end_sessions_of(writing.connection, one.id)


def is_required(store: Store) -> bool:
    """Whether those who may steer come in only with a second factor."""
    with store.connect() as connection:
        return _required(connection)


def _is_set_up(connection: sa.Connection, account: AccountRow) -> bool:
    found = accounts.factor(connection, account.id)
    return found is not None and found.since is not None


def _is_required(connection: sa.Connection, account: AccountRow) -> bool:
    return Role(account.role) in STEERING and _required(connection)


def _required(connection: sa.Connection) -> bool:
    entries = event_log.entries(connection, KIND, SUBJECT)
    return bool(entries) and FACTOR_RULES.read(entries[-1]).required


def _step_of(found: FactorRow, code: str, at: datetime) -> int | None:
    """The half-minute whose code this is, a clock being late or early by one; None when it is no such code."""
    now, maker, typed = int(at.timestamp()) // _STEP, pyotp.TOTP(found.secret), _plain(code)
    for step in (now - 1, now, now + 1):
        if step > found.last_step and hmac.compare_digest(maker.at(step * _STEP), typed):
            return step
    return None


def _new_codes(office: Office, connection: sa.Connection, account: str) -> list[str]:
    codes = [pyotp.random_base32().casefold()[:16] for _ in range(_CODES)]
    accounts.set_recovery_codes(connection, account, [digest(one) for one in codes])
    return ["-".join(re.findall("....", one)) for one in codes]


def _plain(code: str) -> str:
    """A code as it is compared: small letters and digits only."""
    return "".join(re.findall("[a-z0-9]", code.casefold()))
