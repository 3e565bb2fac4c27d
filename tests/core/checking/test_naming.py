"""A row is called by its name wherever it is told of; its key is the machine's word."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.checking import naming
from core.depositing import submit
from core.depositing.editing import Edits, save_edits
from core.domain.programme import METROPOLE
from core.errors import Conflict
from core.storage import Store
from tests.core.desk import AT, Desk
from tests.support.filled import demonstration_context, registry

MACHINE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NEEDS = {"lieu": "martigues", "mois": None}


@pytest.mark.parametrize(
    ("association", "dataset", "key", "name"),
    [
        ("anonymal", "accompagnements", "martigues|2022-06-01|", "Martigues, juin 2022"),
        ("metropole", "objectifs", "ct3-pays-salonais|EQ5a|2022-12-31", "Pays Salonais, Ordinateurs remis, 31/12/2022"),
        ("metropole", "objectifs", "|EQ5a|2022-12-31", "tout le programme, Ordinateurs remis, 31/12/2022"),
        ("metropole", "periodes", "2021-T3", "3e trimestre 2021"),
        ("metropole", "autorisations", "arsenic|immeubles|aix", "ARSENIC, Immeubles, Aix-en-Provence"),
        ("metropole", "conservation", "materiel", "Matériel"),
        ("metropole", "pieces", "ifac||compte rendu financier|2021", "IFAC, compte rendu financier, 2021"),
        (
            "anonymal",
            "accompagnements",
            "martigues|2022-06-01|Maison | de quartier",
            "martigues, 2022-06-01, Maison ,  de quartier",
        ),
    ],
)
def test_a_key_is_told_in_words(association: str, dataset: str, key: str, name: str) -> None:
    assert naming.name_of(registry(), registry().dataset(association, dataset), key) == name


def test_no_row_of_the_demonstration_is_called_by_its_key() -> None:
    """Every dataset of everybody: no sign of the machine, and one name for one row."""
    store: Store = demonstration_context().store
    for body in (METROPOLE, *(one.code for one in registry().associations)):
        for dataset in registry().datasets(body):
            rows = store.rows(body, dataset.code)
            names = naming.keys_named(registry(), dataset, rows)
            assert len(set(names.values())) == len(names), (body, dataset.code)
            for key, name in names.items():
                assert "|" not in name and not MACHINE_DATE.search(name), (body, dataset.code, name)
                assert naming.name_of(registry(), dataset, key) == name
                assert naming.named(registry(), dataset, name, list(names)) == key


def needs(place: str, month: Any, count: int) -> dict[str, Any]:
    return {
        "lieu": place,
        "mois": month,
        "diagnostics": count,
        "besoin_equipement": 0,
        "besoin_connexion": 0,
        "besoin_accompagnement": 0,
        "niveau_faible": 0,
    }


def test_a_conflict_names_its_rows(desk: Desk) -> None:
    from datetime import date

    june = date(2022, 6, 1)
    first = desk.save("anonymal", "diagnostics", needs("aix", june, 4))
    desk.save("anonymal", "diagnostics", needs("aix", june, 5))
    assert first.revision is not None
    with pytest.raises(Conflict) as undone:
        submit.undo(desk.scope("anonymal"), first.revision)
    with pytest.raises(Conflict) as stale:
        desk.save("anonymal", "diagnostics", needs("aix", june, 6), based_on=first.revision)
    for told in (undone.value, stale.value):
        said = " ".join([str(told), *told.details])
        assert "Aix-en-Provence, juin 2022" in said
        assert "dépôt n°" in said
        assert "|" not in said and "évision" not in said


def test_who_did_it_and_for_whom() -> None:
    assert naming.who(registry(), "root", "metropole") == "root, pour le compte de la Métropole"
    assert naming.who(registry(), "Karim", "anonymal") == "Karim, pour le compte d’Anonymal"
    assert naming.who(registry(), "Claire", None) == "Claire"


def test_a_deposit_that_changes_nothing_has_no_number(desk: Desk) -> None:
    row = {"reference": "M-1", "ligne": "ifac", "date": AT.date(), "montant": 100_00, "nature": "avance"}
    desk.save(METROPOLE, "versements", row)
    desk.save(METROPOLE, "versements", row)
    save_edits(
        desk.scope(),
        METROPOLE,
        "versements",
        Edits(changed={"M-1": {"montant": 200_00}}),
        based_on=desk.store.latest(),
    )
    told = [naming.deposit(one).replace("\xa0", " ") for one in desk.store.deposits(dataset="versements")]
    latest = desk.store.latest()
    assert told == [f"dépôt n° {latest - 1}", "dépôt sans changement", f"dépôt n° {latest}"]
    undone = submit.undo(desk.scope(), latest)
    assert undone.revision == latest + 1
