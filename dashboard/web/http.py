"""Around every answer: what the browser is told to refuse, static files, counters, and the page that does not exist."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import logging
import sys
import time
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.components.html import tag
from dashboard.metrics import KIND, Metrics
from dashboard.web.api.caller import CHALLENGE
from dashboard.web.gate import DATA, KEYED, OPEN
from dashboard.web.index import is_under
from dashboard.web.sign_in_pages import PageDress, page, sentence


def content_policy(script_hashes: Iterable[str]) -> str:
    """The content security policy: only this server, with the few exceptions that the framework needs.

    Its styles are written inside the page by its style library, charts are saved through ``blob:``,
    pictures that we draw are ``data:`` addresses.
    """
    scripts = " ".join(f"'sha256-{digest}'" for digest in script_hashes)
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "base-uri": "'self'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def safe_headers(script_hashes: Iterable[str]) -> dict[str, str]:
    """The headers added to every answer."""
    return {
        "content-security-policy": content_policy(script_hashes),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "cross-origin-opener-policy": "same-origin",
    }


_HTTPS_ONLY = "max-age=31536000"
"""A year during which a browser that came by HTTPS does not come by anything else."""


class SafeHeaders:
    """ASGI middleware that adds ``headers`` to every answer.

    Behind HTTPS, which ``secure`` or the connection itself says, the browser is told to keep to it.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str], secure: bool = False) -> None:
        self.app = app
        self.headers = headers
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        always = dict(self.headers)
        if self.secure or scope.get("scheme") == "https":
            always["strict-transport-security"] = _HTTPS_ONLY

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in always.items():
                    headers[name] = value
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, sending)


# --- The framework's scripts and styles, compressed once and kept in memory ------------------------
# Streamlit serves them uncompressed on purpose; a drawing page then weighs 7.4 MB. Here a file is
# compressed the first time it is asked for (1.4 MB instead of 4.7 for the charts).


_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
_PREFIX = "/static/"
_LONGEST = 255
"""Bytes of a file's name, for every file system in use."""
_FOREVER = "public, immutable, max-age=31536000"


