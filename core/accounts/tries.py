"""How often one may try: each wrong try makes the next one wait longer, for who tries and not for the others.

A try is counted before it is made, so that many at once are still few, under what says who makes it:

    from a browser where this account came in before   that browser, and nothing else
    from an open session                               that session, and nothing else
    from anywhere else                                 this account from this network address; this
                                                       address; this account from anywhere

So a stranger never keeps anybody out of her own browsers. The same is counted for an address that has no
account: the answer must not tell which.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.accounts.identity import Office, Rules, WrongTries, digest, note, subject_of
from core.domain import french
from core.errors import Refused
from core.storage import accounts, journal
from core.storage.accounts import AccountRow, AttemptRow
from core.storage.journal import JournalLine
from core.storage.store import MACHINE

_MILESTONES = (5, 20, 100, 500)
"""Wrong tries in a row that are told to the account: neither each one, nor once for all."""
SUSPENDED = "essais de connexion suspendus"
"""The journal’s word for it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: a network address, and the secret that this browser keeps if it ever came in."""

    address: str = ""
    browser: str | None = None


NOWHERE = Origin()
"""The command line, and what has no network."""


@dataclass(frozen=True, slots=True)
class Counter:
    """What counts wrong tries: ``free`` of them cost nothing, then one waits, twice as long each time."""

    key: str
    about: str
    free: int
    longest: timedelta
    tells: bool = True

    def until(self, found: AttemptRow | None, rules: Rules) -> datetime | None:
        """Until when one waits, None when one does not."""
        if found is None or found.failures < self.free:
            return None
        doubled = rules.first_wait * 2 ** min(found.failures - self.free, 20)
        return found.last_at + min(doubled, self.longest)


def counters(
    office: Office, connection: sa.Connection, email: str, origin: Origin, at: datetime, *, kind: str = ""
) -> tuple[Counter, ...]:
    """What counts a try for the address ``email``; ``kind`` keeps codes apart from passwords."""
    rules, about = office.rules, digest(email)
    account = accounts.account_by_email(connection, email)
    browser = digest(origin.browser or "")
    since = at - rules.browser
    if accounts.knows_browser(connection, browser, account.id if account else "", since):
        return (Counter(digest(f"{kind} {browser} {email}"), about, rules.free, rules.longest_wait),)
    network = network_of(origin.address)
    return (
        Counter(digest(f"{kind} {network} {email}"), about, rules.free, rules.longest_wait, tells=False),
        Counter(digest(f"{kind} {network}"), digest(network), rules.free_for_all, rules.longest_wait, tells=False),
        _from_anywhere(rules, email, kind),
    )


def of_session(office: Office, email: str, session: str) -> tuple[Counter, ...]:
    """What counts a try by somebody who is signed in."""
    return (Counter(digest(f"session {session}"), digest(email), office.rules.free, office.rules.longest_wait),)


def count(office: Office, connection: sa.Connection, counted: Sequence[Counter], at: datetime) -> None:
    """Count a try before it is made. Raises Refused, and counts nothing, when it comes too soon."""
    rules = office.rules
    accounts.forget_old_attempts(connection, at - rules.forgotten, at + rules.early)
    known = accounts.attempts_of(connection, [one.key for one in counted])
    waits = [until for one in counted if (until := one.until(known.get(one.key), rules)) and until > at]
    if waits:
        raise Refused(_too_soon(max(waits) - at))
    for one in counted:
        failures = 1 + (known[one.key].failures if one.key in known else 0)
        accounts.set_attempt(connection, AttemptRow(one.key, one.about, failures, at))


def right(connection: sa.Connection, counted: Sequence[Counter], at: datetime) -> None:
    """Take back what was counted for a try that was right; what others of the same network tried stays."""
    known = accounts.attempts_of(connection, [one.key for one in counted])
    shared = {one.key for one in counted if known and one.key in known and one.about != counted[0].about}
    accounts.forget_attempts(connection, [one.key for one in counted if one.key not in shared])
    for key in shared:
        row = known[key]
        accounts.set_attempt(connection, AttemptRow(key, row.about, row.failures - 1, row.last_at))


def wrong(office: Office, account: AccountRow | None, counted: Sequence[Counter], at: datetime) -> None:
    """Tell the account, by a line of the journal and by a letter, when that was one wrong try too many."""
    if account is None or account.deactivated_at is not None:
        return
    with office.store.connect() as connection:
        known = accounts.attempts_of(connection, [one.key for one in counted if one.tells])
    failures = next((row.failures for row in known.values() if row.failures in _MILESTONES), None)
    if failures is None:
        return
    with office.store.writing(MACHINE, at) as writing:
        note(writing, account, SUSPENDED, failures=failures)
    office.warn(WrongTries(account, failures, at))


def last_told(office: Office, account: str) -> JournalLine | None:
    """The last line of the journal that tells of wrong tries on an account, None when there is none."""
    with office.store.connect() as connection:
        return journal.last(connection, SUSPENDED, subject_of(account))


def slowed_until(office: Office, email: str, found: Sequence[AttemptRow], at: datetime) -> datetime | None:
    """Until when a new browser may have to wait for this address, None when none has to."""
    rules, about = office.rules, digest(email)
    anywhere = {one.key: one for one in (_from_anywhere(rules, email, kind) for kind in ("", CODE))}
    untils = [
        anywhere.get(row.key, Counter(row.key, about, rules.free, rules.longest_wait)).until(row, rules)
        for row in found
        if row.about == about and row.last_at <= at + rules.early
    ]
    return max((until for until in untils if until and until > at), default=None)


def remember(office: Office, account: AccountRow, browser: str, at: datetime) -> None:
    """Write down that this account came in by this browser; forget those that nobody uses."""
    with office.store.writing(MACHINE, at) as writing:
        accounts.forget_browsers(writing.connection, at - office.rules.browser)
        accounts.see_browser(writing.connection, digest(browser), account.id, at)


def network_of(address: str) -> str:
    """The network that an address is counted under: itself, and of IPv6 the half that a subscriber is given whole."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


CODE = "code"
"""The kind of the codes of a second factor: who tries them knows the password, so all of them wait long."""


def _from_anywhere(rules: Rules, email: str, kind: str) -> Counter:
    longest = rules.longest_wait if kind == CODE else rules.wait_for_all
    return Counter(digest(f"{kind} {email}"), digest(email), rules.free_for_all, longest)


def _too_soon(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    after = french.count(max(minutes, 1), "minute", "minutes")
    return (
        f"Trop d’essais faux : réessayez dans {after}. Un navigateur où ce compte s’est déjà ouvert n’attend pas ; "
        "sinon, la chefferie de projet peut donner un nouveau lien."
    )
