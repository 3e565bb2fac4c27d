"""Adding and changing are two acts, in every register: what exists is never replaced by an addition."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.catalogue.keys import KEY
from core.catalogue.lead import DATASETS
from core.depositing import history, submit
from core.depositing.editing import TAKEN, Edits, Result, save_edits, settle
from core.errors import RowsRefused
from tests.core.desk import BUILDING, Desk

DECIDED = "Comité du 14 octobre 2021"
DAY = date(2021, 10, 14)
ROWS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "objectifs": (
        {
            "experience": "ct3-pays-salonais",
            "indicateur": "EQ5a",
            "valeur": 70.0,
            "echeance": date(2022, 12, 31),
            "decision": DECIDED,
        },
        {"valeur": 52.0},
        "valeur à atteindre 52 au lieu de 70",
    ),
    "valeurs_depart": (
        {"experience": "ct3-pays-salonais", "indicateur": "EQ5a", "valeur": 12.0, "date": DAY},
        {"valeur": 0.0},
        "valeur de départ 0 au lieu de 12",
    ),
    "periodes": (
        {"code": "2021-T3", "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)},
        {"echeance": date(2021, 10, 11)},
        "échéance 11/10/2021 au lieu de 07/10/2021",
    ),
    "dates_experimentations": (
        {"experience": "ct3-pays-salonais", "debut": date(2021, 9, 1), "fin": date(2022, 6, 30)},
        {"fin": date(2022, 12, 31)},
        "fin 31/12/2022 au lieu de 30/06/2022",
    ),
    "seuils": (
        {"association": "point-formation", "code_immeuble": "MA-01", "part": 50.0, "decision": DECIDED},
        {"part": 60.0},
        "part des logements 60 au lieu de 50",
    ),
    "cles": (
        {"ligne": "ifac", "experience": "ct1-plan-d-aou", "part": 40.0, "decision": DECIDED, "date": DAY},
        {"part": 45.0},
        "part 45 au lieu de 40",
    ),
    "conventions": (
        {
            "association": "anonymal",
            "date_signature": DAY,
            "siret": "43493312300029",
            "fin_exercice": date(2021, 12, 31),
            "conditions": "Solde au vu du compte rendu.",
        },
        {"date_signature": date(2021, 10, 15)},
        "date de signature 15/10/2021 au lieu de 14/10/2021",
    ),
    "versements": (
        {
            "reference": "M-1",
            "ligne": "anonymal-ct2",
            "date": date(2021, 11, 2),
            "montant": 19_600_00,
            "nature": "avance",
        },
        {"montant": 17_200_00},
        "montant 17 200 € au lieu de 19 600 €",
    ),
    "pieces": (
        {"association": "ifac", "type": "compte rendu financier", "exercice": 2021, "echeance": date(2022, 6, 30)},
        {"recue_le": date(2022, 6, 20)},
        "reçue le 20/06/2022, vide jusque-là",
    ),
    "autorisations": ({"association": "arsenic", "dataset": "immeubles", "lieu": "aix"}, {}, ""),
    "annexe_materiel": (
        {"numero_inventaire": "PC-1", "type": "écran", "valeur_unitaire": 120_00, "lot": "Livraison 1"},
        {"lot": "Livraison 2"},
        "lot « Livraison 2 » au lieu de « Livraison 1 »",
    ),
    "lots_cession": (
        {"lot": "Livraison 1", "date": DAY, "ordinateurs": 20, "ecrans": 8},
        {"ordinateurs": 21},
        "ordinateurs 21 au lieu de 20",
    ),
    "conservation": (
        {"dataset": "materiel", "duree_mois": 36, "decision": DECIDED},
        {"duree_mois": 24},
        "durée en mois 24 au lieu de 36",
    ),
}
"""For each register: a row, the cells that a person changes in it, and how the change is told."""
CODES = [one.code for one in DATASETS]
CHANGING = [code for code in CODES if ROWS[code][1]]


def edit(desk: Desk, code: str, edits: Edits, based_on: int | None = None) -> Result:
    seen = desk.store.latest() if based_on is None else based_on
    return save_edits(desk.scope(), "metropole", code, edits, based_on=seen)


def filled(desk: Desk, code: str) -> str:
    """The register with its row; the key of the row."""
    if code == "seuils":
        desk.save("point-formation", "immeubles", BUILDING)
    edit(desk, code, Edits(added=(ROWS[code][0],)))
    [key] = desk.rows("metropole", code)
    return key


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("code", CODES)
def test_what_exists_is_never_replaced_by_an_addition(desk: Desk, code: str) -> None:
    key = filled(desk, code)
    before = desk.rows("metropole", code)
    with pytest.raises(RowsRefused) as refused:
        edit(desk, code, Edits(added=({**ROWS[code][0], **ROWS[code][1]},)))
    assert desk.rows("metropole", code) == before
    [problem] = refused.value.problems
    assert problem.code == TAKEN
    said = plain(str(refused.value))
    assert "existe déjà" in said
    assert "|" not in said, "a row is named in words"
    assert key == problem.found or key not in said


@pytest.mark.parametrize("code", CHANGING)
def test_a_change_keeps_the_other_cells_is_told_and_taken_back(desk: Desk, code: str) -> None:
    key = filled(desk, code)
    row, cells, words = ROWS[code]
    before = desk.rows("metropole", code)[key]
    outcome = edit(desk, code, Edits(changed={key: cells})).outcome
    assert outcome is not None and outcome.revision is not None
    assert (outcome.added, outcome.changed) == (0, 1)
    after = desk.rows("metropole", code)[key]
    assert {name: after[name] for name in {**row, **cells}} == {**row, **cells}
    assert {name: value for name, value in after.items() if name not in {*cells, "_since"}} == {
        name: value for name, value in before.items() if name not in {*cells, "_since"}
    }
    [turn] = history.turns_of(desk.registry, desk.store, outcome.revision)
    assert [plain(one) for one in turn.cells] == [words]
    submit.undo(desk.scope(), outcome.revision)
    again = desk.rows("metropole", code)[key]
    assert {name: value for name, value in again.items() if name != "_since"} == {
        name: value for name, value in before.items() if name != "_since"
    }


@pytest.mark.parametrize("code", CHANGING)
def test_two_people_at_one_cell_are_shown_both_versions(desk: Desk, code: str) -> None:
    key = filled(desk, code)
    seen = desk.store.latest()
    _, cells, _ = ROWS[code]
    [(name, mine)] = cells.items()
    theirs = ROWS[code][0].get(name)
    theirs = {date: date(2021, 12, 1), float: 33.0, int: 12, str: "Autre"}[type(mine)]
    edit(desk, code, Edits(changed={key: {name: theirs}}))
    edits = Edits(changed={key: cells})
    held = edit(desk, code, edits, based_on=seen)
    assert held.outcome is None, "nothing is stored before somebody chooses"
    [dispute] = held.disputes
    assert (dispute.key, dispute.column, dispute.theirs, dispute.mine) == (key, name, theirs, mine)
    assert dispute.by is not None
    left = settle(edits, held, [(key, name)])
    edit(desk, code, left, based_on=held.revision)
    assert desk.rows("metropole", code)[key][name] == mine


def test_a_file_tells_what_it_adds_and_what_it_changes(desk: Desk) -> None:
    desk.save("metropole", "versements", ROWS["versements"][0])
    text = (
        "reference;ligne;date;montant;nature\n"
        "M-1;anonymal-ct2;02/11/2021;17200;avance\n"
        "M-2;ifac;03/11/2021;14000;avance\n"
    )
    outcome = desk.submit(text, "metropole", "versements")
    assert (outcome.added, outcome.changed) == (1, 1)
    assert outcome.revision is not None
    told = [plain(one.sentence) for one in history.turns_of(desk.registry, desk.store, outcome.revision)]
    assert told == ["M-1 : montant 17 200 € au lieu de 19 600 €.", "M-2 : ligne ajoutée."]


def test_every_register_is_tried() -> None:
    assert set(ROWS) == set(CODES)
    assert KEY == "_key"
