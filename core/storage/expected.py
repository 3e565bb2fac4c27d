"""A base file that is expected: SQLite would make an empty one in its place, and nobody would see the loss."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from core.storage.trouble import Trouble, down

_TURNS, _PAUSE = 20, 0.1
"""How long a file may stay empty while another process makes a base of it: two seconds."""


class Expected:
    """Asked before each connection: is the file still there, and is it more than a name?"""

    def __init__(self, url: sa.URL, path: Path) -> None:
        self.url, self.path = url, path
        self.seen = False

    def __call__(self, *_given: object) -> None:
        if not self.path.exists():
            if self.seen:
                raise down(self.url, Trouble.GONE)
        elif self._is_empty():
            raise down(self.url, Trouble.EMPTY)
        self.seen = True

    def _is_empty(self) -> bool:
        for _ in range(_TURNS):
            if not self.path.is_file() or self.path.stat().st_size:
                return False
            time.sleep(_PAUSE)
        return True
