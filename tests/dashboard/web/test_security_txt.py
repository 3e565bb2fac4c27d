"""/.well-known/security.txt: to whom a flaw is told (RFC 9116), when a setting says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from starlette.applications import Starlette

from core.settings import Settings
from dashboard.web.gate import OPEN
from dashboard.web.routes import SECURITY, security_route
from tests.support.visitor import Visitor

NOON = datetime(2021, 9, 1, 12, tzinfo=UTC)


def answer(settings: Settings | None):
    return Visitor(Starlette(routes=[security_route(settings, lambda: NOON)])).get("/.well-known/security.txt")


def test_contact_and_its_end_are_said_to_everybody() -> None:
    settings = Settings(security_contact="mailto:rssi@exemple.fr", public_url="https://fabrique.exemple.fr")
    told = answer(settings)
    assert told.status_code == 200 and told.headers["content-type"].startswith("text/plain")
    assert told.text.splitlines() == [
        "Contact: mailto:rssi@exemple.fr",
        "Expires: 2021-11-30T00:00:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: https://fabrique.exemple.fr/.well-known/security.txt",
    ]
    assert SECURITY in OPEN, "no session is asked for it"


@pytest.mark.parametrize("settings", [None, Settings()])
def test_nobody_named_is_no_file(settings: Settings | None) -> None:
    assert answer(settings).status_code == 404


@pytest.mark.parametrize("contact", ["rssi@exemple.fr", "http://exemple.fr", "mailto:a@b\nX: y", "javascript:x"])
def test_contact_is_an_address_or_a_page(contact: str) -> None:
    with pytest.raises(ValidationError):
        Settings(security_contact=contact)
