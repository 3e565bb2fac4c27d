"""Typed rows are judged by pandera: columns, rules of both strengths, keys."""

from __future__ import annotations

from datetime import date

import polars as pl

from core.domain import french
from core.domain.dataset import Severity
from core.reading import judge, read
from tests.core.reading.factories import HEADINGS, MACHINES, codes, csv_text, reading


def rows(*dictionaries: dict[str, object]) -> pl.DataFrame:
    blank = dict.fromkeys(MACHINES.by_name)
    typed = {name: column.kind.dtype() for name, column in MACHINES.by_name.items()}
    listed = [
        blank | {"_line": 2 + n, "numero_inventaire": f"A{n}", "type": "écran"} | d for n, d in enumerate(dictionaries)
    ]
    return pl.DataFrame(listed, schema={"_line": pl.Int64, **typed})


def test_sound_rows_have_no_problem() -> None:
    errors, warnings = judge(rows({}, {"valeur_unitaire": 30_000}), MACHINES)
    assert (len(errors), len(warnings)) == (0, 0)
    assert not errors.lines.len()


def test_an_error_stops_and_a_warning_does_not() -> None:
    errors, warnings = judge(rows({"valeur_unitaire": 30_001, "nombre": 0}), MACHINES)
    assert [(p.column, p.code, p.severity) for p in errors] == [("nombre", "trop_petit", Severity.ERROR)]
    assert [(p.column, p.code, p.severity) for p in warnings] == [
        ("valeur_unitaire", "valeur_plus_300", Severity.WARNING)
    ]
    assert warnings[0].found == french.euros(30_001)


def test_a_rule_over_two_columns_shows_both() -> None:
    given = {"date_reception": date(2021, 9, 14), "date_remise": date(2021, 9, 1), "lieu": "aix"}
    errors, _ = judge(rows(given), MACHINES)
    assert [(p.line, p.column, p.code) for p in errors] == [(2, "date_remise", "dates_inversees")]
    assert "01/09/2021" in errors[0].found and "14/09/2021" in errors[0].found


def test_a_required_blank_is_named() -> None:
    errors, _ = judge(rows({"type": None}), MACHINES)
    assert [(p.column, p.code, p.found) for p in errors] == [("type", "obligatoire", "")]


def test_a_text_too_long_is_named_and_shortened() -> None:
    errors, _ = judge(rows({"numero_inventaire": "x" * 200}), MACHINES)
    assert errors[0].code == "trop_long"
    assert len(errors[0].found) < 100


def test_an_unread_cell_is_not_said_blank_too() -> None:
    found = reading(
        csv_text(("numero_inventaire", "type", "date_remise", "lieu"), ("A1", "machin", "14/09/2021", "Nice"))
    )
    assert codes(found) == [(2, "type", "liste_inconnu"), (2, "lieu", "lieu_inconnu")]


def test_problems_come_in_the_order_of_the_file() -> None:
    text = csv_text(HEADINGS, ("", "machin", "x"), ("A2", "écran", "", "", "Nice"), ("A3", "", "y"))
    found = reading(text)
    assert [(line, column) for line, column, _ in codes(found)] == [
        (2, "numero_inventaire"),
        (2, "type"),
        (2, "valeur_unitaire"),
        (3, "lieu"),
        (4, "type"),
        (4, "valeur_unitaire"),
    ]
    assert found.errors[1:3] == list(found.errors)[1:3]
    assert found.errors[-1] == list(found.errors)[-1]


def test_ten_thousand_problems_in_many_rows_are_counted() -> None:
    lines = [f"A{n};écran;{'cher' if n % 10 == 0 else '12,5'};31/02/2021" for n in range(50_000)]
    text = "numero_inventaire;type;valeur_unitaire;date_reception\n" + "\n".join(lines)
    found = read(text.encode(), "f.csv", MACHINES)
    assert len(found.errors) == 55_000
    assert found.total_rows == 50_000 and found.rows.is_empty()
    assert found.refused_lines.len() == 50_000
    assert found.errors[54_999].line == 50_001
