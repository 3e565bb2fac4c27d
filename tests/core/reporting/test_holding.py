"""A deposit that touches a sent or accepted relevé: refused line by line, on the dry run as for good."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core import reporting
from core.checking.outcome import Outcome
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import LOCKED, SENT
from core.domain.french import typeset
from core.errors import Refused, RowsRefused
from tests.core.desk import WHO, Desk, who

EXPERIMENT, QUARTER = "ct6-pays-de-martigues", "2021-T3"
OWNER = who("point-formation")
AT = datetime(2021, 11, 5, 9, tzinfo=UTC)
HEAD = "code_action;lieu;date;canal\n"
IN, OUT = "A;martigues;15/07/2021;affichage\n", "B;martigues;02/10/2021;affichage\n"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """A desk at which one action of July was handed in, for a quarter that the calendar asks."""
    desk.save(
        "metropole",
        "periodes",
        {"code": QUARTER, "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)},
    )
    hand_in(desk, HEAD + IN)
    return desk


def hand_in(desk: Desk, text: str, **given: Any) -> Outcome:
    scope = Scope(desk.registry, desk.store, given.pop("actor", OWNER), AT)
    return submit.submit(scope, text.encode(), "f.csv", "point-formation", "communication", period=QUARTER, **given)


def send(desk: Desk) -> None:
    reporting.transmit(Scope(desk.registry, desk.store, OWNER, AT), EXPERIMENT, QUARTER)


def accept(desk: Desk) -> None:
    send(desk)
    reporting.accept(Scope(desk.registry, desk.store, WHO, AT), EXPERIMENT, QUARTER)


MOVED = "A;martigues;20/07/2021;affichage\n"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_line_of_an_accepted_releve_is_refused_like_a_wrong_line(held: Desk, dry_run: bool) -> None:
    accept(held)
    outcome = hand_in(held, HEAD + MOVED + OUT, dry_run=dry_run)
    assert (outcome.refused, outcome.rejected, outcome.revision) == (True, 1, None)
    (problem,) = outcome.errors
    assert (problem.line, problem.code) == (2, "releve_accepte")
    # The period and the column are named; before, « Ce relevé » left the person to guess which.
    told = LOCKED.replace("Ce relevé", "Le relevé du 3e trimestre 2021")
    assert f"{problem.expected} {problem.remedy}" == typeset(told)
    assert (problem.column, problem.found) == ("date", "20/07/2021")


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_other_lines_may_be_kept(held: Desk, dry_run: bool) -> None:
    accept(held)
    outcome = hand_in(held, HEAD + MOVED + OUT, dry_run=dry_run, keep_valid=True)
    assert (outcome.added, outcome.changed, outcome.rejected, outcome.refused) == (1, 0, 1, False)
    if not dry_run:
        rows = held.rows("point-formation", "communication")
        assert rows["A"]["date"] == date(2021, 7, 15) and "B" in rows


def test_the_same_lines_again_change_nothing_and_are_not_refused(held: Desk) -> None:
    accept(held)
    outcome = hand_in(held, HEAD + IN)
    assert (outcome.unchanged, outcome.rejected, outcome.revision) == (1, 0, None)


def test_nobody_removes_types_undoes_or_declares_in_an_accepted_releve(held: Desk) -> None:
    accept(held)
    told = typeset(LOCKED)
    with pytest.raises(Refused, match=told):
        hand_in(held, HEAD + OUT, removals=["A"])
    with pytest.raises(RowsRefused, match="il ne se modifie plus"):
        held.save(
            "point-formation",
            "communication",
            {"code_action": "C", "lieu": "martigues", "date": date(2021, 8, 1), "canal": "affichage"},
        )
    with pytest.raises(Refused, match=told):
        submit.undo(Scope(held.registry, held.store, WHO, AT), held.store.latest())
    with pytest.raises(Refused, match=told):
        submit.declare_nothing(Scope(held.registry, held.store, OWNER, AT), "point-formation", "formations", QUARTER)


def test_opened_again_it_may_be_changed_and_undone(held: Desk) -> None:
    accept(held)
    reporting.reopen(Scope(held.registry, held.store, WHO, AT), EXPERIMENT, QUARTER, "Une date fausse")
    changed = hand_in(held, HEAD + MOVED)
    assert changed.changed == 1
    assert submit.undo(Scope(held.registry, held.store, OWNER, AT), changed.revision).changed == 1


def test_a_sent_releve_holds_the_association_and_not_the_project_lead(held: Desk) -> None:
    send(held)
    outcome = hand_in(held, HEAD + MOVED)
    assert outcome.refused and outcome.errors[0].code == "releve_transmis"
    with pytest.raises(Refused, match=typeset(SENT)):
        submit.undo(Scope(held.registry, held.store, OWNER, AT), held.store.latest())
    assert hand_in(held, HEAD + MOVED, actor=WHO).changed == 1


def test_a_returned_releve_is_corrected(held: Desk) -> None:
    send(held)
    reporting.give_back(Scope(held.registry, held.store, WHO, AT), EXPERIMENT, QUARTER, "Dates inversées")
    assert hand_in(held, HEAD + MOVED).changed == 1


def test_the_days_of_an_accepted_period_do_not_move(held: Desk) -> None:
    """Else the lock would leave with the period."""
    quarter = {"code": QUARTER, "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)}
    accept(held)
    with pytest.raises(RowsRefused, match="accepté"):
        held.save("metropole", "periodes", quarter | {"debut": date(2021, 8, 1)})
    with pytest.raises(Refused, match="accepté"):
        held.save("metropole", "periodes", removals=[QUARTER])
    assert held.save("metropole", "periodes", quarter | {"echeance": date(2021, 10, 14)}).changed == 1
    reporting.reopen(Scope(held.registry, held.store, WHO, AT), EXPERIMENT, QUARTER, "Dates fausses")
    assert held.save("metropole", "periodes", quarter | {"fin": date(2021, 9, 29)}).changed == 1


def test_a_connection_is_held_by_the_place_of_its_building(held: Desk) -> None:
    """A row without a place of its own belongs where its building stands."""
    building = {"code_immeuble": "MA-01", "lieu": "martigues", "bailleur": "bailleur C", "nb_logements": 40}
    held.save("point-formation", "immeubles", building | {"date_diagnostic": date(2021, 10, 12)})
    accept(held)
    month = {"code_immeuble": "MA-01", "mois": date(2021, 9, 1), "accords": 2, "mises_en_service": 0}
    with pytest.raises(RowsRefused, match="accepté"):
        held.save("point-formation", "raccordements", month)
    assert held.save("point-formation", "raccordements", month | {"mois": date(2021, 10, 1)}).added == 1


def test_the_days_of_an_experiment_do_not_leave_an_accepted_period_out(held: Desk) -> None:
    """Else the relevé would become « sans objet », and its lock would leave."""
    days = {"experience": EXPERIMENT, "debut": date(2021, 7, 1), "fin": date(2022, 12, 31)}
    accept(held)
    with pytest.raises(RowsRefused, match="accepté"):
        held.save("metropole", "dates_experimentations", days | {"debut": date(2021, 10, 1)})
    held.save("metropole", "dates_experimentations", days)
    for moved in ({"debut": date(2021, 10, 1)}, {"debut": date(2021, 6, 1), "fin": date(2021, 6, 30)}):
        with pytest.raises(RowsRefused, match="accepté"):
            held.save("metropole", "dates_experimentations", days | moved)
    assert held.save("metropole", "dates_experimentations", days | {"debut": date(2021, 8, 2)}).changed == 1
    other = {"experience": "ct2-pays-d-aix", "debut": date(2021, 10, 1), "fin": date(2022, 12, 31)}
    assert held.save("metropole", "dates_experimentations", other).added == 1
    with pytest.raises(RowsRefused, match="accepté"):
        hand_in_strictly(held)
    reporting.reopen(Scope(held.registry, held.store, WHO, AT), EXPERIMENT, QUARTER, "Dates fausses")
    assert held.save("metropole", "dates_experimentations", days | {"debut": date(2021, 10, 1)}).changed == 1


def hand_in_strictly(desk: Desk) -> None:
    """The lock is still there."""
    moved = {"code_action": "A", "lieu": "martigues", "date": date(2021, 7, 20), "canal": "affichage"}
    desk.save("point-formation", "communication", moved)
