"""The rows behind a figure: their count equals the number, or their total does for a sum."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from core.figures.parts import columns_of, is_money
from core.figures.reader import MeasureReader
from core.figures.sources import HIDDEN, Branch, Branches, SourceDescription, Sources, counts_in, of_the_programme
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

    ``count`` is the number of rows counted, even when only some are given; for a distinct
    count each value has one row. ``total`` is what a sum adds up to (euros for money), or the
    constant. ``keys`` gives the association and key of each row; ``proving`` the columns that make the figure: what
    is counted, under which conditions, its date, its place.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    count: int
    total: float | None = None
    keys: tuple[tuple[str, str], ...] = ()
    proving: frozenset[int] = frozenset()


def evidence_of(
    measure: Measure,
    sources: Sources,
    reader: MeasureReader,
    where: FigurePlace,
    window: Window,
    day: date,
    limit: int | None = None,
) -> Evidence:
    """The rows that ``measure`` counts in ``window``; ``day`` is bound as the day of the figure."""
    described, branches = sources.described(measure.source), sources.branches(measure.source)
    columns = _columns(measure, sources, branches)
    found = list(_read(measure, branches, columns, reader, where, window, day))
    if isinstance(measure, CountDistinct):
        found = _one_each(found)
    shown = found[:limit]
    return Evidence(
        title=_title(measure, sources),
        columns=(_ASSOCIATION, *(title for title, _ in columns.values())),
        rows=[_text(row, columns, described) for row in shown],
        count=len(found),
        total=_total(measure, described, found),
        keys=tuple((row["_association"] or "", row["_key"] or "") for row in shown),
        proving=frozenset(at for at, name in enumerate(columns, 1) if _proves(name, columns[name][1], measure)),
    )


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
        1,
        constant.value,
    )


def together(found: Sequence[Evidence], limit: int | None) -> Evidence:
    """The rows of several figures as those of their sum; ``limit`` bounds the rows given, not the count."""
    first = found[0]
    sums = [one.total for one in found if one.total is not None]
    return replace(
        first,
        rows=list(chain.from_iterable(one.rows for one in found))[:limit],
        count=sum(one.count for one in found),
        total=sum(sums) if sums else None,
        keys=tuple(chain.from_iterable(one.keys for one in found))[:limit],
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
    return Evidence(indicator.label, (*named, "Indicateur", "Valeur", "Objectif", "Écart"), rows, len(rows))


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
) -> Iterator[sa.RowMapping]:
    for branch in branches:
        statement = _select(measure, branch, columns, where, window)
        yield from (row._mapping for row in reader.rows(statement, window.end, day))


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


def _one_each(rows: Sequence[sa.RowMapping]) -> list[sa.RowMapping]:
    """One row for each value, the first one read."""
    found: dict[Any, sa.RowMapping] = {}
    for row in rows:
        found.setdefault(row["_value"], row)
    return list(found.values())


def _total(measure: Measure, described: SourceDescription, rows: Sequence[sa.RowMapping]) -> float | None:
    if not isinstance(measure, Sum):
        return None
    total = sum(row["_value"] or 0 for row in rows)
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
