"""Where a connection goes: with its account, to the one that owns it, or to whoever serves."""

from __future__ import annotations

import pytest

from dashboard.processes.routing import Wish, WorkerPlaces, is_whole, wish

NAME = "fabrique_1a2b3c4d"


def head(target: str = "/", *lines: str, verb: str = "GET") -> bytes:
    return "\r\n".join([f"{verb} {target} HTTP/1.1", "Host: fabrique", *lines, "", ""]).encode("latin-1")


def asked(target: str = "/", *lines: str, address: str = "192.0.2.7") -> Wish:
    return wish(head(target, *lines), address, NAME)


def test_all_that_an_account_asks_goes_to_one_process_whatever_its_session() -> None:
    page = asked("/_stcore/stream", f"Cookie: autre=1; {NAME}=compte.premier")
    file = wish(head("/_stcore/upload_file/x/y", f"cookie:{NAME}=compte.second", verb="PUT"), "198.51.100.1", NAME)
    assert page == file == Wish(key="compte")
    assert asked("/", f"Cookie: {NAME}=autre.premier") != page


def test_cookies_are_read_as_the_gate_reads_them() -> None:
    """Who sends two would otherwise be held by one process and counted by another."""
    assert asked("/", f"Cookie: {NAME}=un.faux; {NAME}=deux.vrai") == Wish(key="deux")
    assert asked("/", f"Cookie: {NAME}=un.faux", f"Cookie: {NAME}=deux.vrai") == Wish(key="deux")


@pytest.mark.parametrize("path", ["/api", "/api/v1/ledger?since=1", "/connexion/oidc", "/connexion/oidc/retour?code=x"])
def test_what_one_process_owns_goes_there_whoever_asks(path: str) -> None:
    assert asked(path, f"Cookie: {NAME}=compte.x") == asked(path) == Wish(number=0)


def test_stranger_stays_where_it_was_as_the_server_in_front_names_it() -> None:
    assert asked(address="192.0.2.7") == asked("/connexion", address="192.0.2.7")
    assert asked(address="192.0.2.7") != asked(address="192.0.2.8")
    assert asked("/", "X-Forwarded-For: 1.1.1.1") != asked("/", "X-Forwarded-For: 1.1.1.2")
    assert asked("/apia") == asked("/"), "an address that only begins the same"


@pytest.mark.parametrize(
    ("query", "number"), [("", 0), ("?processus=1", 0), ("?a=b&processus=2", 1), ("?processus=x", 0)]
)
def test_each_process_tells_its_own_counters(query: str, number: int) -> None:
    assert asked(f"/metrics{query}") == Wish(number=number)


@pytest.mark.parametrize(
    "odd", [b"", b"\x16\x03\x01 tls", b"GET\r\n\r\n", b"GET /\xff HTTP/1.1\r\nCookie", b"\r\n\r\n"]
)
def test_what_is_no_request_goes_somewhere(odd: bytes) -> None:
    assert WorkerPlaces(2).choose(wish(odd, "192.0.2.7", NAME), {0, 1}) in (0, 1)


def test_head_is_whole_at_its_empty_line() -> None:
    assert is_whole(head())
    assert not is_whole(head()[:-2])


def test_accounts_are_shared_between_the_processes() -> None:
    places = WorkerPlaces(4)
    held = [places.choose(Wish(key=f"compte {at}"), {0, 1, 2, 3}) for at in range(400)]
    assert all(60 < held.count(number) < 140 for number in range(4))


def test_account_moves_when_its_process_is_away_and_stays_where_it_went() -> None:
    """Its page opened again meanwhile is held by the other process: the file sent next has to go there."""
    places = WorkerPlaces(2)
    account = Wish(key="compte")
    first = places.choose(account, {0, 1})
    assert first is not None
    other = 1 - first
    assert places.choose(account, {other}) == other
    assert places.choose(account, {0, 1}) == other
    assert places.choose(account, {first}) == first
    assert places.choose(account, set()) is None


def test_account_without_a_page_open_comes_back_to_its_process() -> None:
    places, account, pages = WorkerPlaces(2), Wish(key="compte"), {"compte"}

    def holds(key: str, _number: int) -> bool:
        return key in pages

    first = places.choose(account, {0, 1}, holds)
    assert first is not None
    other = 1 - first
    assert places.choose(account, {other}, holds) == other
    assert places.choose(account, {0, 1}, holds) == other
    pages.clear()
    assert places.choose(account, {other}, holds) == other
    assert places.choose(account, {0, 1}, holds) == first
    pages.add("compte")
    assert places.choose(account, {0, 1}, holds) == first


def test_owner_that_is_away_is_replaced_until_it_is_back() -> None:
    places = WorkerPlaces(3)
    assert places.choose(Wish(number=0), {1, 2}) == 1
    assert places.choose(Wish(number=0), {0, 1, 2}) == 0
    assert places.choose(Wish(number=99), {0, 1, 2}) == 0
