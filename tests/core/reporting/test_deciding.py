"""What people do with a relevé: who may, from which state, and what is said when they may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from core import reporting
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, ReleveState, Role
from core.domain.releve import ReleveAction
from core.errors import Forbidden, Refused, UnknownName
from tests.core.desk import WHO, Desk, who

SALON, QUARTER = "ct3-pays-salonais", "2021-T3"
AT = datetime(2021, 10, 5, 9, tzinfo=UTC)
TODAY = date(2021, 10, 9)
ANONYMAL, ELSEWHERE = who("anonymal"), who("ifac")
COMMITTEE = Actor("Une élue", Role.COMMITTEE)


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """A desk whose calendar asks for the third quarter, for which Anonymal handed something in."""
    desk.save(
        "metropole",
        "periodes",
        {"code": QUARTER, "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)},
    )
    submit.declare_nothing(
        Scope(desk.registry, desk.store, ANONYMAL, AT - timedelta(hours=1)), "anonymal", "formations", QUARTER
    )
    return desk


Step = Callable[..., reporting.Releve]
STEPS: dict[ReleveAction, Step] = {
    ReleveAction.SENT: reporting.transmit,
    ReleveAction.RETURNED: partial(reporting.give_back, reason="Deux dates inversées"),
    ReleveAction.ACCEPTED: reporting.accept,
    ReleveAction.REOPENED: partial(reporting.reopen, reason="Preuves retrouvées"),
    ReleveAction.ASKED: partial(reporting.ask_reopening, reason="Une ligne oubliée"),
    ReleveAction.REFUSED: partial(reporting.refuse_reopening, reason="Déjà présenté au comité"),
}
BY = {ReleveAction.SENT: ANONYMAL, ReleveAction.ASKED: ANONYMAL}


def do(desk: Desk, *deeds: ReleveAction, actor: Actor | None = None) -> reporting.Releve:
    """Each step in turn, by the person whose step it is, an hour apart."""
    known = len(reporting.history(desk.store, SALON, QUARTER))
    for rank, deed in enumerate(deeds, start=known):
        person = actor or BY.get(deed, WHO)
        found = STEPS[deed](Scope(desk.registry, desk.store, person, AT + timedelta(hours=rank)), SALON, QUARTER)
    return found


def state(desk: Desk, experiment: str = SALON) -> reporting.Releve:
    return reporting.state_of(desk.registry, desk.store, experiment, QUARTER, TODAY)


def test_a_releve_goes_from_draft_to_accepted(opened: Desk) -> None:
    assert state(opened).state is ReleveState.DRAFT
    assert state(opened, "ct1-frais-vallon").words.startswith("Attendu depuis le 7")
    assert do(opened, ReleveAction.SENT).state is ReleveState.SUBMITTED
    returned = do(opened, ReleveAction.RETURNED)
    assert (returned.state, returned.last.reason) == (ReleveState.RETURNED, "Deux dates inversées")
    assert do(opened, ReleveAction.SENT, ReleveAction.ACCEPTED).locked
    assert [one.deed for one in reporting.history(opened.store, SALON, QUARTER)] == [
        ReleveAction.SENT,
        ReleveAction.RETURNED,
        ReleveAction.SENT,
        ReleveAction.ACCEPTED,
    ]
    assert opened.store.journal.verify()


def test_the_board_has_every_experiment_of_the_periods_that_began(opened: Desk) -> None:
    later = {"code": "2021-T4", "debut": date(2021, 10, 1), "fin": date(2021, 12, 31), "echeance": date(2022, 1, 10)}
    opened.save("metropole", "periodes", later)
    codes = [one.code for one in opened.registry.experiments]
    before = reporting.board(opened.registry, opened.store, date(2021, 9, 30))
    assert [(one.experiment, one.period.code) for one in before] == [(code, QUARTER) for code in codes]
    assert len(reporting.board(opened.registry, opened.store, date(2021, 10, 1))) == 2 * len(codes)


@pytest.mark.parametrize(
    ("before", "deed", "said"),
    [
        ((), ReleveAction.ACCEPTED, "Brouillon"),
        ((ReleveAction.SENT,), ReleveAction.SENT, "déjà transmis"),
        ((ReleveAction.SENT, ReleveAction.ACCEPTED), ReleveAction.SENT, "Demandez sa réouverture"),
        ((ReleveAction.SENT, ReleveAction.ACCEPTED), ReleveAction.RETURNED, "rouvrez-le"),
        ((ReleveAction.SENT, ReleveAction.ACCEPTED), ReleveAction.ACCEPTED, "déjà accepté"),
        ((), ReleveAction.REOPENED, "Brouillon"),
        ((ReleveAction.SENT, ReleveAction.ASKED), ReleveAction.ASKED, "déjà demandée"),
        ((ReleveAction.SENT, ReleveAction.ASKED), ReleveAction.ACCEPTED, "répondez-lui d’abord"),
        ((ReleveAction.SENT,), ReleveAction.REFUSED, "Personne n’a demandé"),
    ],
)
def test_what_the_state_does_not_allow_is_said(
    opened: Desk, before: tuple[ReleveAction, ...], deed: ReleveAction, said: str
) -> None:
    if before:
        do(opened, *before)
    known = opened.store.last_entry()
    with pytest.raises(Refused, match=said):
        do(opened, deed)
    assert opened.store.last_entry() == known


def test_what_nobody_began_is_not_sent(opened: Desk) -> None:
    with pytest.raises(Refused, match="Rien n’a encore été déposé"):
        reporting.transmit(Scope(opened.registry, opened.store, ELSEWHERE, AT), "ct1-frais-vallon", QUARTER)


def test_a_period_that_is_not_over_is_not_sent(opened: Desk) -> None:
    with pytest.raises(Refused, match="n’est pas fini"):
        reporting.transmit(
            Scope(opened.registry, opened.store, ANONYMAL, datetime(2021, 9, 29, 9, tzinfo=UTC)), SALON, QUARTER
        )


@pytest.mark.parametrize(
    "deed", [ReleveAction.RETURNED, ReleveAction.REOPENED, ReleveAction.ASKED, ReleveAction.REFUSED]
)
def test_a_reason_is_asked_for(opened: Desk, deed: ReleveAction) -> None:
    do(opened, ReleveAction.SENT)
    with pytest.raises(Refused, match="motif"):
        STEPS[deed](Scope(opened.registry, opened.store, BY.get(deed, WHO), AT), SALON, QUARTER, reason="  ")


@pytest.mark.parametrize("deed", list(ReleveAction))
@pytest.mark.parametrize("actor", [ELSEWHERE, COMMITTEE])
def test_another_association_and_the_committee_may_do_nothing(opened: Desk, deed: ReleveAction, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        do(opened, deed, actor=actor)
    assert not reporting.may(actor, deed, state(opened))


@pytest.mark.parametrize(
    "deed", [ReleveAction.RETURNED, ReleveAction.ACCEPTED, ReleveAction.REOPENED, ReleveAction.REFUSED]
)
def test_an_association_does_not_review_itself(opened: Desk, deed: ReleveAction) -> None:
    do(opened, ReleveAction.SENT)
    with pytest.raises(Forbidden):
        do(opened, deed, actor=ANONYMAL)


def test_what_is_offered_follows_the_state(opened: Desk) -> None:
    def offered(actor: Actor) -> set[ReleveAction]:
        return {deed for deed in ReleveAction if reporting.may(actor, deed, state(opened))}

    assert (offered(ANONYMAL), offered(WHO)) == ({ReleveAction.SENT}, {ReleveAction.SENT})
    do(opened, ReleveAction.SENT)
    assert offered(ANONYMAL) == {ReleveAction.ASKED}
    assert offered(WHO) == {ReleveAction.RETURNED, ReleveAction.ACCEPTED, ReleveAction.REOPENED}
    do(opened, ReleveAction.ACCEPTED, ReleveAction.ASKED)
    assert (offered(ANONYMAL), offered(WHO)) == (set(), {ReleveAction.REOPENED, ReleveAction.REFUSED})


def test_an_unknown_releve_is_told_with_the_known_periods(opened: Desk) -> None:
    with pytest.raises(UnknownName, match="2021-T3"):
        reporting.state_of(opened.registry, opened.store, SALON, "2030-T1", TODAY)
    with pytest.raises(UnknownName, match="Expérimentation"):
        reporting.transmit(Scope(opened.registry, opened.store, WHO, AT), "ct9", QUARTER)


def test_typed_by_the_project_lead_it_says_for_whom(opened: Desk) -> None:
    do(opened, ReleveAction.SENT, actor=Actor("Karim", Role.LEAD, on_behalf_of="anonymal"))
    assert state(opened).last.on_behalf_of == "anonymal"
