"""A telephone that turns the slides: where it stands, so that the pages that project for the same account follow.

It is kept in the store because the page of the room and that of the telephone may be served by two processes; it is
no act of the programme, so that the journal tells nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.accounts.identity import Office
from core.storage import accounts
from core.storage.accounts import RemoteRow
from core.storage.store import MACHINE

LASTS = timedelta(hours=12)
"""After how long without a turn a remote is forgotten: the next committee does not follow the one before."""
UNKNOWN = 0
"""The slide of a remote that was just opened: a page that projects says where it stands."""


def remote(office: Office, account: str, *, at: datetime) -> RemoteRow | None:
    """The remote of an account; None when it has none, or it was not used for long."""
    with office.store.connect() as connection:
        found = accounts.remote_of(connection, account)
    return found if found is not None and at - found.turned_at < LASTS else None


def open_remote(office: Office, account: str, committee: int, *, at: datetime) -> RemoteRow:
    """The remote of an account for a committee: the one that is open, else a new one that asks where it stands."""
    found = remote(office, account, at=at)
    if found is not None and found.committee == committee:
        return found
    return _keep(office, RemoteRow(account, committee, UNKNOWN, at))


def turn(office: Office, account: str, committee: int, slide: int, *, at: datetime) -> RemoteRow:
    """Turn to a slide, its first being 1: the pages that project this committee for this account follow."""
    return _keep(office, RemoteRow(account, committee, slide, at))


def told(office: Office, account: str, committee: int, slide: int, *, at: datetime) -> None:
    """A page that projects was turned by itself, by its keyboard: the remote, if one is open, follows."""
    found = remote(office, account, at=at)
    if found is not None and found.committee == committee and found.slide != slide:
        turn(office, account, committee, slide, at=at)


def _keep(office: Office, row: RemoteRow) -> RemoteRow:
    with office.store.writing(MACHINE, row.turned_at) as writing:
        accounts.keep_remote(writing.connection, row)
    return row
