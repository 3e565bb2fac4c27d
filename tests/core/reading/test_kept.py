"""What is kept of a file is what was read; and it opens under its name."""

from __future__ import annotations

import csv
import io

import pytest

from core.domain.inert import inert_but_numbers
from core.reading import kept_name
from tests.core.reading.factories import HEADINGS, ROW, csv_bytes, csv_text, reading, xlsx


def test_a_file_whose_every_column_is_read_is_kept_byte_for_byte() -> None:
    data = csv_bytes(HEADINGS, ROW, encoding="cp1252")
    assert reading(data).kept == data


@pytest.mark.parametrize("above", ["", "Relevé de juin\n"])
def test_a_column_that_was_not_read_is_not_kept(above: str) -> None:
    found = reading(above + csv_text((*HEADINGS, "Divers"), (*ROW, "un secret"), ("A2", *ROW[1:], "")))
    assert found.unknown == ("Divers",)
    text = found.kept.decode()
    assert "secret" not in text and "Divers" not in text
    assert text.endswith(csv_text(HEADINGS, ROW, ("A2", *ROW[1:]))) and text.startswith(above.strip())


def test_cells_without_a_heading_and_beyond_the_headings_are_not_kept() -> None:
    found = reading(csv_text((*HEADINGS, ""), (*ROW, "sans titre")))
    assert "sans titre" not in found.kept.decode()


def test_the_sheet_of_a_workbook_keeps_its_read_columns_only() -> None:
    found = reading(xlsx((*HEADINGS, "Divers"), (*ROW, "un secret")), "f.xlsx")
    assert found.kept.decode().splitlines() == [";".join(HEADINGS), ";".join(ROW)]


def test_what_is_kept_is_read_again_alike() -> None:
    first = reading(csv_text(("Divers", *HEADINGS), ("x", *ROW)))
    again = reading(first.kept)
    assert again.rows.equals(first.rows) and again.kept == first.kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("releve.xlsx", "releve.csv"),
        ("releve.ods", "releve.csv"),
        ("a.XLS", "a.csv"),
        ("a.csv", "a.csv"),
        ("liste.TXT", "liste.TXT"),
        ("releve", "releve.csv"),
        ("T4.2022.xlsx", "T4.2022.csv"),
    ],
)
def test_what_is_kept_opens_under_its_name(name: str, kept: str) -> None:
    assert kept_name(name) == kept


RUN = ["+cmd|' /C calc'!A0", "@SUM(1)", "-cmd", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", RUN)
@pytest.mark.parametrize("beside", [(), ("Divers",)], ids=["whole", "read columns only"])
def test_text_of_a_workbook_becomes_no_formula_in_the_csv_that_we_make(text: str, beside: tuple[str, ...]) -> None:
    found = reading(xlsx((*HEADINGS, *beside), (text, *ROW[1:], *beside)), "f.xlsx")
    cells = list(csv.reader(io.StringIO(found.kept.decode(), newline=""), delimiter=";"))[1]
    assert cells[0].startswith("'"), cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-", "\t", "\r"))]


def test_number_below_zero_stays_one() -> None:
    assert [inert_but_numbers(text) for text in ("-5", "-1 234,50", "+3 %", "-cmd", "-1+1", "x")] == [
        "-5",
        "-1 234,50",
        "+3 %",
        "'-cmd",
        "'-1+1",
        "x",
    ]
