"""A commitment is without object only by the text; elsewhere rows show it, or nothing does yet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.deliberation import EXPERIMENTS
from core.domain.observation import Missing, Observation
from core.figures.commitments import Kept, applies, duties, matrix

SIX = tuple(EXPERIMENTS.values())
WITHOUT_OBJECT = {("recherche-action", code) for code in ("E2", "E5", "E6", "E7")}


class Counting:
    """A monitor that counts ``rows`` proofs everywhere, or has nothing reported."""

    def __init__(self, rows: int | None, missing: Missing | None = None) -> None:
        self.rows, self.missing = rows, missing

    def observe(self, codes: Any = None, experiments: Any = None, **_options: Any) -> list[Observation]:
        return [
            Observation(one.code, one.label, "lignes", experiment, value=self.rows, missing_because=self.missing)
            for one in codes
            for experiment in experiments
        ]


def states(monitor: Counting) -> dict[tuple[str, str], Kept]:
    found = matrix(monitor, SIX, until=date(2022, 6, 30))
    return {(standing.experiment, code): standing.state for (code, _), standing in found.items()}


def test_only_the_text_makes_a_commitment_without_object() -> None:
    found = {(one.code, duty.code) for one in SIX for duty in duties(one) if not applies(duty, one)}
    assert found == WITHOUT_OBJECT


@pytest.mark.parametrize(
    ("monitor", "state"),
    [
        (Counting(3), Kept.SHOWN),
        (Counting(0), Kept.NOTHING_YET),
        (Counting(None, Missing.NOT_REPORTED), Kept.NOT_REPORTED),
        (Counting(None, Missing.ERROR), Kept.ERROR),
    ],
)
def test_rows_decide_of_every_other_commitment(monitor: Counting, state: Kept) -> None:
    found = states(monitor)
    assert {key for key, kept in found.items() if kept is Kept.NOT_APPLICABLE} == WITHOUT_OBJECT
    assert {kept for key, kept in found.items() if key not in WITHOUT_OBJECT} == {state}


def test_anonymal_alone_has_four_more_duties() -> None:
    more = {experiment for experiment, code in states(Counting(1)) if code.startswith("A")}
    assert more == {"ct2-pays-d-aix", "ct3-pays-salonais"}
