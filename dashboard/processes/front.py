"""The parent: it owns the address, hands each connection to a worker, and starts again a worker that ended."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.accounts.sign_in import place_of
from core.errors import Misconfigured
from core.settings import Settings
from dashboard import logs
from dashboard.others import summed
from dashboard.processes.routing import Wish, WorkerPlaces, is_whole, wish

logger = logging.getLogger("fabrique.processes")

HEAD_SECONDS = 10
"""How long somebody may take to say what is wanted."""
FIRST_SECONDS = 60
"""How long connections wait for the first processes to serve."""
STOP_SECONDS = 15
_HEAD_BYTES, _WAITING = 65_536, 1_000
_YOUNG, _SLOWEST = 20, 30
"""A process that lived less than that, in seconds, is started again later and later, up to the second number."""


@dataclass
class Worker:
    """One process: where connections are handed to it, what it says, since when."""

    number: int
    process: subprocess.Popen[bytes]
    given: socket.socket
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    begun: float
    ready: bool = False
    pages: Mapping[str, int] = field(default_factory=dict)


class Front:
    """So many workers behind one address."""

    def __init__(self, settings: Settings, count: int, cookie: str, *, fictitious: bool) -> None:
        self.settings, self.count, self.cookie, self.fictitious = settings, count, cookie, fictitious
        self.workers: dict[int, Worker] = {}
        self.places = WorkerPlaces(count)
        self.serving, self.stopping = asyncio.Event(), asyncio.Event()
        self.waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT; a second one does not wait for what is being answered.

        Raises Misconfigured when no worker comes to serve.
        """
        loop = asyncio.get_running_loop()
        for stop in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(stop, self._stop)
        keepers = [asyncio.create_task(self._keep(number)) for number in range(self.count)]
        accepting = asyncio.create_task(self._accept(listening))
        try:
            await self._first(keepers)
            await self.stopping.wait()
        finally:
            accepting.cancel()
            for keeper in keepers:
                keeper.cancel()
            listening.close()
            await asyncio.gather(accepting, *keepers, return_exceptions=True)
            await self._end()

    def _stop(self) -> None:
        if self.stopping.is_set():
            for worker in self.workers.values():
                worker.process.kill()
        self.stopping.set()

    async def _first(self, keepers: list[asyncio.Task[None]]) -> None:
        """Open the door once every worker serves, or those that do after a while."""
        until = time.monotonic() + FIRST_SECONDS
        while not self.stopping.is_set() and len(self._ready()) < self.count:
            if any(keeper.done() for keeper in keepers):
                raise Misconfigured("Aucun processus ne sert les pages : le journal du serveur dit pourquoi.")
            if time.monotonic() > until and self._ready():
                break
            await asyncio.sleep(0.05)
        self.serving.set()

    def _ready(self) -> set[int]:
        return {number for number, worker in self.workers.items() if worker.ready}

    # --- Connections ------------------------------------------------------------------------------

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except OSError as error:  # as many files are open as the system allows: those that come wait
                if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ECONNABORTED):
                    raise
                await asyncio.sleep(0.1)
                continue
            if self.waiting >= _WAITING:
                connection.close()
                continue
            task = asyncio.create_task(self._hand_over(connection, str(address[0])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hand_over(self, connection: socket.socket, address: str) -> None:
        """Look at the head of the request, then give the connection to the process that holds who asks."""
        self.waiting += 1
        with connection:
            try:
                connection.setblocking(False)
                await asyncio.wait_for(self.serving.wait(), FIRST_SECONDS)
                head = await asyncio.wait_for(_head(connection), HEAD_SECONDS)
                if head:
                    await self._give(connection, wish(head, address, self.cookie))
            except (TimeoutError, OSError):
                pass  # nobody is there any more, or says nothing
            finally:
                self.waiting -= 1

    async def _give(self, connection: socket.socket, wanted: Wish) -> None:
        """Give it away; a process that is busy takes it later, one that ended gives its place to another."""
        gone: set[int] = set()
        while (chosen := self.places.choose(wanted, self._ready() - gone, self._holds)) is not None:
            try:
                socket.send_fds(self.workers[chosen].given, [b"."], [connection.fileno()])
            except BlockingIOError:
                await asyncio.sleep(0.02)
            except OSError:
                gone.add(chosen)
            else:
                return

    def _holds(self, key: str, number: int) -> bool:
        """Whether the account whose sessions begin with ``key`` has a page open in that process."""
        return any(place_of(whose) == key for whose in self.workers[number].pages)

    # --- Workers ----------------------------------------------------------------------------------

    async def _keep(self, number: int) -> None:
        """Have a worker ``number``, again and again; returns when it never came to serve."""
        pause, served = 1.0, False
        while True:
            worker = self.workers[number] = await self._start(number)
            served = await self.follow(worker) or served
            code = await asyncio.to_thread(worker.process.wait)
            if not served:
                return
            lived = time.monotonic() - worker.begun
            logger.warning("process %d ended (%d) after %d s: started again", number + 1, code, lived)
            if lived < _YOUNG:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _SLOWEST)
            else:
                pause = 1.0

    async def _start(self, number: int) -> Worker:
        given, taken = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        said, heard = socket.socketpair()
        given.setblocking(False)
        with taken, heard:
            asked = (taken.fileno(), heard.fileno(), self.count, int(self.fictitious))
            process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", "dashboard.processes", *map(str, asked)],
                env=os.environ | self._settings() | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=(taken.fileno(), heard.fileno()),
                start_new_session=True,  # Ctrl+C is for the parent, who asks them to end
            )
        reader, writer = await asyncio.open_connection(sock=said)
        return Worker(number, process, given, reader, writer, time.monotonic())

    def _settings(self) -> dict[str, str]:
        """What the command changed of the settings."""
        held = self.settings
        return {
            "FABRIQUE_HOST": held.host,
            "FABRIQUE_PORT": str(held.port),
            "FABRIQUE_DATABASE_URL": held.database_url,
            "FABRIQUE_DATABASE_READ_URL": held.database_read_url or "",
        }

    async def follow(self, worker: Worker) -> bool:
        """Hear that it serves, and which pages it holds open, until it ends; whether it ever served."""
        with contextlib.suppress(OSError):
            while line := await worker.reader.readline():
                said = json.loads(line)
                worker.ready = worker.ready or said.get("ready", False)
                worker.pages = said.get("pages", worker.pages)
                self._tell()
        served, worker.ready, worker.pages = worker.ready, False, {}
        worker.given.close()
        worker.writer.close()
        self._tell()
        return served

    def _tell(self) -> None:
        """Tell each what concerns it of the others."""
        ready, pages = len(self._ready()), {one.number: one.pages for one in self.workers.values()}
        for worker in self.workers.values():
            if worker.ready:
                words = {"wanted": self.count, "ready": ready, "pages": summed(pages, worker.number)}
                worker.writer.write(json.dumps(words).encode() + b"\n")

    async def _end(self) -> None:
        """Ask all to end; those that do not are ended."""
        for worker in self.workers.values():
            worker.writer.close()
        until = time.monotonic() + STOP_SECONDS
        for worker in self.workers.values():
            left = max(0.0, until - time.monotonic())
            try:
                await asyncio.to_thread(worker.process.wait, left)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                await asyncio.to_thread(worker.process.wait)
            worker.given.close()


