"""What a sent or accepted relevé lets nobody change, case by case and by chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.accompagner import ACTEURS
from core.catalogue.connecter import IMMEUBLES
from core.catalogue.equiper import MATERIEL
from core.catalogue.transverse import COMMUNICATION, COMPTES, JALONS
from core.domain.access import ReleveState
from core.domain.calendar import Period
from core.domain.dataset import Dataset
from core.domain.releve import Releve, Term
from core.reporting.locks import HeldSpan, Locks, held_keys, locks_of, undone
from core.storage.rows import Diff

HERE, ELSEWHERE = "ct2-pays-d-aix", "ct3-pays-salonais"
HELD = Period.quarter(2021, 3)
IN, LATER, OPEN = date(2021, 8, 1), date(2021, 9, 2), date(2021, 11, 3)
LOCKS = Locks({HERE: (HeldSpan(HELD.start, HELD.end, ReleveState.APPROVED),)})


def frame(dataset: Dataset, *rows: dict[str, Any]) -> pl.DataFrame:
    kept = {column.name: column.kind.dtype for column in dataset.columns}
    schema = {"_key": pl.String, "_experiment": pl.String, **kept}
    whole = [{"_key": "A", "_experiment": HERE, **row} for row in rows]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in whole], schema=schema)


def changing(dataset: Dataset, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, ReleveState]:
    """What is held of one row that comes, changes or goes."""
    none = frame(dataset)
    old, new = (none if row is None else frame(dataset, row) for row in (before, after))
    if before is None:
        diff, gone = Diff(new, none, none, 0), None
    elif after is None:
        diff, gone = Diff(none, none, none, 0), old
    else:
        diff, gone = Diff(none, new, old, 0), None
    return held_keys(dataset, diff, LOCKS, gone)


GIVEN = {"date_reception": IN, "date_remise": LATER, "statut": "remis", "lieu": "aix", "type_beneficiaire": "étudiant"}
M, F, A, B = MATERIEL, COMMUNICATION, ACTEURS, IMMEUBLES
CASES = [
    # a fact: its day, before or after
    (F, None, {"date": IN}, True),
    (F, None, {"date": OPEN}, False),
    (F, None, {"date": IN, "_experiment": ELSEWHERE}, False),
    (F, None, {"date": IN, "_experiment": None}, False),
    (F, {"date": IN}, {"date": OPEN}, True),
    (F, {"date": OPEN}, {"date": IN}, True),
    (F, {"date": OPEN, "canal": "affiche"}, {"date": OPEN, "canal": "presse"}, False),
    (F, {"date": IN}, None, True),
    (F, {"date": OPEN}, None, False),
    # a machine: what happened to it
    # handed over in the held quarter, then returned, given again, recycled in an open one: what was told stays told
    (M, GIVEN, {**GIVEN, "date_retour": OPEN, "statut": "reconditionné"}, False),
    (M, GIVEN, {**GIVEN, "date_retour": OPEN, "date_nouvelle_remise": OPEN}, False),
    (M, GIVEN, {**GIVEN, "date_recyclage": OPEN, "statut": "recyclé"}, False),
    (M, GIVEN, {**GIVEN, "statut": "reconditionné"}, True),
    (M, GIVEN, {**GIVEN, "date_retour": LATER, "statut": "reconditionné"}, True),
    (M, GIVEN, {**GIVEN, "date_retour": OPEN, "lieu": "pertuis"}, True),
    (M, GIVEN, {**GIVEN, "date_retour": OPEN, "date_remise": OPEN}, True),
    (M, None, {"date_reception": IN}, True),
    (M, None, {"date_reception": OPEN}, False),
    (M, None, {}, False),
    (M, {"date_reception": IN}, {"date_reception": IN, "date_test": OPEN, "statut": "testé"}, False),
    (M, {"date_reception": IN}, {"date_reception": IN, "date_test": LATER, "statut": "testé"}, True),
    (M, {"date_reception": IN, "date_test": OPEN}, {"date_reception": LATER, "date_test": OPEN}, True),
    (M, {"date_reception": IN, "date_test": OPEN}, {"date_test": OPEN}, True),
    (M, {"date_reception": OPEN}, {"date_reception": IN}, True),
    (M, {"date_reception": IN, "lot": "L1"}, {"date_reception": IN, "lot": "L2"}, True),
    (M, {"date_reception": IN, "date_test": OPEN}, {"date_reception": IN, "date_test": OPEN, "lot": "L2"}, False),
    (M, {"date_reception": IN, "date_test": OPEN}, {"date_reception": IN}, False),
    (M, {"lot": "L1"}, {"lot": "L2"}, False),
    (M, {"date_reception": IN, "date_test": OPEN}, None, True),
    (M, {"date_reception": OPEN}, None, False),
    (M, {"date_reception": IN}, {"date_reception": IN, "_experiment": ELSEWHERE}, True),
    # a building: how it stands now is of no period
    (B, {"date_diagnostic": IN, "fai": None}, {"date_diagnostic": IN, "fai": "opérateur X"}, False),
    (B, {"date_diagnostic": IN, "nb_logements": 40}, {"date_diagnostic": IN, "nb_logements": 41}, True),
    # a planned day is no event
    (JALONS, {"date_prevue": IN}, {"date_prevue": OPEN}, False),
    (JALONS, {"date_prevue": IN}, {"date_prevue": IN, "date_reelle": OPEN}, False),
    (JALONS, {"date_prevue": IN}, {"date_prevue": IN, "date_reelle": LATER}, True),
    # an actor is visited again: its day moves on
    (A, {"date_maj": IN}, {"date_maj": OPEN}, False),
    (A, {"date_maj": IN, "nom": "Autre"}, {"date_maj": IN}, True),
    (A, {"date_maj": IN}, {}, True),
    (A, {"date_maj": IN}, None, True),
    # no day at all: nothing to hold
    (COMPTES, {"montant": 1}, {"montant": 2}, False),
]


@pytest.mark.parametrize(("dataset", "before", "after", "held"), CASES)
def test_each_case(dataset: Dataset, before: Any, after: Any, held: bool) -> None:
    assert changing(dataset, before, after) == ({"A": ReleveState.APPROVED} if held else {})


def test_rows_of_no_experiment_are_held_by_what_all_hold() -> None:
    row = frame(COMMUNICATION, {"date": IN, "_experiment": None})
    diff = Diff(row, row.clear(), row.clear(), 0)
    common = Locks({HERE: ()}, (HeldSpan(HELD.start, HELD.end, ReleveState.APPROVED),))
    assert held_keys(COMMUNICATION, diff, common) == {}, "no experiment holds anything"
    both = Locks(LOCKS.by_experiment, common.common)
    assert held_keys(COMMUNICATION, diff, both) == {"A": ReleveState.APPROVED}


days = st.one_of(st.none(), st.dates(date(2021, 6, 1), date(2021, 12, 31)))
machines = st.fixed_dictionaries(dict.fromkeys(MATERIEL.events, days))


@settings(deadline=None)
@given(before=machines, after=machines)
def test_what_happened_in_the_period_never_changes(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whatever is let through, the days inside the held period are the same before and after."""

    def inside(row: dict[str, Any]) -> dict[str, date]:
        return {name: day for name, day in row.items() if day and day in HELD}

    if not changing(MATERIEL, before, after):
        assert inside(before) == inside(after)


