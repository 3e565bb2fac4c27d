"""Who receives a machine, where and when: counted, never named."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.demonstration import story
from core.demonstration.spread import days_over
from core.demonstration.story import COMPUTER, CT2, QUARTERS, Quarterly

STUDENT, FAMILY = "étudiant", "famille"

SCREENS_HANDED_OVER: dict[str, Quarterly] = {
    "aix": (0, 9, 10, 9),
    "gardanne": (0, 3, 5, 5),
    "pertuis": (0, 0, 4, 6),
    "salon": (0, 5, 12, 16),
    "martigues": (0, 0, 4, 0),
    "frais-vallon": (0, 0, 6, 9),
    "plan-d-aou": (0, 0, 0, 8),
}
FIRST_DAYS = {
    ("aix", 2): date(2021, 10, 18),
    ("gardanne", 2): date(2021, 11, 15),
    ("salon", 2): date(2021, 12, 1),
    ("pertuis", 3): date(2022, 2, 7),  # no room to work in before
    ("martigues", 3): date(2022, 3, 1),
    ("frais-vallon", 3): date(2022, 2, 1),
    ("frais-vallon", 4): date(2022, 4, 26),
    ("plan-d-aou", 4): date(2022, 5, 18),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """A machine given to a student or a family; ``in_qpv`` is asked of families only."""

    day: date
    place: str
    beneficiary: str
    in_qpv: bool | None


def planned(rng: random.Random, experiment: str, kind: str) -> list[Handover]:
    """The handovers of one experiment over the year, live deposit left out, by day."""
    table = story.HANDED_OVER if kind == COMPUTER else SCREENS_HANDED_OVER
    given = [
        Handover(day, place, FAMILY, True)
        for place in story.PLACES_OF[experiment]
        for day in _days(rng, place, table.get(place, (0, 0, 0, 0)))
    ]
    given.sort(key=lambda handover: (handover.day, handover.place))
    outside = _outside(given) if experiment == CT2 and kind == COMPUTER else frozenset()
    return with_students(rng, given, _students(experiment, kind, len(given)), outside=outside)


def with_students(
    rng: random.Random, given: list[Handover], students: int, *, outside: frozenset[int] = frozenset()
) -> list[Handover]:
    """The same handovers, ``students`` of them to students; those at the ranks ``outside``, outside a QPV."""
    chosen = set(rng.sample([rank for rank in range(len(given)) if rank not in outside], students))
    return [_addressed(handover, rank in chosen, rank in outside) for rank, handover in enumerate(given)]


def _addressed(handover: Handover, student: bool, outside: bool) -> Handover:
    if student:
        return replace(handover, beneficiary=STUDENT, in_qpv=None)
    return replace(handover, in_qpv=not outside)


def _days(rng: random.Random, place: str, numbers: Quarterly) -> list[date]:
    found: list[date] = []
    for number, (quarter, how_many) in enumerate(zip(QUARTERS, numbers, strict=True), start=1):
        first = FIRST_DAYS.get((place, number), quarter.start + timedelta(days=4))
        found += days_over(rng, how_many, first, quarter.end - timedelta(days=1))
    return found


def _students(experiment: str, kind: str, total: int) -> int:
    students, families = story.STUDENTS_FAMILIES[experiment]
    return students if kind == COMPUTER else round(total * students / (students + families))


def _outside(given: list[Handover]) -> frozenset[int]:
    """The last handovers of the winter at Gardanne: three families who live elsewhere."""
    winter = [rank for rank, h in enumerate(given) if h.place == "gardanne" and h.day in QUARTERS[2]]
    return frozenset(winter[-story.OUTSIDE_QPV :])
