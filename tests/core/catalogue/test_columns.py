"""Each column kind reads what French people write, and says why it cannot read the rest."""

from __future__ import annotations

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.choices import CodeCommune, Compte, Experience, Lieu, Ligne, Liste, OuiNon
from core.catalogue.columns import Schema, entier, jour, liste, montant, texte
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Decimal, Entier, Montant
from core.catalogue.texts import CodePostal, Siret, Texte
from core.domain.column_type import Choice, ColumnType
from core.domain.dataset import Dataset

TYPES = Liste(tuple(Choice(word, word) for word in ("ordinateur fixe", "ordinateur portable", "écran")))
SEVERAL = Liste((Choice("a", "Aide à distance"), Choice("b", "En autonomie")), multiple=True)

USUAL = [
    (Jour(), "14/09/2021", date(2021, 9, 14)),
    (Jour(), "1/9/2021", date(2021, 9, 1)),
    (Jour(), "01-09-2021", date(2021, 9, 1)),
    (Jour(), "01.09.2021", date(2021, 9, 1)),
    (Jour(), "2021-09-14", date(2021, 9, 14)),
    (Jour(), "29/02/2024", date(2024, 2, 29)),
    (Mois(), "2021-09", date(2021, 9, 1)),
    (Mois(), "09/2021", date(2021, 9, 1)),
    (Mois(), "9/2021", date(2021, 9, 1)),
    (Mois(), "01/09/2021", date(2021, 9, 1)),
    (Entier(), "12", 12),
    (Entier(), "1 234 567", 1_234_567),
    (Entier(), "-3", -3),
    (Entier(), "007", 7),
    (Montant(), "1 234,5 €", 123_450),
    (Montant(), "1234.50", 123_450),
    (Montant(), "0,29", 29),
    (Montant(), "-12,5", -1_250),
    (Montant(), "300€", 30_000),
    (Decimal(), "43,5266", 43.5266),
    (Decimal(), "43.123", 43.123),
    (Decimal(), "-1 234,5", None),
    (OuiNon(), "oui", True),
    (OuiNon(), "NON", False),
    (TYPES, "Écran", "écran"),
    (TYPES, "ORDINATEUR FIXE", "ordinateur fixe"),
    (Lieu(), "port-de-bouc", "port-de-bouc"),
    (Lieu(), "Aix-en-Provence", "aix"),
    (CodeCommune(), "2A004", "2A004"),
    (Compte(), "60.1", "60.1"),
    (Ligne(), "anonymal-ct2", "anonymal-ct2"),
    (Experience(), "ct2-pays-d-aix", "ct2-pays-d-aix"),
    (Experience(), "ct7-ailleurs", "ct7-ailleurs"),
    (Texte(), "1,5", "1,5"),
    (Texte(), "2E14", "2E14"),
    (Texte(), "#12", "#12"),
    (Siret(), "43493312300029", "43493312300029"),
    (CodePostal(), "13100", "13100"),
]

REPAIRED = [
    (Jour(), "14/09/21", date(2021, 9, 14)),
    (Jour(), "2021-09-14T10:00:00", date(2021, 9, 14)),
    (Jour(), "2021-09-14 10:00:00+02:00", date(2021, 9, 14)),
    (Jour(), "14/09/2021 10:12:00", date(2021, 9, 14)),
    (Jour(), "44453", date(2021, 9, 14)),
    (Jour(), "44453,5", date(2021, 9, 14)),
    (Jour(), "1er juillet 2021", date(2021, 7, 1)),
    (Jour(), "mardi 14 sept. 2021", date(2021, 9, 14)),
    (Jour(), "14 août 2021", date(2021, 8, 14)),
    (Jour(), "20210914", date(2021, 9, 14)),
    (Mois(), "septembre 2021", date(2021, 9, 1)),
    (Mois(), "Déc-21", date(2021, 12, 1)),
    (Mois(), "14/09/2021", date(2021, 9, 1)),
    (Mois(), "44440", date(2021, 9, 1)),
    (Mois(), "03/22", date(2022, 3, 1)),
    (Entier(), "12,0", 12),
    (Entier(), "12.00", 12),
    (Entier(), "1'234", 1_234),
    (Entier(), "−3", -3),
    (Montant(), "24.500,50 €", 2_450_050),
    (Montant(), "24,500.50", 2_450_050),
    (Montant(), "300 euros", 30_000),
    (Montant(), "€ 12", 1_200),
    (Montant(), "12,340000000000001", 1_234),
    (OuiNon(), "x", True),
    (OuiNon(), "1", True),
    (OuiNon(), "0", False),
    (OuiNon(), "0,0", False),
    (OuiNon(), "VRAI", True),
    (OuiNon(), "faux", False),
    (OuiNon(), "✔\ufe0f", True),
    (OuiNon(), "☐", False),
    (OuiNon(), "✗", False),
    (Lieu(), "Marseille, Frais Vallon", "frais-vallon"),
    (TYPES, "ecran", "écran"),
    (TYPES, "ORDINATEURS-PORTABLES", "ordinateur portable"),
    (SEVERAL, "aide a distance ; En autonomie", "a|b"),
    (Lieu(), "Port de Bouc", "port-de-bouc"),
    (CodeCommune(), "1001", "01001"),
    (CodeCommune(), "13001,0", "13001"),
    (CodeCommune(), "Aix en Provence", "13001"),
    (Compte(), "60,1", "60.1"),
    (Ligne(), "Anonymal CT2", "anonymal-ct2"),
    (Experience(), "CT6", "ct6-pays-de-martigues"),
    (Experience(), "Frais Vallon", "ct1-frais-vallon"),
    (Texte(), "1234.0", "1234"),
    (Texte(), '="00123"', "00123"),
    (Siret(), "434 933 123 00029", "43493312300029"),
    (Siret(), "43493312300029.0", "43493312300029"),
    (CodePostal(), "1000", "01000"),
]

