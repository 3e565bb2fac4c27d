"""Attacks on those who wait: a service or a base that does not answer holds only who asks it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from core.accounts.provider import Provider
from core.storage import Store
from dashboard.web import routes
from dashboard.web.gate import Gate
from dashboard.web.routes import plain_routes
from dashboard.web.sign_in_other import START
from tests.dashboard.web.test_sign_in_other import ISSUER, House

MANY = 120


def app_of(house: House, answer: Callable[[httpx.Request], httpx.Response], problem: Callable[[], str | None]):
    """Our door before a service that answers so, with the plain routes of a base that answers so."""
    object.__setattr__(house.provider, "client", lambda: httpx.Client(transport=httpx.MockTransport(answer)))
    return Starlette(
        routes=[*plain_routes({}, problem), *house.app.routes], middleware=[Middleware(Gate, door=house.door)]
    )


@pytest.fixture
def never() -> Event:
    return Event()


def test_service_that_never_answers_holds_no_page(sqlite_database_url: str, never: Event) -> None:
    def silent(_request: httpx.Request) -> httpx.Response:
        never.wait(30)
        raise httpx.ConnectError("too late")

    async def attack(app: Starlette) -> tuple[list[float], list[int]]:
        refused: list[int] = []
        took: list[float] = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as asking:

            async def sign_in() -> None:
                refused.append((await asking.get(START)).status_code)

            async with anyio.create_task_group() as group:
                for _ in range(MANY):
                    group.start_soon(sign_in)
                await anyio.sleep(0.3)
                for path in ("/sante", "/pret", "/mot-de-passe", "/"):
                    before = time.monotonic()
                    await asking.get(path, headers={"cookie": "fabrique_essai=forged"})
                    took.append(time.monotonic() - before)
                never.set()
        return took, refused

    with Store.open(sqlite_database_url) as store:
        took, refused = anyio.run(attack, app_of(House(store), silent, lambda: None))
    assert max(took) < 3, took
    assert refused == [502] * MANY, "those beyond the queue are refused, none is lost"


def test_base_that_hangs_is_told_soon_and_asked_once(
    sqlite_database_url: str, never: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PATIENCE", 0.2)
    asked: list[None] = []

    def hangs() -> str | None:
        asked.append(None)
        never.wait(30)
        return None

    async def attack(app: Starlette) -> list[int]:
        found: list[int] = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as asking:

            async def ask(path: str) -> None:
                found.append((await asking.get(path)).status_code)

            with anyio.fail_after(5):
                async with anyio.create_task_group() as group:
                    for _ in range(60):
                        group.start_soon(ask, "/pret")
                await ask("/sante")
            never.set()
            await anyio.sleep(0.1)
            await ask("/pret")
        return found

    with Store.open(sqlite_database_url) as store:
        found = anyio.run(attack, app_of(House(store), lambda _request: httpx.Response(404), hangs))
    assert found == [503] * 60 + [200, 200]
    assert len(asked) <= 2


def test_service_is_given_five_seconds() -> None:
    service = Provider(f"{ISSUER}/.well-known/openid-configuration", "a", "b", "c")
    with service.client() as client:
        assert client.timeout == httpx.Timeout(5)
