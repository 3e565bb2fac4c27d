"""What a minute must tell: where each experiment stands, axis by axis, and one sentence for the six.

The words are written from the figures, never kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.observation import Cell, Observation, Progress

# The figure that speaks for an axis: the first one with a target, else the first one known.
SPEAKING = {1: ("EQ5a",), 2: ("CO4", "CO5"), 3: ("AC3a", "AC1", "AC6")}


class Compared(Protocol):
    """A comparison: experiments in their order, and the cell of each (indicator, experiment)."""

    @property
    def experiments(self) -> Sequence[Experiment]: ...

    @property
    def cells(self) -> Mapping[tuple[str, str | None], Cell]: ...

    @property
    def until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class AxisState:
    """Where one experiment stands on one axis, and the figure that says so."""

    axis: int
    code: str
    cell: Cell

    @property
    def progress(self) -> Progress:
        """Ahead, on time, late, blocked, or without a target."""
        return self.cell.standing.progress


def axis_states(compared: Compared, experiment: Experiment) -> tuple[AxisState, ...]:
    """One state per axis that the experiment tries; an axis without any figure is left out."""
    return tuple(
        state for axis in experiment.axes if (state := _axis_state(compared, experiment.code, axis)) is not None
    )


def is_late(states: Sequence[AxisState]) -> bool:
    """Whether one axis at least is more than the tolerance behind."""
    return any(state.progress is Progress.LATE for state in states)


def is_blocked(states: Sequence[AxisState]) -> bool:
    """Whether one axis at least is stopped by an outside cause."""
    return any(state.progress is Progress.BLOCKED for state in states)


def overview_sentence(compared: Compared) -> str:
    """The first thing that the committee reads, from the figures of the comparison."""
    given, received = _known(compared, "EQ5a"), _known(compared, "EQ1a")
    if given is None and received is None and not _anything(compared):
        return (
            "Les six expérimentations sont votées ; aucune association n’a encore déposé de données : "
            "tout ce qui suit vient de la délibération."
        )
    facts = _equipment_facts(given, received)
    return french.sentence(f"Au {french.day(compared.until)}, {facts}{_delays(compared)}")


def _equipment_facts(given: Observation | None, received: Observation | None) -> str:
    if given is None or given.numerator is None:
        return "aucune remise d’ordinateur n’est encore renseignée"
    handed = french.count(given.numerator, "ordinateur remis", "ordinateurs remis")
    if received is None or not received.numerator:
        return handed
    return f"{handed} sur {french.number(received.numerator)} reçus de la Métropole"


def _delays(compared: Compared) -> str:
    states = [axis_states(compared, experiment) for experiment in compared.experiments]
    late, blocked = sum(map(is_late, states)), sum(map(is_blocked, states))
    with_target = sum(any(s.progress is not Progress.NO_TARGET for s in found) for found in states)
    if not with_target:
        return "\u202f; le comité n’a pas encore fixé d’objectif"
    said = [_late_words(late)] if late or not blocked else []
    if blocked:
        said.append(_blocked_words(blocked))
    return "\u202f; " + ", ".join(said)


def _late_words(count: int) -> str:
    if not count:
        return "aucune expérimentation n’a plus de dix points de retard"
    verb = "a" if count == 1 else "ont"
    return f"{french.in_words(count, feminine=True)} {_experiments(count)} {verb} plus de dix points de retard"


def _blocked_words(count: int) -> str:
    return f"{french.in_words(count, feminine=True)} {'est bloquée' if count == 1 else 'sont bloquées'}"


def _experiments(count: int) -> str:
    return "expérimentation" if count < 2 else "expérimentations"


def _axis_state(compared: Compared, experiment: str, axis: int) -> AxisState | None:
    found = [
        AxisState(axis, code, compared.cells[code, experiment])
        for code in SPEAKING[axis]
        if (code, experiment) in compared.cells
    ]
    judged = [state for state in found if state.progress is not Progress.NO_TARGET]
    known = [state for state in found if state.cell.observation.missing_because is None]
    return next(iter([*judged, *known, *found]), None)


def _known(compared: Compared, code: str) -> Observation | None:
    cell = compared.cells.get((code, None))
    if cell is None or cell.observation.numerator is None:
        return None
    return cell.observation


def _anything(compared: Compared) -> bool:
    return any(cell.observation.freshness.deposited for cell in compared.cells.values())