REFUSED = [
    (Jour(), "31/02/2021", "date_impossible"),
    (Jour(), "29/02/2021", "date_impossible"),
    (Jour(), "31/06/2022", "date_impossible"),
    (Jour(), "2021-02-30", "date_impossible"),
    (Jour(), "09/14/2021", "date_inversee"),
    (Jour(), "14/09/0021", "date_annee"),
    (Jour(), "hier", "date"),
    (Jour(), "12", "date"),
    (Jour(), "99999", "date"),
    (Jour(), "00/09/2021", "date_impossible"),
    (Mois(), "13/2021", "mois_impossible"),
    (Mois(), "T3 2021", "trimestre"),
    (Entier(), "12,5", "nombre_entier"),
    (Entier(), "1.234", "nombre_ambigu"),
    (Entier(), "douze", "nombre"),
    (Entier(), "1E+05", "nombre"),
    (Entier(), "12 34", "nombre"),
    (Entier(), "9" * 30, "nombre"),
    (Montant(), "1.234", "nombre_ambigu"),
    (Montant(), "1,234", "nombre_ambigu"),
    (Montant(), "0,123", "centimes"),
    (Montant(), "12 %", "pourcentage"),
    (Montant(), "néant", "rien_ou_zero"),
    (Montant(), "(120)", "nombre_negatif"),
    (Montant(), "12 € 50", "nombre"),
    (Entier(), "12,5 %", "pourcentage"),
    (Entier(), "120-", "nombre_negatif"),
    (Entier(), "1/2", "nombre"),
    (Entier(), "12²", "nombre"),
    (Entier(), "90'", "nombre"),
    (Entier(), "idem", "idem"),
    (Jour(), "- // -", "idem"),
    (Jour(), "14/09", "date_sans_annee"),
    (Jour(), "14 septembre", "date_sans_annee"),
    (Jour(), "mai 2022", "date_sans_jour"),
    (Jour(), "néant", "rien"),
    (Mois(), "mai 99", "mois"),
    (Mois(), "mai 12", "mois"),
    (Mois(), "22/03", "mois"),
    (Mois(), "mi-mars 2022", "mois"),
    (OuiNon(), "oui/non", "oui_non"),
    (Lieu(), "Marseille / Aubagne", "lieu_inconnu"),
    (Texte(), "idem", "idem"),
    (Texte(), "″", "idem"),
    (Montant(), "cher", "nombre"),
    (Decimal(), "x", "nombre"),
    (OuiNon(), "peut-être", "oui_non"),
    (OuiNon(), "2", "oui_non"),
    (TYPES, "ordinateur", "liste_inconnu"),
    (SEVERAL, "En autonomie|autre", "liste_inconnu"),
    (Lieu(), "Nice", "lieu_inconnu"),
    (CodeCommune(), "Nice", "code_commune_inconnu"),
    (CodeCommune(), "13500", "code_postal_pour_insee"),
    (CodeCommune(), "13 200", "code_postal_pour_insee"),
    (Compte(), "60", "compte_titre"),
    (Compte(), "TOTAL DES CHARGES", "compte_titre"),
    (Compte(), "999", "compte_inconnu"),
    (Ligne(), "ct2", "ligne_inconnu"),
    (Experience(), "CT1", "experience_inconnu"),
    (Texte(), "2,2E+13", "nombre_arrondi"),
    (Texte(), "#N/A", "erreur_tableur"),
    (Texte(), "#REF!", "erreur_tableur"),
    (Texte(), "Err:502", "erreur_tableur"),
    (Entier(), "#VALEUR!", "erreur_tableur"),
    (Texte(), "=A1+B1", "formule"),
    (Montant(), "=A1", "formule"),
    (Siret(), "22040000000000", "nombre_arrondi"),
    (Siret(), "2,2E+13", "nombre_arrondi"),
    (Siret(), "434933123", "siren"),
    (Siret(), "12345678901234", "siret"),
    (CodePostal(), "131", "code_postal"),
]


def read_one(kind: ColumnType, text: str) -> tuple[object, bool]:
    values, repaired = kind.read(pl.Series([text]))
    return values[0], repaired[0]


@pytest.mark.parametrize(("kind", "text", "value"), [case for case in USUAL if case[2] is not None])
def test_usual_writings_need_no_repair(kind: ColumnType, text: str, value: object) -> None:
    assert read_one(kind, text) == (value, False)


