"""What people do in the story: deposit a file, declare nothing, write in a register, send and review a relevé."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from core.domain.local_time import FRANCE
from core.domain.releve import Deed

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deposit:
    """A file handed in by an association for ``period``; ``removed`` are the keys that it takes away."""

    at: datetime
    association: str
    dataset: str
    title: str
    rows: tuple[Row, ...]
    removed: tuple[str, ...] = ()
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """« Rien à déclarer » of an association, for one dataset and quarter."""

    at: datetime
    association: str
    dataset: str
    period: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows written by the project lead; ``removed`` are the keys that they replace."""

    at: datetime
    dataset: str
    rows: tuple[Row, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """One deed on the relevé of ``experiment`` for ``period``; ``association`` hands it in."""

    at: datetime
    association: str
    experiment: str
    period: str
    deed: Deed
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an association tells with a relevé, the cause of a delay and the next action."""

    at: datetime
    association: str
    experiment: str
    period: str
    text: str
    cause: str = ""
    action: str = ""


Step = Deposit | Nothing | Entry | Done | Told


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of the story, in France."""
    return datetime.combine(day, time(hour, minute), FRANCE)
