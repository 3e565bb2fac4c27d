"""Problems are written as the glossary asks, one by one and by cause."""

from __future__ import annotations

from core.domain.dataset import Problem, Repair, Severity
from core.reading import grouped, repair_sentence, sentence
from core.reading.problems import expectation
from tests.core.reading.factories import HEADINGS, MACHINES, csv_text, reading


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_an_impossible_day_reads_as_in_the_glossary() -> None:
    text = csv_text(("numero_inventaire", "type", "date_remise", "lieu"), ("A1", "écran", "31/02/2022", "Aix"))
    assert plain(sentence(reading(text).errors[0], MACHINES)) == (
        "Ligne 2, colonne « date de remise » : nous lisons « 31/02/2022 ». Ce jour n’existe pas. "
        "Corrigez la date, par exemple 28/02/2022."
    )


def test_the_sentence_follows_french_typography() -> None:
    said = sentence(Problem(14, "date_remise", "x", "Ce n’est pas une date.", "Est-ce le bon jour ?"))
    assert "«\u00a0x\u00a0»" in said and "\u00a0: nous" in said and said.endswith("jour\u202f?")


def test_words_of_a_rule_become_a_sentence() -> None:
    problem = Problem(3, "valeur_unitaire", "340 €", "300 € au plus", "Vérifiez.", Severity.WARNING, "v")
    assert plain(sentence(problem)) == (
        "Ligne 3, colonne « valeur unitaire » : nous lisons « 340 € ». Attendu : 300 € au plus. Vérifiez."
    )


def test_a_remark_on_the_file_has_no_line() -> None:
    warning = reading(csv_text((*HEADINGS, "Couleur"), ("A1", "écran"))).warnings[0]
    assert plain(sentence(warning)).startswith("Nous lisons « Couleur ». Cette colonne n’est pas demandée")


def test_problems_of_one_cause_are_one_group() -> None:
    rows = [(f"A{n}", "écran", "", "31/02/2021") for n in range(31)] + [("B", "machin", "", "")]
    causes = grouped(reading(csv_text(HEADINGS, *rows)).errors, MACHINES)
    assert [(c.count, c.code) for c in causes] == [(31, "date_impossible"), (1, "liste_inconnu")]
    assert plain(causes[0].sentence) == (
        "31 lignes, colonne « date de réception » (d’abord lignes 2, 3, 4, 5 et 6) : Ce jour n’existe pas. "
        "Corrigez la date, par exemple 28/02/2021."
    )


def test_errors_come_before_warnings() -> None:
    found = [Problem(1, "a", "", "E.", "", Severity.WARNING, "w")] * 3 + [Problem(2, "a", "", "E.", "", code="e")]
    assert [cause.code for cause in grouped(found)] == ["e", "w"]


def test_a_repair_says_what_was_understood() -> None:
    assert plain(repair_sentence(Repair(5, "lieu", "Port de Bouc", "Port-de-Bouc"), MACHINES)) == (
        "Ligne 5, colonne « lieu » : « Port de Bouc » a été compris « Port-de-Bouc »."
    )


def test_a_blank_cell_is_said_blank() -> None:
    problem = Problem(2, "lot", "", "une valeur, que le standard demande", "Complétez.", Severity.WARNING, "v")
    assert plain(sentence(problem)) == (
        "Ligne 2, colonne « lot » : la cellule est vide. Attendu : une valeur, que le standard demande. Complétez."
    )


def test_expectation_is_announced_unless_it_is_a_sentence_already() -> None:
    assert expectation("300 € au plus") == "Attendu : 300 € au plus."
    assert expectation("La réception n’est pas confirmée.") == "La réception n’est pas confirmée."
    assert expectation("") == ""
