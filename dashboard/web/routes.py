"""Plain addresses beside the pages: health, readiness, our style sheet, script, pictures and fonts."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.accounts import remote
from core.domain.french import typeset
from core.settings import Settings
from dashboard import theme
from dashboard.components.map import territory_picture
from dashboard.door import Door
from dashboard.web import http
from dashboard.web.gate import VISIT

SECURITY, SECURITY_LASTS = "/.well-known/security.txt", timedelta(days=90)
PATIENCE = 3
"""Seconds that /pret lets the base take."""
FOLDER = Path(__file__).parent.parent / "static"
_SCRIPTS = (
    "words.js",
    "working.js",
    "fabrique.js",
    "fields.js",
    "following.js",
    "taking.js",
    "pointing.js",
    "remote.js",
    "session.js",
    "brightness.js",
)
_STYLES = (
    "base",
    "chrome",
    "text",
    "tables",
    "choosers",
    "registers",
    "forms",
    "deposit",
    "releves",
    "documents",
    "cards",
    "meetings",
    "charts",
    "map",
    "door",
    "api",
    "print",
)
_COMPRESSED = frozenset({"font/woff2", "image/png"})
"""What is compressed already."""


@dataclass(frozen=True)
class Asset:
    """A file of ours, served compressed under an address that changes with its content."""

    name: str
    kind: str
    body: bytes

    @cached_property
    def zipped(self) -> bytes:
        """The body, compressed once."""
        return gzip.compress(self.body, mtime=0)

    @property
    def url(self) -> str:
        """The address, with the first characters of the content's hash."""
        return f"/habillage/{self.name}?v={hashlib.sha256(self.body).hexdigest()[:10]}"

    def answer(self, request: Request) -> Response:
        """The file, kept by the browser for as long as its content does not change."""
        zipped = "gzip" in request.headers.get("accept-encoding", "") and self.kind not in _COMPRESSED
        response = Response(self.zipped if zipped else self.body, media_type=self.kind)
        response.headers["cache-control"] = "public, immutable, max-age=31536000"
        response.headers["vary"] = "Accept-Encoding"
        if zipped:
            response.headers["content-encoding"] = "gzip"
        return response


def stylesheet() -> str:
    """All our style sheets as one, in the order of ``_STYLES``, palette first."""
    sheets = [(FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES]
    return "\n".join([theme.stylesheet_head(), *sheets])


def script() -> str:
    """Our scripts as one: the words, what says them, what follows each run, what leads to the sign-in."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS)


def assets() -> dict[str, Asset]:
    """Our style sheet, script, pictures and fonts, read now."""
    found = (
        Asset("fabrique.css", "text/css", stylesheet().encode()),
        Asset("fabrique.js", "text/javascript", script().encode()),
        Asset("territoire.svg", "image/svg+xml", territory_picture()),
        Asset("icone.svg", "image/svg+xml", (FOLDER / "icone.svg").read_bytes()),
    )
    fonts = [Asset(path.name, "font/woff2", path.read_bytes()) for path in sorted((FOLDER / "fonts").glob("*.woff2"))]
    guide = [Asset(f"guide-{name}", "image/png", body) for name, body in http.pictures().items()]
    return {asset.name: asset for asset in (*found, *fonts, *guide)}


class Asked:
    """One question to the base at a time, in a thread of its own, whoever asks: nobody waits long for the answer."""

    def __init__(self, problem: Callable[[], str | None]) -> None:
        self.problem, self.alone = problem, ThreadPoolExecutor(1, "pret")
        self.going: Future[str | None] | None = None

    async def answer(self) -> str | None:
        """Why the pages cannot be served, None when they can; a base that lets us wait cannot."""
        if self.going is None or self.going.done():
            self.going = self.alone.submit(self.problem)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self.going)), PATIENCE)
        except TimeoutError:
            return typeset("La base tarde à répondre : le journal du serveur dit pourquoi.")


def security_route(settings: Settings | None, clock: Callable[[], datetime]) -> Route:
    """Route /.well-known/security.txt (RFC 9116): to whom to tell a flaw; nothing when nobody is named."""

    async def told(_request: Request) -> Response:
        if settings is None or settings.security_contact is None:
            return PlainTextResponse("", status_code=404)
        until = (clock() + SECURITY_LASTS).strftime("%Y-%m-%dT00:00:00Z")
        lines = [f"Contact: {settings.security_contact}", f"Expires: {until}", "Preferred-Languages: fr, en"]
        if settings.public_url:
            lines.append(f"Canonical: {settings.public_url}{SECURITY}")
        return PlainTextResponse("\n".join([*lines, ""]), headers={"cache-control": "max-age=86400"})

    return Route(SECURITY, told)


REMOTE = "/telecommande.json"


def remote_route(door: Door) -> Route:
    """Route /telecommande.json: the committee and the slide that the visitor's telephone turned to; {} without one.

    A page that projects says with its question which ones it shows: a remote that was just opened starts from there.
    """

    def where(account: str, shown: tuple[int, int] | None) -> dict[str, int]:
        at = door.clock()
        found = remote.remote(door.office, account, at=at)
        if found is not None and found.slide == remote.UNKNOWN and shown is not None:
            remote.told(door.office, account, *shown, at=at)
            found = remote.remote(door.office, account, at=at)
        return {} if found is None else {"comite": found.committee, "diapo": found.slide}

    async def answer(request: Request) -> Response:
        numbers = [request.query_params.get(name, "") for name in ("comite", "diapo")]
        plain = all(one.isascii() and one.isdecimal() and len(one) < 6 for one in numbers)
        shown = (int(numbers[0]), int(numbers[1])) if plain else None
        found = await run_in_threadpool(where, request.scope[VISIT].account.id, shown)
        return JSONResponse(found, headers={"cache-control": "no-store"})

    return Route(REMOTE, answer)


def plain_routes(
    files: dict[str, Asset], problem: Callable[[], str | None], beside: Callable[[], Mapping[str, object]] = dict
) -> list[BaseRoute]:
    """Routes /sante (a process answers), /pret (it can serve: ``problem`` is None) and /habillage.

    The first two also say what stands ``beside``: the processes that serve, the copy to read from.
    """
    asked = Asked(problem)

    async def health(_request: Request) -> Response:
        return JSONResponse({"etat": "en marche", **beside()})

    async def readiness(_request: Request) -> Response:
        found = await asked.answer()
        if found is None:
            return JSONResponse({"etat": "prêt", **beside()})
        return JSONResponse({"etat": "pas prêt", "raison": found, **beside()}, status_code=503)

    def dress(request: Request) -> Response:
        asset = files.get(request.path_params["name"])
        return asset.answer(request) if asset else Response(status_code=404)

    return [
        Route("/sante", health),
        Route("/pret", readiness),
        Route("/habillage/{name}", dress),
        Route("/favicon.png", lambda request: files["icone.svg"].answer(request)),
    ]
