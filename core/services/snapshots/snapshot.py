"""The whole of what a committee sees, on one day, at one revision: computed once, then only read.

Screens, slides and documents of a frozen meeting present this and nothing else, so that no
figure moves after it was shown. Written as JSON and read again, it is equal to itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS
from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.domain.local_time import day_in_france
from core.domain.observation import Cell, Observation
from core.domain.report import Block
from core.services.attention import Point
from core.services.commitments import Kept, Standing
from core.services.ledger import Ledger, LineState
from core.services.snapshots.formula import Formula
from core.services.snapshots.plain import plain, rebuilt
from core.storage.journal import canonical

FORMAT = 1
"""Raised when what is written changes its meaning; a reader keeps reading the former ones."""
_COMMITMENTS = {one.code: one for one in COMMITMENTS + ANONYMAL_DUTIES}


@dataclass(frozen=True, slots=True)
class Page:
    """What the plugin told of its experiment; ``problem`` says why it told nothing that day."""

    blocks: tuple[Block, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """What an association says of its period, in its own words, the cause of a delay and what comes next."""

    text: str
    said_by: str = ""
    period: str = ""
    cause: str = ""
    next_action: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that is stopped or late and not over; ``state`` is « Bloqué » or « En retard »."""

    code: str
    title: str
    state: str
    due: date | None = None
    cause: str = ""
    next_action: str = ""
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure month by month since the start, cumulative; None where nothing tells of that month."""

    indicator: str
    experiment: str
    points: tuple[tuple[date, float | None], ...]


@dataclass(frozen=True, slots=True)
class PluginVersion:
    """A plugin as installed on that day."""

    name: str
    distribution: str
    version: str
    experiments: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """One commitment in one experiment; its text is that of the vote, which does not move."""

    commitment: str
    experiment: str
    state: Kept
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision known on that day: what was decided, where, and what became of it."""

    number: str
    verdict: str
    title: str
    text: str = ""
    owner: str = ""
    due: date | None = None
    done: bool | None = None
    note: str = ""
    replaced_by: str = ""


@dataclass(frozen=True)
class Snapshot:
    """Every figure, word and block of one day.

    ``until`` is the last day that counts, ``taken_at`` the instant of the computation and
    ``revision`` what was known then. ``followed`` gives each experiment's own indicators, in its
    plugin's order; ``figures`` has one cell per (experiment or programme, indicator); ``places``
    the parts by place. ``narratives`` and ``releves`` (its state in words) are those of the last period
    that was over. ``number`` is None while nothing was frozen (live figures).
    """

    until: date
    taken_at: datetime
    revision: int
    sentence: str
    experiments: tuple[Experiment, ...]
    formulas: tuple[Formula, ...]
    followed: Mapping[str, tuple[str, ...]]
    figures: tuple[Cell, ...]
    lines: tuple[LineState, ...]
    promised: tuple[Promised, ...]
    sentences: Mapping[str, str]
    pages: Mapping[str, Page]
    milestones: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    narratives: Mapping[str, Narrative] = field(default_factory=dict)
    releves: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Observation, ...] = ()
    points: tuple[Point, ...] = ()
    trends: tuple[Trend, ...] = ()
    decisions: tuple[Decided, ...] = ()
    plugins: tuple[PluginVersion, ...] = ()
    fictitious: bool = False
    number: int | None = None
    title: str = ""

    # --- as screens and documents ask --------------------------------------------------------

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator of that day; they are presented, and compute nothing."""
        return tuple(one.indicator() for one in self.formulas)

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """The indicators by code."""
        return {one.code: one for one in self.indicators}

    @cached_property
    def cells(self) -> Mapping[tuple[str, str | None], Cell]:
        """The cells by (indicator, experiment); None is the programme."""
        return {(one.observation.indicator, one.observation.experiment): one for one in self.figures}

    @cached_property
    def ledger(self) -> Ledger:
        """The money, line by line."""
        return Ledger(self.lines)

    @cached_property
    def commitments(self) -> Mapping[tuple[str, str], Standing]:
        """The standing of each (commitment, experiment)."""
        return {
            (one.commitment, one.experiment): Standing(
                _COMMITMENTS[one.commitment], one.experiment, one.state, one.evidence
            )
            for one in self.promised
        }

    @property
    def period(self) -> None:
        """Figures are since the start."""

    def experiment(self, code: str) -> Experiment | None:
        """The experiment of that day, None when it was not there."""
        return next((one for one in self.experiments if one.code == code), None)

    def indicators_of(self, experiment: str) -> tuple[Indicator, ...]:
        """The indicators that one experiment followed that day."""
        return tuple(self.indicator[code] for code in self.followed.get(experiment, ()))

    @property
    def mark(self) -> str:
        """« Données arrêtées au 30 juin 2022 (n° 4) », or « Données au 30 juin 2022, non arrêtées »."""
        day = french.day(self.until)
        if self.number is None:
            return f"Données au {day}, non arrêtées"
        return f"Données arrêtées au {day} (n°{french.NBSP}{self.number})"

    @property
    def made_on(self) -> date:
        """The day in France of the computation."""
        return day_in_france(self.taken_at)

    # --- as it is kept -----------------------------------------------------------------------

    def numbered(self, number: int, title: str) -> Snapshot:
        """The same figures, frozen under a number."""
        return replace(self, number=number, title=title)

    def to_content(self) -> dict[str, Any]:
        """The whole as plain JSON."""
        return {"format": FORMAT, **{one.name: plain(getattr(self, one.name)) for one in fields(self)}}

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Snapshot:
        """What ``to_content`` wrote; names that this version does not know are left aside."""
        known = {one.name for one in fields(cls)}
        return rebuilt(cls, {name: one for name, one in content.items() if name in known})

    @cached_property
    def text(self) -> str:
        """The canonical writing, on which the print is taken."""
        return canonical(self.to_content())

    @cached_property
    def sha256(self) -> str:
        """The print of the canonical writing."""
        return hashlib.sha256(self.text.encode()).hexdigest()
