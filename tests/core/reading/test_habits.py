"""How a person writes one cell tells how the others are to be read; and the signs that stand for a cell or for none."""

from __future__ import annotations

from datetime import date

import pytest

from core.reading import Reading
from tests.core.reading.factories import codes, reading, values

DAYS = "numero_inventaire;type;date_reception;date_remise;lieu\n"


def days(*pairs: tuple[str, str]) -> Reading:
    return reading(DAYS + "".join(f"A{n};écran;{one};{other};aix\n" for n, (one, other) in enumerate(pairs)))


def test_an_american_day_makes_those_of_the_other_columns_doubtful() -> None:
    found = days(("09/14/2021", "10/03/2021"), ("08/02/2021", "09/09/2021"))
    assert codes(found) == [
        (2, "date_reception", "date_inversee"),
        (2, "date_remise", "date_ordre"),
        (3, "date_reception", "date_ordre"),
    ]
    assert "dans le même fichier" in found.errors[1].expected


def test_a_day_that_is_not_sure_shows_its_order_all_the_same() -> None:
    found = days(("09/14/2021 ?", ""), ("08/02/2021", ""))
    assert [(line, code) for line, _, code in codes(found)] == [(2, "date"), (3, "date_ordre")]


def test_an_american_day_that_stands_in_another_column_shows_the_order_too() -> None:
    rows = "A1,écran,12,50,09/23/2021,aix\nA2,écran,3,09/10/2021,,aix\n"
    found = reading("numero_inventaire,type,valeur_unitaire,date_reception,lieu,remarque\n" + rows)
    assert (3, "date_reception", "date_ordre") in codes(found)


def test_a_column_that_shows_our_order_keeps_it() -> None:
    found = days(("09/14/2021", "14/10/2021"), ("09/15/2021", "03/10/2021"))
    assert values(found, "date_remise") == []
    assert [column for _, column, _ in codes(found)] == ["date_reception", "date_reception"]


@pytest.mark.parametrize("sign", ["-", "/", "."])
def test_a_year_of_two_digits_put_first_makes_the_others_doubtful(sign: str) -> None:
    found = days(("21-09-14".replace("-", sign), ""), ("21-09-22".replace("-", sign), ""))
    assert codes(found) == [(2, "date_reception", "date_annee"), (3, "date_reception", "date_ordre")]


def test_a_french_year_of_two_digits_proves_nothing() -> None:
    found = days(("25/12/20", ""), ("22/09/21", ""), ("13/09/21", ""))
    assert codes(found) == [(2, "date_reception", "date_annee")]
    assert values(found, "date_reception") == [(date(2021, 9, 22),), (date(2021, 9, 13),)]


@pytest.mark.parametrize("sign", ["-", "NC", "n.d.", "néant", "Aucun", "…"])
def test_a_sign_that_says_nothing_is_no_text(sign: str) -> None:
    found = reading(f"numero_inventaire;type;remarque\nA1;écran;{sign}\n")
    assert values(found, "remarque") == [(None,)]
    assert [(one.found, one.understood) for one in found.repairs] == [(sign, "cellule vide")]
    found = reading(f"numero_inventaire;type\n{sign};écran\nA2;écran\n")
    assert codes(found) == [(2, "numero_inventaire", "obligatoire")]


@pytest.mark.parametrize("sign", ["idem", "Idem.", "//", "″", "- // -"])
def test_a_sign_for_the_line_above_is_asked(sign: str) -> None:
    found = reading(f"numero_inventaire;type;remarque\nA1;écran;vue\nA2;écran;{sign}\n")
    assert codes(found) == [(3, "remarque", "idem")]


def test_words_that_hold_such_a_sign_are_text() -> None:
    found = reading("numero_inventaire;type;remarque\nA1;écran;Aucun défaut\nA2;écran;Idem, panne d’écran\n")
    assert values(found, "remarque") == [("Aucun défaut",), ("Idem, panne d’écran",)]


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u2060", "\u200b", "\ufeff"])
def test_marks_that_nobody_sees_are_no_part_of_a_number(mark: str) -> None:
    assert values(reading(f"numero_inventaire;type\nA1{mark};écran\n"), "numero_inventaire") == [("A1",)]


@pytest.mark.parametrize("space", ["\u2002", "\u2003", "\u200a", "\u205f", "\u3000"])
def test_every_space_of_typography_is_a_space(space: str) -> None:
    assert values(reading(f"numero_inventaire;type;nombre\nA1;écran;1{space}200\n"), "nombre") == [(1200,)]


@pytest.mark.parametrize("name", ["export.xls", "export.xlsx"])
def test_a_text_in_utf_16_is_read_whatever_its_name(name: str) -> None:
    data = "numero_inventaire\ttype\nA1\técran\n".encode("utf-16")
    assert values(reading(data, name), "numero_inventaire") == [("A1",)]
