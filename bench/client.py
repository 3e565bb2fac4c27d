"""A browser's side of the websocket: ask for a page again, and keep what the server sends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

_PATIENCE = 60  # seconds for one page


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run of the page sent: in how long, how many elements, and their texts as bytes."""

    seconds: float
    elements: int
    content: bytes

    def says(self, text: str) -> bool:
        """Whether the page has this text."""
        return text.encode() in self.content


class BrokenPage(Exception):
    """The page did not end well."""


class Client:
    """One person in front of one page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def rerun(self, page: str = "", query: str = "") -> Answer:
        """Ask for a page again, the first one when none is named; raises BrokenPage when it did not end well."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        start = time.perf_counter()
        self._connection.send(message.SerializeToString())
        elements, parts = 0, []
        while True:
            raw = self._connection.recv(timeout=_PATIENCE)
            answer = ForwardMsg.FromString(raw)
            kind = answer.WhichOneof("type")
            if kind in ("delta", "ref_hash"):
                elements += 1
                parts.append(raw)
            if kind == "script_finished":
                seconds = time.perf_counter() - start
                if answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise BrokenPage(f"The script ended as {answer.script_finished}.")
                return Answer(seconds, elements, b"".join(parts))

    def rest(self, seconds: float) -> None:
        """Read the page for so long, as a browser does: what cuts the connection meanwhile is raised at once."""
        until = time.monotonic() + seconds
        with suppress(TimeoutError):
            while (left := until - time.monotonic()) > 0:
                self._connection.recv(timeout=left)


@contextmanager
def client(port: int, cookie: str = "") -> Iterator[Client]:
    """Somebody who opens the first page of the server on ``port``, signed in by ``cookie``."""
    origin, address = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/_stcore/stream"
    headers = {"Cookie": cookie} if cookie else None
    with connect(address, origin=origin, max_size=None, additional_headers=headers) as connection:
        yield Client(connection)
