"""The machines as the associations that receive them know them: IFAC and Point Formation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.demonstration import story
from core.demonstration.equipment import Row, Stock, Unit, handover_cells
from core.demonstration.handovers import FAMILY, Handover, planned, with_students
from core.demonstration.spread import days_over
from core.demonstration.story import COMPUTER, CT6, QUARTERS, SCREEN

LIVE_RECEIVED = date(2022, 5, 24)
"""When the machines in transit arrived at Point Formation, as its last file says."""
SCREENS_LIVE = {"martigues": 3, "port-de-bouc": 4}


@dataclass(frozen=True, slots=True)
class Held:
    """One unit at its receiver's: when it came, and to whom it went (None = still there)."""

    unit: Unit
    received: date
    handover: Handover | None = None

    def row(self, day: date) -> Row:
        """What the receiver writes about it on ``day``."""
        given = self.handover is not None and self.handover.day <= day
        return {
            "numero_inventaire": self.unit.number,
            "type": self.unit.type,
            "provenance": "autre association",
            "affectation": _experiment(self.unit),
            "date_reception": self.received,
            "preuve_effacement": self.unit.proof,
            "statut": "remis" if given else "reçu",
        } | handover_cells(self.handover, day)


def held(rng: random.Random, stock: Stock, experiment: str) -> tuple[Held, ...]:
    """All that one experiment received and confirmed, handed over as the story says."""
    found: list[Held] = []
    for kind in (COMPUTER, SCREEN):
        units = [u for u in stock.entrusted(experiment) if u.kind == kind and _confirmed(u)]
        here = [Held(unit, _confirmed(unit) or date.max) for unit in units]
        found += _given(here, planned(rng, experiment, kind))
    return tuple(found)


def held_live(rng: random.Random, stock: Stock, before: Sequence[Held]) -> tuple[Held, ...]:
    """What Point Formation's last file says: what was left, what was in transit, 12 handovers."""
    arrived = [Held(unit, LIVE_RECEIVED) for unit in stock.entrusted(CT6) if not _confirmed(unit)]
    left = [item for item in before if item.handover is None]
    found: list[Held] = []
    for kind in (COMPUTER, SCREEN):
        here = [item for item in (*left, *arrived) if item.unit.kind == kind]
        found += _given(here, _live_handovers(rng, kind))
    return tuple(found)


def rows(items: Sequence[Held], day: date) -> list[Row]:
    """The receiver's rows about what had arrived on ``day``."""
    return [item.row(day) for item in items if item.received <= day]


def _given(here: Sequence[Held], handovers: Sequence[Handover]) -> list[Held]:
    """The first arrived go first; the rest stay."""
    for item, handover in zip(here, handovers, strict=False):
        if item.received > handover.day:
            raise ValueError(f"{item.unit.number} is handed over before it arrives")
    gone = [replace(item, handover=h) for item, h in zip(here, handovers, strict=False)]
    return [*gone, *here[len(gone) :]]


def _live_handovers(rng: random.Random, kind: str) -> list[Handover]:
    table = story.HANDED_OVER_LIVE if kind == COMPUTER else SCREENS_LIVE
    windows = {"martigues": (date(2022, 4, 25), date(2022, 6, 20)), "port-de-bouc": (date(2022, 6, 2), QUARTERS[3].end)}
    given = [
        Handover(day, place, FAMILY, True)
        for place, number in table.items()
        for day in _live_days(rng, number, *windows[place], kind)
    ]
    given.sort(key=lambda handover: (handover.day, handover.place))
    students = story.STUDENTS_FAMILIES_LIVE[0] if kind == COMPUTER else 2
    return with_students(rng, given, students)


def _live_days(rng: random.Random, number: int, first: date, last: date, kind: str) -> list[date]:
    """Screens wait for the machines in transit: only one was left before."""
    return days_over(rng, number, first if kind == COMPUTER else max(first, LIVE_RECEIVED), last)


def _confirmed(unit: Unit) -> date | None:
    return unit.transfer.received if unit.transfer else None


def _experiment(unit: Unit) -> str:
    return unit.transfer.experiment if unit.transfer else unit.pool
