"""Attacks by raw websockets: none without a session, from elsewhere, too many, too large; nothing goes outside."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from core.demonstration.people import COMMITTEE, LEAD
from core.domain.access import Actor
from dashboard.web.gate import BY_ACCOUNT, LARGEST
from tests.browser import signing
from tests.browser.serving import serving
from tests.support.filled import empty_url
from tests.support.silent import Silent, silence

PUBLIC = "https://fabrique.exemple.fr"


@pytest.fixture(scope="module")
def outside() -> Iterator[Silent]:
    with silence() as found:
        yield found


@pytest.fixture(scope="module")
def address(outside: Silent) -> Iterator[str]:
    """The real pages, on a server whose every way out leads to a proxy that never answers."""
    environment = {**outside.environment, "FABRIQUE_PUBLIC_URL": PUBLIC}
    with serving(empty_url(), environment=environment) as url:
        yield url


def page(address: str, actor: Actor | None = LEAD, origin: str | None = None, **headers: str) -> ClientConnection:
    """A page opened by its websocket alone."""
    held = signing.header(empty_url(), actor) if actor else {}
    return connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        origin=origin or address,
        additional_headers={**held, **headers},
        max_size=None,
        proxy=None,
        open_timeout=60,
    )


def status(address: str, actor: Actor | None = LEAD, origin: str | None = None, **headers: str) -> int:
    """What the handshake is answered; 101 when the page opens."""
    try:
        with page(address, actor, origin, **headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def rerun() -> bytes:
    """What a browser sends to have its page drawn."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    return asked.SerializeToString()


def closed_with(connection: ClientConnection) -> int | None:
    """The code with which the server closes, whatever it says before."""
    try:
        while True:
            connection.recv(timeout=60)
    except ConnectionClosed as closing:
        return closing.rcvd.code if closing.rcvd else None


def test_no_websocket_without_a_session(address: str) -> None:
    assert status(address, None) == 403
    name = signing.cookie(empty_url())["name"]
    assert status(address, None, Cookie=f"{name}=forged") == 403
    assert status(address) == 101


def test_page_of_who_is_signed_in_is_drawn(address: str) -> None:
    with page(address) as opened:
        opened.send(rerun())
        assert opened.recv(timeout=60)


@pytest.mark.parametrize("origin", ["http://evil", "null", "http://127.0.0.1", "http://localhost:1", "http://"])
@pytest.mark.parametrize("actor", [None, LEAD], ids=["nobody", "lead"])
def test_foreign_origin_is_refused_at_once_and_nothing_goes_outside(
    address: str, outside: Silent, origin: str, actor: Actor | None
) -> None:
    """What held the server up was what it asked outside, where nobody answers: it asks nothing, and waits for none."""
    assert status(address, actor, origin) == 403
    assert httpx.get(f"{address}/sante", trust_env=False, timeout=60).status_code == 200
    assert outside.asked == []


def test_public_address_is_ours_and_nothing_goes_outside(address: str, outside: Silent) -> None:
    with page(address, LEAD, PUBLIC) as opened:
        opened.send(rerun())
        assert opened.recv(timeout=60)
    assert outside.asked == []


def test_server_that_listens_to_all_asks_nobody_for_its_address(outside: Silent) -> None:
    with serving(empty_url(), environment={**outside.environment, "FABRIQUE_HOST": "0.0.0.0"}) as url:
        assert status(url, LEAD, "http://evil") == 403
    assert outside.asked == []


@pytest.mark.parametrize("pieces", [1, 8])
def test_message_too_large_closes_the_page(address: str, pieces: int) -> None:
    with page(address) as opened:
        opened.send([bytes(LARGEST // pieces + 1)] * pieces if pieces > 1 else bytes(LARGEST + 1))
        assert closed_with(opened) == 1009


def test_too_many_pages_of_an_account_are_refused_and_leave_room_once_closed(address: str) -> None:
    with ExitStack() as kept:
        for _ in range(BY_ACCOUNT):
            kept.enter_context(page(address, COMMITTEE))
        assert status(address, COMMITTEE) == 403
        assert status(address, LEAD) == 101, "somebody else pays"
    assert any(status(address, COMMITTEE) == 101 or time.sleep(0.2) for _ in range(300))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/static/{'a' * 5000}.js", 404),
        ("/static/a%00.js", 400),
        ("/%00", 400),
        ("/?periode=%00", 400),
        ("/connexion?vers=/%00", 400),
        ("/api/v1/ledger?since=%00", 400),
        ("/invitation/a%00", 400),
        ("/habillage/%00", 400),
        (f"/invitation/{'a' * 5000}", 410),
        (f"/{'a' * 5000}", 303),
    ],
)
def test_odd_addresses_of_strangers_are_answered_and_break_nothing(address: str, path: str, status: int) -> None:
    answer = httpx.get(f"{address}{path}", headers={"Accept-Encoding": "gzip"}, trust_env=False, timeout=30)
    assert answer.status_code == status
    assert answer.headers["strict-transport-security"], "the public address is HTTPS"
