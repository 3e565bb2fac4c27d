"""Each answer counted, timed and told to the log by the kind of its address: never by its query, nor by whom.

An invitation's address is a secret, a query holds what somebody searches: neither is written down.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.metrics import KIND, Metrics
from dashboard.web.api.caller import CHALLENGE
from dashboard.web.gate import DATA, KEYED, OPEN
from dashboard.web.index import is_under

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
