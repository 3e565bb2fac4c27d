"""What the browser is told to refuse: foreign scripts, foreign frames, guessed types, sent referrers."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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


class SafeHeaders:
    """ASGI middleware that adds ``headers`` to every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in self.headers.items():
                    headers[name] = value
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, sending)
