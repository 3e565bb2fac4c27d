"""Sessions: opened after a sign-in, asked at every page, ended one by one or all together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.actor import Actor
from core.errors import Conflict
from core.services.accounts.identity import actor_of
from core.services.accounts.office import Office, digest
from core.storage import accounts
from core.storage.accounts import AccountRow, SessionRow
from core.storage.store import MACHINE


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is signed in: who acts, with which account, in which session."""

    actor: Actor
    account: AccountRow
    session: SessionRow


def open_session(office: Office, account: AccountRow, connection: sa.Connection, *, device: str, at: datetime) -> str:
    """Open a session in the caller's transaction; return the secret that the browser keeps."""
    secret = office.chance()
    accounts.forget_sessions(connection, seen_before=at - office.rules.idle, opened_before=at - office.rules.longest)
    accounts.add_session(connection, SessionRow(digest(secret), account.id, device[:60], at, at))
    accounts.change_account(connection, account.id, {"signed_in_at": at})
    return secret


def visit(office: Office, secret: str | None, *, at: datetime) -> Visit | None:
    """Who holds this secret, None when the session ended, is too old, or never was.

    One indexed select; its last use is written down at times, and never waited for.
    """
    if not secret:
        return None
    with office.store.connect() as connection:
        found = accounts.session_with_account(connection, digest(secret))
    if found is None or not _holds(office, *found, at):
        return None
    session, account = found
    if at - session.seen_at > office.rules.seen_every:
        _see(office, session, at)
    return Visit(actor_of(account), account, session)


def listed(office: Office, account: str, *, at: datetime) -> list[SessionRow]:
    """The sessions of an account that still hold, the one used last first."""
    with office.store.connect() as connection:
        found = accounts.sessions_of(connection, account)
    return [one for one in found if _in_time(office, one, at)]


def end(office: Office, secret: str | None, *, at: datetime) -> bool:
    """Sign out; whether there was a session to end. Every tab of it is out at its next action."""
    if not secret:
        return False
    with office.store.writing(MACHINE, at) as writing:
        return accounts.end_session(writing.connection, digest(secret))


def end_one(office: Office, who: Visit, session: str, *, at: datetime) -> None:
    """End one of one's own sessions, named by its hash."""
    with office.store.writing(who.actor, at) as writing:
        own = {one.hash for one in accounts.sessions_of(writing.connection, who.account.id)}
        if session in own:
            accounts.end_session(writing.connection, session)


def end_others(office: Office, who: Visit, *, at: datetime) -> int:
    """End one's own sessions but this one; how many there were."""
    with office.store.writing(who.actor, at) as writing:
        return accounts.end_sessions_of(writing.connection, who.account.id, but=who.session.hash)


def _holds(office: Office, session: SessionRow, account: AccountRow, at: datetime) -> bool:
    return account.deactivated_at is None and _in_time(office, session, at)


def _in_time(office: Office, session: SessionRow, at: datetime) -> bool:
    return at - session.seen_at < office.rules.idle and at - session.opened_at < office.rules.longest


def _see(office: Office, session: SessionRow, at: datetime) -> None:
    try:
        with office.store.writing(MACHINE, at) as writing:
            accounts.see_session(writing.connection, session.hash, at)
    except Conflict:
        pass  # somebody stores a large file meanwhile: the next page will say it
