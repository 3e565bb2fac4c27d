"""Since when data are not final: the first period of an experiment whose relevé was begun and is not accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from core.domain.access import State
from core.domain.releve import Releve, Term, fold, speaks_of, subject
from core.services.monitoring.known import Known, local_day
from core.services.monitoring.window import Window

_BEGUN = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED})


class Acceptance:
    """What the relevés say of each experiment's periods, as known at a revision."""

    def __init__(self, experiments: Iterable[Any], known: Known) -> None:
        begun = _begun(known)
        self._open: dict[str, list[Releve]] = {}
        for one in experiments:
            for term in _terms(one, known):
                events = known.events.get(subject(term.experiment, term.period.code), ())
                told = (term.association, term.period.code) in begun
                releve = fold(term, events, begun=told, today=known.day)
                if releve.state in _BEGUN:
                    self._open.setdefault(one.code, []).append(releve)

    def provisional_since(self, experiment: str, window: Window) -> date | None:
        """The first day of the oldest period of ``window`` that is not accepted yet; None when all are."""
        return min((one.period.start for one in self._counted(experiment, window)), default=None)

    def unsent_since(self, experiment: str, window: Window) -> date | None:
        """The first due date that passed without the relevé of a period of ``window``, begun, being sent."""
        return min((one.due for one in self._counted(experiment, window) if one.awaited), default=None)

    def _counted(self, experiment: str, window: Window) -> Iterator[Releve]:
        for one in self._open.get(experiment, ()):
            if one.period.start <= window.end and (window.start is None or one.period.end >= window.start):
                yield one


def _terms(experiment: Any, known: Known) -> list[Term]:
    held, code = known.held, experiment.code
    return [
        Term(code, experiment.association.code, due.period, due.day, held.starts.get(code), held.ends.get(code))
        for due in held.dues
        if due.period.start <= known.day
    ]


def _begun(known: Known) -> frozenset[tuple[str, str]]:
    """The (association, period) for which something was handed in."""
    periods = tuple(due.period for due in known.held.dues)
    said = {(one.association, one.period, local_day(one.at)) for one in known.deposits if one.reports}
    return frozenset(
        (association, period.code)
        for association, named, day in said
        for period in periods
        if speaks_of(period, named, day, periods)
    )
