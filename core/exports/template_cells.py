"""The cells of the template: how they look, what they accept, how an example is written in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from core.catalogue.dates import Jour
from core.catalogue.numbers import Annee, Decimal, Entier, Montant
from core.catalogue.texts import Texte
from core.domain import french
from core.domain.column_type import ColumnType
from core.domain.dataset import Column
from core.exports.description import DatasetDescription, bounds_words, obligation

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Rule = tuple[tuple[int, int], dict[str, Any]]
_TITLE, _MESSAGE = 32, 255
_HUGE = 10**12
INK, PAPER, TINT, LINE = "#22211F", "#F1EDE4", "#FBE3C8", "#B8B2A6"


class TemplateCells:
    """The rows that are ready to be filled."""

    FIRST, LAST = 1, 20_000


class Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        heading = {"text_wrap": True, "valign": "vcenter", "border": 1, "border_color": LINE}
        self.required = book.add_format({**heading, "bold": True, "font_color": "#FFFFFF", "bg_color": INK})
        self.optional = book.add_format({**heading, "font_color": INK, "bg_color": PAPER})
        self.missing = book.add_format({"bg_color": TINT})
        self.remark = book.add_format({"italic": True, "font_color": INK})
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
        under = {"bottom": 1, "bottom_color": LINE}
        self.part = book.add_format({"bold": True, "font_size": 12, "font_color": INK, **under})
        self.name = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})

    def cells(self, column: Column) -> Format:
        """The format of the cells under a heading."""
        return self._by_number_format[_number_format(column)]

    def wrong(self, column: Column) -> Format:
        """The same format for a cell to correct."""
        return self._to_correct[_number_format(column)]

    @cached_property
    def _by_number_format(self) -> dict[str, Format]:
        return self._formats({})

    @cached_property
    def _to_correct(self) -> dict[str, Format]:
        return self._formats({"bg_color": TINT, "bold": True})

    def _formats(self, more: Mapping[str, object]) -> dict[str, Format]:
        made = (_TEXT, _DAY, _WHOLE, _EUROS, _ANY)
        aside = {_DAY: {"align": "left"}}  # a date pushed to the right would touch the text of the next column
        return {
            code: self._book.add_format({"num_format": code, "valign": "top", **aside.get(code, {}), **more})
            for code in made
        }


_TEXT, _DAY, _WHOLE, _EUROS, _ANY = "@", "dd/mm/yyyy", "0", '#,##0.00\\ "€"', "General"
_BY_KIND: Mapping[type[ColumnType], str] = {Jour: _DAY, Annee: _WHOLE, Entier: _WHOLE, Montant: _EUROS, Decimal: _ANY}


def _number_format(column: Column) -> str:
    """Text wherever a spreadsheet would change what is typed: codes, months, lists, « 0042 »."""
    return _BY_KIND.get(type(column.kind), _TEXT)


def validation(about: DatasetDescription, column: Column, listed: str | None) -> tuple[Rule, ...]:
    """What the cells under a heading accept, with the help shown on the heading and on each cell."""
    help_shown = {"input_title": _cut(column.title, _TITLE), "input_message": message(about, column)}
    return (
        ((0, 0), {"validate": "any", **help_shown}),
        ((TemplateCells.FIRST, TemplateCells.LAST), {**_accepted(about, column, listed), **help_shown}),
    )


def message(about: DatasetDescription, column: Column) -> str:
    """« Obligatoire. Une date jj/mm/aaaa. », and the help of the column."""
    if about.several(column):
        what = "une ou plusieurs valeurs de la liste, séparées par « | »"
    else:
        what = "une valeur de la liste" if about.allowed(column) else column.kind.expected
    parts = [obligation(column), what, column.description]
    return _cut(french.typeset(" ".join(french.sentence(part) for part in parts if part)), _MESSAGE)


def _accepted(about: DatasetDescription, column: Column, listed: str | None) -> dict[str, object]:
    """A wrong date, number or word is stopped; what the reading understands otherwise is only asked again."""
    if listed:
        told = "" if about.several(column) else "Choisissez une valeur de la liste."
        strong = "stop" if about.closed(column) else "warning"
        return {"validate": "list", "source": listed, "show_error": bool(told), **_refusal(column, told, strong)}
    told = french.typeset(f"Il faut {column.kind.expected}, par exemple {column.kind.example}.")
    bounds = bounds_words(column)
    match column.kind:
        case Jour():
            between = {"minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31)}
            return {"validate": "date", "criteria": "between", **between, **_refusal(column, told)}
        case Entier() | Montant() | Decimal():
            whole = "integer" if isinstance(column.kind, Entier) else "decimal"
            limits = f"{told} {bounds}." if bounds else told
            return {"validate": whole, "criteria": "between", **_bounds(column), **_refusal(column, limits)}
    if type(column.kind) is Texte:
        longest = {"criteria": "<=", "value": column.kind.max_length}
        return {"validate": "length", **longest, **_refusal(column, f"Ce texte est trop long : {bounds}.")}
    return {"validate": "any"}


def _bounds(column: Column) -> dict[str, float]:
    kind = column.kind
    scale = 100 if isinstance(kind, Montant) else 1
    least, most = getattr(kind, "at_least", None), getattr(kind, "at_most", None)
    return {"minimum": -_HUGE if least is None else least / scale, "maximum": _HUGE if most is None else most / scale}


def _refusal(column: Column, told: str, strong: str = "stop") -> dict[str, object]:
    if not told:
        return {}
    return {
        "error_title": _cut(column.title, _TITLE),
        "error_message": _cut(french.typeset(told), _MESSAGE),
        "error_type": strong,
    }


def _cut(text: str, most: int) -> str:
    """Within what spreadsheets show; they count letters beyond the usual alphabets twice."""
    return text if len(text) <= most else f"{text[: most - 2].rstrip()}…"


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A typed text as the cell of its kind: a number is a number, a date is a date."""

    column: Column
    text: str

    def write(self, sheet: Worksheet, row: int, place: int, styles: Styles) -> None:
        """Write the cell, never as a formula."""
        value = self.value()
        style = styles.cells(self.column)
        match value:
            case None:
                sheet.write_blank(row, place, None, style)
            case date():
                sheet.write_datetime(row, place, datetime.combine(value, time()), style)
            case int() | float():
                sheet.write_number(row, place, value, style)
            case _:
                sheet.write_string(row, place, value, style)

    def value(self) -> str | int | float | date | None:
        """What the cell holds."""
        if not self.text:
            return None
        kind = self.column.kind
        read = kind.read(pl.Series([self.text])).values[0]
        if isinstance(kind, Montant):
            return read / 100
        return read if isinstance(kind, Jour | Entier | Decimal) else self.text
