"""Likely or not: one thing written two ways is one thing; a number far from its own history is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from core.catalogue.keys import NOTE_CALL, alike, bare, folded, is_unsure, written_freely
from core.catalogue.numbers import Entier, Montant
from core.checking.near import MACHINES, NUMBER, RowsNear, StoredRows, numbers, of, tables_of_machines
from core.contract import Registry
from core.deliberation import ACT
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Repair, Severity
from core.domain.programme import METROPOLE
from core.reading.problems import Findings, ProblemBatch


@dataclass(frozen=True)
class OneWriting:
    """StoredRows in the writings that hold, what was so understood, and what looks like the same thing but is not."""

    rows: pl.DataFrame
    repairs: list[ProblemBatch[Repair]]
    doubts: list[ProblemBatch[Problem]]


def one_writing(
    registry: Registry, association: str, dataset: Dataset, rows: pl.DataFrame, known: StoredRows
) -> OneWriting:
    """``rows`` (with ``_line``) whose keys and references take the writing already stored."""
    repairs: list[ProblemBatch[Repair]] = []
    for name in written_freely(dataset):
        rows = _as_stored(rows, dataset, name, known(association, dataset.code), repairs)
    for column, held in _named(registry, association, dataset, known):
        rows = _written_as(rows, column, held, repairs)
    if association == METROPOLE and {"association", "code_immeuble"} <= set(dataset.by_name):
        rows = _buildings_of_others(registry, rows, known, repairs)
    return OneWriting(rows, repairs, list(_nearly_alike(dataset, rows, known(association, dataset.code))))


def own_writing(dataset: Dataset, rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The keys of ``rows`` alone, in the writings of the rows that hold."""
    for name in written_freely(dataset):
        rows = _as_stored(rows, dataset, name, held, [])
    return rows


def _as_stored(
    rows: pl.DataFrame, dataset: Dataset, name: str, held: pl.DataFrame, repairs: list[ProblemBatch[Repair]]
) -> pl.DataFrame:
    """The part ``name`` of the key as the stored row of the same key writes it."""
    if held.is_empty():
        return rows
    stored = held.select(alike(dataset).alias("_alike"), pl.col(name).alias("_held"))
    stored = stored.filter(pl.col("_alike").is_unique())  # two rows already differ by their writing: nothing is chosen
    joined = rows.with_columns(alike(dataset).alias("_alike")).join(
        stored, on="_alike", how="left", maintain_order="left"
    )
    exact = pl.col(name).is_in(held[name].drop_nulls().unique().implode()) if dataset.key == (name,) else pl.lit(False)
    return _taking(joined, name, exact, repairs).drop("_alike")


def _named(
    registry: Registry, association: str, dataset: Dataset, known: StoredRows
) -> Iterator[tuple[str, pl.Series]]:
    """The columns that name a thing stored elsewhere, with the writings that hold there."""
    for reference in of(dataset):
        if reference.dataset != dataset.code:
            yield reference.column, known(association, reference.dataset)["_key"]
    if dataset.code == MACHINES and NUMBER in dataset.by_name:
        for other, code in tables_of_machines(registry, association):
            yield NUMBER, known(other, code)[NUMBER]


def _buildings_of_others(
    registry: Registry, rows: pl.DataFrame, known: StoredRows, repairs: list[ProblemBatch[Repair]]
) -> pl.DataFrame:
    """What the project lead sets for a building is set for the building of that association, as it writes it."""
    parts = [rows.filter(~pl.col("association").is_in([one.code for one in registry.associations]).fill_null(False))]
    for one in registry.associations:
        mine = rows.filter(pl.col("association") == one.code)
        has = any(dataset.code == "immeubles" for dataset in registry.datasets(one.code))
        held = known(one.code, "immeubles")["_key"] if has and not mine.is_empty() else pl.Series("_key", [], pl.String)
        parts.append(_written_as(mine, "code_immeuble", held, repairs))
    return pl.concat(parts).sort("_line")


