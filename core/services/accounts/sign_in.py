"""Signing in: by a password, tried a few times only, or by the word of another service."""

from __future__ import annotations

from datetime import datetime

from core.errors import Refused
from core.services.accounts import passwords, sessions
from core.services.accounts.identity import actor_of, note, plain_email
from core.services.accounts.office import Office, digest
from core.storage import accounts
from core.storage.accounts import AccountRow, AttemptRow
from core.storage.store import MACHINE

WRONG = "Courriel ou mot de passe incorrect."
_STALE = "Ce compte n’est pas, ou n’est plus, autorisé ici. Demandez un accès à la chefferie de projet."


def with_password(office: Office, email: str, password: str, *, device: str, at: datetime) -> str:
    """Sign in; return the secret of the session that opens.

    Raises Refused: the same words, as slowly, whatever is wrong, but for an address that is
    locked, known or not. A try is counted before it is made, so that many at once are still few.
    """
    address = plain_email(email)
    _count(office, address, at)
    with office.store.connect() as connection:
        account = accounts.account_by_email(connection, address)
    right = passwords.agrees(account.password if account else None, password)
    if account is None or not right or account.deactivated_at is not None:
        _tell_lock(office, address, account, at)
        raise Refused(WRONG)
    return _open(office, account, device, at)


def confirm(office: Office, account: AccountRow, password: str, *, at: datetime) -> None:
    """Ask somebody who is signed in for her password again.

    Raises Refused when it is wrong, or tried too often.
    """
    _count(office, account.email, at)
    if not passwords.agrees(account.password, password):
        _tell_lock(office, account.email, account, at)
        raise Refused("Ce n’est pas votre mot de passe actuel.")


def known_as(office: Office, email: str, *, device: str, at: datetime) -> str:
    """Sign in somebody whose address another service vouches for; return the session's secret.

    Raises Refused when no active account bears that address.
    """
    with office.store.connect() as connection:
        account = accounts.account_by_email(connection, plain_email(email))
    if account is None:
        raise Refused(_STALE)
    return _open(office, account, device, at)


def locked_until(office: Office, attempt: AttemptRow | None, at: datetime) -> datetime | None:
    """Until when this address is locked, None when it is not."""
    if attempt is None or attempt.failures < office.rules.failures:
        return None
    until = attempt.last_at + office.rules.lock
    return until if until > at else None


def _count(office: Office, address: str, at: datetime) -> None:
    key = digest(address)
    with office.store.writing(MACHINE, at) as writing:
        accounts.forget_attempts(writing.connection, at - office.rules.lock)
        known = accounts.attempt(writing.connection, key)
        if locked_until(office, known, at) is not None:
            raise Refused(_locked(office))
        failures = 1 + (known.failures if known else 0)
        accounts.set_attempt(writing.connection, AttemptRow(key, failures, at))


def _tell_lock(office: Office, address: str, account: AccountRow | None, at: datetime) -> None:
    """When that was one wrong password too many: a line in the journal, and the word of the lock."""
    with office.store.connect() as connection:
        known = accounts.attempt(connection, digest(address))
    if locked_until(office, known, at) is None:
        return
    if account is not None:
        with office.store.writing(MACHINE, at) as writing:
            note(writing, account, "compte verrouillé")
    raise Refused(_locked(office))


def _open(office: Office, account: AccountRow, device: str, at: datetime) -> str:
    with office.store.writing(actor_of(account), at) as writing:
        now = accounts.account_by_id(writing.connection, account.id)
        if now is None or now.deactivated_at is not None:
            raise Refused(_STALE)
        accounts.forget_attempt(writing.connection, digest(account.email))
        return sessions.open_session(office, now, writing.connection, device=device, at=at)


def _locked(office: Office) -> str:
    minutes = int(office.rules.lock.total_seconds() // 60)
    return (
        f"Trop d’essais : cette adresse est verrouillée {minutes} minutes. Attendez, ou demandez à la chefferie "
        "de projet de la déverrouiller."
    )
