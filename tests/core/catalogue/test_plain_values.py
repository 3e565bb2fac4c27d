"""What a message offers in place of what was written: the plain value, the nearest word, the true reason."""

from __future__ import annotations

import pytest

from core.catalogue import equiper, transverse
from core.catalogue.choices import Lieu
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Entier, Montant
from core.domain.column_type import ColumnType
from core.reading import sentence
from tests.core.reading.factories import HEADINGS, ROW, csv_text, reading

KINDS = {
    (dataset.code, column.name): column.kind
    for dataset in (*equiper.DATASETS, *transverse.DATASETS)
    for column in dataset.columns
}
TYPE, CANAL, STATUS = KINDS["materiel", "type"], KINDS["communication", "canal"], KINDS["materiel", "statut"]


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Entier(), "1.200", "deux façons"),
        (Entier(), "380 places", "Écrivez le nombre seul : 380."),
        (Montant(), "70 000 € HT", "Écrivez le nombre seul : 70 000."),
        (Entier(), "12 ou 13", "Écrivez un nombre seul, par exemple"),
        (Jour(), "du 17 au 20 mai 2022", "Écrivez le premier : 17/05/2022."),
        (Jour(), "du 17 au 20 mai", "Écrivez le premier : 17 mai, avec son année."),
        (Jour(), "2017-01-11/2017-03-09", "Écrivez le premier : 11/01/2017."),
        (Mois(), "T3 2021", "Faites une ligne par mois : juillet, août et septembre 2021."),
        (Mois(), "3e trimestre 2021", "Faites une ligne par mois : juillet, août et septembre 2021."),
        (TYPE, "PC portable", "Vouliez-vous dire « ordinateur portable » ?"),
        (CANAL, "réunion publique", "Vouliez-vous dire « réunion » ?"),
        (Lieu(), "Martigue", "Vouliez-vous dire « Martigues » ?"),
        (Entier(), "environ 12 personnes", "Écrivez le nombre seul : 12."),
        (Entier(), "3 jours", "Écrivez le nombre seul : 3."),
        (Entier(), "néant", "Écrivez 0 s’il n’y en a pas eu ; videz la case si vous ne savez pas."),
        (Montant(), "(1 200 €)", "Écrivez −1 200 s’il l’est, 1 200 s’il ne l’est pas."),
        (Entier(), "idem", "Recopiez ici la valeur de la ligne du dessus."),
        (Jour(), "14 septembre", "Il manque l’année."),
        (STATUS, "RAS", "« RAS » vaut une case vide."),
        (STATUS, "néant", "« néant » vaut une case vide."),
    ],
)
def test_a_message_offers_the_plain_value(kind: ColumnType, text: str, said: str) -> None:
    why = kind.complaint(text)
    assert kind.understand(text) is None, "what is offered is never read by itself"
    assert said in f"{why.expected} {why.remedy}"


@pytest.mark.parametrize(
    "text", ["2 h", "moins de 5", "> 10", "12/mois", "12 k", "3 dizaines", "12 (dont 3)", "50 %", "mi-mars 2022"]
)
def test_a_number_that_is_not_the_one_meant_is_not_offered(text: str) -> None:
    assert "Écrivez le nombre seul" not in Entier().complaint(text).remedy


@pytest.mark.parametrize("sign", ["n.c.", "-", "NC", "ND", "…"])
def test_a_sign_in_a_cell_to_fill_is_told_as_such(sign: str) -> None:
    found = reading(csv_text(HEADINGS, (ROW[0], sign, *ROW[2:])))
    (problem,) = (one for one in found.errors if one.column == "type")
    assert problem.found == sign
    said = sentence(problem).replace("\u00a0", " ")
    assert f"« {sign} » vaut une case vide, et cette case est obligatoire." in said and "est vide" not in said


def test_an_empty_cell_is_said_empty() -> None:
    found = reading(csv_text(HEADINGS, (ROW[0], "", *ROW[2:])))
    (problem,) = (one for one in found.errors if one.column == "type")
    said = sentence(problem).replace("\u00a0", " ")
    assert "la cellule est vide. Cette case est obligatoire." in said
