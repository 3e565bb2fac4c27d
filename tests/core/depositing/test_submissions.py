"""A deposit is judged against everything known, and stored whole or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from core.catalogue import DATASETS
from core.checking.belonging import Assignment, ExperimentAssigner
from core.checking.outcome import Outcome
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.dataset import Severity
from core.errors import Conflict, FileRefused, Refused, RowsRefused, UnknownName
from core.storage import Store
from tests.core.desk import AT, BUILDING, MACHINE, WHO, Desk


def codes(outcome: Outcome, severity: Severity | None = None) -> list[str]:
    return [one.code for one in outcome.problems if severity in (None, one.severity)]


MATERIEL = """numero_inventaire;type;statut;date_reception
A-1;ordinateur fixe;reçu;16/09/2021
A-2;écran;reçu;16/09/2021
"""
BAD_DATE = MATERIEL + "A-3;écran;reçu;31/02/2022\n"
DIAGNOSTICS = "lieu;mois;diagnostics;besoin_equipement;besoin_connexion;besoin_accompagnement\n"


def test_a_sound_file_is_stored_with_its_bytes(desk: Desk) -> None:
    outcome = desk.submit(MATERIEL)
    assert (outcome.revision, outcome.added, outcome.rejected, outcome.refused) == (1, 2, 0, False)
    (deposit,) = desk.store.deposits()
    assert (deposit.actor, deposit.file_name, deposit.added) == ("Claire", "fichier.csv", 2)
    assert desk.store.file(deposit.sha256) == MATERIEL.encode()


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.submit(MATERIEL)
    again = desk.submit(MATERIEL)
    assert (again.revision, again.unchanged, again.refused) == (None, 2, False)
    assert desk.store.latest() == 1
    assert len(desk.store.deposits()) == 2


def test_one_bad_row_stops_the_whole_file(desk: Desk) -> None:
    outcome = desk.submit(BAD_DATE)
    assert (outcome.revision, outcome.added, outcome.rejected, outcome.refused) == (None, 0, 1, True)
    (problem,) = outcome.errors
    assert (problem.line, problem.column, problem.found) == (4, "date_reception", "31/02/2022")
    assert desk.rows() == {} and desk.store.deposits() == []


def test_valid_rows_are_kept_when_asked(desk: Desk) -> None:
    outcome = desk.submit(BAD_DATE, keep_valid=True)
    assert (outcome.revision, outcome.added, outcome.rejected, outcome.refused) == (1, 2, 1, False)
    assert set(desk.rows()) == {"A-1", "A-2"}


def test_keeping_valid_rows_needs_one(desk: Desk) -> None:
    outcome = desk.submit("numero_inventaire;type;statut\nA-3;écran;inconnu\n", keep_valid=True)
    assert outcome.refused and outcome.revision is None


def test_a_dry_run_says_all_and_stores_nothing(desk: Desk) -> None:
    desk.submit(MATERIEL)
    outcome = desk.submit(BAD_DATE.replace("A-2;écran", "A-2;ordinateur portable"), dry_run=True)
    assert (outcome.revision, outcome.added, outcome.changed, outcome.unchanged) == (None, 0, 1, 1)
    assert outcome.rejected == 1 and outcome.refused
    (cell,) = outcome.diff.cells()
    assert (cell.key, cell.column, cell.before, cell.after) == ("A-2", "type", "écran", "ordinateur portable")
    assert desk.store.latest() == 1 and len(desk.store.deposits()) == 1


def test_rows_absent_from_the_file_stay_until_named(desk: Desk) -> None:
    desk.submit(MATERIEL)
    short = MATERIEL.replace("A-2;écran;reçu;16/09/2021\n", "")
    proposed = desk.submit(short, dry_run=True)
    assert proposed.diff.missing["_key"].to_list() == ["A-2"] and proposed.removed == 0
    desk.submit(short)
    assert set(desk.rows()) == {"A-1", "A-2"}
    assert desk.submit(short, removals=["A-2"], dry_run=True).removed == 1
    assert desk.submit(short, removals=["A-2"]).removed == 1
    assert set(desk.rows()) == {"A-1"}


def test_a_column_absent_from_the_file_keeps_its_values(desk: Desk) -> None:
    desk.save("anonymal", "materiel", {**MACHINE, "lot": "L1", "affectation": "ct3-pays-salonais"})
    outcome = desk.submit(MATERIEL)
    assert (outcome.unchanged, outcome.added) == (1, 1)
    row = desk.rows()["A-1"]
    assert (row["lot"], row["_experiment"]) == ("L1", "ct3-pays-salonais")


def test_a_refused_file_is_not_kept(desk: Desk) -> None:
    with pytest.raises(FileRefused, match="Tél"):
        desk.submit(MATERIEL.replace("date_reception", "Tél. maman"))
    assert desk.store.deposits() == []


@pytest.mark.parametrize(
    ("association", "dataset", "near"),
    [("anonimal", "materiel", "anonymal"), ("anonymal", "materiels", "materiel")],
)
def test_an_unknown_code_gives_the_nearest(desk: Desk, association: str, dataset: str, near: str) -> None:
    with pytest.raises(UnknownName, match=near):
        desk.submit(MATERIEL, association, dataset)


def test_both_databases_keep_the_same_rows(desk: Desk, database_url: str) -> None:
    with Store.open(database_url) as store:
        here = Desk(desk.registry, store)
        here.save("point-formation", "immeubles", BUILDING)
        here.save("point-formation", "raccordements", CONNECTED)
        outcome = here.submit(MATERIEL)
        assert (outcome.revision, outcome.added) == (3, 2)
        assert here.submit(MATERIEL.replace("écran", "ordinateur fixe")).changed == 1
        with pytest.raises(Refused, match="«\u00a0Raccordements\u00a0»"):
            submit.undo(Scope(desk.registry, store, WHO, AT), 1)
        assert submit.undo(Scope(desk.registry, store, WHO, AT), 4).revision == 5
        assert {row["type"] for row in here.rows().values()} == {"ordinateur fixe", "écran"}


# --- to which experiment a row belongs -----------------------------------------------------

BELONGS = [
    ("ifac", "diagnostics", "Frais Vallon", "ct1-frais-vallon"),
    ("ifac", "diagnostics", "plan d'aou", "ct1-plan-d-aou"),
    ("anonymal", "diagnostics", "Aix", "ct2-pays-d-aix"),
    ("anonymal", "diagnostics", "SALON DE PROVENCE", "ct3-pays-salonais"),
    ("point-formation", "diagnostics", "Port de Bouc", "ct6-pays-de-martigues"),
    ("arsenic", "diagnostics", "Aix-en-Provence", "recherche-action"),
    ("arsenic", "diagnostics", "13055", "recherche-action"),
    ("arsenic", "diagnostics", "metropole", "recherche-action"),
]


@pytest.mark.parametrize(("association", "dataset", "written", "experiment"), BELONGS)
def test_the_place_gives_the_experiment(
    desk: Desk, association: str, dataset: str, written: str, experiment: str
) -> None:
    outcome = desk.submit(DIAGNOSTICS + f"{written};2021-09;10;1;1;1\n", association, dataset)
    assert not outcome.refused, list(outcome.problems)
    (row,) = desk.rows(association, dataset).values()
    assert row["_experiment"] == experiment


ACTORS = "id;nom;code_insee\n"
AT_A_COMMUNE = [
    ("arsenic", "13056", "recherche-action", "martigues"),
    ("arsenic", "13213", "recherche-action", "13055"),
    ("arsenic", "51454", "recherche-action", None),
    ("point-formation", "51454", "ct6-pays-de-martigues", None),
    ("anonymal", "13004", None, None),  # Arles: outside the 92, and two experiments to choose from
]


@pytest.mark.parametrize(("association", "insee", "experiment", "place"), AT_A_COMMUNE)
def test_a_commune_gives_the_experiment_it_can(
    desk: Desk, association: str, insee: str, experiment: str | None, place: str | None
) -> None:
    outcome = desk.submit(ACTORS + f"a1;Point d’accès;{insee}\n", association, "acteurs")
    assert not outcome.refused, list(outcome.problems)
    (row,) = desk.rows(association, "acteurs").values()
    assert (row["_experiment"], row["_place"]) == (experiment, place)


@pytest.mark.parametrize(
    ("insee", "verdict"),
    [("13213", Assignment("ct1-frais-vallon", "frais-vallon")), ("13055", Assignment(None, "13055"))],
)
def test_a_commune_around_two_quartiers_decides_nothing(desk: Desk, insee: str, verdict: Assignment) -> None:
    assert ExperimentAssigner(desk.registry, "ifac", DATASETS["acteurs"]).of_place(insee) == verdict


@pytest.mark.parametrize(
    ("association", "written", "said"),
    [
        ("ifac", "Aix", "IFAC n’a pas d’expérimentation à ce lieu."),
        ("anonymal", "Frais Vallon", "Anonymal n’a pas d’expérimentation à ce lieu."),
        ("point-formation", "13055", "Point Formation n’a pas d’expérimentation à ce lieu."),
        ("anonymal", "metropole", "Anonymal n’a pas d’expérimentation à ce lieu."),
    ],
)
def test_a_place_of_somebody_else_stops(desk: Desk, association: str, written: str, said: str) -> None:
    outcome = desk.submit(DIAGNOSTICS + f"{written};2021-09;10;1;1;1\n", association, "diagnostics")
    (problem,) = outcome.errors
    assert (problem.line, problem.column, problem.expected) == (2, "lieu", said)
    assert "autoriser" in problem.remedy


def test_an_axis_not_tried_at_the_place_stops(desk: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("anonymal", "immeubles", {**BUILDING, "lieu": "pertuis"})
    (problem,) = refused.value.problems
    assert problem.expected == "Anonymal ne mène pas l’axe 2 (Connecter) à ce lieu."
    assert problem.remedy.endswith("Aix-en-Provence ou Salon-de-Provence.")  # nobody could grant it


def test_a_refused_line_is_named_as_it_was_typed(desk: Desk) -> None:
    outcome = desk.submit("ligne_subvention;date;montant\nifac;31/03/2022;1\n", "anonymal", "depenses_a_date")
    (problem,) = outcome.errors
    assert (problem.found, problem.expected) == ("ifac", "Ce n’est pas une ligne de subvention d’Anonymal.")


def test_rules_read_what_holds_in_the_columns_not_given(desk: Desk) -> None:
    given = {"lieu": "aix", "type_beneficiaire": "étudiant", "preuve_effacement": "C-1"}
    desk.save("anonymal", "materiel", {**MACHINE, **given})
    again = desk.submit("numero_inventaire;type;statut\nA-1;ordinateur fixe;reçu\n")
    assert (again.refused, again.unchanged) == (False, 1)  # its date of reception is known
    head = "numero_inventaire;type;statut;date_remise\n"
    early = desk.submit(f"{head}A-1;ordinateur fixe;remis;01/09/2021\n")
    assert [one.code for one in early.errors] == ["date_remise_trop_tot"]
    assert (early.refused, early.rejected) == (True, 1)
    late = desk.submit(f"{head}A-1;ordinateur fixe;remis;01/10/2021\n")
    assert (late.changed, list(late.problems)) == (1, [])


def test_rows_that_the_file_lacks_are_counted(desk: Desk) -> None:
    both = "numero_inventaire;type;statut\nA-1;écran;cédé\nA-2;écran;cédé\n"
    assert desk.submit(both).kept == 0
    one = both.replace("A-2;écran;cédé\n", "")
    assert [desk.submit(one, dry_run=dry).kept for dry in (True, False)] == [1, 1]
    assert set(desk.rows()) == {"A-1", "A-2"}


def test_a_grant_lets_another_association_hand_in(desk: Desk) -> None:
    aix = {**BUILDING, "code_immeuble": "AX-01", "lieu": "aix"}
    with pytest.raises(RowsRefused):
        desk.save("arsenic", "immeubles", aix)
    desk.save("metropole", "autorisations", {"association": "arsenic", "dataset": "immeubles", "lieu": "aix"})
    desk.save("arsenic", "immeubles", aix)
    assert desk.rows("arsenic", "immeubles")["AX-01"]["_experiment"] == "ct2-pays-d-aix"
    with pytest.raises(RowsRefused):
        desk.save("arsenic", "immeubles", {**BUILDING, "lieu": "salon"})


MACHINES = [
    ({}, None, None),
    ({"affectation": "ct2-pays-d-aix"}, "ct2-pays-d-aix", None),
    ({"affectation": "ct2-pays-d-aix", "lieu": "salon"}, "ct3-pays-salonais", "salon"),
    ({"lieu": "pertuis"}, "ct2-pays-d-aix", "pertuis"),
]


@pytest.mark.parametrize(("columns", "experiment", "place"), MACHINES)
def test_the_place_of_a_machine_outweighs_its_assignment(
    desk: Desk, columns: dict[str, str], experiment: str | None, place: str | None
) -> None:
    desk.save("anonymal", "materiel", {**MACHINE, **columns})
    row = desk.rows()["A-1"]
    assert (row["_experiment"], row["_place"]) == (experiment, place)


def test_an_unknown_experiment_gives_the_nearest(desk: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("anonymal", "materiel", {**MACHINE, "affectation": "ct2-pays-aix"})
    assert "ct2-pays-d-aix" in refused.value.problems[0].remedy


def test_a_machine_is_not_meant_for_others(desk: Desk) -> None:
    with pytest.raises(RowsRefused, match="Ce n’est pas une expérimentation d’Anonymal"):
        desk.save("anonymal", "materiel", {**MACHINE, "affectation": "ct1-frais-vallon"})


def test_accounts_belong_to_the_associations_own_line(desk: Desk) -> None:
    spent = {"date": date(2021, 9, 30), "montant": 100_00}
    desk.save("ifac", "depenses_a_date", {"ligne_subvention": "ifac", **spent})
    with pytest.raises(RowsRefused) as refused:
        desk.save("ifac", "depenses_a_date", {"ligne_subvention": "anonymal-ct2", **spent})
    assert refused.value.problems[0].code == "ligne_subvention"


def test_support_belongs_to_the_programme_but_keeps_its_place(desk: Desk) -> None:
    support = {"code_appui": "1", "date": date(2021, 9, 1), "lieu": "aix", "axe": 1, "action": "visite technique"}
    desk.save("arsenic", "appuis", support)
    row = desk.rows("arsenic", "appuis")["1"]
    assert (row["_experiment"], row["_place"]) == (None, "aix")


# --- references ----------------------------------------------------------------------------

CONNECTED = {"code_immeuble": "MA-01", "mois": date(2022, 4, 1), "accords": 5, "mises_en_service": 0}


def test_an_unknown_building_stops_its_row(desk: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("point-formation", "raccordements", CONNECTED)
    (problem,) = refused.value.problems
    assert (problem.code, problem.column, problem.found) == ("reference_inconnue", "code_immeuble", "MA-01")


def test_a_building_that_rows_name_cannot_leave(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING, {**BUILDING, "code_immeuble": "MA-02"})
    desk.save("point-formation", "raccordements", CONNECTED)
    with pytest.raises(Refused, match="«\u00a0Raccordements\u00a0»"):
        desk.save("point-formation", "immeubles", BUILDING, removals=["MA-01"])
    assert desk.save("point-formation", "immeubles", BUILDING, removals=["MA-02"]).removed == 1


def test_the_place_of_a_connection_comes_from_its_building(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING)
    desk.save("point-formation", "raccordements", CONNECTED)
    (row,) = desk.rows("point-formation", "raccordements").values()
    assert (row["_place"], row["_experiment"], row["_key"]) == (None, None, "MA-01|2022-04-01")


# --- typed rows ----------------------------------------------------------------------------


def test_typed_rows_pass_the_same_rules(desk: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("anonymal", "materiel", {**MACHINE, "statut": "remis"})
    assert len(refused.value.problems) >= 1
    assert desk.rows() == {}


def test_a_strange_column_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="numero"):
        desk.save("anonymal", "materiel", {"numero": "A-1"})


def test_the_same_key_twice_is_refused(desk: Desk) -> None:
    outcome = desk.submit(MATERIEL + "A-1;écran;reçu;16/09/2021\n")
    assert outcome.refused and outcome.revision is None


# --- nothing to declare, undo ----------------------------------------------------------------


def test_nothing_to_declare_is_a_deposit(desk: Desk) -> None:
    outcome = submit.declare_nothing(desk.scope(), "ifac", "materiel", "2021-T3")
    assert outcome.revision == 1
    assert (desk.store.deposits()[0].period, desk.store.deposits()[0].association) == ("2021-T3", "ifac")


@pytest.mark.parametrize(("period", "error"), [("2023-T1", Refused), ("été", UnknownName)])
def test_a_wrong_period_declares_nothing(desk: Desk, period: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        submit.declare_nothing(desk.scope(), "ifac", "materiel", period)


def test_an_undone_deposit_leaves_later_ones(desk: Desk) -> None:
    desk.submit(MATERIEL)
    desk.save("anonymal", "materiel", {**MACHINE, "numero_inventaire": "B-1"})
    outcome = submit.undo(desk.scope(), 1)
    assert (outcome.revision, outcome.removed) == (3, 2)
    assert set(desk.rows()) == {"B-1"}


def test_an_undo_that_would_lose_a_change_is_refused(desk: Desk) -> None:
    desk.submit(MATERIEL)
    desk.save("anonymal", "materiel", {**MACHINE, "lot": "L2"})
    with pytest.raises(Conflict):
        submit.undo(desk.scope(), 1)


def test_an_undo_that_would_orphan_rows_is_refused(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING)
    desk.save("point-formation", "raccordements", CONNECTED)
    with pytest.raises(Refused, match="«\u00a0Raccordements\u00a0»"):
        submit.undo(desk.scope(), 1)
    assert "MA-01" in desk.rows("point-formation", "immeubles")


def test_a_row_left_aside_stands_in_the_file_and_is_not_absent(desk: Desk) -> None:
    head = "lieu;mois;structure;individuels;participations_ateliers\n"
    text = f"{head}frais-vallon;07/2021;A;1;2\n\nT4 2021;;;;\n{head}frais-vallon;10/2021;A;3;4\n"
    assert desk.submit(text, "ifac", "accompagnements", take_back=[6]).added == 2
    found = desk.submit(text, "ifac", "accompagnements", dry_run=True)
    assert (found.unchanged, found.kept) == (1, 0)
    assert found.diff is not None and found.diff.missing is not None and found.diff.missing.is_empty()
