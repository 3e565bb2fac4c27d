"""Charts, tables and sentences of a plugin's page, for who may see small counts of people and for who may not."""

from __future__ import annotations

import itertools

import pytest

from core.disclosure.pages import Audience, hidden_numbers, page_text
from core.disclosure.table import Hidden
from core.domain.observation import Observation
from core.domain.plugin_phrases import Figure, People, Share, Tells, listed, phrase, told
from core.domain.report import Block, Callout, Chart, Heading, Prose, Series, Table

SEEN = {"CO5": Observation("CO5", "Foyers", "foyers", numerator=12.0, value=12.0)}
UNSEEN = {"CO5": Observation("CO5", "Foyers", "foyers", hidden="moins de 5")}


def for_all(*blocks: Block) -> tuple[Block, ...]:
    return page_text(blocks, Audience(SEEN.__getitem__))


def discreet(*blocks: Block, elsewhere: tuple[float, ...] = ()) -> tuple[Block, ...]:
    return page_text(
        blocks, Audience(UNSEEN.__getitem__, hidden_numbers(blocks, 5, dict.fromkeys(elsewhere, Hidden.GIVES_AWAY)), 5)
    )


def plain(text: object) -> str:
    return str(text).replace("\u202f", " ").replace("\u00a0", " ")


WHOM = Prose(phrase("Au 30 juin, 5 ordinateurs remis (", People(3, "famille"), ", ", People(2, "étudiant"), ")."))


def test_a_sentence_is_written_in_full_for_who_may_see_small_counts() -> None:
    assert for_all(WHOM) == (Prose("Au 30\u00a0juin, 5 ordinateurs remis (3 familles, 2 étudiants)."),)


def test_the_sentence_that_leaked_hides_both_parts_of_the_five() -> None:
    """Issue 9, line 18: the dossier said « 3 familles, 2 étudiants », the financial report « moins de 5 »."""
    (made,) = discreet(WHOM)
    assert plain(made.text) == "Au 30 juin, 5 ordinateurs remis (moins de 5 familles, moins de 5 étudiants)."


@pytest.mark.parametrize(
    ("families", "students", "said"),
    [
        (5, 1, "un nombre non montré de familles, moins de 5 étudiants"),
        (5, 0, "5 familles, 0 étudiant"),
        (40, 12, "40 familles, 12 étudiants"),
        (3, 0, "moins de 5 familles, un nombre non montré d’étudiants"),
        (1, 1, "un nombre non montré de familles, un nombre non montré d’étudiants"),
    ],
)
def test_the_total_is_taken_as_known(families: int, students: int, said: str) -> None:
    (made,) = discreet(Prose(phrase(People(families, "famille"), ", ", People(students, "étudiant"))))
    assert plain(made.text).lower() == said


def test_two_parts_that_a_small_total_pins_say_less() -> None:
    """1 + 1 = 2: « moins de 5 » twice, under a total of two, would tell each of them."""
    found = hidden_numbers([Prose(phrase(People(1, "famille"), People(1, "étudiant")))], 5)
    assert found == {1: Hidden.GIVES_AWAY}


def table(*rows: tuple[object, ...], headings: tuple[str, ...]) -> Table:
    return Table("Immeubles", headings, rows)  # type: ignore[arg-type]


def agreed(number: int, of: int) -> Share:
    return Share(People(number, "accord"), of)


def test_a_column_hides_the_small_one_and_what_gives_it_away() -> None:
    given = table(
        ("A", "60", agreed(34, 60), "atteint"),
        ("B", "52", agreed(2, 52), Tells("il manque 24 accords", (People(2),))),
        ("C", "48", agreed(6, 48), Tells("il manque 18 accords", (People(6),), "pas encore")),
        headings=("Immeuble", "Logements", "Accords", "Où en est l’accord"),
    )
    (made,) = discreet(given)
    assert made.rows == (
        ("A", "60", "34 sur 60 (57\u202f%)", "atteint"),
        ("B", "52", "moins de 5", "non montré"),
        ("C", "48", "non montré", "pas encore"),
    )


