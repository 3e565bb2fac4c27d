"""Cells that almost say something: a sign of doubt, letters for figures, a day of the week that is another's."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from core.catalogue.columns import Schema, compte, decimal, entier, jour, lieu, liste, oui_non, texte
from core.domain.dataset import Dataset
from core.reading import Reading
from tests.core.reading.factories import MENSUEL, codes, ods, reading, values, xls, xlsx


class Suivi(Schema):
    code: pl.String = texte("Code")
    jour: pl.Date = jour("Jour", optional=True)
    etat: pl.String = liste("État", ("remis", "reçu", "testé"), optional=True)
    lieu: pl.String = lieu("Lieu", optional=True)
    vu: pl.Boolean = oui_non("Vu", optional=True)
    duree_minutes: pl.Int64 = entier("Durée (minutes)", optional=True)
    duree_jours: pl.Int64 = entier("Durée en jours", optional=True, at_most=3)
    cible: pl.Float64 = decimal("Cible", optional=True, at_least=0)
    part: pl.Float64 = decimal("Part", optional=True, at_least=0, at_most=100)
    latitude: pl.Float64 = decimal("Latitude", optional=True)
    compte: pl.String = compte("Compte", optional=True)


SUIVI = Dataset("suivi", "Suivi", Suivi, ("code",), place=None)
TITLES = {name: column.title for name, column in SUIVI.by_name.items()}


def cells(column: str, *texts: str) -> Reading:
    """One row for each text, in a column of its own."""
    rows = "".join(f"A{n};{text}\n" for n, text in enumerate(texts))
    return reading(f"Code;{TITLES[column]}\n{rows}", dataset=SUIVI)


@pytest.mark.parametrize(
    ("column", "text", "offered"),
    [
        ("vu", "oui ?", "oui"),
        ("vu", "non (?)", "non"),
        ("etat", "remis ?", "remis"),
        ("etat", "~ reçu", "reçu"),
        ("lieu", "Martigues ?", "martigues"),
        ("jour", "≈ 14 septembre 2021", "14/09/2021"),
        ("jour", "14/09/2021 ?", "14/09/2021"),
        ("duree_minutes", "90 ?", "90"),
    ],
)
def test_a_sign_of_doubt_is_asked_and_the_value_offered(column: str, text: str, offered: str) -> None:
    found = cells(column, text)
    assert codes(found) == [(2, column, "doute")]
    assert f"« {offered} »".replace(" ", "\u00a0") in found.errors[0].remedy


@pytest.mark.parametrize(
    ("column", "text"),
    [("etat", "≠ remis"), ("jour", "< 14 septembre 2021"), ("duree_minutes", "> 10"), ("duree_minutes", "12 ± 2")],
)
def test_another_value_than_the_one_written_is_never_offered(column: str, text: str) -> None:
    (problem,) = cells(column, text).errors
    assert problem.code != "doute"


def test_a_question_in_a_text_is_a_text() -> None:
    assert values(reading("Code\nTour B ?\n", dataset=SUIVI), "code") == [("Tour B ?",)]


@pytest.mark.parametrize(
    ("texts", "asked"), [("O0", "O0"), ("O1", "O"), ("N0", "0"), ("ON", ""), ("01", ""), ("ON0", "0")]
)
def test_the_letter_o_beside_figures_is_asked(texts: str, asked: str) -> None:
    found = cells("vu", *texts)
    assert {one.found for one in found.errors} == set(asked)
    assert {one.code for one in found.errors} <= {"lettre_ou_zero"}


@pytest.mark.parametrize("text", ["lundi 14 septembre 2021", "Lundi 14/09/2021", "le lundi 14 septembre 21"])
def test_a_day_of_the_week_that_is_another_s_is_asked(text: str) -> None:
    found = cells("jour", text)
    assert codes(found) == [(2, "jour", "jour_de_semaine")]
    assert "est un mardi" in found.errors[0].expected


@pytest.mark.parametrize(
    "text",
    [
        "mardi 14 septembre 2021",
        "Mardi 14/09/2021",
        "le 14/09/2021",
        "14/09/2021 à 14h30",
        "14/09/2021 14h",
        "14/09/2021 14:30",
        "14 sept. 21",
        "2021-09-14T10:00:00Z",
    ],
)
def test_a_day_written_in_full_is_read(text: str) -> None:
    assert values(cells("jour", text), "jour") == [(date(2021, 9, 14),)]


@pytest.mark.parametrize("text", ["1er juin 21", "1 er juin 2021", "1° juin 2021", "1er juin 2021"])
def test_the_first_of_a_month_is_read(text: str) -> None:
    assert values(cells("jour", text), "jour") == [(date(2021, 6, 1),)]


def test_midnight_in_france_written_by_a_program_is_asked() -> None:
    found = cells("jour", "2021-09-13T22:00:00Z")
    assert codes(found) == [(2, "jour", "date_heure")]
    assert "14/09/2021" in found.errors[0].remedy


@pytest.mark.parametrize("text", ["15e Frais Vallon", "Frais Vallon (14ème)", "CT3 Pertuis", "Martigues 2"])
def test_a_number_that_is_not_of_the_place_is_asked(text: str) -> None:
    assert codes(cells("lieu", text)) == [(2, "lieu", "nom_et_code")]


@pytest.mark.parametrize("text", ["Frais Vallon (13e)", "13 Martigues", "CT2 Pertuis", "Marseille 15e Plan d’Aou"])
def test_a_number_of_the_place_is_read(text: str) -> None:
    assert not cells("lieu", text).errors


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("duree_jours", "2 jours", 2),
        ("duree_jours", "1 j", 1),
        ("duree_minutes", "90 min", 90),
        ("duree_minutes", "1h30", 90),
        ("duree_minutes", "1,5 h", 90),
        ("duree_minutes", "2 heures", 120),
    ],
)
def test_a_number_with_the_unit_of_its_column_is_read_and_shown(column: str, text: str, value: int) -> None:
    found = cells(column, text)
    assert values(found, column) == [(value,)] and [one.found for one in found.repairs] == [text]


@pytest.mark.parametrize(
    ("column", "text"), [("duree_jours", "2 h"), ("duree_minutes", "2 jours"), ("duree_jours", "2 ans")]
)
def test_a_number_with_another_unit_is_not(column: str, text: str) -> None:
    assert [one.code for one in cells(column, text).errors] == ["nombre"]


def test_thousands_and_decimals_are_told_apart_or_asked() -> None:
    assert [one.code for one in cells("cible", "1.500", "1,500").errors] == ["nombre_ambigu"] * 2
    assert values(cells("cible", "1,5000"), "cible") == [(1.5,)]
    assert values(cells("latitude", "43.526"), "latitude") == [(43.526,)]
    kind = SUIVI.by_name["cible"].kind
    assert kind.read(pl.Series([kind.write(1.234)])).values[0] == 1.234


def test_a_per_cent_in_a_number_that_is_no_share_is_shown() -> None:
    assert not cells("part", "80 %").repairs
    assert [one.found for one in cells("cible", "80 %").repairs] == ["80 %"]


@pytest.mark.parametrize("write", [xlsx, ods, xls])
def test_an_account_of_which_a_spreadsheet_drops_the_zero_is_asked(write: object) -> None:
    rows = (["Code", "Compte"], ["A", 74.1], ["B", 60.1], ["C", "74.10"], ["D", "74.1"])
    found = reading(write(*rows), "f", dataset=SUIVI)  # type: ignore[operator]
    assert codes(found) == [(2, "compte", "compte_a_deux_sens")]
    assert values(found, "compte") == [("60.1",), ("74.10",), ("74.1",)]


@pytest.mark.parametrize(("text", "read"), [("МЕТ-РС-0001", "MET-PC-0001"), ("MΕT 12", "MET 12"), ("ＭＥＴ１", "MET1")])
def test_letters_that_look_like_ours_are_ours(text: str, read: str) -> None:
    assert values(reading(f"Code\n{text}\n", dataset=SUIVI), "code") == [(read,)]


@pytest.mark.parametrize("text", ["Дом", "100 μm", "Δelta 3"])
def test_words_of_another_alphabet_are_kept(text: str) -> None:
    found = reading(f"Code\n{text}\n", dataset=SUIVI)
    assert values(found, "code") == [(text,)] and not found.repairs


def test_wide_figures_are_figures() -> None:
    assert values(cells("duree_minutes", "１２"), "duree_minutes") == [(12,)]


@pytest.mark.parametrize("days", [("21-09-22",), ("21-09-22", "22-10-21")])
def test_a_year_that_may_be_first_or_last_is_asked(days: tuple[str, ...]) -> None:
    found = cells("jour", *days)
    assert {one.code for one in found.errors} == {"date_annee_deux_chiffres"} and len(found.errors) == len(days)
    assert "21/09/2022 ou 22/09/2021" in found.errors[0].remedy


@pytest.mark.parametrize("days", [("21-09-22", "14-09-21"), ("21-09-22", "05-09-21"), ("22/09/21",), ("22.09.21",)])
def test_a_year_that_the_column_shows_last_is_read(days: tuple[str, ...]) -> None:
    assert not cells("jour", *days).errors


def test_a_note_in_the_cell_beside_its_label_is_left_aside() -> None:
    rows = "A;remis;Martigues\nB;reçu;Pertuis\nC;reçu;Aix\n"
    found = reading(f"Code;État;Lieu\n{rows}\nSource :;nos services\nFait à Aix, le;14/09/2021\n", dataset=SUIVI)
    assert [one.line for one in found.left_aside] == [6, 7]
    assert found.rows.height == 3 and not found.errors


def test_a_place_called_source_is_data() -> None:
    found = reading("Lieu;Mois;Nombre\nAix;09/2021;3\nPertuis;09/2021;4\n", dataset=MENSUEL)
    assert found.rows.height == 2
    named = reading("Code;État;Lieu\nA;remis;Aix\nSource d’espoir;reçu;Aix\n", dataset=SUIVI)
    assert named.rows.height == 2


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("14/09/2021 (matin)", "14/09/2021"),
        ("14/09/2021*", "14/09/2021"),
        ("vers le 14/09/2021", "14/09/2021"),
        ("14-15/09/2021", "14/09/2021"),
        ("14 et 15 septembre 2021", "14/09/2021"),
        ("avant le 14/09/2021", None),
        ("14/09/2021 ou 15/09/2021", None),
    ],
)
def test_the_only_day_of_a_cell_is_offered(text: str, offered: str | None) -> None:
    (problem,) = cells("jour", text).errors
    assert problem.remedy.endswith(f"\u00a0: {offered}.") == (offered is not None)


@pytest.mark.parametrize("text", ["50 centimes", "12 $", "12 CHF", "k€ 3", "3150 ke", "jusqu’à 12"])
def test_a_number_of_something_else_is_never_offered(text: str) -> None:
    (problem,) = cells("duree_minutes", text).errors
    assert problem.remedy.startswith("Écrivez un nombre seul, par exemple")


@pytest.mark.parametrize(
    "row", ["Nombre de fiches;;4", "dont nouvelles;;1", "Soit;;12,5 %", "Total général;;3", "Nb;;2 350 €"]
)
def test_a_row_that_counts_the_others_is_left_aside(row: str) -> None:
    found = reading(f"Code;État;Durée (minutes)\nA;remis;3\nB;reçu;4\n{row}\n", dataset=SUIVI)
    assert [one.line for one in found.left_aside] == [4] and found.rows.height == 2 and not found.errors


def test_a_row_that_begins_like_a_count_and_says_more_is_data() -> None:
    found = reading("Code;État;Durée (minutes)\nA;remis;3\nNombre d’or;reçu;4\n", dataset=SUIVI)
    assert found.rows.height == 2 and not found.left_aside


def test_hints_under_the_titles_are_left_aside() -> None:
    found = reading("Code;État;Jour\n(texte);(liste);(jj/mm/aaaa)\nA;remis;14/09/2021\n", dataset=SUIVI)
    assert [one.line for one in found.left_aside] == [2] and found.rows.height == 1 and not found.errors
