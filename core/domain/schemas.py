"""pandera for polars, and nothing of pandas: who reads rows pays for the library that reads them.

pandera takes in pandas wherever it is installed (the dashboard’s framework brings it), which costs each command
and each server 0.7 s of the processor; without pandas it offers its schemas for polars just the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


class _Absent(MetaPathFinder):
    """A package that is said not to be installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Raise ModuleNotFoundError for that package; None for all others, which the next finder finds."""
        if fullname == self._name:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)


@contextmanager
def _without(name: str) -> Iterator[None]:
    finder = _Absent(name)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


with _without("pandas"):
    import pandera.polars as pa

__all__ = ["pa"]
