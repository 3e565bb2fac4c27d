"""The machines as the associations that receive them know them, and the slips of their transfers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.demonstration import accompaniment, buildings, machines, story
from core.demonstration.machines import FAMILY, Handover, Machine, Stock, handover_cells, planned, with_students
from core.demonstration.people import days_over
from core.demonstration.story import COMPUTER, CT6, FRAIS_VALLON, QUARTERS, SCREEN
from core.domain.dataset import RowDict

LIVE_RECEIVED = date(2022, 5, 24)
"""When the machines in transit arrived at Point Formation, as its last file says."""
SCREENS_LIVE = {"martigues": 3, "port-de-bouc": 4}


@dataclass(frozen=True, slots=True)
class ReceivedUnit:
    """One unit at its receiver's: when it came, and to whom it went (None = still there)."""

    unit: Machine
    received: date
    handover: Handover | None = None

    def row(self, day: date) -> RowDict:
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


def held_machines(rng: random.Random, stock: Stock, experiment: str) -> tuple[ReceivedUnit, ...]:
    """All that one experiment received and confirmed, handed over as the story says."""
    found: list[ReceivedUnit] = []
    for kind in (COMPUTER, SCREEN):
        units = [u for u in stock.entrusted(experiment) if u.kind == kind and _confirmed(u)]
        here = [ReceivedUnit(unit, _confirmed(unit) or date.max) for unit in units]
        found += _given(here, planned(rng, experiment, kind))
    return tuple(found)


def held_live(rng: random.Random, stock: Stock, before: Sequence[ReceivedUnit]) -> tuple[ReceivedUnit, ...]:
    """What Point Formation's last file says: what was left, what was in transit, 12 handovers."""
    arrived = [ReceivedUnit(unit, LIVE_RECEIVED) for unit in stock.entrusted(CT6) if not _confirmed(unit)]
    left = [item for item in before if item.handover is None]
    found: list[ReceivedUnit] = []
    for kind in (COMPUTER, SCREEN):
        here = [item for item in (*left, *arrived) if item.unit.kind == kind]
        found += _given(here, _live_handovers(rng, kind))
    return tuple(found)


def rows(items: Sequence[ReceivedUnit], day: date) -> list[RowDict]:
    """The receiver's rows about what had arrived on ``day``."""
    return [item.row(day) for item in items if item.received <= day]


def _given(here: Sequence[ReceivedUnit], handovers: Sequence[Handover]) -> list[ReceivedUnit]:
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


def _confirmed(unit: Machine) -> date | None:
    return unit.transfer.received if unit.transfer else None


def _experiment(unit: Machine) -> str:
    return unit.transfer.experiment if unit.transfer else unit.pool


# --- What every association knows over the year, worked out once from the seed ---------------------


@dataclass(frozen=True, slots=True)
class Holdings:
    """The whole year: machines, and the dated rows from which each deposit takes its part."""

    stock: Stock
    held: Mapping[str, tuple[ReceivedUnit, ...]]
    held_live: tuple[ReceivedUnit, ...]
    diagnostics: Mapping[str, Sequence[RowDict]]
    diagnostics_live: Sequence[RowDict]
    meetings: Mapping[str, Sequence[RowDict]]
    actors: Sequence[RowDict]
    sessions: Sequence[RowDict]
    supports: Sequence[RowDict]
    relay_support: Sequence[RowDict]


def holdings(seed: int = story.SEED) -> Holdings:
    """The same year for the same seed."""
    rng = random.Random(seed)
    stock = machines.stock(rng)
    held = {code: held_machines(rng, stock, code) for code in (story.FRAIS_VALLON, story.PLAN_D_AOU, story.CT6)}
    return Holdings(
        stock=stock,
        held=held,
        held_live=held_live(rng, stock, held[story.CT6]),
        diagnostics={code: accompaniment.rows(rng, code) for code in story.EXPERIMENTS},
        diagnostics_live=accompaniment.live_rows(rng),
        meetings={place: buildings.meetings(rng, place) for place in story.MEETINGS},
        actors=accompaniment.actors(rng),
        sessions=accompaniment.sessions(rng),
        supports=accompaniment.supports(rng),
        relay_support=accompaniment.relay_support(rng),
    )


# --- Numbers copied wrong, as hands do: the one that looks most like the right one -----------------


@dataclass(frozen=True, slots=True)
class Slip:
    """An inventory number, and what was written instead."""

    right: str
    wrong: str


def most_alike(rights: Iterable[str], wrongs: Iterable[str]) -> Slip:
    """Of all pairs, the one with the fewest digits to change; the lowest numbers when several have."""
    candidates = list(wrongs)
    pairs = ((right, wrong) for right in rights for wrong in candidates)
    return Slip(*min(pairs, key=lambda pair: (_differences(*pair), pair)))


def february(year: Holdings) -> Slip:
    """A machine handed over at Frais Vallon, written in April under the number of one given at Aix."""
    here = [item.unit for item in year.held[FRAIS_VALLON] if item.handover and _in_february(item.handover.day)]
    there = [u for u in year.stock.units if u.handover and u.handover.place == "aix" and _in_february(u.handover.day)]
    return most_alike(_computers(here), _computers(there))


def _in_february(day: date) -> bool:
    return (day.year, day.month) == (2022, 2)


def _computers(units: Iterable[Machine]) -> list[str]:
    return [unit.number for unit in units if unit.kind == COMPUTER]


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
