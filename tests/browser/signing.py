"""Being signed in without filling the form each time: a session opened in the store, its cookie in the browser."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from core.accounts import Office, accounts, cookie_name, sign_in
from core.contract import Registry, schema_setup
from core.demonstration.people import LEAD, email_of
from core.domain.access import Actor
from core.storage import Store


@cache
def cookie(database_url: str, actor: Actor = LEAD) -> dict[str, Any]:
    """The cookie of a session of ``actor``, for ``context.add_cookies``: one for every port of this machine."""
    now = datetime.now(UTC)
    with Store.open(database_url) as store:
        schema_setup.prepare(Registry.load(), store, at=now)
        office = Office(store)
        accounts.open_account(office, email_of(actor), actor, at=now)
        secret = sign_in.known_as(office, email_of(actor), device="essai", at=now)
        name = cookie_name(store)
    return {"name": name, "value": secret, "domain": "127.0.0.1", "path": "/", "httpOnly": True, "sameSite": "Lax"}


def header(database_url: str, actor: Actor = LEAD) -> dict[str, str]:
    """The same, as the header of a request made without a browser."""
    held = cookie(database_url, actor)
    return {"Cookie": f"{held['name']}={held['value']}"}
