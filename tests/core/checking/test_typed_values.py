"""Typed rows are judged as those of a file: a value outside its list, its bounds or its form is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import RowsRefused
from tests.core.desk import MACHINE, Desk

SUPPORT = {"lieu": "martigues", "mois": date(2021, 9, 1), "diagnostics": 3}


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({"statut": "prévu"}, "liste_inconnu", "Il faut une valeur parmi"),
        ({"type": "Écran"}, "liste_inconnu", "Il faut une valeur parmi"),
        ({"numero_inventaire": "x" * 600}, "trop_long", "60 caractères au plus"),
        ({"valeur_unitaire": -1}, None, "0"),
        ({"lieu": "nulle-part"}, "lieu_inconnu", "Il faut un lieu du programme"),
    ],
)
def test_a_value_outside_its_column_is_refused_in_words(
    desk: Desk, change: dict[str, Any], code: str | None, expected: str
) -> None:
    with pytest.raises(RowsRefused, match="rien n’est enregistré") as refused:
        desk.save("anonymal", "materiel", MACHINE | change)
    problem = refused.value.problems[0]
    assert (problem.line, problem.column) == (1, next(iter(change)))
    assert expected in problem.expected.replace("\u00a0", " ")
    assert code in (None, problem.code)
    assert desk.rows() == {}


def test_a_month_is_its_first_day(desk: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("anonymal", "diagnostics", SUPPORT | {"mois": date(2021, 9, 15)})
    assert refused.value.problems[0].column == "mois"


def test_each_wrong_value_is_told_once_with_its_line(desk: Desk) -> None:
    rows = [
        MACHINE | {"numero_inventaire": f"A-{at}", "statut": said} for at, said in enumerate(["reçu", "prévu", "x"])
    ]
    outcome = desk.save("anonymal", "materiel", *rows, dry_run=True)
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "statut"), (3, "statut")]
    assert outcome.rejected == 2 and outcome.added == 1
