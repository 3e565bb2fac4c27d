"""The committee’s dossier: one material, read once, drawn on paper, on slides and in tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from core.committee import Changes, KnownDecision, Snapshot, changes, counted_from, hushed, reference_of, take
from core.committee.meetings import freeze_before, known_decisions, meetings, readable, snapshot_of
from core.contract.scope import Scope
from core.disclosure import masked, note
from core.domain import french
from core.domain.access import Actor
from core.domain.change import change_text, has_moved, late_text, reference_text
from core.domain.figure_text import DRAFT_NOTE, is_draft, marked, sentence
from core.domain.indicator import Indicator
from core.domain.meeting import Freeze, Meeting, Stage
from core.domain.programme import Experiment
from core.errors import UnknownName
from core.figures.sentences import first_screen, parts_of
from core.storage import Store

# --- What every document of the committee is made from: one snapshot, live or frozen, and the frozen one before it --


PROGRAMME = "Fabrique Inclusive Numérique"


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """One figure that moved between two days, as texts."""

    label: str
    before: str
    now: str
    gap: str


@dataclass(frozen=True)
class Material:
    """The snapshot that a document shows; what it is asked for at each page is worked out once.

    ``earlier`` is the one frozen for the committee before: what changed is counted from it, and its figures
    stand in, marked as such, for an experiment whose plugin is broken. ``meeting`` is the committee, with its agenda.
    ``whole`` are the figures as they were taken: the print is theirs; ``hidden`` says what small counts of people are
    not shown.
    """

    snapshot: Snapshot
    earlier: Snapshot | None = None
    meeting: Meeting | None = None
    whole: Snapshot | None = None
    hidden: str = ""

    @classmethod
    def since(cls, snapshot: Snapshot, earlier: Snapshot | None, committee: int, meeting: Meeting | None) -> Material:
        """The figures of ``snapshot``, their changes counted from what ``committee`` saw, when one did."""
        counted = counted_from(snapshot, earlier, committee) if earlier else snapshot
        return cls(counted, earlier, meeting, whole=snapshot)

    def masked(self, below: int) -> Material:
        """The same without the counts of people under ``below``, nor what would give them away."""
        shown = masked(self.snapshot, below)
        earlier = masked(self.earlier, below) if self.earlier else None
        quiet = hushed(shown, earlier, below) if earlier else shown
        return replace(
            self, snapshot=quiet, earlier=earlier, whole=self.whole or self.snapshot, hidden=note(shown, below)
        )

    @cached_property
    def foot(self) -> str:
        """What the foot of each page explains: the sign of figures that are not final, what stands for a hidden one."""
        draft = any(is_draft(cell.observation) for cell in self.snapshot.figures)
        return " ".join(part for part in (french.typeset(DRAFT_NOTE) if draft else "", self.hidden) if part)

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
    def counted(self) -> str:
        """What every change of the document is counted from: « depuis le comité n° 3 », « depuis le 31 mars 2022 »."""
        return reference_text(reference_of(self.snapshot))

    @cached_property
    def changes(self) -> Changes | None:
        """What changed since the committee before; None for the first one."""
        return changes(self.earlier, self.snapshot) if self.earlier else None

    @property
    def decided(self) -> Sequence[KnownDecision]:
        """What the last committee decided, and what those before still ask for."""
        standing = [one for one in self.snapshot.decisions if not one.replaced_by]
        last = max((_committee(one) for one in standing), default=0)
        return [one for one in standing if _committee(one) == last or one.done is False]

    def moved(self, experiment: Experiment) -> Iterator[MovedFigure]:
        """What moved in one experiment since the figures before, those of the first screen first."""
        followed = self.snapshot.indicators_of(experiment.code)
        for one in [*first_screen(followed), *(one for one in followed if one.rank is None)]:
            found = _moved(self.snapshot, experiment, one)
            if found is not None:
                yield found


def _committee(one: KnownDecision) -> int:
    """« 3.1 » is the first decision of committee 3."""
    return int(one.number.partition(".")[0])


def _moved(snapshot: Snapshot, experiment: Experiment, indicator: Indicator) -> MovedFigure | None:
    cell = snapshot.cells.get((indicator.code, experiment.code))
    if cell is None or cell.before is None or not indicator.cumulative:
        return None
    if not has_moved(cell, headline=indicator.headline) or not cell.before.expected_here:
        return None
    gap = change_text(cell, headline=indicator.headline)
    parts = parts_of(indicator)
    now = marked(sentence(cell.observation, parts=parts), cell.observation)
    late = late_text(cell, headline=indicator.headline)
    return MovedFigure(indicator.label, sentence(cell.before, parts=parts), now, f"{gap}, {late}" if late else gap)


# --- Which figures a document shows: those of now, or those frozen under a number, with the committee before ----


def live(scope: Scope, *, until: date | None = None, fictitious: bool = False) -> Material:
    """The figures of now up to ``until`` (None: today), on the agenda of the committee in preparation, if any.

    Of the committees, what the actor may read.
    """
    known, day = readable(scope.actor, meetings(scope.store)), until or scope.today
    last = max((one for one in freezes(known) if one.until <= day), key=lambda one: one.number, default=None)
    snapshot = take(
        scope.registry,
        scope.store,
        until=day,
        at=scope.now,
        today=scope.today,
        fictitious=fictitious,
        decisions=known_decisions(known),
        since=last.until if last else None,
    )
    waiting = next((one for one in known if one.stage is not Stage.CLOSED), None)
    return _counted(scope.store, snapshot, last, waiting)


def frozen(store: Store, number: int, *, actor: Actor) -> Material:
    """The figures frozen under ``number``, exactly; raises UnknownName with those that ``actor`` may read."""
    known = readable(actor, meetings(store))
    found = next((one for one in freezes(known) if one.number == number), None)
    if found is None:
        there = french.listing(str(one.number) for one in freezes(known)) or "aucune"
        raise UnknownName(f"Les données arrêtées n° {number} ne se lisent pas. Celles que vous pouvez lire : {there}.")
    meeting = next(one for one in known if one.number == found.committee)
    return _counted(store, snapshot_of(store, found), freeze_before(known, found.committee), meeting)


def _counted(store: Store, snapshot: Snapshot, last: Freeze | None, meeting: Meeting | None) -> Material:
    """``snapshot``, its changes counted from the figures ``last`` frozen."""
    if last is None:
        return Material(snapshot, None, meeting)
    return Material.since(snapshot, snapshot_of(store, last), last.committee, meeting)


def freezes(known: Sequence[Meeting]) -> list[Freeze]:
    """Every set of figures frozen for these committees, the oldest first."""
    return [freeze for one in known for freeze in one.freezes]
