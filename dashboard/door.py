"""Who stands at the door: the cookie that holds the session, and who it stands for.

The page asks the store at every run and callback: a session that ended, was revoked or whose
account was deactivated is out at its next action, in every tab. No header is trusted.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread
from typing import Self
from urllib.parse import urlsplit

import streamlit as st

from core.accounts import Office, Rules, Visit, cookie_name, visit
from core.accounts.identity import WrongTries
from core.domain import french
from core.domain.access import Actor
from core.domain.french import typeset
from core.errors import Refused
from core.reporting.reminders import Letter, deliver, message, server_of
from core.settings import Settings
from core.storage import Store

logger = logging.getLogger("fabrique.dashboard")


def _now() -> datetime:
    return datetime.now(UTC)


def page_cookies() -> Mapping[str, str]:
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
    settings: Settings | None = None
    one_click: bool = False
    clock: Callable[[], datetime] = field(default=_now)

    @classmethod
    def of(cls, settings: Settings, store: Store, *, fictitious: bool = False) -> Self:
        """The door of a prepared store."""
        rules = Rules(idle=timedelta(hours=settings.session_hours), longest=timedelta(days=settings.session_days))
        here = is_loopback(settings.host)
        office = (
            Office(store, rules) if fictitious else Office(store, rules, warn=partial(write_of_wrong_tries, settings))
        )
        return cls(office, cookie_name(store), settings, one_click=fictitious and here)

    def secret(self) -> str | None:
        """The session's secret, as this page's browser sent it."""
        return page_cookies().get(self.cookie)

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


def write_of_wrong_tries(settings: Settings, told: WrongTries) -> None:
    """Write to somebody that her password was tried, where a server sends letters; nobody waits for it."""

    def leave() -> None:
        try:
            server = server_of(settings)
            if server:
                deliver(server, [message(_letter(told, settings.public_url), told.account.email, server, told.at)])
        except Refused as error:
            logger.warning("no letter about wrong passwords: %s", error)

    Thread(target=leave, daemon=True, name="letter").start()


def _letter(told: WrongTries, public_url: str | None) -> Letter:
    when = french.moment(told.at)
    said = [
        "Bonjour,",
        f"{told.failures} essais de suite pour entrer dans Fabrique avec votre adresse étaient faux, le dernier le "
        f"{when}.",
        "Si c’était vous, il n’y a rien à faire : les navigateurs où vous êtes déjà entré n’attendent pas pour les "
        "essais des autres.",
        "Si ce n’était pas vous, votre mot de passe a tenu. Mettez en place la double authentification à la page "
        f"« Mon compte »{f' ({public_url}/mon-compte)' if public_url else ''}, et prévenez la chefferie de projet.",
    ]
    return Letter(told.account.email, "Fabrique : des essais faux sur votre compte", typeset("\n\n".join(said)))


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
