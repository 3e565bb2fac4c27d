"""The year, step by step, through the same doors as everybody: submissions, judged and journalled."""

from __future__ import annotations

from functools import cache

from core import reporting
from core.contract import Registry, schema_setup
from core.demonstration import associations, files, lead, meetings, people, story
from core.demonstration.people import LeadEntry, Nothing, ReleveStep, Step, StoryDeposit, StoryNarrative
from core.demonstration.receivers import Holdings, holdings
from core.depositing import submit
from core.domain.programme import METROPOLE
from core.errors import RowsRefused
from core.storage import Store


@cache
def year() -> Holdings:
    """The demonstration's own year, made once."""
    return holdings(story.SEED)


def timeline(told: Holdings) -> list[Step | meetings.Sitting]:
    """Everything that was done, in the order of time."""
    every = [
        *lead.steps(told),
        *associations.anonymal_steps(told),
        *associations.ifac_steps(told),
        *associations.arsenic_steps(told),
        *associations.point_formation_steps(told),
        *meetings.review_steps(),
        *meetings.committee_steps(),
    ]
    return sorted(every, key=lambda step: step.at)


def fill(registry: Registry, store: Store) -> None:
    """Tell the fictitious year into an empty store.

    Raises RowsRefused when a file of the story is refused: a schema changed and the story did not.
    """
    told = timeline(year())
    schema_setup.prepare(registry, store, at=told[0].at)
    for step in told:
        play(registry, store, step)
    people.play(registry, store)


def play(registry: Registry, store: Store, step: Step | meetings.Sitting) -> None:
    """One step of the story."""
    match step:
        case StoryDeposit():
            _deposit(registry, store, step)
        case Nothing():
            who = people.PEOPLE[step.association]
            submit.declare_nothing(registry, store, step.association, step.dataset, step.period, actor=who, at=step.at)
        case LeadEntry():
            _entry(registry, store, step)
        case ReleveStep():
            _done(registry, store, step)
        case StoryNarrative():
            _told(registry, store, step)
        case meetings.Sitting():
            meetings.play(registry, store, step)


def _entry(registry: Registry, store: Store, step: LeadEntry) -> None:
    submit.save_rows(
        registry, store, METROPOLE, step.dataset, step.rows, actor=people.LEAD, at=step.at, removals=step.removed
    )


def _deposit(registry: Registry, store: Store, step: StoryDeposit) -> None:
    dataset = registry.dataset(step.association, step.dataset)
    data, name = files.written(step.association, dataset, step.title, step.rows)
    outcome = submit.submit(
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


def _done(registry: Registry, store: Store, step: ReleveStep) -> None:
    by_association = step.deed in (reporting.ReleveAction.SENT, reporting.ReleveAction.ASKED)
    actor = people.PEOPLE[step.association] if by_association else people.LEAD
    whom = people.Whom(actor=actor, at=step.at)
    match step.deed:
        case reporting.ReleveAction.SENT:
            reporting.transmit(registry, store, step.experiment, step.period, **whom)
        case reporting.ReleveAction.ACCEPTED:
            reporting.accept(registry, store, step.experiment, step.period, **whom)
        case reporting.ReleveAction.RETURNED:
            reporting.give_back(registry, store, step.experiment, step.period, step.reason, **whom)
        case reporting.ReleveAction.ASKED:
            reporting.ask_reopening(registry, store, step.experiment, step.period, step.reason, **whom)
        case reporting.ReleveAction.REOPENED:
            reporting.reopen(registry, store, step.experiment, step.period, step.reason, **whom)


def _told(registry: Registry, store: Store, step: StoryNarrative) -> None:
    reporting.tell(
        registry,
        store,
        step.experiment,
        step.period,
        step.text,
        actor=people.PEOPLE[step.association],
        at=step.at,
        cause=step.cause,
        next_action=step.action,
        axis=step.axis,
    )
