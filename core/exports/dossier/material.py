"""What every document of the committee is made from: one snapshot, live or frozen, and the frozen one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.figures import change_text, sentence
from core.domain.indicator import Indicator
from core.domain.meeting import Meeting
from core.domain.observation import Missing
from core.domain.period import Period
from core.services.discretion import masked, note
from core.services.groups import first_screen, parts_of
from core.services.snapshots import Changes, Decided, Snapshot, changes

PROGRAMME = "Fabrique Inclusive Numérique"


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure that moved between two days, as texts."""

    label: str
    before: str
    now: str
    gap: str


@dataclass(frozen=True, slots=True)
class Material:
    """The snapshot that a document shows.

    ``earlier`` is the one frozen for the committee before: what changed is counted from it, and its figures
    stand in, marked as such, for an experiment whose plugin is broken. ``meeting`` is the committee, with its agenda.
    ``whole`` are the figures before small counts of people were hidden: the print is theirs; ``hidden`` says what is
    not shown.
    """

    snapshot: Snapshot
    earlier: Snapshot | None = None
    meeting: Meeting | None = None
    whole: Snapshot | None = None
    hidden: str = ""

    def masked(self, below: int) -> Material:
        """The same without the counts of people under ``below``, nor what would give them away."""
        shown = masked(self.snapshot, below)
        earlier = masked(self.earlier, below) if self.earlier else None
        return replace(self, snapshot=shown, earlier=earlier, whole=self.snapshot, hidden=note(shown, below))

    @property
    def sha256(self) -> str:
        """The print of the figures as they were frozen."""
        return (self.whole or self.snapshot).sha256

    @property
    def at(self) -> datetime:
        """The instant of the figures, which dates the documents."""
        return self.snapshot.taken_at

    @property
    def title(self) -> str:
        """« Dossier du comité n° 4 », « Dossier du jour » for figures that are not frozen."""
        if self.snapshot.number is None:
            return f"Dossier du jour – {PROGRAMME}"
        return f"Dossier du comité, données n°{french.NBSP}{self.snapshot.number} – {PROGRAMME}"

    @property
    def kicker(self) -> str:
        """« Comité n° 4 du 7 juillet 2022 », or the programme."""
        return self.meeting.full_title if self.meeting else PROGRAMME

    @property
    def missing(self) -> tuple[Experiment, ...]:
        """The experiments of the snapshot before that this one does not have: their plugin did not load."""
        if self.earlier is None:
            return ()
        present = {one.code for one in self.snapshot.experiments}
        return tuple(one for one in self.earlier.experiments if one.code not in present)

    @property
    def before(self) -> date:
        """The day of the figures before, in each cell: the end of the period before."""
        return Period.quarter_of(self.snapshot.until + timedelta(days=1)).previous.previous.end

    @property
    def changes(self) -> Changes | None:
        """What changed since the committee before; None for the first one."""
        return changes(self.earlier, self.snapshot) if self.earlier else None

    @property
    def decided(self) -> Sequence[Decided]:
        """What the last committee decided, and what those before still ask for."""
        standing = [one for one in self.snapshot.decisions if not one.replaced_by]
        last = max((_committee(one) for one in standing), default=0)
        return [one for one in standing if _committee(one) == last or one.done is False]

    def moved(self, experiment: Experiment) -> Iterator[Moved]:
        """What moved in one experiment since the period before, the figures of the first screen first."""
        followed = self.snapshot.indicators_of(experiment.code)
        for one in [*first_screen(followed), *(one for one in followed if one.rank is None)]:
            found = _moved(self.snapshot, experiment, one)
            if found is not None:
                yield found


def _committee(one: Decided) -> int:
    """« 3.1 » is the first decision of committee 3."""
    return int(one.number.partition(".")[0])


def _moved(snapshot: Snapshot, experiment: Experiment, indicator: Indicator) -> Moved | None:
    cell = snapshot.cells.get((indicator.code, experiment.code))
    if cell is None or cell.before is None or not indicator.cumulative:
        return None
    gap = change_text(cell, headline=indicator.headline)
    if gap in ("", "stable") or cell.before.missing_because is Missing.NOT_APPLICABLE:
        return None
    parts = parts_of(indicator)
    return Moved(indicator.label, sentence(cell.before, parts=parts), sentence(cell.observation, parts=parts), gap)
