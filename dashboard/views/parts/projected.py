"""What the room may see of frozen figures: small counts of people are hidden, with what would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.figures import shown, target_text
from core.domain.indicator import Indicator
from core.domain.meeting import Meeting
from core.domain.observation import Cell, Missing, Observation, Progress
from core.services.groups import parts_of
from core.services.masking import Concealed, conceal
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
    concealed = conceal([one.observation for one in found.figures], found.indicator, below)
    hidden = {_where(one.observation): one.said for one in concealed if one.hidden}
    figures = tuple(_cell(cell, one) for cell, one in zip(found.figures, concealed, strict=True))
    return Projected(replace(found, figures=figures, places=(), pages=found.pages), hidden)


def _where(found: Observation) -> tuple[str, str | None]:
    return found.indicator, found.experiment


def _cell(cell: Cell, one: Concealed) -> Cell:
    if not one.hidden:
        return cell
    bare = replace(cell.standing, done=None, gap=None, progress=_quiet(cell.standing.progress))
    return Cell(one.observation, bare, None)


def _quiet(progress: Progress) -> Progress:
    """A state that follows from a hidden number is not said either; one that an outside cause explains is."""
    return progress if progress is Progress.BLOCKED else Progress.NO_TARGET
