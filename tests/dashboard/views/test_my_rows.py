"""« Corriger mes lignes » and « Historique »: typed, stored, disputed, taken back, by those who may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import comments
from core.depositing import comments as evidence
from core.depositing.editing import Edits, save_edits
from core.domain.access import Actor
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import opened, plain, said
from tests.support.filled import LEAD, copied, demonstration_context, demonstration_url, registry
from tests.support.scopes import acting

ANONYMAL, IFAC = people.PEOPLE["anonymal"], people.PEOPLE["ifac"]
PARK = {"association": "anonymal", "jeu": "materiel"}
STEPS = {"association": "anonymal", "jeu": "jalons"}
GRID = "lignes-anonymal-jalons-grille"
NOW = datetime(2022, 7, 5, 8, tzinfo=UTC)

Signed = Callable[[Actor], Store]


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    """``signed(actor)`` installs a demonstration of one's own, that may be written, as that person sees it."""
    path = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry(), store, at=NOW)

        def sign(actor: Actor) -> Store:
            context.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: actor))
            return store

        yield sign


def keys(store: Store) -> list[str]:
    """The milestones that no accepted relevé holds: those that are still to come."""
    rows = store.rows("anonymal", "jalons")
    return rows.filter(rows["date_reelle"].is_null())["_key"].to_list()


def place(store: Store, key: str) -> int:
    return store.rows("anonymal", "jalons")["_key"].to_list().index(key)


def row(store: Store, key: str, dataset: str = "jalons") -> dict[str, Any]:
    return next(one for one in store.rows("anonymal", dataset).to_dicts() if one["_key"] == key)


def typed(page: AppTest, **state: Any) -> AppTest:
    """What a person types in the grid."""
    page.session_state[f"{GRID}-0"] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **state}
    return page.run()


def pressed(page: AppTest, label: str) -> AppTest:
    """The page once the button of that name was pressed."""
    (button,) = (one for one in page.button if plain(one.label) == label)
    return button.click().run()


