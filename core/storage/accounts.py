"""Accounts, sessions and links as rows: what services read and change inside their own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.storage.schema import accounts, attempts, browsers, factors, invitations, recovery_codes, remotes, sessions


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person who may come in; ``password`` is argon2's text, None when she has none."""

    id: str
    email: str
    name: str
    role: str
    association: str | None
    password: str | None
    created_at: datetime
    deactivated_at: datetime | None = None
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session; ``hash`` is the SHA-256 of what the browser keeps.

    One that ``waits`` for a second factor opens nothing yet; ``provider_token`` is what another service signed.
    """

    hash: str
    account: str
    device: str
    opened_at: datetime
    seen_at: datetime
    waits: bool = False
    provider_token: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A link that opens once; ``account`` is None for the set-up link."""

    hash: str
    kind: str
    account: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """Wrong tries in a row: ``key`` says who tried what, ``about`` the address that was tried; hashes both."""

    key: str
    about: str
    failures: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A second factor; ``since`` is None until a first code was typed, ``last_step`` that of the last code used."""

    account: str
    secret: str
    since: datetime | None
    last_step: int = 0


@dataclass(frozen=True, slots=True)
class RemoteRow:
    """The slide of a committee that an account turned to from a telephone; 0 while no page said where it stands."""

    account: str
    committee: int
    slide: int
    turned_at: datetime


def add_account(connection: sa.Connection, row: AccountRow) -> None:
    """Write a new account."""
    connection.execute(sa.insert(accounts).values(**_values(row)))


def change_account(connection: sa.Connection, account: str, changes: Mapping[str, object]) -> None:
    """Change columns of an account."""
    connection.execute(sa.update(accounts).where(accounts.c.id == account).values(**changes))


def remove_account(connection: sa.Connection, account: str) -> None:
    """Delete an account, its sessions, its links, its known browsers and its second factor."""
    for table, column in (
        (sessions, sessions.c.account),
        (invitations, invitations.c.account),
        (browsers, browsers.c.account),
        (remotes, remotes.c.account),
        (recovery_codes, recovery_codes.c.account),
        (factors, factors.c.account),
        (accounts, accounts.c.id),
    ):
        connection.execute(sa.delete(table).where(column == account))


def account_by_email(connection: sa.Connection, email: str) -> AccountRow | None:
    """The account of a normalised address."""
    return _account(connection, accounts.c.email == email)


def account_by_id(connection: sa.Connection, account: str) -> AccountRow | None:
    """The account that bears this identifier."""
    return _account(connection, accounts.c.id == account)


def all_accounts(connection: sa.Connection) -> list[AccountRow]:
    """Every account, by name."""
    found = connection.execute(sa.select(accounts).order_by(accounts.c.name, accounts.c.email))
    return [AccountRow(**row._mapping) for row in found]


def someone_is(connection: sa.Connection, role: str) -> bool:
    """Whether an account of this role may come in."""
    wanted = sa.select(accounts.c.id).where(accounts.c.role == role, accounts.c.deactivated_at.is_(None)).limit(1)
    return connection.scalar(wanted) is not None


def add_session(connection: sa.Connection, row: SessionRow) -> None:
    """Write a new session."""
    connection.execute(sa.insert(sessions).values(**_values(row)))


_SESSION = [column.name for column in sessions.c]
_ACCOUNT = [column.name for column in accounts.c]
_BOTH = (  # made once: each page asks it many times, and making it took longer than its answer
    sa.select(*[column.label(f"s_{column.name}") for column in sessions.c], accounts)
    .join(accounts)
    .where(sessions.c.hash == sa.bindparam("of_hash"))
)


def session_with_account(connection: sa.Connection, digest: str) -> tuple[SessionRow, AccountRow] | None:
    """The session of this hash and its account, in one indexed select."""
    found = connection.execute(_BOTH, {"of_hash": digest}).first()
    if found is None:
        return None
    parts = tuple(found)
    session = SessionRow(**dict(zip(_SESSION, parts, strict=False)))
    return session, AccountRow(**dict(zip(_ACCOUNT, parts[len(_SESSION) :], strict=True)))


def sessions_of(connection: sa.Connection, account: str) -> list[SessionRow]:
    """The sessions of an account, the one used last first."""
    wanted = sa.select(sessions).where(sessions.c.account == account).order_by(sessions.c.seen_at.desc())
    return [SessionRow(**row._mapping) for row in connection.execute(wanted)]


def see_session(connection: sa.Connection, digest: str, at: datetime) -> None:
    """Write down when a session was last used."""
    connection.execute(sa.update(sessions).where(sessions.c.hash == digest).values(seen_at=at))


def end_session(connection: sa.Connection, digest: str) -> bool:
    """End a session; whether there was one."""
    return connection.execute(sa.delete(sessions).where(sessions.c.hash == digest)).rowcount > 0


def end_sessions_of(connection: sa.Connection, account: str, *, but: str | None = None) -> int:
    """End the sessions of an account, except the one whose hash is ``but``; how many."""
    wanted = sa.delete(sessions).where(sessions.c.account == account)
    return connection.execute(wanted if but is None else wanted.where(sessions.c.hash != but)).rowcount


def forget_sessions(connection: sa.Connection, *, seen_before: datetime, opened_before: datetime) -> None:
    """Delete the sessions that ended by themselves."""
    over = sa.or_(sessions.c.seen_at < seen_before, sessions.c.opened_at < opened_before)
    connection.execute(sa.delete(sessions).where(over))


def add_invitation(connection: sa.Connection, row: InvitationRow) -> None:
    """Write a link; those of the same account, or the former set-up links, stop working."""
    same = invitations.c.account == row.account if row.account else invitations.c.account.is_(None)
    connection.execute(sa.delete(invitations).where(same))
    connection.execute(sa.insert(invitations).values(**_values(row)))


def invitation(connection: sa.Connection, digest: str) -> InvitationRow | None:
    """The link of this hash, used or too old ones excepted by who calls."""
    found = connection.execute(sa.select(invitations).where(invitations.c.hash == digest)).first()
    return None if found is None else InvitationRow(**found._mapping)


def invitations_of(connection: sa.Connection) -> dict[str, InvitationRow]:
    """The link that waits, by account."""
    found = connection.execute(sa.select(invitations).where(invitations.c.account.is_not(None)))
    return {row.account: InvitationRow(**row._mapping) for row in found}


def forget_invitation(connection: sa.Connection, digest: str) -> bool:
    """Delete a link that served; whether it was still there."""
    return connection.execute(sa.delete(invitations).where(invitations.c.hash == digest)).rowcount > 0


def forget_invitations_of(connection: sa.Connection, account: str | None) -> None:
    """Delete the links of an account; with None, the set-up links."""
    same = invitations.c.account == account if account else invitations.c.account.is_(None)
    connection.execute(sa.delete(invitations).where(same))


def attempts_of(connection: sa.Connection, keys: Iterable[str]) -> dict[str, AttemptRow]:
    """The wrong tries in a row, by key."""
    found = connection.execute(sa.select(attempts).where(attempts.c.key.in_(list(keys))))
    return {row.key: AttemptRow(**row._mapping) for row in found}


def all_attempts(connection: sa.Connection) -> list[AttemptRow]:
    """Every wrong try in a row."""
    return [AttemptRow(**row._mapping) for row in connection.execute(sa.select(attempts))]


def set_attempt(connection: sa.Connection, row: AttemptRow) -> None:
    """Write how many wrong tries there are in a row."""
    forget_attempts(connection, [row.key])
    connection.execute(sa.insert(attempts).values(**_values(row)))


def forget_attempts(connection: sa.Connection, keys: Iterable[str]) -> None:
    """Start again from none."""
    connection.execute(sa.delete(attempts).where(attempts.c.key.in_(list(keys))))


def forget_attempts_about(connection: sa.Connection, about: str) -> bool:
    """Start again from none for an address, whoever tried; whether there were some."""
    return connection.execute(sa.delete(attempts).where(attempts.c.about == about)).rowcount > 0


def forget_old_attempts(connection: sa.Connection, before: datetime, after: datetime) -> None:
    """Delete what is too old to count, and what a wrong clock dated too late."""
    over = sa.or_(attempts.c.last_at < before, attempts.c.last_at > after)
    connection.execute(sa.delete(attempts).where(over))


def knows_browser(connection: sa.Connection, digest: str, account: str, since: datetime) -> bool:
    """Whether this account came in by this browser since then."""
    same = (browsers.c.hash == digest, browsers.c.account == account, browsers.c.seen_at >= since)
    return connection.scalar(sa.select(browsers.c.hash).where(*same)) is not None


def see_browser(connection: sa.Connection, digest: str, account: str, at: datetime) -> None:
    """Write down that this account came in by this browser."""
    connection.execute(sa.delete(browsers).where(browsers.c.hash == digest, browsers.c.account == account))
    connection.execute(sa.insert(browsers).values(hash=digest, account=account, seen_at=at))


def forget_browsers_of(connection: sa.Connection, account: str) -> None:
    """Forget by which browsers an account came in."""
    connection.execute(sa.delete(browsers).where(browsers.c.account == account))


def forget_browsers(connection: sa.Connection, before: datetime) -> None:
    """Forget the browsers that nobody came in by since then."""
    connection.execute(sa.delete(browsers).where(browsers.c.seen_at < before))


def factor(connection: sa.Connection, account: str) -> FactorRow | None:
    """The second factor of an account, set up or only begun."""
    found = connection.execute(sa.select(factors).where(factors.c.account == account)).first()
    return None if found is None else FactorRow(**found._mapping)


def set_factor(connection: sa.Connection, row: FactorRow) -> None:
    """Write a second factor in place of the one of before."""
    connection.execute(sa.delete(factors).where(factors.c.account == row.account))
    connection.execute(sa.insert(factors).values(**_values(row)))


def forget_factor(connection: sa.Connection, account: str) -> bool:
    """Delete a second factor and its recovery codes; whether there was one."""
    connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.account == account))
    return connection.execute(sa.delete(factors).where(factors.c.account == account)).rowcount > 0


def with_factor(connection: sa.Connection) -> frozenset[str]:
    """The accounts whose second factor is set up."""
    return frozenset(connection.scalars(sa.select(factors.c.account).where(factors.c.since.is_not(None))))


def set_recovery_codes(connection: sa.Connection, account: str, hashes: Iterable[str]) -> None:
    """Write recovery codes in place of those of before."""
    connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.account == account))
    connection.execute(sa.insert(recovery_codes), [{"hash": one, "account": account} for one in hashes])


def recovery_codes_left(connection: sa.Connection, account: str) -> int:
    """How many recovery codes an account has left."""
    wanted = sa.select(sa.func.count()).where(recovery_codes.c.account == account)
    return connection.scalar(wanted) or 0


def use_recovery_code(connection: sa.Connection, account: str, digest: str) -> bool:
    """Delete a recovery code that serves; whether it was one of this account."""
    same = (recovery_codes.c.account == account, recovery_codes.c.hash == digest)
    return connection.execute(sa.delete(recovery_codes).where(*same)).rowcount > 0


def _account(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> AccountRow | None:
    found = connection.execute(sa.select(accounts).where(condition)).first()
    return None if found is None else AccountRow(**found._mapping)


def _values(row: AccountRow | SessionRow | InvitationRow | AttemptRow | FactorRow | RemoteRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def remote_of(connection: sa.Connection, account: str) -> RemoteRow | None:
    """Where the remote of an account stands; None when it has none."""
    found = connection.execute(sa.select(remotes).where(remotes.c.account == account)).first()
    return None if found is None else RemoteRow(**found._mapping)


def keep_remote(connection: sa.Connection, row: RemoteRow) -> None:
    """Write where the remote of an account stands, in place of where it stood."""
    mine = sa.update(remotes).where(remotes.c.account == row.account)
    if not connection.execute(mine.values(**_values(row))).rowcount:
        connection.execute(sa.insert(remotes).values(**_values(row)))
