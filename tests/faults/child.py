"""The process that does an act and is killed: it is forked from one that has read the product beforehand.

That one computes nothing: what works with several threads does not survive a fork.
``python -m tests.faults.child`` reads an order a line, and answers a line: what became of the act.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.contract import Registry
from core.errors import FabriqueError
from tests.faults.acts import ACTS

DONE, REFUSED, FAILED = 0, 3, 4
_COMMIT, _SAID = b"c", b"s"


def main() -> None:
    """Serve orders until there is none."""
    for line in sys.stdin:
        print(json.dumps(_served(json.loads(line))), flush=True)


def _served(order: dict[str, Any]) -> dict[str, Any]:
    """Fork, wait for the moment, kill; what became of it, in how many seconds, with how many commits."""
    told, tell = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(told)
        os._exit(_done(order, tell))
    os.close(tell)
    begun, said = _followed(told, child, order)
    with os.fdopen(told, "rb") as rest:
        said += rest.read()
    status = os.waitpid(child, 0)[1]
    words = said.partition(_SAID)[2].decode()
    begun += said.partition(_SAID)[0].count(_COMMIT)
    code = None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return {"code": code, "said": words, "commits": begun, "seconds": time.monotonic() - started}


def _followed(told: int, child: int, order: dict[str, Any]) -> tuple[int, bytes]:
    """Wait for the commit or the moment of the order, then kill; the commits seen, and what was said meanwhile."""
    begun = 0
    if (wanted := order.get("commit")) is not None:
        while begun < wanted:
            byte = os.read(told, 1)
            if byte != _COMMIT:
                return begun, byte
            begun += 1
    delay = order.get("delay")
    if delay is None:
        return begun, b""
    end = time.monotonic() + delay
    while (left := end - time.monotonic()) > 0 and not _ended(told):
        select.select([], [], [], min(left, 0.002))
    os.kill(child, signal.SIGKILL)
    return begun, b""


def _ended(told: int) -> bool:
    """Whether nobody holds the other end any more; nothing is taken away."""
    poll = select.poll()
    poll.register(told, select.POLLHUP)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def _done(order: dict[str, Any], tell: int) -> int:
    sa.event.listen(sa.Engine, "commit", lambda _connection: os.write(tell, _COMMIT))
    if (pages := order.get("pages")) is not None:
        sa.event.listen(sa.Engine, "connect", lambda base, _record: base.execute(f"PRAGMA max_page_count={pages:d}"))
    try:
        ACTS[order["act"]].do(Registry.load(strict=True), order["url"], Path(order["beside"]))
    except FabriqueError as error:
        os.write(tell, _SAID + str(error).encode()[:4000])
        return REFUSED
    except BaseException as error:  # noqa: BLE001 (whatever it is, it is told)
        os.write(tell, _SAID + f"{type(error).__name__}: {error}".encode()[:4000])
        return FAILED
    return DONE


if __name__ == "__main__":
    main()