def _written_as(rows: pl.DataFrame, column: str, held: pl.Series, repairs: list[ProblemBatch[Repair]]) -> pl.DataFrame:
    distinct = held.drop_nulls().unique()
    if distinct.is_empty() or rows[column].dtype != pl.String:
        return rows
    writings = pl.DataFrame({"_held": distinct.cast(pl.String)}).with_columns(folded(pl.col("_held")).alias("_alike"))
    joined = rows.with_columns(folded(pl.col(column)).alias("_alike")).join(
        writings.filter(pl.col("_alike").is_unique()), on="_alike", how="left", maintain_order="left"
    )
    exact = pl.col(column).is_in(distinct.cast(pl.String).implode())
    return _taking(joined, column, exact, repairs).drop("_alike")


def _taking(joined: pl.DataFrame, column: str, exact: pl.Expr, repairs: list[ProblemBatch[Repair]]) -> pl.DataFrame:
    """``column`` in the writing ``_held``, where there is one and it is another."""
    other = (pl.col("_held").is_not_null() & (pl.col("_held") != pl.col(column)) & ~exact).fill_null(False)
    changed = joined.filter(other).select("_line", column, "_held")
    if changed.is_empty():
        return joined.drop("_held")

    def make(place: int) -> Repair:
        line, found, held = changed.row(place)
        return Repair(line, column, found, held)

    repairs.append(ProblemBatch(changed["_line"], 200, make))
    return joined.with_columns(pl.when(other).then(pl.col("_held")).otherwise(pl.col(column)).alias(column)).drop(
        "_held"
    )


def _nearly_alike(dataset: Dataset, rows: pl.DataFrame, held: pl.DataFrame) -> Iterator[ProblemBatch[Problem]]:
    """« 42 » beside « 0042 », « B-1O » beside « B-10 »: two things, or one that was spoilt, or mistyped?"""
    if len(dataset.key) != 1 or not written_freely(dataset):
        return
    name = dataset.key[0]
    begun = is_unsure(pl.col(name)).any()
    if not rows.select(begun).item() and (held.is_empty() or not held.select(begun).item()):
        return
    stripped = bare(pl.col(name)).alias("_bare")
    mine = rows.select("_line", pl.col(name), stripped)
    everything = pl.concat([mine.select(name, "_bare"), held.select(name, stripped)])
    several = everything.unique().group_by("_bare").agg(pl.col(name).sort()).filter(pl.col(name).list.len() > 1)
    if several.is_empty():
        return
    told = mine.join(several.rename({name: "_writings"}), on="_bare", how="inner", maintain_order="left")

    def make(place: int) -> Problem:
        row = told.row(place, named=True)
        return _near(name, row["_line"], row[name], [one for one in row["_writings"] if one != row[name]])

    yield ProblemBatch(told["_line"], 200, make)


def _near(column: str, line: int, own: str, others: list[str]) -> Problem:
    """What to look at when a key nearly is another one."""
    named = french.listing(f"« {one} »" for one in others)
    code, said = next((code, said) for code, said, same in _NEARLY if all(same(one) == same(own) for one in others))
    return Problem(
        line,
        column,
        own,
        french.typeset(said.format(named)),
        "Si c’est la même chose, écrivez-la de la même façon.",
        Severity.WARNING,
        code,
    )


def _without_zeros(key: str) -> str:
    """A key as it is compared, its zeros taken off: « ma-2 » and « MA-02 » are the same."""
    return french.fold(key).replace("0", "")


def _without_note(key: str) -> str:
    """A key as it is compared, without the sign that sends to a note: « MA-01* » and « ma-01 » are the same."""
    return french.fold(re.sub(NOTE_CALL, "", key))


_NEARLY: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("appel_de_note", "Seul un appel de note le sépare de {}.", _without_note),
    ("zeros_en_tete", "Seuls des zéros le séparent de {}.", _without_zeros),
    ("lettre_pour_chiffre", "À une lettre près, prise pour un chiffre : {}.", lambda _: ""),
)
"""Why a key is nearly another: the first that makes both the same."""


# --- What is possible and yet unlikely: dates before the programme or to come, quantities out of all proportion ----
# Such a row is let in, counted and followed up: the person is told, with the figure it was compared with.


"""The rows that hold now, by association and dataset code."""
_TIMES = 10
"""How many times the association's highest figure so far a figure must be to be told (a setting of the tool)."""
_ENOUGH = 4
"""Figures that must hold before they are compared with."""
_SMALL = 20
"""Up to this number nothing is out of proportion; of an amount, in euros."""
_RANK = 300
_HOMES = "nb_logements"


