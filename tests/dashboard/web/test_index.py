"""The framework's page is said in French, and nothing else of it changes."""

from __future__ import annotations

import gzip

import anyio
import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message

from dashboard.web.index import FrenchPage, french_page

PAGE = french_page("/a.css", "/a.js", "/a.svg")


def call(app: ASGIApp, path: str, *, method: str = "GET", encoding: str = "") -> tuple[int, dict[str, str], bytes]:
    """Ask ``app`` for ``path``: status, headers, body."""
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept-encoding", encoding.encode()), (b"host", b"x")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("x", 80),
        "client": ("y", 1),
        "root_path": "",
        "state": {},
        "app": None,
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(app, scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def _site() -> FrenchPage:
    routes = [
        Route("/", lambda _request: HTMLResponse("<html lang='en'>")),
        Route("/texte", lambda _request: PlainTextResponse("english")),
    ]
    return FrenchPage(Router(routes), PAGE)


def test_page_speaks_french_and_says_what_it_is() -> None:
    text = PAGE.body.decode()
    assert '<html lang="fr"' in text
    assert "<title>Fabrique Inclusive Numérique</title>" in text
    assert "You need to enable" not in text
    assert "_stcore/agent" not in text


def test_page_loads_our_dress_and_the_framework() -> None:
    text = PAGE.body.decode()
    assert '<link rel="stylesheet" href="/a.css" />' in text
    assert '<script defer src="/a.js"></script>' in text
    assert '<div id="root">' in text
    assert "./static/js/index." in text


def test_framework_is_told_where_it_answers() -> None:
    """Else it asks under the page’s own address first, « /lieux/_stcore/health », which answers 404."""
    text = PAGE.body.decode()
    assert text.count("window.__streamlit = {BACKEND_BASE_URL: window.location.origin}") == 1


def test_page_that_changed_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="has changed"):
        french_page("/a.css", "/a.js", "/a.svg", source="<html><head></head></html>")


def test_html_answers_become_the_french_page() -> None:
    status, headers, body = call(_site(), "/")
    assert status == 200
    assert body == PAGE.body
    assert headers["content-length"] == str(len(PAGE.body))


def test_page_is_compressed_for_who_accepts_it() -> None:
    _, headers, body = call(_site(), "/", encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == PAGE.body


def test_head_has_headers_and_no_body() -> None:
    _, headers, body = call(_site(), "/", method="HEAD")
    assert body == b""
    assert headers["content-length"] == str(len(PAGE.body))


def test_other_answers_pass_untouched() -> None:
    assert call(_site(), "/texte")[2] == b"english"


def test_every_inline_script_is_named_in_the_policy() -> None:
    assert len(PAGE.script_hashes) == PAGE.body.decode().count("<script>")
