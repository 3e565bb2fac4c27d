"""The rows behind a figure: their count equals the number, or their total does for a sum."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

import sqlalchemy as sa

from core.catalogue.choices import Lieu
from core.domain import french
from core.domain.dataset import Column
from core.domain.indicator import Constant, Count, CountDistinct, Derived, Indicator, Measure, Source, Sum
from core.domain.observation import Cell
from core.figures import queries
from core.figures.observations import FigurePlace
from core.figures.ownership import counts_in, of_the_programme
from core.figures.parts import is_money
from core.figures.queries import columns_of
from core.figures.reader import MeasureReader
from core.figures.sources import HIDDEN, Branch, Branches, SourceDescription, Sources
from core.figures.window import NO_PLACE, Window

_ASSOCIATION = "Association"
_LINES = {"ligne": "Ligne de subvention", "montant": "Montant", "axes": "Axes", "date": "Date", "nature": "Nature"}
_CORE_TITLES = {
    "lignes": "Subventions votées",
    "versements_ventiles": "Versements",
    "depenses_ventilees": "Dépenses à date",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows that a figure counts, as text ready to read.

    ``count`` is the number of rows counted, even when only some are given: ``listed`` are those that may be
    read. For a distinct count each value has one row.
    ``total`` is what a sum adds up to (euros for money), or the constant. ``keys`` gives the association and
    key of each row; ``proving`` the columns that make the figure: what is counted, under which conditions,
    its date, its place.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    count: int
    listed: int
    total: float | None = None
    keys: tuple[tuple[str, str], ...] = ()
    proving: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Which of the rows behind a figure are given: ``size`` of them (None: all) from the rank ``first`` on.

    A page beyond the last one is the last one; the rows of the associations ``hidden`` are counted and never given.
    """

    first: int = 0
    size: int | None = None
    hidden: frozenset[str] = frozenset()

    def start(self, rows: int) -> int:
        """The rank of the first row given, of so many."""
        if self.size is None:
            return 0
        return min(self.first, max(0, rows - 1) // self.size * self.size)


WHOLE = RowsPage()


def evidence_of(
    measure: Measure,
    sources: Sources,
    reader: MeasureReader,
    where: FigurePlace,
    window: Window,
    day: date,
    page: RowsPage = WHOLE,
    among: Callable[[], Sources] | None = None,
) -> Evidence:
    """The rows that ``measure`` counts in ``window``; ``day`` is bound as the day of the figure.

    Of the rows that ``page`` leaves out, no more is read than whose they are and what they are worth; the others
    are looked up by their keys in the sources ``among`` them.
    """
    described, branches = sources.described(measure.source), sources.branches(measure.source)
    columns = _columns(measure, sources, branches)

    def rows(keys: Collection[str] | None = None) -> list[sa.RowMapping]:
        few = among is not None and keys is not None and sources.is_looked_up(measure.source)
        read = among().branches(measure.source) if among and few else branches
        return list(_read(measure, read, columns, reader, where, window, day, keys, looked_up=few))

    if page.size is None:
        every = rows()
        found = [(row["_association"], row["_key"], row["_value"]) for row in every]
    else:
        every, found = [], _worths(measure, branches, reader, where, window, day)
    ranks: Sequence[int] = _one_each(found) if isinstance(measure, CountDistinct) else range(len(found))
    readable = [rank for rank in ranks if (found[rank][0] or "") not in page.hidden] if page.hidden else ranks
    if page.size is None:
        shown = [every[rank] for rank in readable]
    else:
        shown = _whole(found, readable, page.start(len(readable)), page.size, rows)
    return Evidence(
        title=_title(measure, sources),
        columns=(_ASSOCIATION, *(title for title, _ in columns.values())),
        rows=[_text(row, columns, described) for row in shown],
        count=len(ranks),
        total=_total(measure, described, (found[rank][2] for rank in ranks)),
        keys=tuple((row["_association"] or "", row["_key"] or "") for row in shown),
        proving=frozenset(at for at, name in enumerate(columns, 1) if _proves(name, columns[name][1], measure)),
        listed=len(readable),
    )


_Worth = tuple[str | None, str | None, Any]
"""Whose a row is, its key, and what it is worth: of most rows behind a figure, no more is read."""


def _name(one: _Worth) -> tuple[str, str]:
    return one[0] or "", one[1] or ""


def _whole(
    little: Sequence[_Worth],
    readable: Sequence[int],
    first: int,
    size: int,
    read: Callable[[Collection[str] | None], Sequence[sa.RowMapping]],
) -> list[sa.RowMapping]:
    """``size`` of the ``readable`` rows from ``first`` on, of which little was read, read whole.

    Several rows of one key and worth follow each other: those of the page before are passed over.
    """
    some = [little[rank] for rank in readable[first : first + size]]
    if not some:
        return []
    wanted = len(some)
    while first and _same(little[readable[first - 1]], some[0]):
        first, some = first - 1, [little[readable[first - 1]], *some]
    keys = {key for _, key, _ in some if key is not None}
    known: dict[tuple[tuple[str, str], object], list[sa.RowMapping]] = {}
    for row in read(None if any(key is None for _, key, _ in some) else keys):
        known.setdefault((_name((row["_association"], row["_key"], None)), row["_value"]), []).append(row)
    return [known[_name(one), one[2]].pop(0) for one in some][-wanted:]


def _same(one: _Worth, other: _Worth) -> bool:
    return _name(one) == _name(other) and bool(one[2] == other[2])


def _proves(name: str, column: Column | None, measure: Measure) -> bool:
    """Whether a column says why a row is counted, when, or where."""
    if name == measure.date or (column is not None and isinstance(column.kind, Lieu)):
        return True
    read = (getattr(measure, "expression", None), measure.where)
    return any(one is not None and name in columns_of(one) for one in read)


def of_constant(constant: Constant) -> Evidence:
    """Where a constant stands in the text."""
    return Evidence(
        "Texte de référence",
        ("Source", "Valeur"),
        [(constant.citation, french.number(constant.value, 2))],
        count=1,
        listed=1,
        total=constant.value,
    )


def together(found: Sequence[Evidence], page: RowsPage) -> Evidence:
    """All the rows of several figures as those of their sum, of which ``page`` is given."""
    sums = [one.total for one in found if one.total is not None]
    rows = list(chain.from_iterable(one.rows for one in found))
    keys = list(chain.from_iterable(one.keys for one in found))
    first = page.start(len(rows))
    here = slice(first, None if page.size is None else first + page.size)
    return replace(
        found[0],
        rows=rows[here],
        count=sum(one.count for one in found),
        total=sum(sums) if sums else None,
        keys=tuple(keys[here]),
        listed=len(rows),
    )


def of_cells(
    indicator: Indicator, catalogue: Mapping[str, Indicator], whom: Mapping[str, Mapping[str, Cell]]
) -> Evidence:
    """The figures that a computed one is made from, by whose they are: those that have a target."""
    rows = []
    for name, cells in whom.items():
        for code, cell in cells.items():
            if cell.standing.target is not None:
                value = (
                    cell.observation.numerator if catalogue[code].headline == "numerator" else cell.observation.value
                )
                rows.append(
                    (
                        *((name,) if name else ()),
                        catalogue[code].label,
                        "" if value is None else french.number(value, 1),
                        french.number(cell.standing.target.value, 1),
                        "" if cell.standing.gap is None else f"{french.number(cell.standing.gap, 1)} points",
                    )
                )
    named = () if "" in whom else ("Expérimentation",)
    return Evidence(indicator.label, (*named, "Indicateur", "Valeur", "Objectif", "Écart"), rows, len(rows), len(rows))


def rows_of(
    sources: Sources, reader: MeasureReader, source: Source, experiment: str | None, day: date
) -> list[dict[str, object]]:
    """The rows of a source that belong to an experiment, as plain dictionaries without hidden columns."""
    branches = sources.branches(source)
    names = sorted({name for branch in branches for name in branch.columns} - {*HIDDEN, "_since"})
    measure = Count(source=source)
    where = FigurePlace(experiment, Window(None, day))
    found = _read(measure, branches, names, reader, where, where.window, day)
    return [{name: row[name] for name in names} for row in found]


# --- what to read -------------------------------------------------------------------------


def _columns(measure: Measure, sources: Sources, branches: Branches) -> dict[str, tuple[str, Column | None]]:
    """The columns to show, with their title and declaration."""
    declared: dict[str, Column] = {}
    for code in _codes(measure):
        for dataset in sources.holders(code).values():
            if dataset.schema is not None:
                declared |= {column.name: column for column in dataset.columns if column.name not in declared}
    names = [name for name in branches[0].columns if name not in (*HIDDEN, "_since", "association")]
    titles = measure.source.titles if isinstance(measure.source, Derived) else {}
    return {name: (titles.get(name) or _heading(name, declared.get(name)), declared.get(name)) for name in names}


def _codes(measure: Measure) -> tuple[str, ...]:
    return measure.source.datasets if isinstance(measure.source, Derived) else (measure.source,)


def _heading(name: str, column: Column | None) -> str:
    if column is not None:
        return column.title
    return _LINES.get(name, name.replace("_", " ").capitalize())


def _title(measure: Measure, sources: Sources) -> str:
    if isinstance(measure.source, Derived):
        return measure.source.title
    if measure.source in _CORE_TITLES:
        return _CORE_TITLES[measure.source]
    return next(iter(sources.holders(measure.source).values())).title


def _read(
    measure: Measure,
    branches: Branches,
    columns: Collection[str],
    reader: MeasureReader,
    where: FigurePlace,
    window: Window,
    day: date,
    keys: Collection[str] | None = None,
    looked_up: bool = False,
) -> Iterator[sa.RowMapping]:
    for branch in branches:
        statement = _select(measure, branch, columns, where, window)
        if keys is not None and not looked_up:
            statement = statement.where(branch.columns["_key"].in_(sorted(keys)))
        asked = sorted(keys or ()) if looked_up else ()
        yield from (row._mapping for row in reader.rows(statement, window.end, day, asked))


def _worths(
    measure: Measure, branches: Branches, reader: MeasureReader, where: FigurePlace, window: Window, day: date
) -> list[_Worth]:
    """Of every row, whose it is and what it is worth."""
    found: list[_Worth] = []
    for branch in branches:
        found.extend(reader.tuples(_select(measure, branch, (), where, window), window.end, day))
    return found


def _select(
    measure: Measure, branch: Branch, columns: Collection[str], where: FigurePlace, window: Window
) -> sa.Select[object]:
    value = getattr(measure, "expression", None)
    shown = [branch.columns[name].label(name) for name in ("_association", "_key", *columns)]
    conditions = [queries.kept(measure, branch), *queries.dated(measure.date, branch, window.start)]
    mine = branch.columns["_experiment"]
    conditions.append(counts_in(mine, where.experiment) if where.experiment else of_the_programme(mine))
    if where.place:
        place = branch.columns["_place"]
        conditions.append(place.is_(None) if where.place == NO_PLACE else place == where.place)
    return (
        sa.select(*shown, (sa.null() if value is None else branch.bind(value)).label("_value"))
        .select_from(branch.clause)
        .where(*conditions)
        .order_by(branch.columns["_key"])
    )


# --- how to say it ------------------------------------------------------------------------


def _one_each(found: Sequence[_Worth]) -> list[int]:
    """The ranks of one row for each value, the first one read."""
    last = len(found) - 1
    return sorted({one[2]: last - rank for rank, one in enumerate(reversed(found))}.values())


def _total(measure: Measure, described: SourceDescription, values: Iterable[Any]) -> float | None:
    if not isinstance(measure, Sum):
        return None
    total = sum(value or 0 for value in values)
    return total / 100 if is_money(measure, described) else total


def _text(
    row: sa.RowMapping, columns: Mapping[str, tuple[str, Column | None]], described: SourceDescription
) -> tuple[str, ...]:
    cells = (_cell(row[name], column, name in described.money) for name, (_, column) in columns.items())
    return (row["_association"] or "", *cells)


def _cell(value: Any, column: Column | None, money: bool) -> str:
    if value is None:
        return ""
    if column is not None:
        return column.kind.show(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french.short_day(value)
    if money:
        return french.euros(int(value))
    return value if isinstance(value, str) else french.number(value, 2)