def test_a_line_of_people_is_hidden_in_a_table_of_periods() -> None:
    given = table(
        ("Ordinateurs remis", "2", "3"),
        ("Diagnostics", People(2, "diagnostic"), People(30, "diagnostic")),
        headings=("Quoi", "T1", "T2"),
    )
    (made,) = discreet(given)
    assert made.rows == (("Ordinateurs remis", "2", "3"), ("Diagnostics", "moins de 5", "non montré"))


def test_a_chart_of_people_has_no_bar_and_says_why() -> None:
    counts = [("A", People(2, "participation")), ("B", People(23, "participation")), ("C", People(0, "participation"))]
    given = Chart(
        "bars",
        ("A", "B", "C"),
        (Series("Participations", tuple(value for _, value in counts)),),
        phrase("B réunit ", People(23, "participation")),
        phrase("Participations. ", told(counts), "."),
        unit="participations",
    )
    (full,) = for_all(given)
    assert full.series[0].values == (2, 23, 0) and full.series[0].said == ()
    assert plain(full.conclusion) == "B réunit 23 participations"
    (made,) = discreet(given)
    assert made.series[0].values == (None, None, 0)
    assert made.series[0].said == ("moins de 5", "non montré", "")
    assert plain(made.alternative) == "Participations. A : moins de 5, B : non montré et C : 0."
    assert plain(made.conclusion) == "B réunit un nombre non montré de participations"


def test_a_share_hidden_in_the_table_is_hidden_in_the_chart_above_it() -> None:
    chart = Chart("bars", ("A", "B"), (Series("Accords", (agreed(2, 52), agreed(34, 60))),), "B d’abord", "A, B")
    told_again = table(("A", agreed(2, 52)), ("B", agreed(34, 60)), headings=("Immeuble", "Accords"))
    made, _ = discreet(chart, told_again)
    assert made.series[0].values == (None, None)
    (full,) = for_all(chart)
    assert full.series[0].values == (3.8, 56.7)


def test_what_a_share_leaves_of_its_whole_counts_people_too() -> None:
    """8 of 11 enrolled people finished: three did not."""
    given = Prose(phrase(Share(People(8, "personne"), People(11, "inscrit"), "des inscrits"), " ont terminé"))
    (made,) = discreet(given)
    assert plain(made.text) == "Une part non montrée des inscrits ont terminé"


def test_a_month_that_adds_few_people_hides_a_cumulative_value() -> None:
    series = Series("Diagnostics", (People(10), People(12), People(30)))
    (made,) = discreet(Chart("line", ("janv.", "févr.", "mars"), (series,), "c", "a"))
    known = [value for value in made.series[0].values if value is not None]
    assert 2 not in [after - before for before, after in itertools.pairwise(known)]


def test_a_number_that_a_figure_hides_is_hidden_on_the_page() -> None:
    (made,) = discreet(Prose(phrase(People(30, "diagnostic"))), elsewhere=(30,))
    assert plain(made.text) == "Un nombre non montré de diagnostics"


def test_parts_do_not_add_up_to_a_number_that_a_figure_hides() -> None:
    (made,) = discreet(
        table(("Diagnostics", People(12, "d"), People(18, "d")), headings=("", "T1", "T2")), elsewhere=(30,)
    )
    assert made.rows[0][1:].count("non montré") >= 1


def test_a_figure_is_named_by_its_code() -> None:
    given = Callout(phrase(Figure("CO5", "foyer connecté", "foyers connectés"), "."))
    assert for_all(given) == (Callout("12 foyers connectés."),)
    assert plain(discreet(given)[0].text) == "Foyers connectés : moins de 5."


def test_what_is_not_known_is_never_zero() -> None:
    given = Prose(phrase(People(None, "étudiant"), " et ", listed([People(None), "12 écrans"])))
    assert plain(for_all(given)[0].text) == "Étudiants : non renseigné et non renseigné et 12 écrans"


def test_things_and_large_numbers_are_left_as_they_are() -> None:
    blocks = (
        Heading("Les 3 immeubles"),
        Callout("2 machines attendent"),
        Prose("12 écrans"),
        Chart("bars", ("A", "B"), (Series("Ordinateurs", (2.0, 4.0)),), "2 et 4", "A : 2", unit="ordinateurs"),
        table(("A", "2", "12"), headings=("Immeuble", "Écrans", "Machines")),
    )
    assert discreet(*blocks) == blocks
