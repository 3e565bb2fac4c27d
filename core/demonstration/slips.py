"""Numbers copied wrong, as hands do: the one that looks most like the right one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.demonstration.equipment import Unit
from core.demonstration.holdings import Holdings
from core.demonstration.story import COMPUTER, FRAIS_VALLON


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


def _computers(units: Iterable[Unit]) -> list[str]:
    return [unit.number for unit in units if unit.kind == COMPUTER]


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
