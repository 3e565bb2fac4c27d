"""What derived datasets share: the hidden columns that each of them keeps."""

from __future__ import annotations

from typing import Any

HIDDEN = ("_key", "_association", "_experiment", "_place")


def hidden(table: Any) -> list[Any]:
    """The key, association, experiment and place of a row, under their own names."""
    return [table.c[name].label(name) for name in HIDDEN]


def shown(table: Any, *names: str) -> list[Any]:
    """Columns kept as they are, to be read behind a figure."""
    return [table.c[name].label(name) for name in names]
