"""What was let in with a warning is found again until it is mended, under words that people read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.axes import DATASETS
from core.domain.problem import Severity
from core.services import cross_checks
from core.services.attention import TITLES, points_to_treat
from tests.core.services.desk import MACHINE, Desk

GENERIC = ("_manquant", "_forme", "_hors_liste", "_longue", "_hors_metropole", "_sans_type")


def warned() -> set[str]:
    return {rule.code for dataset in DATASETS.values() for rule in dataset.rules_of(Severity.WARNING)}


def found_over_associations() -> set[str]:
    """The codes written in the module that looks over all associations."""
    tree = ast.parse(Path(cross_checks.__file__).read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("inding")
    ]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_particular_warning_has_its_title() -> None:
    particular = {code for code in warned() if not code.endswith(GENERIC)} | found_over_associations()
    assert particular == set(TITLES)


def test_a_point_lasts_until_its_row_is_mended(desk: Desk) -> None:
    desk.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 340_00})
    (point,) = points_to_treat(desk.registry, desk.store)
    assert (point.code, point.title, point.subjects) == (
        "valeur_superieure_a_300",
        "Machines d’une valeur de plus de 300 €",
        ("A-1",),
    )
    desk.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 290_00})
    assert points_to_treat(desk.registry, desk.store) == ()
    assert len(points_to_treat(desk.registry, desk.store, revision=1)) == 1


@pytest.mark.parametrize("code", ["adresse_manquant"])
def test_a_general_warning_is_titled_by_its_column(desk: Desk, code: str) -> None:
    desk.save("arsenic", "acteurs", {"id": "x", "commune": "Aubagne"})
    titles = {point.code: point.title for point in points_to_treat(desk.registry, desk.store)}
    assert titles[code] == "Adresse"
