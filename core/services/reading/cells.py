"""From texts to typed cells, column by column, with what was not understood and what was repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from core.axes.columns import Complaint, Texte, said_blank
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.domain.problem import Problem, Repair, Severity
from core.services.reading.problems import Part

_SHOWN = 80


@dataclass
class Typed:
    """Rows typed: ``frame`` has ``_line`` and every column of the schema.

    ``unread`` gives, by column, the lines whose cell could not be read, ``misread`` those cells.
    """

    frame: pl.DataFrame
    problems: list[Part[Problem]] = field(default_factory=list)
    repairs: list[Part[Repair]] = field(default_factory=list)
    unread: dict[str, pl.Series] = field(default_factory=dict)
    misread: dict[str, pl.Series] = field(default_factory=dict)


def type_rows(texts: pl.DataFrame, dataset: Dataset) -> Typed:
    """Type rows of trimmed texts: ``_line`` and, by schema name, the columns that the file has."""
    typed = Typed(texts.select("_line"))
    columns = {}
    for rank, column in enumerate(dataset.columns):
        if column.name in texts.columns:
            columns[column.name] = _type_column(typed, texts, column, rank)
        else:
            columns[column.name] = pl.repeat(None, texts.height, dtype=column.kind.dtype(), eager=True)
    typed.frame = typed.frame.with_columns(**columns)
    return typed


def _type_column(typed: Typed, texts: pl.DataFrame, column: Column, rank: int) -> pl.Series:
    raw = texts[column.name]
    values, repaired = column.kind.read(raw)
    failed = raw.is_not_null() & values.is_null()
    if failed.any():
        blank = _said_blank(raw, failed, column)
        _add_repairs(typed, texts, raw, blank, rank, lambda _place: "cellule vide")
        failed = failed & ~blank
        _add_problems(typed, texts, raw, failed, column, rank)
    if repaired.any():
        repaired = _unlike(raw, values, repaired, column)
        meant = values.filter(repaired)
        _add_repairs(typed, texts, raw, repaired, rank, lambda place: column.kind.show(meant[place]))
    return values


def _unlike(raw: pl.Series, values: pl.Series, repaired: pl.Series, column: Column) -> pl.Series:
    """Among repaired cells, those not written as they are shown (« septembre 2021 » is)."""
    pairs = pl.DataFrame({"raw": raw, "value": values}).filter(repaired).unique()
    alike = [raw for raw, value in pairs.iter_rows() if raw in (column.kind.show(value), column.kind.write(value))]
    return repaired & ~raw.is_in(alike).fill_null(False)


def _said_blank(raw: pl.Series, failed: pl.Series, column: Column) -> pl.Series:
    """Cells that say « nothing here » (« - », « NC ») in a column that is not free text."""
    if isinstance(column.kind, Texte):
        return failed & False
    signs = [text for text in raw.filter(failed).unique() if said_blank(text)]
    return failed & raw.is_in(signs).fill_null(False)


def _add_problems(
    typed: Typed, texts: pl.DataFrame, raw: pl.Series, failed: pl.Series, column: Column, rank: int
) -> None:
    if not failed.any():
        return
    lines, found = texts["_line"].filter(failed), raw.filter(failed)
    typed.unread[column.name], typed.misread[column.name] = lines, found
    known: dict[str, Complaint] = {}

    def make(place: int) -> Problem:
        text = found[place]
        why = known.get(text) or known.setdefault(text, column.kind.complaint(text))
        return Problem(
            lines[place], column.name, shortened(text), french.typeset(why.expected), french.typeset(why.remedy),
            Severity.ERROR, why.code,
        )  # fmt: skip

    typed.problems.append(Part(lines, rank, make))


def _add_repairs(
    typed: Typed, texts: pl.DataFrame, raw: pl.Series, chosen: pl.Series, rank: int, meant: object
) -> None:
    if not chosen.any():
        return
    lines, found, name = texts["_line"].filter(chosen), raw.filter(chosen), raw.name
    typed.repairs.append(
        Part(lines, rank, lambda place: Repair(lines[place], name, shortened(found[place]), meant(place)))
    )


def shortened(text: str) -> str:
    """A cell's text as a message shows it."""
    flat = re.sub(r"[ \t\r\n]+", " ", text).strip()
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