@settings(deadline=None)
@given(before=machines, after=machines)
def test_without_a_day_in_the_period_nothing_is_held(before: dict[str, Any], after: dict[str, Any]) -> None:
    moved = [{name: day and day + timedelta(days=400) for name, day in row.items()} for row in (before, after)]
    assert changing(MATERIEL, *moved) == {}


def stands(experiment: str, association: str, state: ReleveState, period: Period = HELD) -> Releve:
    return Releve(Term(experiment, association, period, period.end), state, period.end)


@pytest.mark.parametrize(
    ("states", "held"),
    [
        ((ReleveState.APPROVED, ReleveState.APPROVED), ReleveState.APPROVED),
        ((ReleveState.APPROVED, ReleveState.SUBMITTED), ReleveState.SUBMITTED),
        ((ReleveState.APPROVED, ReleveState.DRAFT), None),
        ((ReleveState.DRAFT, ReleveState.DUE), None),
    ],
)
def test_common_rows_wait_for_the_last_experiment(
    states: tuple[ReleveState, ReleveState], held: ReleveState | None
) -> None:
    known = [stands(code, "anonymal", state) for code, state in zip((HERE, ELSEWHERE), states, strict=True)]
    found = locks_of(known, "anonymal", {ReleveState.APPROVED, ReleveState.SUBMITTED})
    assert found.holds(IN, LATER) is held
    assert found.holds(OPEN, OPEN) is None


def test_what_is_only_sent_holds_for_the_states_asked() -> None:
    known = [stands(HERE, "anonymal", ReleveState.SUBMITTED)]
    assert not locks_of(known, "anonymal", {ReleveState.APPROVED})
    assert locks_of(known, "anonymal", {ReleveState.APPROVED, ReleveState.SUBMITTED})


def test_undoing_turns_the_difference_round() -> None:
    old, new = frame(MATERIEL, {"date_test": IN}), frame(MATERIEL, {"date_test": OPEN})
    came, went = frame(MATERIEL, {"_key": "B"}), frame(MATERIEL, {"_key": "C", "date_test": IN})
    back = undone(Diff(came, new, old, 0, went))
    assert (back.added["_key"].to_list(), back.changed["date_test"].to_list()) == (["C"], [IN])
    assert back.before["date_test"].to_list() == [OPEN]
    assert held_keys(MATERIEL, back, LOCKS) == dict.fromkeys(["A", "C"], ReleveState.APPROVED)
