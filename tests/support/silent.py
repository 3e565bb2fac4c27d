"""A place that takes every connection and never answers: what reaches outside is seen there, and waits."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class Silent:
    """``asked`` holds the first bytes of each connection."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.asked: list[bytes] = []
        self._open: list[socket.socket] = []
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        Thread(target=self._wait, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What sends every request of a process here, but those to this very machine."""
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        return dict.fromkeys(names, self.address) | dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")

    def _wait(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listening.accept()
                self._open.append(taken)  # never answered, never closed: who asks waits
                self.asked.append(taken.recv(200))


@contextmanager
def silence() -> Iterator[Silent]:
    """A proxy that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Silent(listening)
