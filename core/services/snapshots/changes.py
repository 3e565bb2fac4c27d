"""What changed between two committees, computed from what each of them saw, ranked and in sentences.

A figure whose formula changed meanwhile is not subtracted: it is said to be counted otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.figures import sentence
from core.domain.indicator import Indicator
from core.domain.marks import plain_mark
from core.domain.observation import Cell, Missing, Observation, Progress
from core.services.commitments import Kept
from core.services.groups import parts_of
from core.services.overview import axis_states
from core.services.sentences import NOUNS
from core.services.snapshots.snapshot import Decided, Snapshot


class Kind(StrEnum):
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


@dataclass(frozen=True, slots=True)
class Change:
    """One change in a sentence; ``before`` and ``now`` are the two figures in words.

    ``weight`` ranks: the share of its target by which a figure moved, or of what it was.
    ``experiment`` is None for the programme; ``gap`` is None when the two cannot be subtracted.
    """

    kind: Kind
    text: str
    experiment: str | None = None
    indicator: str | None = None
    label: str = ""
    before: str = ""
    now: str = ""
    gap: float | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from ``before`` to ``after``: the largest first; and what became of each decision."""

    before: Snapshot
    after: Snapshot
    listed: tuple[Change, ...]
    decisions: tuple[Decided, ...]

    def of(self, experiment: str | None) -> tuple[Change, ...]:
        """The changes of one experiment (None: of the programme)."""
        return tuple(one for one in self.listed if one.experiment == experiment)

    def of_kind(self, *kinds: Kind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(one for one in self.listed if one.kind in kinds)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """What moved between two snapshots, the second one later. Nothing is computed again.

    Of an indicator in which small counts of people are hidden, nothing is told: a change could give them away.
    """
    found = [*_states(before, after), *_figures(before, after), *_money(before, after), *_commitments(before, after)]
    ordered = sorted(found, key=lambda one: (_ORDER[one.kind], -one.weight, one.text))
    return Changes(before, after, (*ordered, *_formulas(before, after)), after.decisions)


def where(experiment: Experiment) -> str:
    """« au Pays d’Aix », « à Frais Vallon », « pour la recherche-action »: how a sentence says where."""
    name = experiment.short_title
    if name.startswith("Pays "):
        return f"au {name}"
    return f"pour la {name[:1].lower()}{name[1:]}" if experiment.covers_everything else f"à {name}"


_ORDER = {kind: rank for rank, kind in enumerate((Kind.STATE, Kind.FIGURE))} | {
    Kind.KNOWN: 1, Kind.LOST: 1, Kind.MONEY: 2, Kind.COMMITMENT: 3, Kind.FORMULA: 4,
}  # fmt: skip


# --- states ----------------------------------------------------------------------------------

AXES = {1: "équipement", 2: "connexion", 3: "accompagnement"}


def _states(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for one in after.experiments:
        was = before.experiment(one.code)
        if was is None:
            continue
        old = {state.axis: state.progress for state in axis_states(before, was)}
        for state in axis_states(after, one):
            first = old.get(state.axis)
            if first is not None and first is not state.progress and Progress.NO_TARGET not in (first, state.progress):
                yield _state(one, state.axis, first, state.progress)


def _state(one: Experiment, axis: int, first: Progress, last: Progress) -> Change:
    text = f"{one.short_title}, {AXES[axis]} : {plain_mark(last)} (était {plain_mark(first)})"
    weight = 2.0 if last in (Progress.LATE, Progress.BLOCKED) else 1.0
    return Change(
        Kind.STATE, french.typeset(text), one.code, label=AXES[axis].capitalize(), before=plain_mark(first),
        now=plain_mark(last), weight=weight,
    )  # fmt: skip


# --- figures ---------------------------------------------------------------------------------


def _figures(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    unsaid = {one.observation.indicator for one in (*before.figures, *after.figures) if one.observation.hidden}
    for (code, whom), cell in after.cells.items():
        old, indicator = before.cells.get((code, whom)), after.indicator[code]
        if old is None or indicator.is_money or code in unsaid or not _followed(after, code, whom):
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
    told = {"label": indicator.label, "before": sentence(old.observation, parts=parts)}
    told["now"] = sentence(new.observation, parts=parts)
    name = _name(after, whom)
    if first is None or last is None:
        return _appeared(indicator, whom, name, new, last, told)
    gap = last - first
    text = _moved(indicator, gap, name, told["now"])
    return Change(
        Kind.FIGURE, french.typeset(text), whom, indicator.code, gap=gap, weight=_weight(new, first, gap), **told
    )  # fmt: skip


def _appeared(
    indicator: Indicator, whom: str | None, name: str, new: Cell, last: float | None, told: dict[str, str]
) -> Change | None:  # fmt: skip
    """A figure that was not known, or no longer is; a zero that appears tells nothing."""
    if last is None:
        if new.observation.missing_because is Missing.NOT_APPLICABLE:
            return None
        text = f"{indicator.label} {name} : {told['now'].lower()} (était {told['before']})"
        return Change(Kind.LOST, french.typeset(text), whom, indicator.code, weight=1.0, **told)
    if not last:
        return None
    text = f"{indicator.label} {name} : {told['now']}, jusqu’ici {told['before'].lower()}"
    weight = _weight(new, 0.0, last)
    return Change(Kind.KNOWN, french.typeset(text), whom, indicator.code, gap=None, weight=weight, **told)


def _counted(indicator: Indicator, found: Observation) -> bool:
    """Delays and rates move without anything being done: only what is counted makes a sentence of its own."""
    return indicator.cumulative and (indicator.headline == "numerator" or found.unit not in ("%", "jours"))


def _number(indicator: Indicator, found: Observation) -> float | None:
    return found.numerator if indicator.headline == "numerator" else found.value


def _weight(cell: Cell, first: float, gap: float) -> float:
    """The share of its own target by which it moved; without target, of what it became, which counts for less."""
    target = cell.standing.target
    if target is not None and target.value:
        return 1.0 + abs(gap) / target.value
    return abs(gap) / max(abs(first), abs(first + gap), 1.0)


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
                yield _sum(one.line.code, one.line.purpose, word, first, last, one.voted)


def _sum(code: str, purpose: str, word: str, first: int | None, last: int, voted: int) -> Change:
    gap = last - (first or 0)
    sign = "+" if gap > 0 else "−"
    text = f"{sign}{french.NBSP}{french.euros(abs(gap))} {word} pour « {purpose} » ({french.euros(last)})"
    before = "non renseigné" if first is None else french.euros(first)
    return Change(
        Kind.MONEY, french.typeset(text), label=f"{code}, {word}", before=before, now=french.euros(last),
        gap=gap / 100, weight=abs(gap) / voted,
    )  # fmt: skip


def _commitments(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    old = {(one.commitment, one.experiment): one for one in before.promised}
    for one in after.promised:
        was = old.get((one.commitment, one.experiment))
        if was is not None and one.state is Kept.SHOWN and was.state in (Kept.NOTHING_YET, Kept.NOT_REPORTED):
            standing = after.commitments[one.commitment, one.experiment]
            title, name = standing.commitment.title, _name(after, one.experiment)
            rows = french.count(one.evidence, "ligne")
            text = f"Engagement « {title} » {name} : premières lignes qui le montrent ({rows})"
            yield Change(Kind.COMMITMENT, french.typeset(text), one.experiment, label=title, now=rows)


def _formulas(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for code, one in after.indicator.items():
        was = before.indicator.get(code)
        if was is not None and was.version != one.version:
            text = (
                f"« {one.label} » se compte autrement (formule n° {was.version}, puis n° {one.version}) : "
                "les deux chiffres ne se soustraient pas"
            )
            yield Change(Kind.FORMULA, french.typeset(text), None, code, one.label)