def test_what_is_typed_in_the_grid_is_stored_and_said(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    new = {"code_jalon": "J-99", "libelle": "Bilan", "date_prevue": "1er septembre 2022", "statut": "En cours"}
    change = {place(store, key): {"prochaine_action": "Relancer", "date_prevue": "30/09/2022"}}
    page = typed(opened("lignes", **STEPS), edited_rows=change, added_rows=[new])
    page = pressed(page, "Enregistrer 2 modifications")
    assert "1 ligne est modifiée et 1 ligne est ajoutée." in said(page)
    assert (row(store, key)["prochaine_action"], row(store, key)["date_prevue"]) == ("Relancer", date(2022, 9, 30))
    assert row(store, "J-99")["date_prevue"] == date(2022, 9, 1)
    last = store.deposits()[-1]
    assert (last.actor, last.action, last.added, last.changed) == (ANONYMAL.name, "correction", 1, 1)


def test_a_machine_handed_over_in_the_grid_moves_the_first_page(signed: Signed) -> None:
    signed(ANONYMAL)
    assert "179 ordinateurs remis (objectif 250, incomplet)" in said(opened(periode="aujourd-hui"))
    page = opened("lignes", **PARK, cherche="MET-PC-0302")
    given = {"statut": "remis", "date_remise": "05/07/2022", "lieu": "Pertuis", "type_beneficiaire": "famille"}
    page.session_state["lignes-anonymal-materiel-grille-0"] = {"edited_rows": {0: {**given, "en_qpv": "oui"}}}
    page = pressed(page.run(), "Enregistrer 1 modification")
    assert "1 ligne est modifiée." in said(page)
    assert "180 ordinateurs remis (objectif 250, incomplet)" in said(opened(periode="aujourd-hui"))


def test_a_machine_of_an_accepted_releve_does_not_change_and_says_why(signed: Signed) -> None:
    store = signed(ANONYMAL)
    first = store.rows("anonymal", "materiel")["_key"][0]
    page = opened("lignes", **PARK)
    page.session_state["lignes-anonymal-materiel-grille-0"] = {"edited_rows": {0: {"lot": "L-77"}}}
    page = pressed(page.run(), "Enregistrer 1 modification")
    # The sentence names the column and the quarter; before, « Ce relevé » left the person to guess which.
    assert re.search(
        rf"Ligne « {re.escape(first)} », colonne « [^»]+ » : nous lisons « [^»]+ »\. "
        r"Le relevé du \de?r? trimestre 202\d est accepté : il ne se modifie plus\. Demandez sa réouverture\.",
        said(page),
    )
    assert row(store, first, "materiel")["lot"] != "L-77"


def test_a_cell_that_cannot_be_read_is_told_and_the_button_waits(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    page = typed(opened("lignes", **STEPS), edited_rows={place(store, key): {"date_prevue": "31/02/2022"}})
    assert f"Ligne « {key} », colonne « date prévue »" in said(page)
    assert "Ce jour n’existe pas." in said(page)
    (button,) = (one for one in page.button if one.label.startswith("Enregistrer"))
    assert button.disabled


def test_a_row_leaves_only_once_it_was_said_so(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[-1]
    page = opened("lignes", **STEPS, cherche=key.lower())
    page = typed(page, deleted_rows=[0])
    (button,) = (one for one in page.button if one.label.startswith("Enregistrer"))
    assert button.disabled
    page.checkbox(key=f"{GRID}-retrait").check().run()
    pressed(page, "Enregistrer 1 modification")
    assert key not in keys(store)


def test_the_second_of_two_people_is_shown_both_versions_and_chooses(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    mine = {place(store, key): {"libelle": "le mien", "cause": "Attente"}}
    page = typed(opened("lignes", **STEPS), edited_rows=mine)
    other = Actor("Inès", ANONYMAL.role, "anonymal")
    theirs = Edits(changed={key: {"libelle": "le sien", "prochaine_action": "Voir"}})
    save_edits(Scope(registry(), store, other, NOW), "anonymal", "jalons", theirs, based_on=store.latest())

    page = pressed(page, "Enregistrer 1 modification")
    assert "Inès, le 5 juillet 2022 à 10 h 00" in said(page)
    assert row(store, key)["libelle"] == "le sien"
    (choice,) = page.radio
    choice.set_value(choice.options[1])
    page = pressed(page, "Enregistrer avec ces choix")
    held = row(store, key)
    assert (held["libelle"], held["cause"], held["prochaine_action"]) == ("le mien", "Attente", "Voir")
    assert "1 ligne est modifiée." in said(page)


def test_one_row_is_corrected_by_its_form(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    page = opened("lignes", **STEPS, facon="ligne", ligne=key)
    (field,) = (one for one in page.text_input if one.label.startswith("Libellé"))
    field.set_value("Autre nom")
    page = pressed(page, "Enregistrer cette ligne")
    assert "1 ligne est modifiée." in said(page)
    assert row(store, key)["libelle"] == "Autre nom"


def test_the_lead_types_for_the_account_of_the_association(signed: Signed) -> None:
    store = signed(LEAD)
    change = {place(store, keys(store)[0]): {"libelle": "Autre nom"}}
    pressed(typed(opened("lignes", **STEPS), edited_rows=change), "Enregistrer 1 modification")
    last = store.deposits()[-1]
    assert (last.actor, last.on_behalf_of) == (LEAD.name, "anonymal")
    assert f"{LEAD.name}, pour le compte d’Anonymal" in said(opened("historique", **STEPS, depot=str(last.revision)))


def test_machines_are_marked_together_after_a_trial(signed: Signed) -> None:
    store = signed(ANONYMAL)
    received = [one["_key"] for one in store.rows("anonymal", "materiel").to_dicts() if one["statut"] == "reçu"][:3]
    page = opened("lignes", **PARK, facon="lot")
    page.radio(key="lignes-anonymal-materiel-lot-choix").set_value("Une liste de numéros collée").run()
    page.text_area(key="lignes-anonymal-materiel-lot-liste").set_value("\n".join([*received, "Z-0"])).run()
    assert "Aucune ligne ne porte « Z-0 »" in said(page)
    page.selectbox(key="lignes-anonymal-materiel-lot-statut").set_value("reconditionné").run()
    page.text_input(key="lignes-anonymal-materiel-lot-date_reconditionnement").set_value("5 juillet 2022").run()
    page = pressed(page, "Vérifier 3 lignes")
    assert "Rien n’est encore enregistré." in said(page)
    page = pressed(page, "Marquer 3 machines reconditionnées")
    assert "3 lignes sont modifiées." in said(page)
    assert {row(store, key, "materiel")["statut"] for key in received} == {"reconditionné"}


def test_a_deposit_is_read_cell_by_cell_and_taken_back(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    before = row(store, key)["libelle"]
    pressed(
        typed(opened("lignes", **STEPS), edited_rows={place(store, key): {"libelle": "L-77"}}),
        "Enregistrer 1 modification",
    )
    number = str(store.deposits()[-1].revision)  # the number that undoes it
    assert f"Dépôt n° {number} · Correction" in said(opened("historique", **STEPS))
    page = opened("historique", **STEPS, depot=number)
    assert "1 ligne reprendra sa valeur d’avant." in said(page) and "L-77" in said(page)
    page = pressed(page, "Annuler ce dépôt")
    assert "1 ligne a repris sa valeur d’avant." in said(page)
    assert row(store, key)["libelle"] == before


def test_one_change_of_a_row_is_taken_back_and_a_conflict_is_told(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    for name in ("L-1", "L-2"):
        edits = Edits(changed={key: {"libelle": name}})
        save_edits(Scope(registry(), store, ANONYMAL, NOW), "anonymal", "jalons", edits, based_on=store.latest())
    page = opened("historique", **STEPS, ligne=key)
    newest, older = [one for one in page.button if one.label.startswith("Annuler ce changement")][:2]
    page = older.click().run()
    assert "ce dépôt avait écrit « L-1 », il y a maintenant « L-2 »" in said(page)
    assert row(store, key)["libelle"] == "L-2"
    page = opened("historique", **STEPS, ligne=key)
    next(one for one in page.button if one.key == newest.key).click().run()
    assert row(store, key)["libelle"] == "L-1"


def test_what_is_locked_is_said_before_anybody_types(signed: Signed) -> None:
    signed(ANONYMAL)
    page = said(opened("lignes", **STEPS))
    assert "Ce qui s’est passé pendant un relevé accepté ne se modifie plus : " in page
    assert "1er trimestre 2022. Demander sa réouverture" in page
    assert "2e trimestre 2022" not in page.partition("Demander sa réouverture")[0]


def test_a_comment_is_written_read_and_taken_back(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    page = opened("historique", **STEPS, ligne=key)
    page.text_area[0].set_value("Vue en atelier.")
    page = pressed(page, "Ajouter ce commentaire")
    assert "Vue en atelier." in said(page)
    page = pressed(page, "Retirer ce commentaire")
    assert "Vue en atelier." not in said(page) and "Commentaire retiré par" in said(page)
    about = comments.About("anonymal", "jalons", key)
    assert len(comments.listed(store, about, actor=ANONYMAL)) == 1


def test_a_comment_that_a_purge_removed_says_so_and_offers_nothing(signed: Signed) -> None:
    store = signed(ANONYMAL)
    key = keys(store)[0]
    about = comments.About("anonymal", "jalons", key)
    number = comments.add(acting(store, ANONYMAL, NOW), about, "Vue en atelier.")
    with store.writing(people.LEAD, NOW) as writing:
        writing.purge("anonymal", "jalons", 0, {"months": 24}, lambda _connection, _data: [number])
    page = opened("historique", **STEPS, ligne=key)
    assert "Commentaire supprimé à la fin de sa durée de conservation." in said(page)
    assert "Vue en atelier." not in said(page)
    assert "Retirer ce commentaire" not in [one.label for one in page.button]


@pytest.mark.parametrize("path", ["lignes", "historique"])
@pytest.mark.parametrize("more", [{}, {"jeu": "materiel"}, {"jeu": "materiel", "depot": "1"}])
def test_another_association_is_refused(signed: Signed, path: str, more: dict[str, str]) -> None:
    signed(IFAC)
    page = said(opened(path, association="anonymal", **more))
    assert "Accès refusé" in page and "dépôt n°" not in page.lower()


def test_the_committee_reads_the_history_and_changes_nothing(signed: Signed) -> None:
    store = signed(people.COMMITTEE)
    assert "Accès refusé" in said(opened("lignes", **STEPS))
    page = opened("historique", **STEPS, ligne=keys(store)[0])
    assert "est dans les données d’aujourd’hui" in said(page)
    assert not page.button
    # A table that counts people tells how few they are: the committee reads its totals.
    assert "Le comité lit les totaux." in said(opened("historique", association="anonymal", jeu="diagnostics"))


def test_evidence_is_bounded_by_the_field_as_by_the_service() -> None:
    context.install(demonstration_context(visitor=IFAC))
    page = opened("historique", association="ifac", jeu="materiel")
    assert [one.proto.max_upload_size_mb for one in page.get("file_uploader")] == [evidence.LARGEST // 1024**2]
