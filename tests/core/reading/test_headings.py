"""Brackets and units in headings: converted and shown, accepted as hints, or asked."""

from __future__ import annotations

import polars as pl
import pytest

from core.catalogue.columns import Schema, entier, montant, texte
from core.contract import Registry
from core.domain.dataset import Dataset
from core.errors import FileRefused
from core.exports.description import DatasetDescription
from core.exports.template import workbook
from core.reading import Reading, read
from tests.core.conftest import AT
from tests.core.reading.factories import MENSUEL, changed, reading


class Seances(Schema):
    code: pl.String = texte("Code")
    duree_minutes: pl.Int64 = entier("Durée (minutes)")
    montant: pl.Int64 = montant("Montant dépensé", optional=True)
    participants: pl.Int64 = entier("Participants", optional=True)


SEANCES = Dataset("seances", "Séances", Seances, ("code",), place=None, version=2)


def sessions(headings: str, row: str, **options: object) -> Reading:
    return reading(f"{headings}\n{row}\n", dataset=SEANCES, **options)


def asked(found: Reading) -> list[str]:
    return [one.found for one in found.errors if one.code == "titre_a_confirmer"]


@pytest.mark.parametrize(
    ("heading", "cell", "cents"),
    [
        ("Montant dépensé (k€)", "3,15", 315_000),
        ("Montant dépensé en k€", "3,15", 315_000),
        ("MONTANT DEPENSE [milliers d’euros]", "12", 1_200_000),
        ("Montant dépensé (M€)", "0,0125", 1_250_000),
        ("Montant dépensé (centimes)", "315", 315),
        ("Montant dépensé (€)", "3,15", 315),
    ],
)
def test_a_known_unit_is_converted_and_shown(heading: str, cell: str, cents: int) -> None:
    found = sessions(f"Code;Durée (minutes);{heading}", f"A;30;{cell}")
    assert found.rows["montant"].to_list() == [cents]
    assert not found.errors
    assert bool(found.repairs) == (heading != "Montant dépensé (€)")


def test_a_cell_with_a_unit_of_its_own_is_refused_under_another_unit() -> None:
    found = sessions("Code;Durée (minutes);Montant dépensé (k€)", "A;30;3 150 €")
    assert [one.code for one in found.errors] == ["unite"]


def test_hours_become_minutes_only_when_the_heading_says_so() -> None:
    assert sessions("Code;Durée (heures)", "A;1,5").rows["duree_minutes"].to_list() == [90]
    assert asked(sessions("Code;Durée", "A;2")) == ["Durée"]
    assert sessions("Code;duree_minutes", "A;2").rows["duree_minutes"].to_list() == [2]


MEANINGS = ("prévisionnel", "objectif", "cumul", "dont femmes", "prévue", "HT", "hors bénévoles", "%")


@pytest.mark.parametrize("words", MEANINGS)
@pytest.mark.parametrize("brackets", ["({})", "[{}]"])
def test_words_that_may_change_the_meaning_are_asked(words: str, brackets: str) -> None:
    heading = f"Participants {brackets.format(words)}"
    found = sessions(f"Code;Durée (minutes);{heading}", "A;30;12")
    assert asked(found) == [heading]
    assert found.asked == (heading,)
    confirmed = sessions(f"Code;Durée (minutes);{heading}", "A;30;12", matching={heading: "participants"})
    assert not confirmed.errors and confirmed.rows["participants"].to_list() == [12]
    dropped = sessions(f"Code;Durée (minutes);{heading}", "A;30;12", matching={heading: ""})
    assert not dropped.errors and dropped.rows["participants"].to_list() == [None]


@pytest.mark.parametrize("words", ["18 à 25", "65 ou plus", "13", "2021"])
def test_figures_that_are_no_bounds_of_the_column_are_asked(words: str) -> None:
    class Bounded(Schema):
        code: pl.String = texte("Code")
        duree: pl.Int64 = entier("Durée", at_least=1, at_most=3)
        participants: pl.Int64 = entier("Participants", optional=True)

    dataset = Dataset("bornes", "Bornes", Bounded, ("code",), place=None)
    found = reading(f"Code;Durée (1 à 3);Participants ({words})\nA;2;12\n", dataset=dataset)
    assert found.asked == (f"Participants ({words})",)


def test_a_group_above_the_titles_is_asked() -> None:
    found = reading("Lieu;Mois;Activité\n;;Nombre\nAix;09/2021;3\n", dataset=MENSUEL)
    assert found.asked == ("Nombre (Activité)",) and asked(found) == ["Nombre (Activité)"]


def test_a_title_shared_by_two_columns_of_a_csv_is_asked() -> None:
    found = reading("Lieu;Mois;Nombre;\n;;F;H\nAix;09/2021;3;4\n", dataset=MENSUEL)
    assert found.errors[0].line is None and found.errors[0].code == "colonne_sans_titre"


def test_titles_one_under_the_other_are_told() -> None:
    with pytest.raises(FileRefused, match="Transposer"):
        reading("Lieu;Aix;Pertuis\nMois;09/2021;10/2021\nNombre;3;4\n", dataset=MENSUEL)


