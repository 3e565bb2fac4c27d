"""What changed between two committees, counted from what each of them saw, ranked and in sentences."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.committee.snapshot import KnownDecision, Snapshot
from core.domain import french
from core.domain.change import gap_between, late_text
from core.domain.figure_text import marked, plain_mark, sentence
from core.domain.indicator import Indicator
from core.domain.observation import Cell, ChangeReference, Observation, Progress, tells_few
from core.domain.programme import Experiment
from core.figures.commitments import Kept
from core.figures.sentences import NOUNS, SUBJECTS, axis_states, parts_of
from core.figures.window import Window, previous


class ChangeType(StrEnum):
    """What sort of change it is; in this order when they weigh the same."""

    STATE = "state"
    """An axis of an experiment is no longer where it stood."""
    FIGURE = "figure"
    """A figure of an experiment moved."""
    KNOWN = "known"
    """A figure was not known, and is."""
    LOST = "lost"
    """A figure was known, and is no longer."""
    MONEY = "money"
    """A sum was paid, or spent."""
    COMMITMENT = "commitment"
    """A commitment has its first rows."""
    FORMULA = "formula"
    """An indicator is not counted as before."""


FIGURE_CHANGES = (ChangeType.FIGURE, ChangeType.KNOWN, ChangeType.LOST)
"""A figure is not what it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change in a sentence; ``before`` and ``now`` are the two figures in words.

    ``weight`` ranks the changes of one kind: how much a figure moved, a sum in euros; the figures of the ``first``
    screen come before the others.
    ``experiment`` is None for the programme; ``gap`` is None when the two cannot be subtracted.
    """

    kind: ChangeType
    text: str
    experiment: str | None = None
    indicator: str | None = None
    label: str = ""
    before: str = ""
    now: str = ""
    gap: float | None = None
    weight: float = 0.0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from ``before`` to ``after``: the largest first; and what became of each decision."""

    before: Snapshot
    after: Snapshot
    listed: tuple[Change, ...]
    decisions: tuple[KnownDecision, ...]

    def of(self, experiment: str | None) -> tuple[Change, ...]:
        """The changes of one experiment (None: of the programme)."""
        return tuple(one for one in self.listed if one.experiment == experiment)

    def of_kind(self, *kinds: ChangeType) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(one for one in self.listed if one.kind in kinds)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """What moved between two snapshots, the second one later. Nothing is computed again.

    What came late for the days of the first one is told of figures that ``after`` counts from it (``counted_from``).

    Of an indicator in which small counts of people are hidden, nothing is told: a change could give them away.
    Nor is a change of few people, where figures were written for a document.
    """
    found = [*_states(before, after), *_figures(before, after), *_money(before, after), *_commitments(before, after)]
    ordered = sorted(found, key=lambda one: (_ORDER[one.kind], not one.first, -one.weight, one.text))
    return Changes(before, after, (*ordered, *_formulas(before, after)), after.decisions)


def where(experiment: Experiment) -> str:
    """« au Pays d’Aix », « à Frais Vallon », « pour la recherche-action »: how a sentence says where."""
    name = experiment.short_title
    if name.startswith("Pays "):
        return f"au {name}"
    return f"pour la {french.lower_first(name)}" if experiment.covers_everything else f"à {name}"


_ORDER = {
    ChangeType.STATE: 0,
    ChangeType.LOST: 1,
    ChangeType.FIGURE: 2,
    ChangeType.KNOWN: 2,
    ChangeType.MONEY: 3,
    ChangeType.COMMITMENT: 4,
    ChangeType.FORMULA: 5,
}


# --- states ----------------------------------------------------------------------------------


