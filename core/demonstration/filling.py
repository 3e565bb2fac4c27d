"""The year, step by step, through the same doors as everybody: submissions, judged and journalled."""

from __future__ import annotations

from functools import cache

from core.demonstration import anonymal, arsenic, files, ifac, metropole, people, point_formation, story
from core.demonstration.holdings import Holdings, holdings
from core.demonstration.steps import Deposit, Entry, Nothing, Step
from core.domain.experiment import METROPOLE
from core.errors import RowsRefused
from core.registry import Registry
from core.services import submissions
from core.storage import Store


@cache
def year() -> Holdings:
    """The demonstration's own year, made once."""
    return holdings(story.SEED)


def timeline(told: Holdings) -> list[Step]:
    """Everything that was done, in the order of time."""
    every = [
        *metropole.steps(told),
        *anonymal.steps(told),
        *ifac.steps(told),
        *arsenic.steps(told),
        *point_formation.steps(told),
    ]
    return sorted(every, key=lambda step: step.at)


def fill(registry: Registry, store: Store) -> None:
    """Tell the fictitious year into an empty store.

    Raises RowsRefused when a file of the story is refused: a schema changed and the story did not.
    """
    for step in timeline(year()):
        play(registry, store, step)


def play(registry: Registry, store: Store, step: Step) -> submissions.Outcome:
    """One step of the story."""
    if isinstance(step, Deposit):
        return _deposit(registry, store, step)
    if isinstance(step, Nothing):
        who = people.PEOPLE[step.association]
        return submissions.declare_nothing(
            registry, store, step.association, step.dataset, step.period, actor=who, at=step.at
        )
    return _entry(registry, store, step)


def _entry(registry: Registry, store: Store, step: Entry) -> submissions.Outcome:
    return submissions.save_rows(
        registry, store, METROPOLE, step.dataset, step.rows, actor=people.LEAD, at=step.at, removals=step.removed
    )


def _deposit(registry: Registry, store: Store, step: Deposit) -> submissions.Outcome:
    dataset = registry.dataset(step.association, step.dataset)
    data, name = files.written(step.association, dataset, step.title, step.rows)
    outcome = submissions.submit(
        registry,
        store,
        data,
        name,
        step.association,
        step.dataset,
        actor=people.PEOPLE[step.association],
        at=step.at,
        removals=step.removed,
        period=step.period,
    )
    if outcome.refused:
        raise RowsRefused(f"Démonstration : « {name} » est refusé.", outcome.errors)
    return outcome