def test_two_tables_side_by_side_are_told() -> None:
    with pytest.raises(FileRefused, match="côte à côte"):
        reading("Lieu;Mois;Nombre;;Lieu;Mois;Nombre\nAix;09/2021;3;;Pertuis;09/2021;4\n", dataset=MENSUEL)


def test_beside_the_true_column_the_doubtful_one_is_left() -> None:
    found = sessions("Code;Durée (minutes);Participants;Participants (objectif)", "A;30;12;50")
    assert found.rows["participants"].to_list() == [12]
    assert found.unknown == ("Participants (objectif)",)


@pytest.mark.parametrize("words", ["facultatif", "nombre", "ex. : 12", "participants", "1", "si connu"])
def test_hints_on_how_to_write_change_nothing(words: str) -> None:
    found = sessions(f"Code;Durée (minutes);Participants ({words})", "A;30;12")
    assert not found.errors and found.rows["participants"].to_list() == [12]


def test_a_word_more_than_the_column_has_is_asked() -> None:
    class Long(Schema):
        code: pl.String = texte("Code")
        individuels: pl.Int64 = entier("Accompagnements individuels réalisés")

    dataset = Dataset("longs", "Longs", Long, ("code",), place=None)
    found = reading("Code;Accompagnements individuels réalisés cumul\nA;12\n", dataset=dataset)
    assert asked(found)


class Comptages(Schema):
    code: pl.String = texte("Code")
    inscrits: pl.Int64 = entier("Professionnels inscrits", optional=True)
    logements: pl.Int64 = entier("Logements éligibles", optional=True)
    connexion: pl.Int64 = entier("Besoin de connexion", optional=True)
    prevision: pl.Int64 = montant("Prévision", optional=True)
    touchees: pl.Int64 = entier("Personnes touchées", optional=True)


COMPTAGES = Dataset("comptages", "Comptages", Comptages, ("code",), place=None)


@pytest.mark.parametrize(
    "heading",
    [
        "Professionnels inscrites",
        "Professionnelles inscrites",
        "Inscrites professionnels",
        "Logements inéligibles",
        "Besoin de déconnexion",
        "Provision",
        "% Logements éligibles",
        "Σ Personnes touchées",
        "∑ Professionnels inscrits",
        "Ø Prévision",
        "Δ Prévision",
        "Personnes touchées +",
        "Besoin de non connexion",
    ],
)
def test_another_word_close_to_that_of_a_column_is_asked(heading: str) -> None:
    found = reading(f"Code;{heading}\nA;3\n", dataset=COMPTAGES)
    assert asked(found) == [heading] or found.unknown == (heading,)
    assert asked(found) or not found.errors


@pytest.mark.parametrize("heading", ["Présents (%)", "% présents", "Présents (€)", "Σ Présents"])
def test_a_title_that_was_learnt_is_another_one_with_a_sign_more(heading: str) -> None:
    learnt = {"Présents": "inscrits"}
    found = reading("Code;présents\nA;3\n", dataset=COMPTAGES, matching=learnt)
    assert found.rows["inscrits"].to_list() == [3]
    found = reading(f"Code;{heading}\nA;3\n", dataset=COMPTAGES, matching=learnt)
    assert found.rows["inscrits"].to_list() == [None] and found.unknown == (heading,)


@pytest.mark.parametrize(
    "heading", ["Profesionnels inscrits", "Logement éligible", "Besoin de conexion", "Prevision", "Personnes touchés"]
)
def test_a_column_that_is_badly_typed_is_read(heading: str) -> None:
    found = reading(f"Code;{heading}\nA;3\n", dataset=COMPTAGES)
    assert not found.errors and not found.unknown


@pytest.mark.parametrize("row", [";k€", ";(k€)", "(texte);(en k€)"])
def test_a_unit_in_the_line_under_the_titles_is_asked(row: str) -> None:
    found = reading(f"Code;Prévision\n{row}\nA;3\nB;4\n", dataset=COMPTAGES)
    assert (None, "prevision", "unite_ailleurs") in [(one.line, one.column, one.code) for one in found.errors]


def test_a_template_of_another_version_is_known_by_its_version() -> None:
    registry = Registry.load(strict=True)
    about = DatasetDescription.of(registry, "ifac", "concertations")
    data = workbook(about, created=AT.replace(tzinfo=None), below=_one_row)
    assert read(data, "modele.xlsx", about.dataset).total_rows == 1
    old = changed(
        data,
        "xl/sharedStrings.xml",
        "<t>Version du tableau</t></si><si><t>1</t>",
        "<t>Version du tableau</t></si><si><t>0</t>",
    )
    with pytest.raises(FileRefused, match="version"):
        read(old, "modele.xlsx", about.dataset)


def _one_row(sheet: object, _styles: object) -> None:
    sheet.write_row(1, 0, ("R1", "14/09/2021", "Frais Vallon", "", "12"))  # type: ignore[attr-defined]
