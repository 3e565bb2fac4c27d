"""How the server and a reading process hand each other words and bytes.

Words are lines of JSON on two pipes; bytes are files in memory that the server makes, whose
address it tells. Nothing is unpickled and no address comes from the other side, so that a file
that takes hold of the reading process takes hold of nothing else.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def send(stream: BinaryIO, words: Mapping[str, object]) -> None:
    """Write one message. Raises OSError when nobody listens any more."""
    stream.write(json.dumps(words).encode() + b"\n")
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, object]:
    """Wait for one message. Raises EOFError when the other side is gone."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError("the other side is gone")
    return json.loads(line)


@contextmanager
def file_in_memory(data: bytes = b"") -> Iterator[Path]:
    """The address of a file that holds ``data``, for as long as this lasts; on a disk where the system has no other."""
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryDirectory(prefix="fabrique-") as folder:
            path = Path(folder, "fichier")
            path.write_bytes(data)
            yield path
        return
    number = os.memfd_create("fabrique")
    try:
        path = Path(f"/proc/{os.getpid()}/fd/{number}")
        path.write_bytes(data)
        yield path
    finally:
        os.close(number)
