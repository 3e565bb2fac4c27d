"""One process of several: it serves the connections that the parent hands to it, until the parent is gone."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette import starlette_server

from core.reading.apart import readers
from core.settings import Settings
from dashboard.context import Context
from dashboard.others import Others
from dashboard.server import serve

PATIENCE = 10
"""Seconds that an answer has to end in when the server stops."""


class Handed(uvicorn.Server):
    """A server that listens nowhere: its connections come from the parent."""

    def __init__(self, config: uvicorn.Config, given: socket.socket, said: socket.socket, others: Others) -> None:
        super().__init__(config)
        self.given, self.said, self.others = given, said, others
        self._kept: set[asyncio.Task[Any]] = set()
        self._writer: asyncio.StreamWriter | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, then tell the parent."""
        await super().startup(sockets=[])
        self.given.setblocking(False)
        reader, self._writer = await asyncio.open_connection(sock=self.said)
        self.others.tell = self._tell
        self._later(self._listen(reader))
        asyncio.get_running_loop().add_reader(self.given, self._take)
        self._say({"ready": True})

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing more, then end what is begun."""
        asyncio.get_running_loop().remove_reader(self.given)
        await super().shutdown(sockets=sockets)

    def _take(self) -> None:
        """Every connection that waits."""
        while True:
            try:
                _, numbers, _, _ = socket.recv_fds(self.given, 1, 1)
            except (BlockingIOError, ConnectionError):
                return
            for number in numbers:
                self._later(self._serve_one(socket.socket(fileno=number)))

    async def _serve_one(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """What the parent says of the others; when it says no more, it stops or is gone, and so do we."""
        while line := await reader.readline():
            self.others.learn(**json.loads(line))
        self.should_exit = True

    def _tell(self, pages: Mapping[str, int]) -> None:
        self._say({"pages": pages})

    def _say(self, words: Mapping[str, object]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(words).encode() + b"\n")

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)


class OneRequest:
    """ASGI: a connection carries one request, since the next one may be for another process."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers["connection"] = "close"
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


def runner(given: socket.socket, said: socket.socket, others: Others) -> type[Any]:
    """What the framework runs instead of its own server (``starlette_server.UvicornRunner``)."""

    class Runner:
        """Serves what is handed over."""

        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        def run(self) -> None:
            """Until the parent is gone."""
            options = starlette_server._get_uvicorn_config_kwargs()  # its websockets, its limits
            config = uvicorn.Config(OneRequest(self.app), timeout_graceful_shutdown=PATIENCE, **options)
            Handed(config, given, said, others).run()

    return Runner


def main(given: int, said: int, count: int, fictitious: bool) -> None:
    """Serve as one process of ``count``."""
    others = Others(wanted=count, ready=0)
    starlette_server.UvicornRunner = runner(socket.socket(fileno=given), socket.socket(fileno=said), others)  # type: ignore[misc]
    readers().keep(1)  # as many files wait ready as with one process, or nearly
    settings = Settings.read()
    serve(settings, opening=lambda: _context(settings, others, fictitious))


def _context(settings: Settings, others: Others, fictitious: bool) -> Context:
    if not fictitious:
        return Context.open(settings, others=others)
    from core.demonstration import TODAY

    return Context.open(settings, clock=lambda: TODAY, demonstration=True, others=others)
