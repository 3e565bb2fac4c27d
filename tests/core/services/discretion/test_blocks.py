"""Charts, tables and sentences of a plugin's page, without small counts of people."""

from __future__ import annotations

import pytest

from core.domain.report import Callout, Chart, Heading, Prose, Series, Table
from core.services.discretion.blocks import Veil
from core.services.discretion.wording import discreet


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2 foyers connectés et 12 diagnostics.", "moins de 5 foyers connectés et 12 diagnostics."),
        ("1 foyer a donné son accord", "moins de 5 foyers ont donné leur accord"),
        ("FV-01 compte 1 mise en service.", "FV-01 compte moins de 5 mises en service."),
        (
            "0 foyer connecté, 5 personnes, 1 203 accompagnements",
            "0 foyer connecté, 5 personnes, 1 203 accompagnements",
        ),
        ("3 ordinateurs remis au 4 juillet", "3 ordinateurs remis au 4 juillet"),
        ("18 % des personnes formées (2 sur 11) sont là", "Une part non montrée des personnes formées sont là"),
    ],
)
def test_a_sentence_keeps_every_other_number(written: str, said: str) -> None:
    assert discreet(written, 5) == said


def table(*rows: tuple[str, ...], headings: tuple[str, ...]) -> Table:
    return Table("Immeubles", headings, rows)


def test_a_column_of_people_hides_the_small_one_and_what_gives_it_away() -> None:
    given = table(
        ("A", "60", "34 sur 60 (57 %)", "atteint"),
        ("B", "52", "2 sur 52 (4 %)", "il manque 24 accords"),
        ("C", "48", "6 sur 48 (12 %)", "il manque 18 accords"),
        headings=("Immeuble", "Logements", "Accords", "Où en est l’accord"),
    )
    (made,) = Veil(5).over([given])
    assert isinstance(made, Table)
    assert made.rows == (
        ("A", "60", "34 sur 60 (57 %)", "atteint"),
        ("B", "52", "moins de 5", "non montré"),
        ("C", "48", "non montré", "non montré"),
    )


def test_a_line_of_people_is_hidden_in_a_table_of_periods() -> None:
    given = table(("Ordinateurs remis", "2", "3"), ("Diagnostics", "2", "30"), headings=("Quoi", "T1", "T2"))
    (made,) = Veil(5).over([given])
    assert isinstance(made, Table)
    assert made.rows == (("Ordinateurs remis", "2", "3"), ("Diagnostics", "moins de 5", "non montré"))


def test_a_chart_of_people_has_no_bar_and_says_why() -> None:
    given = Chart(
        "bars", ("A", "B", "C"), (Series("Participations", (2.0, 23.0, 0.0)),), "B réunit 23 participations",
        "A : 2, B : 23 et C : 0.", unit="participations",
    )  # fmt: skip
    (made,) = Veil(5).over([given])
    assert isinstance(made, Chart)
    assert made.series[0].values == (None, None, 0.0)
    assert made.series[0].said == ("moins de 5", "non montré", "")
    assert made.alternative == "Participations. A : moins de 5, B : non montré et C : 0."
    assert made.conclusion == "Participations"


def test_a_share_hidden_in_the_table_is_hidden_in_the_chart_above_it() -> None:
    chart = Chart(
        "bars", ("A", "B"), (Series("Accords, en %", (3.8, 56.7)),), "B d’abord", "A, B", unit="% des logements"
    )
    told = table(("A", "2 sur 52 (4 %)"), ("B", "34 sur 60 (57 %)"), headings=("Immeuble", "Accords"))
    made, _ = Veil(5).over([chart, told])
    assert isinstance(made, Chart) and made.series[0].values == (None, None)


def test_things_and_large_numbers_are_left_as_they_are() -> None:
    blocks = [
        Heading("Les 3 accords"),
        Callout("2 machines attendent"),
        Prose("12 foyers"),
        Chart("bars", ("A", "B"), (Series("Ordinateurs", (2.0, 4.0)),), "2 et 4", "A : 2", unit="ordinateurs"),
        table(("A", "2", "12"), headings=("Immeuble", "Écrans", "Accords")),
    ]
    assert list(Veil(5).over(blocks)) == blocks
