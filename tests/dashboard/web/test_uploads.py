"""Attacks by uploads: however many files an account sends, so much waits in memory and no more."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.domain.french import typeset
from dashboard.web import gate
from dashboard.web.gate import LENGTH, MANY, NUMBER, VISIT, Uploads
from tests.support.visitor import Visitor


class Kept:
    """Where the framework keeps files."""

    def __init__(self) -> None:
        self.file_storage: dict[str, dict[str, Any]] = defaultdict(dict)

    def remove_file(self, page: str, file: str) -> None:
        """One file less."""
        del self.file_storage[page][file]

    def names(self) -> list[str]:
        """The files that wait."""
        return [name for page in self.file_storage.values() for name in page]


class House:
    """The framework's address of uploads behind ours, for one account or another."""

    def __init__(self) -> None:
        self.kept, self.account, self.waiting = Kept(), "claire", anyio.Event()
        self.app = Uploads(self._store, lambda: self.kept)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As behind the gate."""
        await self.app({**scope, VISIT: SimpleNamespace(account=SimpleNamespace(id=self.account))}, receive, send)

    async def _store(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "PUT":
            page, file = scope["path"].rsplit("/", 2)[1:]
            self.kept.file_storage[page][file] = SimpleNamespace(data=await request.body())
        await Response(status_code=204)(scope, receive, send)

    def put(self, page: str, file: str, size: int = 10) -> int:
        """Send a file."""
        return Visitor(self).ask("PUT", f"/_stcore/upload_file/{page}/{file}", content=bytes(size)).status_code


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(gate, "TOTAL", 1000)
    return House()


def test_oldest_files_of_an_account_leave_when_too_many_wait(house: House) -> None:
    for at in range(NUMBER + 5):
        assert house.put(f"page {at % 3}", f"file {at}") == 204
    assert sorted(house.kept.names()) == sorted(f"file {at}" for at in range(5, NUMBER + 5))


def test_oldest_files_of_an_account_leave_when_they_are_too_heavy(house: House) -> None:
    for at in range(9):
        assert house.put("page", f"file {at}", 300) == 204
    assert house.kept.names() == ["file 6", "file 7", "file 8"]


def test_files_of_somebody_else_stay(house: House) -> None:
    house.put("hers", "hers", 900)
    house.account = "paul"
    for at in range(NUMBER * 2):
        house.put("his", f"his {at}", 200)
    assert "hers" in house.kept.names()


def test_file_sent_again_is_one_file(house: House) -> None:
    house.put("page", "first")
    for _ in range(NUMBER * 2):
        house.put("page", "same", 400)
    assert house.kept.names() == ["first", "same"]


def test_file_above_all_bounds_is_refused(house: House) -> None:
    refused = Visitor(house).ask("PUT", "/_stcore/upload_file/p/f", content=bytes(1001))
    assert (refused.status_code, refused.text) == (429, typeset(MANY))


def test_file_of_unknown_size_is_refused(house: House) -> None:
    async def pieces() -> Any:
        yield b"x"

    refused = Visitor(house).ask("PUT", "/_stcore/upload_file/p/f", content=pieces())
    assert (refused.status_code, refused.text) == (411, typeset(LENGTH))
    assert not house.kept.names()


def test_what_arrives_counts_before_it_has_arrived(house: House) -> None:
    with house.app._arriving("claire", 900):
        assert house.put("page", "too much", 200) == 429
        assert house.put("page", "fits", 100) == 204
    assert house.put("page", "after", 200) == 204
