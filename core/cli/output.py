"""How the command speaks: French on both streams, and with ``--json`` one document on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.domain import french
from core.domain.problem import Problem
from core.errors import FabriqueError

SHOWN = 20


class Refusal(FabriqueError):
    """The refusal was already told in full: only the exit status is left to give."""


def say(text: str = "") -> None:
    """One line on standard output, in French typography."""
    print(french.typeset(text))


def complain(text: str) -> None:
    """One line on standard error."""
    print(french.typeset(text), file=sys.stderr)


def document(content: Mapping[str, Any]) -> None:
    """The one document that ``--json`` promises."""
    print(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


@contextmanager
def answering(as_json: bool, empty: Mapping[str, Any]) -> Iterator[None]:
    """When the request is refused and JSON was asked, give the stable keys all the same, with « error »."""
    try:
        yield
    except Refusal:
        raise
    except FabriqueError as error:
        if as_json:
            document({**empty, "error": french.typeset(str(error))})
        raise


def problem_as_dict(one: Problem) -> dict[str, Any]:
    """A problem with its stable keys."""
    return {
        "line": one.line,
        "column": one.column,
        "found": one.found,
        "expected": one.expected,
        "remedy": one.remedy,
        "severity": one.severity.value,
        "code": one.code,
    }


def table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    """Aligned columns, the headings first."""
    lines = [list(headings), *[list(row) for row in rows]]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no JSON form")
