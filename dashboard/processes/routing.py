"""Which worker takes a connection: the same for all that one account asks, and one alone for the programs.

An account’s pages, the files that it sends and those that it takes away are in the memory of one process: what
says where is the beginning of its session’s secret, the same for all its sessions (``core/accounts/sign_in.py``).
It is not believed for anything else: a forged one leads to a process that refuses it.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from starlette.requests import cookie_parser

OWNED = ("/api", "/connexion/oidc")
"""What counts in memory who asks how much, or keeps what another service said: one process answers all of it."""
ONE_OF_THEM = re.compile(rb"\?(?:.*&)?processus=(\d{1,3})(?:&|$)")
"""/metrics?processus=2: what the second process counts."""
_MOST = 10_000
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a connection wants to go: to process ``number`` (the first is 0), or to the one that holds ``key``."""

    key: str = ""
    number: int | None = None


def is_whole(head: bytes) -> bool:
    """Whether the head of a request has come to its end."""
    return _HEAD_END in head


def wish(head: bytes, address: str, cookie: str) -> Wish:
    """What the head of a request, whole or not, says of where it goes; ``cookie`` is the session’s name."""
    lines = head.partition(_HEAD_END)[0].split(b"\r\n")
    target = [*lines[0].split(b" "), b"", b""][1]
    path = target.partition(b"?")[0].decode("latin-1")
    if path == "/metrics":
        asked = ONE_OF_THEM.search(target)
        return Wish(number=max(0, int(asked[1]) - 1) if asked else 0)
    if any(path == owned or path.startswith(f"{owned}/") for owned in OWNED):
        return Wish(number=0)
    headers = [line.partition(b":") for line in lines[1:]]
    cookies = b"; ".join(value.strip() for name, _, value in headers if name.lower() == b"cookie")
    held = cookie_parser(cookies.decode("latin-1")).get(cookie, "").partition(".")[0]  # read as the gate reads it
    if held:
        return Wish(key=held)
    # Nobody is signed in: whoever asks, as the server in front names it.
    told = next((value.strip() for name, _, value in headers if name.lower() == b"x-forwarded-for"), b"")
    return Wish(key=f"{address} {told.decode('latin-1')}")


@dataclass
class WorkerPlaces:
    """Which process holds what. What moved while its process was away stays where it went, as long as it is held there.

    Otherwise every process that ended would leave the others all of its accounts, for ever.
    """

    count: int
    _moved: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def choose(
        self, wanted: Wish, ready: Collection[int], holds: Callable[[str, int], bool] = lambda _key, _number: True
    ) -> int | None:
        """The process that takes this connection, None when none serves; ``holds`` says whether one has a page open."""
        if not ready:
            return None
        if wanted.number is not None:
            return wanted.number if wanted.number in ready else min(ready)
        order = sorted(range(self.count), key=lambda number: _rank(wanted.key, number))
        moved = self._moved.get(wanted.key)
        if moved is not None and moved in ready and (order[0] not in ready or holds(wanted.key, moved)):
            return moved
        chosen = next(number for number in order if number in ready)
        if chosen == order[0]:
            self._moved.pop(wanted.key, None)
        else:
            self._moved[wanted.key] = chosen
            while len(self._moved) > _MOST:
                self._moved.popitem(last=False)
        return chosen


def _rank(key: str, number: int) -> bytes:
    return hashlib.sha256(f"{number} {key}".encode()).digest()
