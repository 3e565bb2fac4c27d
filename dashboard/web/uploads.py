"""The files that a page is given wait in memory: so many and so heavy for one account, the oldest leave first.

The framework keeps each until its page is closed, whoever sends it and however many there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from core.domain.french import typeset
from dashboard.web.gate import VISIT

NUMBER = 20
"""Files that wait for one account."""
TOTAL = 300_000_000
"""Their bytes: two of the largest."""
_PREFIX = "/_stcore/upload_file/"
LENGTH = "La taille du fichier n’est pas annoncée : il n’est pas reçu."
MANY = "Trop de fichiers arrivent à la fois pour ce compte. Attendez la fin des envois en cours, puis recommencez."
Place = tuple[str, str]
"""A page and a file, by the framework's names."""


def _framework() -> object:
    """Where the framework keeps files: ``file_storage`` by page then by file, ``remove_file``."""
    return runtime.get_instance().uploaded_file_mgr


class Uploads:
    """ASGI middleware behind the gate: who sends too much at once is refused, what waited longest is forgotten."""

    def __init__(self, app: ASGIApp, kept: Callable[[], Any] = _framework) -> None:
        self.app, self.kept = app, kept
        self.arriving: Counter[str] = Counter()
        self.arriving_bytes: Counter[str] = Counter()
        self.sent: dict[str, dict[Place, None]] = defaultdict(dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(_PREFIX):
            await self.app(scope, receive, send)
            return
        account, size = scope[VISIT].account.id, _announced(scope)
        refusal = (411, LENGTH) if size is None else (429, MANY) if self._is_too_much(account, size) else None
        if refusal is not None:
            await PlainTextResponse(typeset(refusal[1]), status_code=refusal[0])(scope, receive, send)
            return
        with self._arriving(account, size or 0):
            self._make_room(account)
            self._note(account, scope["path"])
            await self.app(scope, receive, send)

    def _is_too_much(self, account: str, size: int) -> bool:
        return self.arriving[account] >= NUMBER or self.arriving_bytes[account] + size > TOTAL

    @contextmanager
    def _arriving(self, account: str, size: int) -> Iterator[None]:
        self.arriving[account] += 1
        self.arriving_bytes[account] += size
        try:
            yield
        finally:
            self.arriving[account] -= 1
            self.arriving_bytes[account] -= size

    def _make_room(self, account: str) -> None:
        """Forget the oldest files of an account until what waits and what arrives stay within the bounds."""
        files = self.kept()
        held = {place: size for place in self.sent[account] if (size := _weight(files, place)) is not None}
        self.sent[account] = dict.fromkeys(held)
        number, total = len(held) + self.arriving[account], sum(held.values()) + self.arriving_bytes[account]
        for place, size in held.items():
            if number <= NUMBER and total <= TOTAL:
                return
            files.remove_file(*place)
            number, total = number - 1, total - size

    def _note(self, account: str, path: str) -> None:
        page, _, file = path.removeprefix(_PREFIX).partition("/")
        self.sent[account].pop((page, file), None)
        self.sent[account][page, file] = None


def _announced(scope: Scope) -> int | None:
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isascii() and said.isdecimal() else None


def _weight(files: Any, place: Place) -> int | None:
    """The bytes of a file that still waits."""
    page, file = place
    found = files.file_storage.get(page, {}).get(file)
    return None if found is None else len(found.data)
