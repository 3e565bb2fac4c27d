"""Indicators in rows, experiments in columns: what the project lead recorded in each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dashboard.components import table, tag
from dashboard.context import Context
from dashboard.views.parts.registers.words import PROGRAMME, label

Row = Mapping[str, Any]


def by_cell(rows: Iterable[Row]) -> dict[tuple[str, str | None], list[Row]]:
    """The rows of each (indicator, experiment or None)."""
    found: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row["indicateur"], row["experience"]), []).append(row)
    return found


def matrix(context: Context, caption: str, codes: Iterable[str], cell: Callable[[str, str | None], list[Any]]) -> Any:
    """One row for each of ``codes``; ``cell`` gives the lines of (indicator, experiment or None)."""
    listed = list(codes)
    columns: list[str | None] = [one.code for one in context.registry.experiments]
    if any(cell(code, None) for code in listed):
        columns.append(None)
    headings = ["Indicateur", *(_title(context, one) for one in columns)]
    body = [[label(context, code), *(_cell(cell(code, one)) for one in columns)] for code in listed]
    return table(caption, headings, body, hide_caption=True, wide=True)


def ordered(context: Context, codes: Iterable[str]) -> list[str]:
    """The codes in the order of the screens."""
    known = context.registry.catalogue
    return sorted(set(codes), key=lambda code: ((known[code].rank or 999) if code in known else 999, code))


def _title(context: Context, code: str | None) -> str:
    return PROGRAMME if code is None else context.registry.experiment(code).short_title


def _cell(lines: list[Any]) -> Any:
    return tag("ul", [tag("li", one) for one in lines], class_="cell-list") if lines else tag("span", "–")
