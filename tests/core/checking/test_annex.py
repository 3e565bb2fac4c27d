"""What the annex says of a machine is prefilled for the association, and a difference is told."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.alerts.attention import points_to_treat
from core.checking import cross_checks
from core.depositing import submit
from core.exports.template import prefilled_template
from tests.core.desk import MACHINE, Desk
from tests.support.filled import demonstration_context


@pytest.fixture
def ceded(desk: Desk) -> Desk:
    """Three machines in the annex: two of a ceded batch, one in no batch."""
    desk.save(
        "metropole",
        "annexe_materiel",
        {"numero_inventaire": "A-1", "type": "ordinateur fixe", "valeur_unitaire": 120_00, "lot": "L1"},
        {"numero_inventaire": "A-2", "type": "écran", "numero_serie": "S-2", "lot": "L1"},
        {"numero_inventaire": "A-3", "type": "écran"},
    )
    desk.save("metropole", "lots_cession", {"lot": "L1", "date": date(2021, 9, 16), "ordinateurs": 1, "ecrans": 1})
    return desk


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_ceded_machines_stand_in_the_template_and_come_back_as_they_are(ceded: Desk) -> None:
    data = prefilled_template(ceded.registry, ceded.store, "anonymal", "materiel", created=datetime(2022, 7, 5))
    outcome = submit.submit(ceded.scope("anonymal"), data, "modele.xlsx", "anonymal", "materiel")
    assert (outcome.added, list(outcome.problems)) == (2, [])
    row = ceded.rows()["A-1"]
    assert (row["type"], row["valeur_unitaire"], row["lot"], row["statut"]) == ("ordinateur fixe", 12000, "L1", "cédé")
    assert cross_checks.prefilled(ceded.store, "anonymal") == []


@pytest.mark.parametrize("association", ["ifac", "point-formation"])
def test_nothing_is_prefilled_where_nothing_is_ceded(ceded: Desk, association: str) -> None:
    assert cross_checks.prefilled(ceded.store, association) == []


def test_a_value_that_is_not_the_annexs_is_told_until_it_is_mended(ceded: Desk) -> None:
    outcome = ceded.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 150_00, "lot": "L2"})
    told = {plain(one.found): plain(one.expected) for one in outcome.warnings}
    assert told == {
        "A-1, Valeur unitaire : 150 €": "L’annexe de la Métropole dit « 120 € ».",
        "A-1, Lot : L2": "L’annexe de la Métropole dit « L1 ».",
    }
    [point] = [one for one in points_to_treat(ceded.registry, ceded.store) if one.code == "annexe_differente"]
    assert point.subjects == ("A-1", "A-1")
    assert not ceded.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": None, "lot": "L1"}).warnings
    assert not points_to_treat(ceded.registry, ceded.store)


def test_the_demonstration_types_what_its_annex_says() -> None:
    context = demonstration_context()
    assert "annexe_differente" not in {one.code for one in points_to_treat(context.registry, context.store)}