@pytest.mark.parametrize(("kind", "text", "value"), REPAIRED)
def test_unusual_writings_are_understood_and_shown(kind: ColumnType, text: str, value: object) -> None:
    assert read_one(kind, text) == (value, True)


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED)
def test_what_is_not_certain_is_refused(kind: ColumnType, text: str, code: str) -> None:
    assert read_one(kind, text) == (None, False)
    complaint = kind.complaint(text)
    assert complaint.code == code
    assert complaint.expected.endswith(".") and complaint.remedy


def test_impossible_day_offers_the_last_of_the_month() -> None:
    complaint = Jour().complaint("31/02/2022")
    assert complaint.expected == "Ce jour n’existe pas."
    assert "28/02/2022" in complaint.remedy


def test_a_near_word_is_offered_but_not_taken() -> None:
    assert Lieu().complaint("Gardane").remedy == "Vouliez-vous dire « Gardanne » ?"
    assert read_one(Lieu(), "Gardane")[0] is None


def test_a_column_is_read_whole_with_its_blanks() -> None:
    column = pl.Series("j", ["14/09/2021", None, "44453", "non"] * 3)
    values, repaired = Jour().read(column)
    assert values.to_list()[:4] == [date(2021, 9, 14), None, date(2021, 9, 14), None]
    assert repaired.to_list()[:4] == [False, False, True, False]


def test_parse_is_an_expression_of_the_right_type() -> None:
    frame = pl.DataFrame({"m": ["1 234,5 €", None]})
    assert frame.lazy().select(Montant().parse(pl.col("m"))).collect().to_series().to_list() == [123_450, None]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_written_is_read_again(day: date) -> None:
    assert read_one(Jour(), Jour().write(day)) == (day, False)


@given(st.integers(-(10**12), 10**12))
def test_every_amount_shown_is_read_again(cents: int) -> None:
    shown = Montant().show(cents).replace("\u202f", " ").replace("\u00a0", " ")
    assert read_one(Montant(), shown)[0] == cents
    assert read_one(Montant(), Montant().write(cents)) == (cents, False)


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_every_number_written_is_read_again(number: float) -> None:
    assert read_one(Decimal(), Decimal().write(number))[0] == pytest.approx(number, abs=1e-15)


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_shown_is_read_again(number: int) -> None:
    assert read_one(Entier(), Entier().show(number).replace("\u202f", " "))[0] == number


@pytest.mark.parametrize("kind", [TYPES, SEVERAL, Lieu(), CodeCommune(), Compte(), Ligne(), Experience()])
def test_every_code_and_its_label_are_read(kind: ColumnType) -> None:
    for code in kind.codes:
        assert read_one(kind, kind.write(code)) == (code, False)
        assert kind.show(code)


@pytest.mark.parametrize("kind", [case[0] for case in USUAL], ids=lambda kind: kind.name)
def test_each_kind_documents_itself(kind: ColumnType) -> None:
    assert kind.expected and kind.example
    assert kind.json_schema()["type"]
    assert kind.sql_type().compile()
    assert read_one(kind, kind.example)[0] is not None


class Machines(Schema):
    numero: pl.String = texte("Numéro", max_length=5)
    type: pl.String = liste("Type", ("fixe", "écran"))
    nombre: pl.Int64 = entier("Nombre", at_least=1, at_most=9)
    prix: pl.Int64 = montant("Prix", optional=True, help="en euros")
    remise: pl.Date = jour("Remise", optional=True)


def test_a_schema_gives_the_columns_of_its_dataset() -> None:
    columns = Dataset("m", "Machines", Machines, ("numero",)).by_name
    assert list(columns) == ["numero", "type", "nombre", "prix", "remise"]
    assert (columns["prix"].nullable, columns["prix"].required) == (True, False)
    assert (columns["nombre"].nullable, columns["nombre"].required) == (False, True)
    assert columns["prix"].description == "en euros"
    assert isinstance(columns["remise"].kind, Jour)


def test_a_schema_inherits_its_columns() -> None:
    class More(Machines):
        atelier: pl.String = texte("Atelier", optional=True)

        class Config(Machines.Config):
            pass

    assert [column.name for column in Dataset("m", "M", More, ("numero",)).columns][-1] == "atelier"


def test_bounds_are_judged_by_pandera() -> None:
    frame = pl.DataFrame({"numero": ["123456"], "type": ["fixe"], "nombre": [0]})
    with pytest.raises(pa.errors.SchemaErrors) as refused:
        Machines.validate(frame.with_columns(prix=pl.lit(None, pl.Int64), remise=pl.lit(None, pl.Date)), lazy=True)
    assert set(refused.value.failure_cases["column"]) == {"numero", "nombre"}


@pytest.mark.parametrize(
    ("low", "high", "example"), [(0, None, "12"), (1, 3, "1"), (2000, 2100, "2000"), (None, 5, "5")]
)
def test_the_example_of_a_number_is_within_its_bounds(low: int | None, high: int | None, example: str) -> None:
    assert Entier(low, high).example == example
