"""What people do with a relevé: who may, from which state, and what is said when they may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from core.domain.access import State
from core.domain.actor import Actor, Role
from core.domain.releve import Deed
from core.errors import Forbidden, Refused, UnknownName
from core.services import releves, submissions
from tests.core.services.desk import WHO, Desk, who

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
    submissions.declare_nothing(
        desk.registry, desk.store, "anonymal", "formations", QUARTER, actor=ANONYMAL, at=AT - timedelta(hours=1)
    )
    return desk


Step = Callable[..., releves.Releve]
STEPS: dict[Deed, Step] = {
    Deed.SENT: releves.transmit,
    Deed.RETURNED: partial(releves.give_back, reason="Deux dates inversées"),
    Deed.ACCEPTED: releves.accept,
    Deed.REOPENED: partial(releves.reopen, reason="Preuves retrouvées"),
    Deed.ASKED: partial(releves.ask_reopening, reason="Une ligne oubliée"),
    Deed.REFUSED: partial(releves.refuse_reopening, reason="Déjà présenté au comité"),
}
BY = {Deed.SENT: ANONYMAL, Deed.ASKED: ANONYMAL}


def do(desk: Desk, *deeds: Deed, actor: Actor | None = None) -> releves.Releve:
    """Each step in turn, by the person whose step it is, an hour apart."""
    known = len(releves.history(desk.store, SALON, QUARTER))
    for rank, deed in enumerate(deeds, start=known):
        person = actor or BY.get(deed, WHO)
        found = STEPS[deed](
            desk.registry, desk.store, SALON, QUARTER, actor=person, at=AT + timedelta(hours=rank)
        )  # fmt: skip
    return found


def state(desk: Desk, experiment: str = SALON) -> releves.Releve:
    return releves.state_of(desk.registry, desk.store, experiment, QUARTER, TODAY)


def test_a_releve_goes_from_draft_to_accepted(opened: Desk) -> None:
    assert state(opened).state is State.DRAFT
    assert state(opened, "ct1-frais-vallon").words.startswith("Attendu depuis le 7")
    assert do(opened, Deed.SENT).state is State.SUBMITTED
    returned = do(opened, Deed.RETURNED)
    assert (returned.state, returned.last.reason) == (State.RETURNED, "Deux dates inversées")
    assert do(opened, Deed.SENT, Deed.ACCEPTED).locked
    assert [one.deed for one in releves.history(opened.store, SALON, QUARTER)] == [
        Deed.SENT, Deed.RETURNED, Deed.SENT, Deed.ACCEPTED,
    ]  # fmt: skip
    assert opened.store.journal.verify()


def test_the_board_has_every_experiment_of_the_periods_that_began(opened: Desk) -> None:
    later = {"code": "2021-T4", "debut": date(2021, 10, 1), "fin": date(2021, 12, 31), "echeance": date(2022, 1, 10)}
    opened.save("metropole", "periodes", later)
    codes = [one.code for one in opened.registry.experiments]
    before = releves.board(opened.registry, opened.store, date(2021, 9, 30))
    assert [(one.experiment, one.period.code) for one in before] == [(code, QUARTER) for code in codes]
    assert len(releves.board(opened.registry, opened.store, date(2021, 10, 1))) == 2 * len(codes)


@pytest.mark.parametrize(
    ("before", "deed", "said"),
    [
        ((), Deed.ACCEPTED, "Brouillon"),
        ((Deed.SENT,), Deed.SENT, "déjà transmis"),
        ((Deed.SENT, Deed.ACCEPTED), Deed.SENT, "Demandez sa réouverture"),
        ((Deed.SENT, Deed.ACCEPTED), Deed.RETURNED, "rouvrez-le"),
        ((Deed.SENT, Deed.ACCEPTED), Deed.ACCEPTED, "déjà accepté"),
        ((), Deed.REOPENED, "Brouillon"),
        ((Deed.SENT, Deed.ASKED), Deed.ASKED, "déjà demandée"),
        ((Deed.SENT, Deed.ASKED), Deed.ACCEPTED, "répondez-lui d’abord"),
        ((Deed.SENT,), Deed.REFUSED, "Personne n’a demandé"),
    ],
)
def test_what_the_state_does_not_allow_is_said(
    opened: Desk, before: tuple[Deed, ...], deed: Deed, said: str
) -> None:  # fmt: skip
    if before:
        do(opened, *before)
    known = opened.store.last_entry()
    with pytest.raises(Refused, match=said):
        do(opened, deed)
    assert opened.store.last_entry() == known


def test_what_nobody_began_is_not_sent(opened: Desk) -> None:
    with pytest.raises(Refused, match="Rien n’a encore été déposé"):
        releves.transmit(opened.registry, opened.store, "ct1-frais-vallon", QUARTER, actor=ELSEWHERE, at=AT)


def test_a_period_that_is_not_over_is_not_sent(opened: Desk) -> None:
    with pytest.raises(Refused, match="n’est pas fini"):
        releves.transmit(
            opened.registry, opened.store, SALON, QUARTER, actor=ANONYMAL, at=datetime(2021, 9, 29, 9, tzinfo=UTC)
        )


@pytest.mark.parametrize("deed", [Deed.RETURNED, Deed.REOPENED, Deed.ASKED, Deed.REFUSED])
def test_a_reason_is_asked_for(opened: Desk, deed: Deed) -> None:
    do(opened, Deed.SENT)
    with pytest.raises(Refused, match="motif"):
        STEPS[deed](
            opened.registry, opened.store, SALON, QUARTER, reason="  ", actor=BY.get(deed, WHO), at=AT
        )  # fmt: skip


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("actor", [ELSEWHERE, COMMITTEE])
def test_another_association_and_the_committee_may_do_nothing(opened: Desk, deed: Deed, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        do(opened, deed, actor=actor)
    assert not releves.may(actor, deed, state(opened))


@pytest.mark.parametrize("deed", [Deed.RETURNED, Deed.ACCEPTED, Deed.REOPENED, Deed.REFUSED])
def test_an_association_does_not_review_itself(opened: Desk, deed: Deed) -> None:
    do(opened, Deed.SENT)
    with pytest.raises(Forbidden):
        do(opened, deed, actor=ANONYMAL)


def test_what_is_offered_follows_the_state(opened: Desk) -> None:
    def offered(actor: Actor) -> set[Deed]:
        return {deed for deed in Deed if releves.may(actor, deed, state(opened))}

    assert (offered(ANONYMAL), offered(WHO)) == ({Deed.SENT}, {Deed.SENT})
    do(opened, Deed.SENT)
    assert offered(ANONYMAL) == {Deed.ASKED}
    assert offered(WHO) == {Deed.RETURNED, Deed.ACCEPTED, Deed.REOPENED}
    do(opened, Deed.ACCEPTED, Deed.ASKED)
    assert (offered(ANONYMAL), offered(WHO)) == (set(), {Deed.REOPENED, Deed.REFUSED})


def test_an_unknown_releve_is_told_with_the_known_periods(opened: Desk) -> None:
    with pytest.raises(UnknownName, match="2021-T3"):
        releves.state_of(opened.registry, opened.store, SALON, "2030-T1", TODAY)
    with pytest.raises(UnknownName, match="Expérimentation"):
        releves.transmit(opened.registry, opened.store, "ct9", QUARTER, actor=WHO, at=AT)


def test_typed_by_the_project_lead_it_says_for_whom(opened: Desk) -> None:
    do(opened, Deed.SENT, actor=Actor("Karim", Role.LEAD, on_behalf_of="anonymal"))
    assert state(opened).last.on_behalf_of == "anonymal"