async def _head(connection: socket.socket) -> bytes:
    """The head of the request, left where it is; what came of it when it is too long, nothing when nobody is there."""
    loop, seen = asyncio.get_running_loop(), b""
    await _readable(loop, connection)
    while True:
        try:
            found = connection.recv(_HEAD_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            found = seen
        if not found or is_whole(found) or len(found) >= _HEAD_BYTES:
            return found
        seen = found
        await asyncio.sleep(0.01)  # what is there stays there: the system would say at once that there is something


async def _readable(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
    """Wait until something can be read."""
    something: asyncio.Future[None] = loop.create_future()

    def readable() -> None:
        if not something.done():
            something.set_result(None)

    loop.add_reader(connection, readable)
    try:
        await something
    finally:
        loop.remove_reader(connection)


def listen(host: str, port: int) -> socket.socket:
    """The address, taken. Raises Misconfigured when another program has it, or it is none of this machine."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        found = socket.socket(family)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except OSError as error:
        raise Misconfigured(
            f"L’adresse {host}:{port} ne peut pas être écoutée ({error.strerror}). Un autre programme l’a peut-être "
            "prise : arrêtez-le, ou donnez un autre port (--port)."
        ) from error
    found.listen(2048)
    found.setblocking(False)
    return found


def serve(settings: Settings, count: int, cookie: str, *, fictitious: bool) -> None:
    """Serve by ``count`` processes until stopped; ``cookie`` is the name of the session’s.

    Raises Misconfigured when the address is taken, no process comes to serve, or the system hands over no connection.
    """
    if not hasattr(socket, "send_fds"):
        raise Misconfigured(
            "Plusieurs processus demandent un système qui confie une connexion à un autre programme (Linux, macOS). "
            "Ici, un seul sert : fabrique serve."
        )
    listening = listen(settings.host, settings.port)
    logs.in_json() if settings.log_format == "json" else logs.in_text()

    async def run() -> None:
        await Front(settings, count, cookie, fictitious=fictitious).run(listening)

    asyncio.run(run())
