"""A table ends where it ends: what is left aside is listed with its lines, and can be taken back in."""

from __future__ import annotations

import pytest

from tests.core.reading.factories import LIEUX, MENSUEL, codes, reading

HEAD = "Lieu;Mois;Nombre\n"
ROWS = "Aix;09/2021;3\nPertuis;10/2021;4\n"

CASES = {
    "a note after a blank line": ("\nSource : nos services;;\n", [(5, "note")]),
    "a note at once": ("* chiffres provisoires;;\n", [(4, "note")]),
    "two notes": ("\nSource : nous;;\nNote : provisoire;;\n", [(5, "note"), (6, "note")]),
    "a total": ("Total;;7\n", [(4, "total")]),
    "a page that repeats the headings": ("Lieu;Mois;Nombre\nGardanne;11/2021;5\n", [(4, "titres")]),
    "forecasts under the same headings": (
        "\nPRÉVISIONS 2023;;\nLieu;Mois;Nombre\nAix;09/2023;30\n",
        [(5, "autre_tableau"), (6, "autre_tableau"), (7, "autre_tableau")],
    ),
    "the same headings after a blank line": (
        "\nLieu;Mois;Nombre\nAix;09/2023;30\n",
        [(5, "autre_tableau"), (6, "autre_tableau")],
    ),
    "a longer table under the first": (
        "\nLieu;Mois;Nombre;Remarque\nAix;09/2023;30;x\n",
        [(5, "autre_tableau"), (6, "autre_tableau")],
    ),
    "the same headings in another order": (
        "Mois;Lieu;Nombre\n11/2021;Gardanne;5\n",
        [(4, "autre_tableau"), (5, "autre_tableau")],
    ),
    "headings again in capitals": ("LIEU;MOIS;NOMBRE\nGardanne;11/2021;5\n", [(4, "titres")]),
    "a total in short": ("S/Total;;7\n", [(4, "total")]),
    "the whole": ("Ensemble;;7\n", [(4, "total")]),
    "another table": (
        "\nAteliers;;\nNom;Animation;Venus\nAtelier A;x;44\n",
        [(5, "autre_tableau"), (6, "autre_tableau"), (7, "autre_tableau")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stands_under_a_table_is_left_aside_and_listed(name: str) -> None:
    below, aside = CASES[name]
    found = reading(HEAD + ROWS + below, dataset=MENSUEL)
    assert [(one.line, one.reason) for one in found.left_aside] == aside
    assert not codes(found)
    assert found.rows["nombre"].to_list()[:2] == [3, 4]
    assert not {repair.line for repair in found.repairs} & {line for line, _ in aside}


def test_a_line_left_aside_can_be_taken_back_in() -> None:
    text = f"{HEAD}{ROWS}\nPRÉVISIONS 2023;;\nLieu;Mois;Nombre\nAix;09/2023;30\n"
    found = reading(text, dataset=MENSUEL, take_back=[7])
    assert found.rows["nombre"].to_list() == [3, 4, 30]
    assert [one.line for one in found.left_aside] == [5, 6]


def test_rows_after_a_blank_line_are_read_on() -> None:
    found = reading(f"{HEAD}Aix;09/2021;3\n\nPertuis;10/2021;4\n", dataset=MENSUEL)
    assert found.rows.height == 2 and not found.left_aside


def test_headings_with_line_breaks_are_known_when_they_come_again() -> None:
    found = reading('"Lieu";"Mois";"Nombre\n"\nAix;09/2021;3\n"Lieu";"Mois\n";"Nombre"\n', dataset=MENSUEL)
    assert [one.reason for one in found.left_aside] == ["titres"]


def test_a_note_is_no_actor_but_an_actor_of_one_cell_is() -> None:
    found = reading("id;nom\n1;Centre social\n\nSource : nos services au 30/09/2021;\n", dataset=LIEUX)
    assert found.rows["id"].to_list() == ["1"]
    found = reading("id;nom\n1;Centre social\n2;\n", dataset=LIEUX)
    assert found.rows["id"].to_list() == ["1", "2"]


def test_a_title_among_the_rows_is_one_complaint() -> None:
    found = reading(f"{HEAD}T3 2021;;\n{ROWS}PRÉVISIONS;;\nAix;11/2021;9\n", dataset=MENSUEL)
    assert codes(found) == [(2, None, "une_seule_cellule"), (5, None, "une_seule_cellule")]
    assert found.rows.height == 3 or set(found.refused_lines) == {2, 5}


def test_a_title_among_rows_of_one_required_cell_is_no_actor() -> None:
    found = reading("id;nom\n1;Centre\nTRIMESTRE 2;\n2;Autre\nNombre d’acteurs : 2;\n", dataset=LIEUX)
    assert codes(found) == [(3, None, "une_seule_cellule"), (5, None, "une_seule_cellule")]


def test_a_place_called_total_is_data_when_its_row_is_whole() -> None:
    found = reading(f"{HEAD}{ROWS}", dataset=MENSUEL)
    assert found.rows.height == 2
    found = reading("numero_inventaire;type;valeur_unitaire\nTotal;écran;3\nA1;écran;4\n")
    assert found.total_rows == 1  # two columns only are asked: the word decides, and the line is listed
    assert [one.line for one in found.left_aside] == [2]


LABELS = (
    "Total général",
    "TOTAL*",
    "Sous total",
    "Total Aix",
    "Aix Total",
    "Moyenne",
    "Moy.",
    "Σ",
    "Tot.",
    "T O T A L",
)


@pytest.mark.parametrize("label", [*LABELS, "Médiane", "Max", "Cumul (1)", "Objectif", "Écart", "Récapitulatif :"])
def test_a_row_called_total_is_left_aside_even_when_it_is_whole(label: str) -> None:
    text = f"numero_inventaire;type;nombre\nA1;écran;3\nA2;écran;4\n{label};écran;8\n"
    found = reading(text)
    assert [one.line for one in found.left_aside] == [4] and found.rows.height == 2
    assert reading(text, take_back=[4]).rows.height == 3


@pytest.mark.parametrize(("number", "height"), [(7, 2), (8, 3)])
def test_a_word_that_may_be_a_name_is_a_total_when_its_numbers_add_up(number: int, height: int) -> None:
    found = reading(f"numero_inventaire;type;nombre\nA1;écran;3\nA2;écran;4\nEnsemble;écran;{number}\n")
    assert found.rows.height == height