def _states(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for one in after.experiments:
        was = before.experiment(one.code)
        if was is None:
            continue
        old = {state.axis: state.progress for state in axis_states(before, was)}
        for state in axis_states(after, one):
            first = old.get(state.axis)
            if first is not None and first is not state.progress and first.judged and state.progress.judged:
                yield _state(one, state.axis, first, state.progress)


def _state(one: Experiment, axis: int, first: Progress, last: Progress) -> Change:
    text = f"{one.short_title}, {SUBJECTS[axis]} : {plain_mark(last)} (était {plain_mark(first)})"
    weight = 2.0 if last in (Progress.LATE, Progress.BLOCKED) else 1.0
    return Change(
        ChangeType.STATE,
        french.typeset(text),
        one.code,
        label=SUBJECTS[axis].capitalize(),
        before=plain_mark(first),
        now=plain_mark(last),
        weight=weight,
    )


# --- figures ---------------------------------------------------------------------------------


def _figures(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    unsaid = {one.observation.indicator for one in (*before.figures, *after.figures) if one.observation.hidden}
    for (code, whom), cell in after.cells.items():
        old, indicator = before.cells.get((code, whom)), after.indicator[code]
        if old is None or indicator.is_money or code in unsaid or not _followed(after, code, whom):
            continue
        if indicator.people and tells_few(old.observation, cell.observation, after.masked_below):
            continue
        if before.indicator[code].version == indicator.version:
            found = _figure(after, indicator, whom, old, cell)
            if found is not None:
                yield found


def _followed(after: Snapshot, code: str, whom: str | None) -> bool:
    return whom is None or code in after.followed.get(whom, ())


def _figure(after: Snapshot, indicator: Indicator, whom: str | None, old: Cell, new: Cell) -> Change | None:
    first, last = _number(indicator, old.observation), _number(indicator, new.observation)
    if (first is None and last is None) or first == last or not _counted(indicator, new.observation):
        return None
    parts = parts_of(indicator)
    told: dict[str, Any] = {"label": indicator.label, "first": indicator.rank is not None}
    told["before"] = sentence(old.observation, parts=parts)
    told["now"] = marked(sentence(new.observation, parts=parts), new.observation)
    name = _name(after, whom)
    if first is None or last is None:
        return _appeared(indicator, whom, name, new, last, told)
    gap = gap_between(old.observation, new.observation, headline=indicator.headline)
    if not gap:
        return None
    late = late_text(new, headline=indicator.headline)
    text = ", ".join(part for part in (_moved(indicator, gap, name, told["now"]), late) if part)
    return Change(ChangeType.FIGURE, french.typeset(text), whom, indicator.code, gap=gap, weight=abs(gap), **told)


def _appeared(
    indicator: Indicator, whom: str | None, name: str, new: Cell, last: float | None, told: dict[str, Any]
) -> Change | None:
    """A figure that was not known, or no longer is; a zero that appears tells nothing."""
    if last is None:
        if not new.observation.expected_here:
            return None
        text = f"{indicator.label} {name} : {told['now'].lower()} (était {told['before']})"
        return Change(ChangeType.LOST, french.typeset(text), whom, indicator.code, weight=1.0, **told)
    if not last:
        return None
    text = f"{indicator.label} {name} : {told['now']}, jusqu’ici {told['before'].lower()}"
    return Change(ChangeType.KNOWN, french.typeset(text), whom, indicator.code, gap=None, weight=abs(last), **told)


def _counted(indicator: Indicator, found: Observation) -> bool:
    """Delays and rates move without anything being done: only what is counted makes a sentence of its own."""
    return indicator.cumulative and (indicator.headline == "numerator" or found.unit not in ("%", "jours"))


def _number(indicator: Indicator, found: Observation) -> float | None:
    return found.numerator if indicator.headline == "numerator" else found.value


def _moved(indicator: Indicator, gap: float, name: str, now: str) -> str:
    sign = "+" if gap > 0 else "−"
    size = f"{sign}{french.NBSP}{french.number(abs(gap), 0 if abs(gap) >= 1 else 1)}"
    if indicator.code in NOUNS:
        one, several = NOUNS[indicator.code]
        return f"{size} {one if abs(gap) < 2 else several} {name} : {now}"
    return f"{indicator.label} {name} : {size}, soit {now}"


def _name(after: Snapshot, whom: str | None) -> str:
    found = after.experiment(whom) if whom else None
    return where(found) if found else "dans tout le programme"


# --- money, commitments, formulas -------------------------------------------------------------


def _money(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    old = {one.line.code: one for one in before.lines}
    for one in after.lines:
        was = old.get(one.line.code)
        if was is None:
            continue
        for word, first, last in (("versés", was.paid, one.paid), ("dépensés", was.spent, one.spent)):
            if last is not None and last != (first or 0):
                yield _sum(one.line.code, one.line.purpose, word, first, last)


def _sum(code: str, purpose: str, word: str, first: int | None, last: int) -> Change:
    gap = last - (first or 0)
    sign = "+" if gap > 0 else "−"
    text = f"{sign}{french.NBSP}{french.euros(abs(gap))} {word} pour « {purpose} » ({french.euros(last)})"
    before = "non renseigné" if first is None else french.euros(first)
    return Change(
        ChangeType.MONEY,
        french.typeset(text),
        label=f"{code}, {word}",
        before=before,
        now=french.euros(last),
        gap=gap / 100,
        weight=abs(gap) / 100,
    )


def _commitments(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    old = {(one.commitment, one.experiment): one for one in before.promised}
    for one in after.promised:
        was = old.get((one.commitment, one.experiment))
        if was is not None and one.state is Kept.SHOWN and was.state in (Kept.NOTHING_YET, Kept.NOT_REPORTED):
            standing = after.commitments[one.commitment, one.experiment]
            title, name = standing.commitment.title, _name(after, one.experiment)
            rows = french.count(one.evidence, "ligne")
            text = f"Engagement « {title} » {name} : premières lignes qui le montrent ({rows})"
            yield Change(ChangeType.COMMITMENT, french.typeset(text), one.experiment, label=title, now=rows)


def _formulas(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for code, one in after.indicator.items():
        was = before.indicator.get(code)
        if was is not None and was.version != one.version:
            text = (
                f"« {one.label} » se compte autrement (formule n° {was.version}, puis n° {one.version}) : "
                "les deux chiffres ne se soustraient pas"
            )
            yield Change(ChangeType.FORMULA, french.typeset(text), None, code, one.label)


# --- What the changes of a snapshot are counted from: the figures that another committee saw, told with each of them


def counted_from(found: Snapshot, earlier: Snapshot, committee: int) -> Snapshot:
    """The same figures, each with the one that ``committee`` saw in ``earlier``, from which it is counted.

    A figure that was not there, or whose formula changed since, is counted from nothing.
    """
    seen = ChangeReference(earlier.until, committee)
    return replace(found, figures=tuple(_counting_counted(found, earlier, cell, seen) for cell in found.figures))


def hushed(found: Snapshot, shown: Snapshot, below: int) -> Snapshot:
    """``found`` without the changes that would tell what is hidden.

    ``shown`` are the earlier figures as they may be shown: of what they hide, nothing is counted. Of a figure that
    counts people, fewer than ``below`` that came late are not told apart.
    """
    hidden = {key for key, cell in shown.cells.items() if cell.observation.hidden}
    return replace(found, figures=tuple(_hushed(found, cell, hidden, below) for cell in found.figures))


def _hushed(found: Snapshot, cell: Cell, hidden: Container[tuple[str, str | None]], below: int) -> Cell:
    code, whom = cell.observation.indicator, cell.observation.experiment
    if (code, whom) in hidden:
        return replace(cell, before=None, then=None)
    measures = (found.indicator[code].numerator, found.indicator[code].denominator)
    if any(getattr(one, "people", False) for one in measures) and _few_came_late(cell, below):
        return replace(cell, then=None)
    return cell


def _few_came_late(cell: Cell, below: int) -> bool:
    late = gap_between(cell.before, cell.then, headline="numerator")
    return late is not None and 0 < abs(late) < below


def reference_of(found: Snapshot) -> ChangeReference:
    """What the changes of ``found`` are counted from: a committee, else the end of the period before."""
    known = (cell.reference for cell in found.figures if cell.reference is not None)
    return next(known, ChangeReference(previous(Window.of(found.until)).end))


def _counting_counted(found: Snapshot, earlier: Snapshot, cell: Cell, seen: ChangeReference) -> Cell:
    code, whom = cell.observation.indicator, cell.observation.experiment
    old, was = earlier.cells.get((code, whom)), earlier.indicator.get(code)
    if old is None or was is None or was.version != found.indicator[code].version or was.ages:
        return replace(cell, before=None, then=None, reference=seen)
    day = cell.reference.day if cell.reference else previous(Window.of(found.until)).end
    # What was computed for another day tells nothing of what came late for this one.
    then = (cell.then or cell.before) if day == seen.day else None
    return replace(cell, before=old.observation, then=then, reference=seen)
