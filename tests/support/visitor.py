"""Somebody who asks an ASGI application for pages, with her own cookies and no browser."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
from starlette.types import ASGIApp


class Visitor:
    """Each call is one request; cookies are kept, redirections are not followed."""

    def __init__(self, app: ASGIApp, base_url: str = "http://127.0.0.1", client: str = "127.0.0.1") -> None:
        self._app, self._base, self._client = app, base_url, client
        self.cookies = httpx.Cookies()

    def get(self, path: str, **given: Any) -> httpx.Response:
        """A page."""
        return self.ask("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """A form that is sent."""
        return self.ask("POST", path, **given)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Any request."""
        return anyio.run(self._ask, method, path, given)

    async def _ask(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, client=(self._client, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=self._base, cookies=self.cookies) as asking:
            answer = await asking.request(method, path, **given)
            self.cookies = asking.cookies
        return answer
