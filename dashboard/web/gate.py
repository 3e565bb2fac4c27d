"""The gate: no page and no file without a session that holds.

The websocket passes: the page behind it asks the store by itself at every run. What is
listed in ``OPEN`` holds no data of the programme.
"""

from __future__ import annotations

from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.services.accounts import visit
from dashboard.door import Door
from dashboard.web.index import is_under

OPEN = (
    "/connexion", "/deconnexion", "/invitation", "/mot-de-passe", "/habillage", "/static", "/sante", "/pret",
    "/favicon.png", "/_stcore/health", "/_stcore/host-config",
)  # fmt: skip
"""Addresses that answer without a session; those of the passwords ask for what they need themselves."""
KEYED: tuple[str, ...] = ("/api", "/metrics")
"""Addresses that ask for a key of their own."""
DATA = ("/media", "/_stcore", "/component")
"""Addresses of the framework that are no page."""
SIGN_IN = "Connectez-vous d’abord : votre session est terminée, ou n’a pas commencé."


class Gate:
    """ASGI middleware: a page without a session leads to the sign-in, anything else is refused."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_under(scope["path"], (*OPEN, *KEYED)) or await self._known(scope):
            await self.app(scope, receive, send)
            return
        await _refusal(scope)(scope, receive, send)

    async def _known(self, scope: Scope) -> bool:
        secret = session_cookie(scope, self.door)
        if not secret:
            return False
        found = await anyio.to_thread.run_sync(lambda: visit(self.door.office, secret, at=self.door.clock()))
        return found is not None


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
