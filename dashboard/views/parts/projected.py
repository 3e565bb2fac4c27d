"""What the room may see of frozen figures: small counts of people are hidden, with what would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.figures import shown, target_text
from core.domain.indicator import Indicator
from core.domain.meeting import Meeting
from core.domain.observation import Cell, Missing
from core.services import discretion
from core.services.groups import parts_of
from core.services.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in two parts, « 84 » and « sur 149 (56 %) · objectif 100 »; why it is missing, whether it is hidden."""

    main: str
    rest: str = ""
    missing: Missing | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Projected:
    """Figures as the room sees them; ``hidden`` says what stands in place of the small ones."""

    figures: Snapshot
    hidden: Mapping[tuple[str, str | None], str] = field(default_factory=dict)

    def cell(self, code: str, experiment: str | None) -> Cell | None:
        """The cell, None where there is none."""
        return self.figures.cells.get((code, experiment))

    def said(self, indicator: Indicator, experiment: str | None) -> Said:
        """How a figure is said to the room."""
        cell = self.figures.cells[indicator.code, experiment]
        hidden = self.hidden.get((indicator.code, experiment))
        goal = target_text(cell, headline=indicator.headline)
        if hidden is not None:
            return Said(hidden, goal, hidden=True)
        what = shown(cell.observation, headline=indicator.headline, parts=parts_of(indicator))
        return Said(what.main, " · ".join(part for part in (what.rest, goal) if part), what.missing)


@dataclass(frozen=True, slots=True)
class Deck:
    """What the slides of a committee are made from; ``old`` are the figures of the committee before, ``last``."""

    meeting: Meeting
    every: Sequence[Meeting]
    now: Projected
    old: Projected | None = None
    last: Meeting | None = None


def masked(found: Snapshot, below: int) -> Projected:
    """The figures without the counts of people under ``below``; their standing is hidden with them."""
    figures = discretion.masked(found, below)
    hidden = {key: one.observation.hidden for key, one in figures.cells.items() if one.observation.hidden}
    return Projected(figures, hidden)