class CompressedAssets:
    """ASGI middleware in front of ``/static/``; whatever it does not know goes on to the framework."""

    def __init__(self, app: ASGIApp, directory: Path) -> None:
        self.app = app
        self.root = (directory / "static").resolve()
        self.kept: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_no_name(scope["path"]):
            await Response(status_code=404)(scope, receive, send)
            return
        body = await self._zipped(scope) if self._wanted(scope) else None
        if body is None:
            await self.app(scope, receive, send)
            return
        kind = _TYPES[Path(scope["path"]).suffix]
        response = Response(body, media_type=kind)
        response.headers["content-encoding"] = "gzip"
        response.headers["cache-control"] = _FOREVER
        response.headers["vary"] = "Accept-Encoding"
        await response(scope, receive, send)

    def _wanted(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        path = scope["path"]
        accepted = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        return accepted and path.startswith(_PREFIX) and Path(path).suffix in _TYPES

    async def _zipped(self, scope: Scope) -> bytes | None:
        name = scope["path"].removeprefix(_PREFIX)
        if name not in self.kept:
            found = await anyio.to_thread.run_sync(self._compress, name)
            if found is None:
                return None
            self.kept[name] = found
        return self.kept[name]

    def _compress(self, name: str) -> bytes | None:
        try:
            path = (self.root / name).resolve()
            if not path.is_relative_to(self.root) or not path.is_file():
                return None
        except (OSError, ValueError):  # a name that no file can bear
            return None
        return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def _is_no_name(path: str) -> bool:
    """Whether a part of an address of ours is longer than any file's name."""
    return path.startswith(_PREFIX) and any(len(part.encode()) > _LONGEST for part in path.split("/"))


# --- The user guide: beside the code in a checkout, under the environment's ``share`` once installed ----


_HERE = Path(__file__).resolve().parents[2] / "docs" / "guide"
_INSTALLED = Path(sys.prefix) / "share" / "fabrique" / "guide"


def folder() -> Path | None:
    """Where the guide's texts and pictures are, None when they were not installed."""
    return next((path for path in (_HERE, _INSTALLED) if path.is_dir()), None)


def part(name: str) -> str | None:
    """The text of one part (« association »), None when it is not there."""
    found = folder()
    # « figures » is a page of the documentation as a whole: in a checkout it stands beside the guide's folder.
    kept = (found / f"{name}.md", found.parent / f"{name}.md") if found else ()
    return next((path.read_text(encoding="utf-8") for path in kept if path.is_file()), None)


def pictures() -> dict[str, bytes]:
    """The guide's pictures by file name."""
    found = folder()
    return {path.name: path.read_bytes() for path in sorted(found.glob("*.png"))} if found else {}


@cache
def picture_url(name: str) -> str:
    """Where the browser fetches a picture: an address that changes with its content."""
    body = pictures().get(name, b"")
    return f"/habillage/guide-{name}?v={hashlib.sha256(body).hexdigest()[:10]}"


# --- Each answer counted, timed and told to the log by the kind of its address: never by its query, nor by whom ----
# An invitation's address is a secret, a query holds what somebody searches: neither is written down.


logger = logging.getLogger("fabrique.access")

ADDRESS = "/metrics"
_KINDS = (*OPEN, *KEYED, *DATA)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNKEPT = {"cache-control": "no-store"}
NO_KEY = "Cette adresse demande la clé de FABRIQUE_METRICS_TOKEN : « Authorization: Bearer … »."
OFF = "Cette adresse ne répond pas : aucune clé n’est donnée dans FABRIQUE_METRICS_TOKEN."


def kind_of(path: str) -> str:
    """What sort of address this is, among a few: « /api », « /connexion », or « page »."""
    return next((one for one in _KINDS if is_under(path, (one,))), "page")


class Observed:
    """ASGI middleware, outermost: it sees what the person gets, refusals included."""

    def __init__(self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = time.perf_counter) -> None:
        self.app, self.metrics, self.clock = app, metrics, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with self.metrics.open_pages.track_inprogress():
                await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = self.clock(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            self._tell(scope, status, self.clock() - begun)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        kind, method = kind_of(scope["path"]), scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.requests.labels(kind, method, str(status)).inc()
        self.metrics.request_seconds.labels(kind).observe(seconds)
        said = {"address": kind, "method": method, "status": status, "seconds": round(seconds, 4)}
        logger.info("%s %s %s", method, kind, status, extra=said)


def metrics_route(metrics: Metrics, key: str | None) -> BaseRoute:
    """The address /metrics, for who presents ``key``; without one in the settings, nobody is answered."""

    def answer(request: Request) -> Response:
        if not key:
            return PlainTextResponse(OFF, status_code=404)
        given = request.headers.get("authorization", "").encode("latin-1")  # the bytes as they came
        if not hmac.compare_digest(given, f"Bearer {key}".encode()):
            return PlainTextResponse(NO_KEY, status_code=401, headers={**CHALLENGE, **_UNKEPT})
        return Response(metrics.text(), media_type=KIND, headers=_UNKEPT)

    return Route(ADDRESS, answer)


# --- An address that names no page: a page that says so, instead of the framework's blank ----------


_FRAMEWORK = ("/static", "/media", "/component", "/app", "/-", "/health", "/script-health-check")


class Lost:
    """ASGI middleware: an address with no page of ``pages`` behind it, asked for with a browser, is told as such.

    What stands under ``own``, under the framework's own addresses or bears an extension passes.
    """

    def __init__(
        self, app: ASGIApp, dress: PageDress, pages: Callable[[], Collection[str]], own: tuple[str, ...] = ()
    ) -> None:
        self.app = app
        self.dress = dress
        self.pages = pages
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and self._lost(scope["path"]):
            await HTMLResponse(self._told(), status_code=404, headers={"cache-control": "no-store"})(
                scope, receive, send
            )
            return
        await self.app(scope, receive, send)

    def _lost(self, path: str) -> bool:
        if is_under(path, (*_FRAMEWORK, *self.own)) or path.startswith("/_") or "." in path.rpartition("/")[2]:
            return False
        return path.strip("/") not in self.pages()

    def _told(self) -> str:
        return page(
            self.dress,
            "Cette page n’existe pas",
            sentence(
                "L’adresse ne mène à aucune page : elle a peut-être été mal recopiée, ou la page a changé de nom."
            ),
            tag("p", tag("a", "Revenir à la première page", href="/", class_="link")),
        )