def plausible(
    registry: Registry, association: str, dataset: Dataset, rows: pl.DataFrame, known: RowsNear, today: date
) -> Findings[Problem]:
    """The warnings on ``rows`` (with ``_line``), typed; those of the project lead look ahead, and are not judged."""
    if association == METROPOLE or rows.is_empty():
        return Findings(())
    parts = [*_days(dataset, rows, today), *_quantities(dataset, rows, known)]
    parts += _homes(registry, association, dataset, rows, known)
    return Findings(parts)


def _days(dataset: Dataset, rows: pl.DataFrame, today: date) -> Iterator[ProblemBatch[Problem]]:
    """Days of things done: after today, or before the vote of the programme."""
    done = dict.fromkeys(name for name in (dataset.date, *dataset.events, dataset.refreshed) if name)
    for name in done:
        if rows[name].dtype != pl.Date:
            continue
        later = rows.filter(pl.col(name) > today)
        yield _told(
            dataset.by_name[name],
            later,
            "date_a_venir",
            f"Ce jour est à venir : nous sommes le {french.day(today)}.",
            "Corrigez la date, ou attendez que ce soit fait.",
        )
        before = rows.filter(pl.col(name) < ACT.session.replace(month=1, day=1))
        yield _told(
            dataset.by_name[name],
            before,
            "date_avant_programme",
            f"Cette date précède le programme, voté le {french.day(ACT.session)}.",
            "Vérifiez l’année.",
        )


def _quantities(dataset: Dataset, rows: pl.DataFrame, known: RowsNear) -> Iterator[ProblemBatch[Problem]]:
    """Figures far above everything that the association ever gave in the column."""
    counted = [dataset.by_name[name] for name in numbers(dataset)]
    beside = known.others(rows["_key"]) if counted else rows.clear()
    for column in counted:
        others = beside[column.name].drop_nulls()
        if len(others) < _ENOUGH:
            continue
        highest = int(others.max())  # type: ignore[arg-type]
        least = _SMALL * (100 if isinstance(column.kind, Montant) else 1)
        far = rows.filter(pl.col(column.name) > max(highest * _TIMES, least))
        yield _told(
            column,
            far,
            "quantite_inhabituelle",
            f"Jusqu’ici, vous avez donné au plus {column.kind.show(highest)}.",
            "Vérifiez le nombre ; s’il est exact, gardez-le.",
        )


def _homes(
    registry: Registry, association: str, dataset: Dataset, rows: pl.DataFrame, known: StoredRows
) -> Iterator[ProblemBatch[Problem]]:
    """Counts of homes above the dwellings of their building."""
    if dataset.place_through is None or dataset.place_through.dataset not in _codes(registry, association):
        return
    buildings = registry.dataset(association, dataset.place_through.dataset)
    if _HOMES not in buildings.by_name:
        return
    own = dataset.place_through.column
    homes = known(association, buildings.code).select(pl.col("_key").alias(own), _HOMES)
    joined = rows.join(homes, on=own, how="inner", maintain_order="left")
    for column in (one for one in dataset.columns if isinstance(one.kind, Entier)):
        above = joined.filter(pl.col(column.name) > pl.col(_HOMES))
        if not above.is_empty():
            yield _above_homes(column, above)


def _codes(registry: Registry, association: str) -> set[str]:
    return {one.code for one in registry.datasets(association)}


def _above_homes(column: Column, above: pl.DataFrame) -> ProblemBatch[Problem]:
    def make(place: int) -> Problem:
        row = above.row(place, named=True)
        said = f"L’immeuble a {french.count(row[_HOMES], 'logement')}."
        return _problem(column, row["_line"], row[column.name], "plus_que_de_logements", said, "Vérifiez le nombre.")

    return ProblemBatch(above["_line"], _RANK, make)


def _told(column: Column, rows: pl.DataFrame, code: str, said: str, remedy: str) -> ProblemBatch[Problem]:
    def make(place: int) -> Problem:
        return _problem(column, rows["_line"][place], rows[column.name][place], code, said, remedy)

    return ProblemBatch(rows["_line"], _RANK, make)


def _problem(column: Column, line: int, value: object, code: str, said: str, remedy: str) -> Problem:
    return Problem(
        line, column.name, column.kind.show(value), french.typeset(said), french.typeset(remedy), Severity.WARNING, code
    )
