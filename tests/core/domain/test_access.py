"""The whole matrix: every role, action, experiment's association and state of a relevé."""

from __future__ import annotations

import itertools

import pytest

from core.deliberation import ASSOCIATIONS, EXPERIMENTS
from core.domain.access import LOCKED, OTHERS, SENT, Action, Actor, On, ReleveState, Role, allowed, check, refusal
from core.domain.french import typeset
from core.errors import Forbidden

LEAD, COMMITTEE = Actor("Karim", Role.LEAD), Actor("Élue", Role.COMMITTEE)
BODIES = {code: Actor(code, Role.ASSOCIATION, code) for code in ASSOCIATIONS}
STATES = (None, *ReleveState)
OWN = {Action.READ_ROWS, Action.READ_HISTORY, Action.DEPOSIT, Action.TRANSMIT}
# Neither small counts of people nor the rows as they were handed in: a committee reads on the screens what its
# documents tell (figures.md, « Small counts »).
READING = {Action.READ, Action.READ_ROWS, Action.EXPORT}
PLACES = list(itertools.product(EXPERIMENTS, STATES))
every_action = pytest.mark.parametrize("action", Action)


def on(experiment: str, state: ReleveState | None, association: str | None = None, granted: bool = False) -> On:
    owner = EXPERIMENTS[experiment].association.code
    return On(association or owner, owner, granted, state)


@every_action
def test_lead_may_do_all_but_change_what_is_approved(action: Action) -> None:
    for experiment, state in PLACES:
        locked = action is Action.DEPOSIT and state is ReleveState.APPROVED
        assert allowed(LEAD, action, on(experiment, state)) is not locked, (experiment, state)


@every_action
def test_committee_reads_and_changes_nothing(action: Action) -> None:
    for experiment, state in PLACES:
        assert allowed(COMMITTEE, action, on(experiment, state)) is (action in READING), (experiment, state)


@every_action
@pytest.mark.parametrize("body", ASSOCIATIONS)
def test_association_changes_its_own_open_relevés(body: str, action: Action) -> None:
    for experiment, state in PLACES:
        mine = EXPERIMENTS[experiment].association.code == body
        shut = action is Action.DEPOSIT and state in (ReleveState.APPROVED, ReleveState.SUBMITTED)
        expected = action in (Action.READ, Action.READ_COUNTS, Action.EXPORT) or (mine and action in OWN and not shut)
        assert allowed(BODIES[body], action, on(experiment, state)) is expected, (experiment, state)


@every_action
@pytest.mark.parametrize("nobody", [None, Actor("", Role.PUBLIC)])
def test_nobody_without_a_session(nobody: Actor | None, action: Action) -> None:
    assert not any(allowed(nobody, action, on(experiment, state)) for experiment, state in PLACES)


def test_a_grant_lets_hand_in_at_another_s_experiment_and_no_more() -> None:
    there = on("ct2-pays-d-aix", ReleveState.DRAFT, association="arsenic", granted=True)
    assert allowed(BODIES["arsenic"], Action.DEPOSIT, there)
    assert not allowed(BODIES["arsenic"], Action.DEPOSIT, on("ct2-pays-d-aix", None, association="arsenic"))
    assert not allowed(BODIES["ifac"], Action.DEPOSIT, there)


@pytest.mark.parametrize(
    ("actor", "state", "said"),
    [
        (BODIES["anonymal"], None, OTHERS),
        (BODIES["ifac"], ReleveState.SUBMITTED, SENT),
        (LEAD, ReleveState.APPROVED, LOCKED),
    ],
)
def test_reason_is_said_in_french(actor: Actor, state: ReleveState | None, said: str) -> None:
    there = on("ct1-frais-vallon", state)
    assert refusal(actor, Action.DEPOSIT, there) == typeset(said)
    with pytest.raises(Forbidden, match=typeset(said)[:20]):
        check(actor, Action.DEPOSIT, there)
