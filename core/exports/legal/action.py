"""What a financial report tells beside the accounts: objectives, who benefited, in whose words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from core.domain import french
from core.domain.indicator import Indicator
from core.domain.observation import Cell
from core.domain.programme import SubsidyLine
from core.services.masking.table import Hidden, words
from core.services.monitoring import Monitor
from core.services.releves.narratives import last_narratives

TRAINED = {"termine_professionnels": "professionnels", "termine_benevoles": "bénévoles"}


@dataclass(frozen=True, slots=True)
class Objective:
    """One number of one experiment: what was to be reached (« » while the committee set none) and what was."""

    experiment: str
    label: str
    expected: str
    obtained: str


@dataclass(frozen=True, slots=True)
class Told:
    """What an association says of an experiment."""

    experiment: str
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """The qualitative sheet of the form; ``publics`` are who benefited, in words, with how many."""

    experiments: tuple[str, ...]
    places: tuple[str, ...]
    publics: tuple[tuple[str, str], ...]
    objectives: tuple[Objective, ...]
    told: tuple[Told, ...]


def action_of(
    registry: Any, store: Any, monitor: Monitor, lines: Sequence[SubsidyLine], *, until: date, below: int = 5
) -> Action:
    """What the experiments that these lines name have done up to ``until``.

    A line that names none has no objective of its own. ``below`` is the first number of people that is written.
    """
    named = dict.fromkeys(code for line in lines for code in line.experiments)
    experiments = [one for one in registry.experiments if one.code in named]
    if not experiments:
        return Action((), (), (), (), ())
    compared = monitor.compare(experiments=[one.code for one in experiments], until=until)
    objectives = [
        made
        for one in experiments
        for indicator in compared.indicators
        if (made := _objective(indicator, compared.cells[indicator.code, one.code], one.short_title)) is not None
    ]
    told = last_narratives(store)
    return Action(
        tuple(one.title for one in experiments),
        tuple(place.name for one in experiments for place in one.places),
        tuple(_publics(registry, store, lines[0].association, experiments, until=until, below=below)),
        tuple(objectives),
        tuple(Told(one.short_title, told[one.code][1].text) for one in experiments if one.code in told),
    )


def _objective(indicator: Indicator, cell: Cell, experiment: str) -> Objective | None:
    """The numbers with a target."""
    target, seen = cell.standing.target, cell.observation
    if target is None:
        return None
    obtained = seen.numerator if indicator.headline == "numerator" else seen.value
    unit = "%" if indicator.unit == "%" else ""
    return Objective(
        experiment,
        indicator.label,
        f"{_amount(target.value, unit)} au {french.day(target.until)}",
        "non renseigné" if obtained is None else _amount(obtained, unit),
    )


def _amount(value: float, unit: str) -> str:
    return french.percent(value, 1) if unit else french.number(value, 1)


def _publics(
    registry: Any, store: Any, association: str, experiments: Sequence[Any], *, until: date, below: int
) -> Iterator[tuple[str, str]]:
    """How many of each kind of public up to ``until``; nobody is named, and a number under ``below`` is not written."""
    held = {one.code for one in registry.datasets(association)}
    kept = pl.col("_experiment").is_in([one.code for one in experiments])
    if "materiel" in held:
        given = store.rows(association, "materiel").filter(
            kept, pl.col("statut") == "remis", pl.col("date_remise") <= until
        )
        counted = given.drop_nulls("type_beneficiaire").group_by("type_beneficiaire").len().sort("type_beneficiaire")
        yield from ((f"Matériel remis : {kind}", _discreet(int(count), below)) for kind, count in counted.iter_rows())
    if "formations" in held:
        trained = store.rows(association, "formations").filter(kept, pl.col("date") <= until)
        for column, who in TRAINED.items():
            if trained[column].sum():
                yield f"Modules terminés : {who}", _discreet(int(trained[column].sum()), below)


def _discreet(count: int, below: int) -> str:
    return words(Hidden.SMALL, below) if 0 < count < below else french.number(count)
