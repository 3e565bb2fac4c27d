"""Rows made up for a dataset: good ones around its own example, and cells that must be refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

import polars as pl

from core.catalogue import places
from core.catalogue.choices import CodeCommune, Coded, Experience, Lieu, Liste, OuiNon
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Annee, Decimal, Entier, Montant
from core.catalogue.texts import Texte
from core.domain.column_type import ColumnType
from core.domain.dataset import Column, Dataset, RowDict
from core.domain.programme import METROPOLE
from core.exports.description import DatasetDescription
from core.exports.table_schema import example

FIRST, LAST = date(2021, 9, 1), date(2022, 6, 30)
"""Between these days fall the rows that are made up."""
_DIGITS = re.compile(r"\d+")


def read_cell(kind: ColumnType, text: str) -> object:
    """The value of one typed cell, None when it is blank or not understood."""
    return kind.read(pl.Series([text.strip() or None], dtype=pl.String)).values[0]


def example_row(about: DatasetDescription) -> RowDict:
    """The example of the template, as values."""
    typed = example(about)
    return {column.name: read_cell(column.kind, typed[column.name]) for column in about.dataset.columns}


@dataclass
class RowMaker:
    """Makes rows of one dataset, always the same ones; ``known`` are the rows of the datasets that it names."""

    about: DatasetDescription
    known: Mapping[str, Sequence[RowDict]]
    chance: Random = field(default_factory=lambda: Random(2021))
    _keys: set[tuple[Any, ...]] = field(default_factory=set)
    _rank: int = 0

    @cached_property
    def _usual(self) -> RowDict:
        return example_row(self.about)

    def rows(self, count: int) -> list[RowDict]:
        """So many rows with keys of their own; fewer when the columns do not allow that many."""
        found: list[RowDict] = []
        for _ in range(4 * count):
            if len(found) == count:
                break
            row = self._row()
            key = tuple(row[name] for name in self.about.dataset.key)
            if key not in self._keys:
                self._keys.add(key)
                found.append(row)
        return found

    def _row(self) -> RowDict:
        """The example, with a new key and some of its cells drawn again."""
        self._rank += 1
        dataset = self.about.dataset
        row = dict(self._usual)
        for column in dataset.columns:
            if column.name in dataset.key or self.chance.random() < 0.35:
                row[column.name] = self._value(column, row[column.name])
        for reference in dataset.references:
            if row[reference.column] is not None and (targets := self.known.get(reference.dataset)):
                named = self.about.others[reference.dataset].key[-1]
                row[reference.column] = self.chance.choice(targets)[named]
        return row

    def _value(self, column: Column, usual: object) -> object:
        if column.nullable and self.chance.random() < 0.3:
            return None
        kind = column.kind
        if isinstance(kind, Texte):
            return self._text(kind, usual)
        for types, draw in self._draws():
            if isinstance(kind, types):
                return draw(column, usual)
        return usual

    def _draws(self) -> Iterator[tuple[Any, Callable[[Column, Any], Any]]]:
        yield Annee, lambda _column, usual: usual
        yield (Entier, Montant), self._whole
        yield Decimal, lambda column, usual: float(self._whole(column, usual))
        yield Jour, lambda _column, _usual: self._day()
        yield Mois, lambda _column, _usual: self._day().replace(day=1)
        yield OuiNon, lambda _column, _usual: self.chance.random() < 0.5
        yield Liste, lambda column, _usual: self.chance.choice(column.kind.choices or ()).value
        yield Lieu, lambda _column, usual: self._place() or usual
        yield CodeCommune, lambda _column, usual: self._commune() or usual
        yield Experience, lambda _column, usual: self.chance.choice(self.about.own).code if self.about.own else usual
        yield Coded, lambda column, usual: self._coded(column) or usual

    def _whole(self, column: Column, usual: Any) -> int:
        kind = column.kind
        least = int(getattr(kind, "at_least", None) or 0)
        most = getattr(kind, "at_most", None)
        top = int(most) if most is not None else max(least + 20, int(2 * usual) if usual else 20)
        return self.chance.randint(least, max(least, top))

    def _day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange((LAST - FIRST).days))

    def _places(self) -> list[str]:
        axis = self.about.dataset.axis
        return [p.code for one in self.about.own for p in one.places if axis is None or axis in p.axes]

    def _place(self) -> str | None:
        mine = self._places()
        if METROPOLE in mine:
            mine = list(places.every())
        return self.chance.choice(mine) if mine else None

    def _commune(self) -> str | None:
        found = [places.every()[code].insee for code in self._places() if code in places.every()]
        known = [code for code in found if code]
        return self.chance.choice(known) if known else None

    def _coded(self, column: Column) -> str | None:
        allowed = self.about.allowed(column)
        return self.chance.choice(allowed).code if allowed else None

    def _text(self, kind: Texte, usual: Any) -> object:
        """The usual text with another number in it; « Atelier 1 » becomes « Atelier 27 »."""
        if kind.names or type(kind) is not Texte or usual is None:
            return usual
        found = _DIGITS.search(usual)
        if found is None:
            made = f"{usual} {self._rank}"
        else:
            number = str(int(found[0]) + self._rank).zfill(len(found[0]))
            made = usual[: found.start()] + number + usual[found.end() :]
        fits = len(made) <= kind.max_length and (not kind.pattern or re.fullmatch(kind.pattern, made))
        return made if fits else usual


def typed_row(dataset: Dataset, row: RowDict) -> list[str]:
    """A row as people type it in a French spreadsheet."""
    return ["" if row[column.name] is None else column.kind.write(row[column.name]) for column in dataset.columns]


def wrong_cells(dataset: Dataset) -> Iterator[tuple[Column, str]]:
    """For each column of a dataset, texts that its cells must refuse: (column, text)."""
    for column in dataset.columns:
        if column.required and column.name not in dataset.key:
            yield column, ""
        yield from ((column, text) for text in _wrong(column.kind))


def _wrong(kind: ColumnType) -> Iterator[str]:
    match kind:
        case Entier() | Montant() | Decimal():
            yield "douze environ"
            lowest, highest = kind.at_least, getattr(kind, "at_most", None)
            scale = 100 if isinstance(kind, Montant) else 1
            if lowest is not None:
                yield str(int(lowest / scale) - 1)
            if highest is not None:
                yield str(int(highest) + 1)
        case Jour():
            yield "31/02/2022"
        case Mois():
            yield "13/2022"
        case Liste() | OuiNon() | Lieu():
            yield "Valeur que rien ne porte"
        case Texte() if kind.pattern and not re.fullmatch(kind.pattern, "§§§"):
            yield "§§§"
