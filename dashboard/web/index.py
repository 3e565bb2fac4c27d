"""The framework's one HTML page, said in French and dressed by us.

Streamlit writes ``<html lang="en">``, an English title and an English ``<noscript>`` in a file of
its package, with no setting for any of them. The page is read once, rewritten once, and sent in
place of the original.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

TITLE = "Fabrique Inclusive Numérique"
_NOSCRIPT = (
    "<noscript><p>Ce site a besoin de JavaScript pour s’afficher. Activez-le dans votre navigateur, "
    "puis rechargez la page.</p></noscript>"
)
# Else the framework guesses from the page’s own address, and asks « /lieux/_stcore/health » before « /_stcore/health ».
_ANSWERS_AT_ROOT = "<script>window.__streamlit = {BACKEND_BASE_URL: window.location.origin}</script>"
# « Clair » or « sombre » as the person chose (static/brightness.js), before the first thing is drawn; the framework
# reads its own choice, one for each address, when it starts.
_AS_CHOSEN = (
    "<script>try { const asked = localStorage.getItem('fabrique-brightness'); if (asked) {"
    " document.documentElement.dataset.brightness = asked;"
    " localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, asked === 'dark' ? '\"Dark\"' : '\"Light\"'); } }"
    " catch { /* a browser that keeps nothing shows what the device says */ }</script>"
)


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The rewritten page, plain and compressed, and the hashes of the scripts written inside it."""

    body: bytes
    zipped: bytes
    script_hashes: tuple[str, ...]


def french_page(style_url: str, script_url: str, icon_url: str, source: str | None = None) -> IndexPage:
    """Rewrite the framework's page; ``source`` replaces the installed file in tests.

    Raises ValueError when the page no longer looks as expected: better at start-up than in English.
    """
    text = source if source is not None else _installed_page()
    head = "\n".join(
        [
            _AS_CHOSEN,
            f'<link rel="stylesheet" href="{style_url}" />',
            f'<script defer src="{script_url}"></script>',
            *_later(),
            _ANSWERS_AT_ROOT,
            "</head>",
        ]
    )
    for pattern, replacement in (
        (r"^\s*<!--.*?-->\s*", ""),
        (r'<html lang="en">', '<html lang="fr" translate="no">'),
        (r"<title>.*?</title>", f"<title>{TITLE}</title>"),
        (r'<link rel="shortcut icon"[^>]*>', f'<link rel="icon" type="image/svg+xml" href="{icon_url}" />'),
        (r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', ""),
        (r'<link rel="service-desc"[^>]*>', ""),
        (r"<noscript>.*?</noscript>", _NOSCRIPT),
        (r"</head>", head),
    ):
        text, found = re.subn(pattern, _as_it_is(replacement), text, count=1, flags=re.DOTALL)
        if not found and "shortcut" not in pattern and "service" not in pattern and "preload" not in pattern:
            raise ValueError(f"The framework's page has changed: {pattern} is not in it any more.")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    body = text.encode()
    return IndexPage(body, gzip.compress(body), tuple(_hashes(text)))


def _as_it_is(text: str) -> Callable[[re.Match[str]], str]:
    """What puts ``text`` in the place of what was found, its backslashes too."""
    return lambda _match: text


def _later() -> list[str]:
    """What the browser fetches when it has nothing else to do: the chart engine, needed one page further."""
    found = sorted((Path(file_util.get_static_dir()) / "static" / "js").glob("PlotlyChart.*.js"))
    return [f'<link rel="prefetch" as="script" crossorigin href="./static/js/{path.name}" />' for path in found]


def _installed_page() -> str:
    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


def _hashes(text: str) -> list[str]:
    inline = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    return [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]


class FrenchPage:
    """ASGI middleware: every HTML answer of the framework is the rewritten page.

    Addresses under ``own`` are pages of ours, which pass as they are.
    """

    def __init__(self, app: ASGIApp, page: IndexPage, own: tuple[str, ...] = ()) -> None:
        self.app = app
        self.page = page
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or is_under(scope["path"], self.own):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Replacing(self.page, scope, send))


def is_under(path: str, roots: tuple[str, ...]) -> bool:
    """Whether ``path`` is one of ``roots`` or below it."""
    return any(path == root or path.startswith(f"{root}/") for root in roots)


class _Replacing:
    """The ``send`` that lets everything pass but the body of the framework's page."""

    def __init__(self, page: IndexPage, scope: Scope, send: Send) -> None:
        self.page, self.scope, self.send = page, scope, send
        self.replacing = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif not self.replacing:
            await self.send(message)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message["headers"]))
        self.replacing = message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
        if not self.replacing:
            await self.send(message)
            return
        zipped = "gzip" in Headers(scope=self.scope).get("accept-encoding", "")
        body = self.page.zipped if zipped else self.page.body
        for name in ("etag", "last-modified", "content-encoding"):
            del headers[name]
        headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-cache"
        headers["vary"] = "Accept-Encoding"
        if zipped:
            headers["content-encoding"] = "gzip"
        await self.send({**message, "headers": headers.raw})
        body = b"" if self.scope["method"] == "HEAD" else body
        await self.send({"type": "http.response.body", "body": body})
