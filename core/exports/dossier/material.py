"""What every document of the committee is made from: one snapshot, live or frozen, and the frozen one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.figures import change_text, sentence
from core.domain.indicator import Indicator
from core.domain.observation import Missing
from core.domain.period import Period
from core.services.groups import first_screen, parts_of
from core.services.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that moved between two days, as texts; ``experiment`` is its code, or empty."""

    experiment: str
    label: str
    before: str
    now: str
    gap: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One point of the agenda: what the committee is asked, and the options."""

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """The snapshot that a document shows.

    ``earlier`` is the last one frozen before: its figures stand in, marked as such, for an experiment whose
    plugin is broken. ``asked`` is the agenda. ``committee`` names the meeting (« Comité n° 4 du 7 juillet 2022 »).
    """

    snapshot: Snapshot
    earlier: Snapshot | None = None
    asked: tuple[Asked, ...] = ()
    committee: str = ""

    @property
    def at(self) -> datetime:
        """The instant of the figures, which dates the documents."""
        return self.snapshot.taken_at

    @property
    def before(self) -> date:
        """The day that changes are counted from: the end of the period before."""
        return Period.quarter_of(self.snapshot.until + timedelta(days=1)).previous.previous.end

    @property
    def missing(self) -> tuple[Experiment, ...]:
        """The experiments of the snapshot before that this one does not have: their plugin did not load."""
        if self.earlier is None:
            return ()
        present = {one.code for one in self.snapshot.experiments}
        return tuple(one for one in self.earlier.experiments if one.code not in present)

    @property
    def title(self) -> str:
        """« Dossier du comité – données n° 4 », without a number for live figures."""
        if self.snapshot.number is None:
            return "Dossier du jour – Fabrique Inclusive Numérique"
        return f"Dossier du comité, données n°{french.NBSP}{self.snapshot.number} – Fabrique Inclusive Numérique"

    def changes(self, experiment: Experiment) -> Iterator[Change]:
        """What moved since the period before, the figures of the first screen first."""
        followed = self.snapshot.indicators_of(experiment.code)
        for one in [*first_screen(followed), *(one for one in followed if one.rank is None)]:
            found = _change(self.snapshot, experiment, one)
            if found is not None:
                yield found


def _change(snapshot: Snapshot, experiment: Experiment, indicator: Indicator) -> Change | None:
    cell = snapshot.cells.get((indicator.code, experiment.code))
    if cell is None or cell.before is None or not indicator.cumulative:
        return None
    gap = change_text(cell, headline=indicator.headline)
    if gap in ("", "stable") or cell.before.missing_because is Missing.NOT_APPLICABLE:
        return None
    parts = parts_of(indicator)
    before, now = sentence(cell.before, parts=parts), sentence(cell.observation, parts=parts)
    return Change(experiment.code, indicator.label, before, now, gap)
