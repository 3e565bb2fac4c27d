"""The sentence of the first screen is written from the figures, whatever they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from core.deliberation import EXPERIMENTS
from core.domain.observation import Cell, Freshness, Missing, Observation, Progress, Standing, Target
from core.figures.sentences import axis_states, overview_sentence

SIX = tuple(EXPERIMENTS.values())
DEPOSITED = Freshness(datetime(2022, 7, 4, tzinfo=UTC))


@dataclass
class Compared:
    cells: dict = field(default_factory=dict)
    experiments: tuple = SIX
    until: date = date(2022, 6, 30)


def cell(code: str, value: float | None = None, progress: Progress = Progress.NO_TARGET) -> Cell:
    missing = Missing.NOT_REPORTED if value is None else None
    freshness = Freshness() if value is None else DEPOSITED
    observation = Observation(
        code, code, "", numerator=value, value=value, missing_because=missing, freshness=freshness
    )
    return Cell(observation, Standing(progress))


def compared(**progress: Progress) -> Compared:
    given = cell("EQ5a", 179)
    goal = replace(given.standing, target=Target(250, date(2022, 12, 31)))
    cells = {("EQ5a", None): replace(given, standing=goal), ("EQ1a", None): cell("EQ1a", 409)}
    for experiment, found in zip(
        ("ct1-frais-vallon", "ct2-pays-d-aix", "ct6-pays-de-martigues"), progress.values(), strict=False
    ):
        cells["EQ5a", experiment] = cell("EQ5a", 1, found)
    return Compared(cells)


def test_an_empty_store_is_said_plainly() -> None:
    cells = {("EQ5a", experiment.code): cell("EQ5a") for experiment in SIX}
    assert "aucune association n’a encore déposé" in overview_sentence(Compared(cells))


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ({"a": Progress.NO_TARGET}, "le comité n’a pas encore fixé d’objectif"),
        ({"a": Progress.ON_TIME}, "aucune expérimentation n’a plus de dix points de retard"),
        ({"a": Progress.LATE}, "une expérimentation a plus de dix points de retard"),
        ({"a": Progress.LATE, "b": Progress.LATE}, "deux expérimentations ont plus de dix points de retard"),
        ({"a": Progress.BLOCKED}, "; une est bloquée"),
        ({"a": Progress.LATE, "b": Progress.BLOCKED}, "de retard, une est bloquée"),
    ],
)
def test_the_delays_are_counted_in_words(progress: dict, words: str) -> None:
    said = overview_sentence(compared(**progress))
    assert said.startswith("Au 30\u00a0juin\u00a02022, 179 ordinateurs remis (objectif\u00a0250)\u202f; ")
    assert said.endswith(f"{words}.")


def test_a_missing_value_is_not_a_missing_target() -> None:
    """With targets recorded and nothing deposited, « le comité n’a pas encore fixé d’objectif » was false."""
    found = compared()
    aimed = Standing(Progress.NO_DATA, Target(100, date(2022, 12, 31)))
    found.cells["EQ5a", "ct2-pays-d-aix"] = replace(cell("EQ5a"), standing=aimed)
    said = overview_sentence(found)
    assert "fixé d’objectif" not in said and "aucun chiffre ne se compare encore aux objectifs fixés" in said
    assert [one.progress for one in axis_states(found, EXPERIMENTS["ct2-pays-d-aix"])] == [Progress.NO_DATA]


def test_a_total_that_lacks_somebody_says_so() -> None:
    found = compared(a=Progress.LATE)
    late = replace(DEPOSITED, covers_until=date(2022, 6, 30), expected_since=date(2022, 7, 4))
    for code in ("EQ5a", "EQ1a"):
        held = found.cells[code, None]
        found.cells[code, None] = replace(held, observation=replace(held.observation, freshness=late))
    assert overview_sentence(found) == (
        "Au 30\u00a0juin\u00a02022, 179 ordinateurs remis (objectif\u00a0250, incomplet)\u202f; "
        "une expérimentation a plus de dix points de retard."
    )


def test_a_figure_with_a_target_speaks_for_its_axis() -> None:
    found = Compared(
        {
            ("CO4", "ct1-plan-d-aou"): cell("CO4", 0),
            ("CO5", "ct1-plan-d-aou"): cell("CO5", 0, Progress.BLOCKED),
        }
    )
    states = axis_states(found, EXPERIMENTS["ct1-plan-d-aou"])
    assert [(state.axis, state.code, state.progress) for state in states] == [(2, "CO5", Progress.BLOCKED)]
