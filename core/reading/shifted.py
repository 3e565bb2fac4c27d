"""Rows of a CSV in which a separator inside a value may have moved what follows: « 12,5 » without quotes is two cells.

Such a row is one cell too long, and refused; where its last cell is missing its length is right. It is
told by what the columns take: the row also reads once the two cells are one and the others moved back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from core.catalogue.numbers import Decimal, Montant
from core.catalogue.texts import Texte
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Severity
from core.reading.apart import SheetBelow
from core.reading.headings import Matched

_COMMA = ","
_WHOLE, _DECIMALS, _WITH_DECIMALS = r"^[+-]?(\d+|\d{1,3}( \d{3})+)$", r"^\d{1,2}( ?€)?$", r"\d[.,]\d"


@dataclass(frozen=True)
class _Places:
    """Where the columns stand in the file, and what each is."""

    matched: Matched
    dataset: Dataset
    last: int

    def column(self, place: int) -> Column | None:
        """The column that is read at a place."""
        name = self.matched.columns.get(place)
        return self.dataset.by_name[name] if name else None


def shifted_rows(source: SheetBelow, whole: pl.DataFrame, matched: Matched, dataset: Dataset) -> dict[int, Problem]:
    """By line, one question for each row of ``whole`` that can be read in two ways; none of a workbook."""
    if not source.separator:
        return {}
    places = _Places(matched, dataset, len(matched.headings) - 1)
    found: dict[int, Problem] = {}
    if source.separator == _COMMA:
        for one in _split_numbers(whole, places):
            found.setdefault(one.line or 0, one)
    spaced = any(text.startswith(" ") for text in source.head[matched.row])
    for one in () if spaced else _split_texts(source.below, whole, places):
        found.setdefault(one.line or 0, one)
    return found


def _split_numbers(whole: pl.DataFrame, places: _Places) -> Iterator[Problem]:
    """Amounts whose decimals may stand in the next cell; none where the file shows decimals inside its cells."""
    kinds = {at: places.dataset.by_name[name].kind for at, name in places.matched.columns.items()}
    amounts = [at for at, kind in sorted(kinds.items()) if isinstance(kind, Montant | Decimal)]
    if any(whole[f"c{at}"].str.contains(_WITH_DECIMALS).any() for at in amounts):
        return
    for at in (one for one in amounts if one < places.last):
        two = pl.col(f"c{at}").str.contains(_WHOLE) & pl.col(f"c{at + 1}").str.contains(_DECIMALS)
        rows = whole.filter(two.fill_null(False))
        if rows.is_empty():
            continue
        joined = rows[f"c{at}"] + "," + rows[f"c{at + 1}"]
        column = places.column(at)
        fits = _moved_back_fits(rows, at, places)
        if column is not None:
            fits &= column.kind.read(joined).values.is_not_null()
        for line, text in zip(rows["_line"].filter(fits), joined.filter(fits), strict=True):
            yield _number_or_two(line, places.matched.columns[at], text)


def _split_texts(below: pl.DataFrame, whole: pl.DataFrame, places: _Places) -> Iterator[Problem]:
    """Texts cut at the comma of a sentence, which a space follows; none where other cells begin with a space."""
    for at in sorted(one for one in places.matched.columns if one < places.last):
        cell = f"c{at + 1}"
        if whole[cell].dtype != pl.String or not isinstance(_kind(places.column(at + 1)), Texte | None):
            continue
        begun = below[cell].str.starts_with(" ").fill_null(False)
        if not begun.any() or _begin_with_a_space(below, places):
            continue
        lines = begun.arg_true().cast(pl.Int64) + places.matched.row + 2
        rows = whole.filter(pl.col("_line").is_in(lines.implode()) & pl.col(f"c{at}").str.contains(r"\p{L}$"))
        fits = _moved_back_fits(rows, at, places)
        for line, first, second in rows.filter(fits).select("_line", f"c{at}", cell).iter_rows():
            yield _text_or_two(line, places.matched.columns[at], f"{first}, {second}")


def _kind(column: Column | None) -> object:
    return column.kind if column else None


def _begin_with_a_space(below: pl.DataFrame, places: _Places) -> bool:
    """Whether a number, a day or a choice begins with a space too: its author puts one after each separator."""
    typed = (at for at, name in places.matched.columns.items() if type(places.dataset.by_name[name].kind) is not Texte)
    return any(below[f"c{at}"].str.starts_with(" ").any() for at in typed if at)


def _moved_back_fits(rows: pl.DataFrame, at: int, places: _Places) -> pl.Series:
    """Of each row, whether the cells after the two at ``at`` can be read one column before theirs."""
    fits = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)
    for place in range(at + 1, places.last + 1):
        column = places.column(place)
        if column is None:
            continue
        if place == places.last:
            fits &= pl.repeat(not column.required, rows.height, dtype=pl.Boolean, eager=True)
            continue
        cells = rows[f"c{place + 1}"]
        read = column.kind.read(cells).values.is_not_null()
        fits &= read if column.required else read | cells.is_null()
    return fits


def _number_or_two(line: int, column: str, text: str) -> Problem:
    whole = text.partition(",")[0]
    said = f"« {text} » : un nombre, ou deux cases ? La virgule sépare aussi les cases de ce fichier."
    remedy = f"Si c’est un nombre, mettez-le entre guillemets, ou écrivez-le avec un point ; sinon, écrivez {whole}.00."
    return _question(line, column, text, said, remedy)


def _text_or_two(line: int, column: str, text: str) -> Problem:
    said = "Un texte, ou deux cases ? Le signe qui sépare les cases de ce fichier est suivi d’une espace."
    remedy = "Si c’est un texte, mettez-le entre guillemets ; sinon, enlevez l’espace."
    return _question(line, column, text[:80], said, remedy)


def _question(line: int, column: str, found: str, said: str, remedy: str) -> Problem:
    return Problem(
        line, column, found, french.typeset(said), french.typeset(remedy), Severity.ERROR, "une_case_ou_deux"
    )
