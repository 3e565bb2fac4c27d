"""Who passes: a request, and a websocket before the framework sees it; by session, origin, number and size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from core.accounts import Visit, visit
from core.domain.french import typeset
from dashboard.door import Door
from dashboard.others import Others
from dashboard.web.index import is_under


def is_our_origin(origin: str, host: str | None, door: Door) -> bool:
    """Whether ``origin`` is the host that was asked for, or our public address."""
    try:
        place = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(place) and place in (host, door.public_host)


# --- The gate: no page and no file without a session that holds ------------------------------------
# A websocket has a gate of its own (``sockets.py``), and the page behind it asks the store by itself at
# every run. What is listed in ``OPEN`` holds no data of the programme.


OPEN = (
    "/connexion",
    "/deconnexion",
    "/invitation",
    "/mot-de-passe",
    "/double-authentification",
    "/.well-known/security.txt",
    "/habillage",
    "/static",
    "/sante",
    "/pret",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
)
"""Addresses that answer without a session; those of the passwords ask for what they need themselves."""
KEYED: tuple[str, ...] = ("/api", "/metrics")
"""Addresses that ask for a key of their own."""
DATA = ("/media", "/_stcore", "/component")
"""Addresses of the framework that are no page."""
VISIT = "fabrique.visit"
"""Where what stands behind the gate finds who came in."""
SIGN_IN = "Connectez-vous d’abord : votre session est terminée, ou n’a pas commencé."


class Gate:
    """ASGI middleware: a page without a session leads to the sign-in, anything else is refused."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_under(scope["path"], (*OPEN, *KEYED)):
            await self.app(scope, receive, send)
            return
        found = await visit_of(scope, self.door)
        if found is None:
            await _refusal(scope)(scope, receive, send)
            return
        await self.app({**scope, VISIT: found}, receive, send)


async def visit_of(scope: Scope, door: Door) -> Visit | None:
    """Who sends this request; None when no session holds."""
    secret = session_cookie(scope, door)
    if not secret:
        return None
    return await anyio.to_thread.run_sync(lambda: visit(door.office, secret, at=door.clock()))


def session_cookie(scope: Scope, door: Door) -> str | None:
    """The session's secret that a request carries."""
    cookies = "; ".join(Headers(scope=scope).getlist("cookie"))
    return cookie_parser(cookies).get(door.cookie)


def _refusal(scope: Scope) -> Response:
    if scope["method"] not in ("GET", "HEAD") or is_under(scope["path"], DATA):
        return PlainTextResponse(SIGN_IN, status_code=401, headers={"cache-control": "no-store"})
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    target = "/connexion" if wanted == "/" else f"/connexion?vers={quote(wanted, safe='')}"
    return RedirectResponse(target, status_code=303, headers={"cache-control": "no-store"})


# --- The websockets, one for each open page: from a page of ours, with a session, so many and no more ----
# They are judged here and not by the framework, which asks an outside address who it is when it meets
# an origin that it does not know, and takes whoever comes.


LARGEST = 2_000_000
"""Bytes of a message: all that a page's fields hold, a pasted grid included."""
BY_ACCOUNT = 40
"""Pages that one account keeps open."""
BY_ADDRESS = 400
"""Pages open from one address: a whole office, or everybody when a server in front does not say who comes."""
_POLICY = 1008


class Sockets:
    """ASGI middleware: a websocket that is not ours to serve is refused before the framework sees it."""

    def __init__(self, app: ASGIApp, door: Door, others: Others | None = None) -> None:
        self.app, self.door, self.others = app, door, others or Others()
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        account = await self._account(scope)
        address = scope["client"][0] if scope.get("client") else "?"
        if account is None or not self._has_room(account, address):
            await refuse(receive, send)
            return
        with self._one_more(account, address):
            await self.app(_without_origin(scope), receive, send)

    async def _account(self, scope: Scope) -> str | None:
        """Whose page this is; None when it comes from elsewhere or nobody is signed in."""
        headers = Headers(scope=scope)
        origins = headers.getlist("origin")
        if not all(is_our_origin(one, headers.get("host"), self.door) for one in origins):
            return None
        found = await visit_of(scope, self.door)
        return None if found is None else found.account.id

    def _has_room(self, account: str, address: str) -> bool:
        return self._pages(account) < BY_ACCOUNT and self._pages(address) < BY_ADDRESS

    def _pages(self, whose: str) -> int:
        """The pages that an account or an address holds open, here and in the other processes."""
        return self.open[whose] + self.others.pages.get(whose, 0)

    @contextmanager
    def _one_more(self, *whose: str) -> Iterator[None]:
        self.open.update(whose)
        self.others.tell(self.open)
        try:
            yield
        finally:
            self.open.subtract(whose)
            self.open = +self.open
            self.others.tell(self.open)


async def refuse(receive: Receive, send: Send) -> None:
    """Answer a handshake by 403: the connection is never a websocket."""
    await receive()
    await send({"type": "websocket.close", "code": _POLICY})


def _without_origin(scope: Scope) -> Scope:
    """What the framework is told: the origin is judged, and it would judge the public address by its own rules."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]}


# --- The files that a page is given wait in memory: so many and so heavy for one account, the oldest leave first --


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
