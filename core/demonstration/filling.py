"""The year, step by step, through the same doors as everybody: submissions, judged and journalled."""

from __future__ import annotations

from functools import cache

from core.demonstration import (
    anonymal,
    arsenic,
    committees,
    files,
    ifac,
    metropole,
    people,
    point_formation,
    points,
    reviews,
    story,
)
from core.demonstration.holdings import Holdings, holdings
from core.demonstration.steps import Deposit, Done, Entry, Nothing, Step, Told
from core.domain.experiment import METROPOLE
from core.errors import RowsRefused
from core.registry import Registry
from core.services import opening, releves, submissions
from core.storage import Store


@cache
def year() -> Holdings:
    """The demonstration's own year, made once."""
    return holdings(story.SEED)


def timeline(told: Holdings) -> list[Step | committees.Sitting]:
    """Everything that was done, in the order of time."""
    every = [
        *metropole.steps(told),
        *anonymal.steps(told),
        *ifac.steps(told),
        *arsenic.steps(told),
        *point_formation.steps(told),
        *reviews.steps(),
        *committees.steps(),
    ]
    return sorted(every, key=lambda step: step.at)


def fill(registry: Registry, store: Store) -> None:
    """Tell the fictitious year into an empty store.

    Raises RowsRefused when a file of the story is refused: a schema changed and the story did not.
    """
    told = timeline(year())
    opening.prepare(registry, store, at=told[0].at)
    for step in told:
        play(registry, store, step)
    points.play(registry, store)


def play(registry: Registry, store: Store, step: Step | committees.Sitting) -> None:
    """One step of the story."""
    match step:
        case Deposit():
            _deposit(registry, store, step)
        case Nothing():
            who = people.PEOPLE[step.association]
            submissions.declare_nothing(
                registry, store, step.association, step.dataset, step.period, actor=who, at=step.at
            )
        case Entry():
            _entry(registry, store, step)
        case Done():
            _done(registry, store, step)
        case Told():
            _told(registry, store, step)
        case committees.Sitting():
            committees.play(registry, store, step)


def _entry(registry: Registry, store: Store, step: Entry) -> None:
    submissions.save_rows(
        registry, store, METROPOLE, step.dataset, step.rows, actor=people.LEAD, at=step.at, removals=step.removed
    )


def _deposit(registry: Registry, store: Store, step: Deposit) -> None:
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


def _done(registry: Registry, store: Store, step: Done) -> None:
    by_association = step.deed in (releves.Deed.SENT, releves.Deed.ASKED)
    actor = people.PEOPLE[step.association] if by_association else people.LEAD
    whom = {"actor": actor, "at": step.at}
    match step.deed:
        case releves.Deed.SENT:
            releves.transmit(registry, store, step.experiment, step.period, **whom)
        case releves.Deed.ACCEPTED:
            releves.accept(registry, store, step.experiment, step.period, **whom)
        case releves.Deed.RETURNED:
            releves.give_back(registry, store, step.experiment, step.period, step.reason, **whom)
        case releves.Deed.ASKED:
            releves.ask_reopening(registry, store, step.experiment, step.period, step.reason, **whom)
        case releves.Deed.REOPENED:
            releves.reopen(registry, store, step.experiment, step.period, step.reason, **whom)


def _told(registry: Registry, store: Store, step: Told) -> None:
    releves.tell(
        registry,
        store,
        step.experiment,
        step.period,
        step.text,
        actor=people.PEOPLE[step.association],
        at=step.at,
        cause=step.cause,
        next_action=step.action,
    )
