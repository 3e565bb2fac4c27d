"""The project lead's registers: each screen stands empty and filled, and stores what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import submit
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard import context as contexts
from dashboard.context import Context
from dashboard.views.reference_tables import SCREENS
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import LEAD, NOW, copied, demonstration_context, demonstration_url, registry

FULL = {
    "objectifs": "au 31/12/2022 Comité n° 2 du 20 janvier 2022",
    "valeurs_depart": "Aucune valeur de départ n’est inscrite",
    "periodes": "3e trimestre 2021",
    "dates_experimentations": "67 %",
    "seuils": "50 % des logements, soit 30",
    "cles": "Non ventilé : aucune clé n’est décidée",
    "conventions": "compte rendu financier dû le 30 juin 2022",
    "versements": "82 300 €",
    "pieces": "attendu depuis le 30 juin 2022",
    "autorisations": "Aucune autorisation n’est donnée",
    "annexe_materiel": "657 machines, page 1 sur 14",
    "lots_cession": "409 sur 455",
    "conservation": "Combien de temps le passé est gardé",
}


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("code", SCREENS)
def test_each_register_tells_the_demonstration(code: str) -> None:
    assert FULL[code] in said(opened("registres", registre=code))


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("code", SCREENS)
def test_each_register_stands_empty(code: str) -> None:
    page = said(opened("registres", registre=code))
    assert "Dernier changement : jamais" in page
    assert "Cette page ne s’affiche pas" not in page


@pytest.mark.usefixtures("full")
def test_every_register_is_listed_with_what_it_lacks() -> None:
    page = said(opened("registres"))
    assert "2 seuils à fixer sur 14 immeubles éligibles." in page
    assert "14 ordinateurs et 9 écrans d’Anonymal à Point Formation, partis le 19 mai 2022." in page
    assert "18 000 € non ventilés (aucune clé pour la ligne d’ARSENIC)." in page
    assert "aucune clé pour la ligne d’IFAC" not in page


@pytest.mark.parametrize(
    "visitor",
    [*people.PEOPLE.values(), Actor("Élue", Role.COMMITTEE), None],
    ids=lambda one: one.name if one else "nobody",
)
def test_nobody_else_sees_the_registers(visitor: Actor | None) -> None:
    contexts.install(demonstration_context(visitor=visitor))
    for choices in ({}, {"registre": "seuils"}):
        page = said(opened("registres", **choices))
        assert "Accès refusé" in page or visitor is None
        assert "Seuils" not in page


@pytest.mark.usefixtures("full")
def test_an_unknown_register_is_told() -> None:
    assert "Vouliez-vous dire « seuils » ?" in said(opened("registres", registre="seuil"))


@pytest.mark.usefixtures("full")
def test_a_row_of_the_address_stands_in_the_form() -> None:
    page = opened("registres", registre="versements", ligne="MANDAT-FICTIF-ifac")
    assert "Modifier : MANDAT-FICTIF-ifac" in said(page)
    assert [one.value for one in page.text_input if one.label.startswith("Montant")] == ["14000,00"]
    assert "MANDAT-FICTIF-ifac" in html(page)


# --- what is typed is stored ------------------------------------------------------------------


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Store]:
    """A copy of the demonstration that a test may change, and its lead at the screen."""
    copy = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{copy}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        contexts.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: LEAD))
        yield store


def press(page: AppTest, words: str) -> str:
    """Press the button that bears these words; what the page then says."""
    [button] = [one for one in page.button if words in one.label]
    button.click()
    page.run()
    assert not page.exception
    return said(page)


def write(page: AppTest, **texts: str) -> None:
    """Type in the fields whose label begins so."""
    for label, text in texts.items():
        [field] = [one for one in page.text_input if one.label.startswith(label.replace("_", " "))]
        field.set_value(text)


def lead_rows(store: Store, dataset: str) -> dict[str, dict]:
    return {row["_key"]: row for row in store.rows("metropole", dataset).to_dicts()}


def test_one_decision_sets_the_threshold_of_several_buildings(writable: Store) -> None:
    page = opened("registres", registre="seuils")
    assert "MA-01" in str(page.multiselect[0].value)
    write(page, Part="40", Décision="Comité n° 4")
    page.run()
    told = press(page, "Fixer le seuil de 2 immeubles")
    assert f"2 seuils sont fixés. Dépôt n° {writable.latest()}" in told
    assert "Rien ne manque dans ce registre" in told
    rows = lead_rows(writable, "seuils")
    assert [rows[f"point-formation|{code}"]["part"] for code in ("MA-01", "MA-02")] == [40, 40]


def test_a_threshold_without_its_decision_is_refused_in_french(writable: Store) -> None:
    before = writable.latest()
    page = opened("registres", registre="seuils")
    write(page, Part="140")
    page.run()
    told = press(page, "Fixer le seuil")
    assert "Part des logements :" in told
    assert "Décision :" in told
    assert writable.latest() == before


def test_a_target_is_changed_then_removed(writable: Store) -> None:
    [key] = [one for one in lead_rows(writable, "objectifs") if one.startswith("ct3-pays-salonais|EQ5a")]
    page = opened("registres", registre="objectifs", ligne=key)
    assert "Modifier : Ordinateurs remis, Pays Salonais" in said(page)
    write(page, Valeur="60", Décision="Comité n° 4")
    told = press(page, "Enregistrer cet objectif")
    assert "Cet objectif est modifié." in told
    assert "valeur à atteindre 60 au lieu de 70" in told
    assert lead_rows(writable, "objectifs")[key]["valeur"] == 60
    page = opened("registres", registre="objectifs", ligne=key)
    [sure] = [one for one in page.checkbox if one.label.startswith("Retirer")]
    sure.check()
    page.run()
    assert "est retiré du registre" in press(page, "Retirer cet objectif")
    assert key not in lead_rows(writable, "objectifs")


def test_the_due_date_of_a_target_is_moved_with_the_day_of_its_decision(writable: Store) -> None:
    [key] = [one for one in lead_rows(writable, "objectifs") if one.startswith("ct3-pays-salonais|EQ5a")]
    before = lead_rows(writable, "objectifs")[key]
    assert "acte=echeance" in html(opened("registres", registre="objectifs", ligne=key))
    page = opened("registres", registre="objectifs", ligne=key, acte="echeance")
    box = f"deplacer-0-{key}"
    page.text_input(key=f"{box}-echeance").set_value("30/06/2023")
    page.text_input(key=f"{box}-decision").set_value("Comité n° 4")
    assert "Ce champ est à remplir ici." in press(page, "Déplacer l’échéance")
    assert lead_rows(writable, "objectifs")[key] == before
    page.text_input(key=f"{box}-decide_le").set_value("01/07/2022")
    told = press(page, "Déplacer l’échéance")
    assert "celle du 31 décembre 2022 tient jusqu’au 30 juin 2022" in told
    now = lead_rows(writable, "objectifs")
    assert key not in now
    [new] = [row for one, row in now.items() if one.startswith("ct3-pays-salonais|EQ5a")]
    assert new["valeur"] == before["valeur"]
    assert [new["echeance"].isoformat(), new["decide_le"].isoformat()] == ["2023-06-30", "2022-07-01"]


def test_saving_what_was_not_touched_changes_nothing(writable: Store) -> None:
    """« Comité n° 2 du 20 janvier 2022 » is kept with non-breaking spaces, which no form gives back."""
    [key] = [one for one in lead_rows(writable, "objectifs") if one.startswith("ct3-pays-salonais|EQ5a")]
    before = writable.latest()
    page = opened("registres", registre="objectifs", ligne=key)
    assert "Rien n’a changé dans ce formulaire" in press(page, "Enregistrer cet objectif")
    assert writable.latest() == before


def test_two_people_on_one_row_the_second_is_told(writable: Store) -> None:
    key = "MANDAT-FICTIF-ifac"
    page = opened("registres", registre="versements", ligne=key)
    other = lead_rows(writable, "versements")[key] | {"montant": 1_300_000}
    names = registry().dataset("metropole", "versements").by_name
    row = {name: other[name] for name in names}
    submit.save_rows(Scope(registry(), writable, LEAD, NOW), "metropole", "versements", [row])
    write(page, Montant="15 000")
    told = press(page, "Enregistrer ce versement")
    assert "Deux versions" in told
    assert "14 000 € 13 000 €" in told, "what was read, and what somebody else wrote"
    assert lead_rows(writable, "versements")[key]["montant"] == 1_300_000
    [choice] = page.radio
    choice.set_value(choice.options[1])
    assert "montant 15 000 € au lieu de 13 000 €" in press(page, "Enregistrer avec ces choix")
    assert lead_rows(writable, "versements")[key]["montant"] == 1_500_000


def test_what_exists_is_never_replaced_by_an_addition(writable: Store) -> None:
    before = lead_rows(writable, "versements")
    page = opened("registres", registre="versements")
    write(page, Référence="MANDAT-FICTIF-ifac", Date="02/05/2022", Montant="500")
    line, nature = page.selectbox
    line.set_value("Point Formation : déploiement des actions sur le CT6")
    nature.set_value("acompte")
    told = press(page, "Ajouter ce versement")
    assert "« MANDAT-FICTIF-ifac » existe déjà" in told
    assert "Montant 14 000 € 500 €" in told
    assert lead_rows(writable, "versements") == before
    told = press(page, "Modifier")
    assert "Modifier : MANDAT-FICTIF-ifac" in told
    assert "Ce que vous veniez de saisir" in told
    write(page, Montant="500")
    told = press(page, "Enregistrer ce versement")
    assert "Ce versement est modifié." in told
    assert "montant 500 € au lieu de 14 000 €" in told
    told = press(page, "Annuler")
    assert "C’est annulé" in told
    assert lead_rows(writable, "versements")["MANDAT-FICTIF-ifac"]["montant"] == 14_000_00


def test_a_refusal_takes_away_what_was_told_of_the_save_before(writable: Store) -> None:
    page = opened("registres", registre="versements")
    write(page, Référence="MANDAT-FICTIF-essai", Date="02/05/2022", Montant="500")
    line, nature = page.selectbox
    line.set_value("Point Formation : déploiement des actions sur le CT6")
    nature.set_value("acompte")
    assert "C’est enregistré" in press(page, "Ajouter ce versement")
    told = press(page, "Ajouter ce versement")
    assert "à corriger" in told and "C’est enregistré" not in told
    page.run()
    assert "C’est enregistré" not in said(page)


def test_a_field_left_blank_keeps_what_it_holds_unless_it_is_emptied(writable: Store) -> None:
    page = opened("registres", registre="conventions", ligne="anonymal")
    held = lead_rows(writable, "conventions")["anonymal"]
    write(page, Conditions="", Fin="", Date="01/10/2021")
    told = press(page, "Enregistrer cette convention")
    assert "Cette convention est modifiée." in told
    assert "Laissé vide, donc gardé : « Fin de l’exercice » et « Conditions de versement »." in told
    now = lead_rows(writable, "conventions")["anonymal"]
    assert {name: now[name] for name in ("conditions", "fin_exercice")} == {
        name: held[name] for name in ("conditions", "fin_exercice")
    }
    page = opened("registres", registre="conventions", ligne="anonymal")
    [box] = [one for one in page.checkbox if "Vider" in one.label and "Conditions" in one.label]
    box.check()
    assert "conditions de versement vidé, au lieu de" in press(page, "Enregistrer cette convention")
    assert lead_rows(writable, "conventions")["anonymal"]["conditions"] is None


def test_words_agree_with_the_thing(writable: Store) -> None:
    page = opened("registres", registre="dates_experimentations", ligne="ct3-pays-salonais")
    write(page, Fin="30/11/2022")
    said_then = press(page, "Modifier les dates de 1 expérimentation")
    assert "Les dates de 1 expérimentation sont modifiées." in said_then
    held = lead_rows(writable, "dates_experimentations")
    assert {code: str(row["fin"]) for code, row in held.items() if str(row["fin"]) != "2022-12-31"} == {
        "ct3-pays-salonais": "2022-11-30"
    }


def test_the_same_dates_for_the_six_are_one_form(writable: Store) -> None:
    page = opened("registres", registre="dates_experimentations")
    [which] = [one for one in page.multiselect if one.label == "Quelles expérimentations"]
    which.set_value([one.code for one in registry().experiments])
    page.run()
    write(page, Début="01/09/2021", Fin="31/08/2023")
    assert "Les dates de 6 expérimentations sont modifiées." in press(page, "Modifier les dates de 6 expérimentations")
    assert {(str(row["debut"]), str(row["fin"])) for row in lead_rows(writable, "dates_experimentations").values()} == {
        ("2021-09-01", "2023-08-31")
    }


def test_the_parts_of_a_key_make_a_whole_before_they_are_stored(writable: Store) -> None:
    page = opened("registres", registre="cles")
    fields = {label: f"cle-ifac-0-{name}" for label, name in (("a", "ct1-frais-vallon"), ("b", "ct1-plan-d-aou"))}
    page.text_input(key=fields["a"]).set_value("50")
    page.run()
    assert "Reste à répartir : 10 %" in said(page)
    assert page.button(key="cle-ifac-0-envoi").disabled
    page.text_input(key=fields["b"]).set_value("50")
    page.text_input(key="cle-ifac-0-decision").set_value("Comité n° 4")
    page.text_input(key="cle-ifac-0-date").set_value("05/07/2022")
    page.run()
    page.button(key="cle-ifac-0-envoi").click()
    page.run()
    assert "Cette clé est modifiée." in said(page)
    assert {row["part"] for row in lead_rows(writable, "cles").values()} == {50}


def test_quarters_are_prepared_with_the_due_dates_that_were_typed(writable: Store) -> None:
    page = opened("registres", registre="periodes")
    write(page, Du="01/07/2022", Au="31/12/2022")
    press(page, "Proposer les trimestres")
    dues = [one for one in page.text_input if "trimestre 2022" in one.label]
    assert [one.value for one in dues] == ["", ""]
    told = press(page, "Enregistrer 2 trimestres")
    assert "3e trimestre 2022" in told
    assert len(lead_rows(writable, "periodes")) == 4
    dues = [one for one in page.text_input if "trimestre 2022" in one.label]
    for field, day in zip(dues, ("10/10/2022", "09/01/2023"), strict=True):
        field.set_value(day)
    assert "2 trimestres sont préparés" in press(page, "Enregistrer 2 trimestres")
    assert str(lead_rows(writable, "periodes")["2022-T4"]["echeance"]) == "2023-01-09"


def test_a_batch_is_composed_then_its_deed_is_ready(writable: Store) -> None:
    page = opened("registres", registre="lots_cession")
    page.checkbox[0].check()
    write(page, Nom="Livraison 5")
    page.run()
    assert "68 machines sont dans le lot « Livraison 5 »" in press(page, "Mettre 68 machines")
    page = opened("registres", registre="lots_cession", lot="Livraison 5")
    filled = {one.label: one.value for one in page.text_input}
    assert (filled["Ordinateurs"], filled["Écrans"], filled["Lot"]) == ("46", "22", "Livraison 5")


def test_a_grant_says_what_it_allows(writable: Store) -> None:
    row = {"association": "arsenic", "dataset": "immeubles", "lieu": "aix"}
    submit.save_rows(Scope(registry(), writable, LEAD, NOW), "metropole", "autorisations", [row])
    page = said(opened("registres", registre="autorisations"))
    assert "ARSENIC peut remplir « Immeubles » à Aix-en-Provence : ces lignes comptent pour « Pays d’Aix »." in page
