"""The year, step by step, through the same doors as everybody: submissions, judged and journalled."""

from __future__ import annotations

from datetime import date
from functools import cache

from core import alerts, reporting
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.demonstration import associations, files, lead, meetings, people, story
from core.demonstration.people import LeadEntry, Nothing, ReleveStep, Step, StoryDeposit, StoryNarrative
from core.demonstration.receivers import Holdings, holdings
from core.depositing import submit
from core.domain.access import Actor
from core.domain.programme import METROPOLE
from core.errors import RowsRefused
from core.figures import Monitor
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
    _treat_points(registry, store)


def play(registry: Registry, store: Store, step: Step | meetings.Sitting) -> None:
    """One step of the story."""
    scope = Scope(registry, store, _actor(step), step.at)
    match step:
        case StoryDeposit():
            _deposit(scope, step)
        case Nothing():
            submit.declare_nothing(scope, step.association, step.dataset, step.period)
        case LeadEntry():
            submit.save_rows(scope, METROPOLE, step.dataset, step.rows, removals=step.removed)
        case ReleveStep():
            _done(scope, step)
        case StoryNarrative():
            reporting.tell(
                scope,
                step.experiment,
                step.period,
                step.text,
                cause=step.cause,
                next_action=step.action,
                axis=step.axis,
            )
        case meetings.Sitting():
            meetings.play(scope, step)


def _actor(step: Step | meetings.Sitting) -> Actor:
    """Who does a step: the association what is its own, else the project lead."""
    match step:
        case StoryDeposit() | Nothing() | StoryNarrative():
            return people.PEOPLE[step.association]
        case ReleveStep(deed=reporting.ReleveAction.SENT | reporting.ReleveAction.ASKED):
            return people.PEOPLE[step.association]
        case _:
            return people.LEAD


def _deposit(scope: Scope, step: StoryDeposit) -> None:
    dataset = scope.registry.dataset(step.association, step.dataset)
    data, name = files.written(step.association, dataset, step.title, step.rows)
    outcome = submit.submit(
        scope, data, name, step.association, step.dataset, removals=step.removed, period=step.period
    )
    if outcome.refused:
        raise RowsRefused(f"Démonstration : « {name} » est refusé.", outcome.errors)


def _done(scope: Scope, step: ReleveStep) -> None:
    match step.deed:
        case reporting.ReleveAction.SENT:
            reporting.transmit(scope, step.experiment, step.period)
        case reporting.ReleveAction.ACCEPTED:
            reporting.accept(scope, step.experiment, step.period)
        case reporting.ReleveAction.RETURNED:
            reporting.give_back(scope, step.experiment, step.period, step.reason)
        case reporting.ReleveAction.ASKED:
            reporting.ask_reopening(scope, step.experiment, step.period, step.reason)
        case reporting.ReleveAction.REOPENED:
            reporting.reopen(scope, step.experiment, step.period, step.reason)


# --- What the project lead made of some points two days before the committee, and a risk written down ----


_TREATED = (
    (
        "famille_hors_qpv",
        "Chefferie de projet (fictive)",
        "À l’ordre du jour du comité n° 4.",
        story.COMMITTEES[3],
        False,
    ),
    (
        "transfert_non_confirme",
        "Équipe de Point Formation (fictive)",
        "Accusé de réception demandé.",
        date(2022, 7, 15),
        False,
    ),
    (
        "valeur_superieure_a_300",
        "Atelier d’Anonymal (fictif)",
        "Mises de côté : le comité n° 3 a écarté leur remise.",
        None,
        True,
    ),
)
_RISK = (
    "Du matériel voté pourrait ne pas être cédé à temps",
    "46 ordinateurs et 22 écrans ne sont pas encore cédés, et le suivi s’arrête le 31 décembre 2022.",
)


def _treat_points(registry: Registry, store: Store) -> None:
    """Three points followed, of which one is closed; one risk."""
    scope = Scope(registry, store, people.LEAD, people.at(story.TODAY, 9))
    found = alerts.find(registry, store, Monitor(registry, store, today=story.TODAY), today=story.TODAY)
    for rule, owner, note, due, closed in _TREATED:
        for alert in found:
            if alert.code.startswith(f"{alerts.AlertType.RULE}/{rule}/"):
                alerts.treat(scope, alert, owner=owner, note=note, due=due, closed=closed)
    alerts.add_risk(scope, *_RISK, None)
