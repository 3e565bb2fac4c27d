"""Who stands at the door: the cookie that holds the session, and who it stands for.

The page asks the store at every run and callback: a session that ended, was revoked or whose
account was deactivated is out at its next action, in every tab. No header is trusted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import streamlit as st

from core.domain.actor import Actor
from core.services.accounts import Office, Rules, Visit, visit
from core.storage import Store


def _now() -> datetime:
    return datetime.now(UTC)


def page_cookies() -> Any:
    """The cookies that the browser sent when this page connected."""
    return st.context.cookies


@dataclass(frozen=True, slots=True)
class Door:
    """How one comes in.

    office      where accounts are kept
    cookie      the name of the session's cookie: a browser sends cookies to every port of a
                machine, so it differs from store to store, and is the same for all its servers
    one_click   whether the demonstration's accounts may be opened without a password
    clock       the real instant: a session does not end sooner because the demonstration's day is fixed
    """

    office: Office
    cookie: str
    settings: Any = None
    one_click: bool = False
    clock: Callable[[], datetime] = field(default=_now)

    @classmethod
    def of(cls, settings: Any, store: Store, *, fictitious: bool = False) -> Self:
        """The door of a prepared store."""
        rules = Rules(idle=timedelta(hours=settings.session_hours), longest=timedelta(days=settings.session_days))
        here = is_loopback(settings.host)
        return cls(Office(store, rules), cookie_name(store), settings, one_click=fictitious and here)

    def secret(self) -> str | None:
        """The session's secret, as this page's browser sent it."""
        found: str | None = page_cookies().get(self.cookie)
        return found

    def visit(self) -> Visit | None:
        """Who looks at this page, None when the session ended or there never was one."""
        return visit(self.office, self.secret(), at=self.clock())

    def visitor(self) -> Actor | None:
        """Who looks at this page, for the policy and the history."""
        found = self.visit()
        return None if found is None else found.actor

    @property
    def public_host(self) -> str | None:
        """The host of the public address, when a setting gives one."""
        given = self.settings.public_url if self.settings else None
        return urlsplit(given).netloc if given else None


def cookie_name(store: Store) -> str:
    """The name of the session's cookie for this store."""
    return f"fabrique_{store.journal.first_hash()[:8]}"


def is_loopback(host: str | None) -> bool:
    """Whether an address or a host name is this very machine's own."""
    if host is None:
        return False
    bare = host.strip("[]").casefold()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False
