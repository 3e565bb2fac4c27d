"""The rows behind a figure: their count equals the number, or their total does for a sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain import french
from core.domain.dataset import Column
from core.domain.indicator import Constant, Count, CountDistinct, Derived, Indicator, Measure, Sum
from core.domain.observation import Cell
from core.services.monitoring import queries
from core.services.monitoring.belonging import counts_in
from core.services.monitoring.descriptions import Described
from core.services.monitoring.observations import Where
from core.services.monitoring.parts import is_money
from core.services.monitoring.places import NO_PLACE
from core.services.monitoring.sources import HIDDEN, Branch, Branches
from core.services.monitoring.window import Window

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
    constant. ``keys`` gives the association and key of each row.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    count: int
    total: float | None = None
    keys: tuple[tuple[str, str], ...] = ()


def evidence_of(
    measure: Any, sources: Any, reader: Any, where: Where, window: Window, day: date, limit: int | None = None
) -> Evidence:
    """The rows that ``measure`` counts in ``window``; ``day`` is bound as the day of the figure."""
    described, branches = sources.described(measure.source), sources.branches(measure.source)
    columns = _columns(measure, sources, branches)
    found = list(_read(measure, branches, columns, reader, where, window, day))
    if isinstance(measure, CountDistinct):
        found = _one_each(found)
    shown = found if limit is None else found[:limit]
    return Evidence(
        title=_title(measure, sources),
        columns=(_ASSOCIATION, *(title for title, _ in columns.values())),
        rows=[_text(row, columns, described) for row in shown],
        count=len(found),
        total=_total(measure, described, found),
        keys=tuple((row["_association"] or "", row["_key"] or "") for row in shown),
    )


def of_constant(constant: Constant) -> Evidence:
    """Where a constant stands in the text."""
    return Evidence(
        "Texte de référence", ("Source", "Valeur"), [(constant.citation, french.number(constant.value, 2))], 1,
        constant.value,
    )  # fmt: skip


def of_cells(indicator: Indicator, catalogue: Mapping[str, Indicator], cells: Mapping[str, Cell]) -> Evidence:
    """The figures that a computed one is made from: those that have a target."""
    rows = []
    for code, cell in cells.items():
        if cell.standing.target is not None:
            value = cell.observation.numerator if catalogue[code].headline == "numerator" else cell.observation.value
            rows.append(
                (
                    catalogue[code].label,
                    "" if value is None else french.number(value, 1),
                    french.number(cell.standing.target.value, 1),
                    "" if cell.standing.gap is None else f"{french.number(cell.standing.gap, 1)} points",
                )
            )
    return Evidence(indicator.label, ("Indicateur", "Valeur", "Objectif", "Écart"), rows, len(rows))


def rows_of(sources: Any, reader: Any, source: Any, experiment: str | None, day: date) -> list[dict[str, Any]]:
    """The rows of a source that belong to an experiment, as plain dictionaries without hidden columns."""
    branches = sources.branches(source)
    names = sorted({name for branch in branches for name in branch.columns} - {*HIDDEN, "_since"})
    columns = {name: (name, None) for name in names}
    measure = Count(source=source)
    where = Where(experiment, Window(None, day))
    found = _read(measure, branches, columns, reader, where, where.window, day)
    return [{name: row[name] for name in names} for row in found]


# --- what to read -------------------------------------------------------------------------


def _columns(measure: Measure, sources: Any, branches: Branches) -> dict[str, tuple[str, Column | None]]:
    """The columns to show, with their title and declaration."""
    declared: dict[str, Column] = {}
    for code in _codes(measure):
        for dataset in sources.holders(code).values():
            if dataset.schema is not None:
                declared |= {column.name: column for column in dataset.columns if column.name not in declared}
    names = [name for name in branches[0].columns if name not in (*HIDDEN, "_since", "association")]
    return {name: (_heading(name, declared.get(name)), declared.get(name)) for name in names}


def _codes(measure: Measure) -> tuple[str, ...]:
    return measure.source.datasets if isinstance(measure.source, Derived) else (measure.source,)


def _heading(name: str, column: Column | None) -> str:
    if column is not None:
        return column.title
    return _LINES.get(name, name.replace("_", " ").capitalize())


def _title(measure: Measure, sources: Any) -> str:
    if isinstance(measure.source, Derived):
        return measure.source.title
    if measure.source in _CORE_TITLES:
        return _CORE_TITLES[measure.source]
    return next(iter(sources.holders(measure.source).values())).title


def _read(
    measure: Measure, branches: Branches, columns: Mapping[str, Any], reader: Any, where: Where, window: Window,
    day: date,
) -> Iterator[Mapping[str, Any]]:  # fmt: skip
    for branch in branches:
        statement = _select(measure, branch, columns, where, window)
        yield from (row._mapping for row in reader.rows(statement, window.end, day))


def _select(
    measure: Measure, branch: Branch, columns: Mapping[str, Any], where: Where, window: Window
) -> sa.Select[Any]:
    value = getattr(measure, "expression", None)
    shown = [branch.columns[name].label(name) for name in ("_association", "_key", *columns)]
    conditions = [queries.kept(measure, branch), *queries.dated(measure.date, branch, window.start)]
    if where.experiment:
        conditions.append(counts_in(branch.columns["_experiment"], where.experiment))
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


def _one_each(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One row for each value, the first one read."""
    found: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        found.setdefault(row["_value"], row)
    return list(found.values())


def _total(measure: Measure, described: Described, rows: Sequence[Mapping[str, Any]]) -> float | None:
    if not isinstance(measure, Sum):
        return None
    total = sum(row["_value"] or 0 for row in rows)
    return total / 100 if is_money(measure, described) else total


def _text(
    row: Mapping[str, Any], columns: Mapping[str, tuple[str, Column | None]], described: Described
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
