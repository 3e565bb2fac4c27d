"""The rows behind a figure: as many as the number says, or adding up to it."""

from __future__ import annotations

import re

import pytest

from core.demonstration.people import PEOPLE
from dashboard import context
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import demonstration_context

pytestmark = pytest.mark.usefixtures("full")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"indicateur": "EQ5a", "experience": "ct2-pays-d-aix"}, "84 lignes = 84"),
        ({"indicateur": "EQ5a", "experience": "ct2-pays-d-aix", "part": "denominateur"}, "99 lignes = 99"),
        ({"indicateur": "EQ5a", "experience": "ct2-pays-d-aix", "lieu": "pertuis"}, "17 lignes = 17"),
        ({"indicateur": "EQ5a", "experience": "programme", "periode": "2021-T4"}, "27 lignes = 27"),
        ({"indicateur": "EQ1a"}, "409 lignes = 409"),
        ({"indicateur": "AC6", "experience": "ct3-pays-salonais"}, "dont le total est 112"),
        ({"indicateur": "PREUVE-E7", "experience": "ct3-pays-salonais"}, "85 lignes = 85"),
        ({"indicateur": "EQ18a"}, "14 lignes = 14"),
    ],
)
def test_rows_are_as_many_as_the_figure(choices: dict[str, str], words: str) -> None:
    assert words in said(opened("chiffre", **choices))


def test_rows_are_shown_and_can_be_taken_away() -> None:
    page = opened("chiffre", indicateur="EQ5a", experience="ct3-pays-salonais")
    assert html(page).count("<tr>") == 1 + 52
    assert [one.proto.label for one in page.get("download_button")] == ["Télécharger les 52 lignes (CSV)"]


def test_zero_has_no_row_and_says_so() -> None:
    page = said(opened("chiffre", indicateur="EQ8", experience="ct2-pays-d-aix"))
    assert "Aucune ligne n’est comptée dans ce chiffre." in page


def test_missing_figure_tells_why() -> None:
    page = said(opened("chiffre", indicateur="EQ5a", experience="recherche-action"))
    assert "L’axe 1 (Équiper) n’est pas prévu pour cette expérimentation." in page


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"indicateur": "EQ5z"}, "Vouliez-vous dire « EQ5b » ?"),
        ({"indicateur": "EQ5a", "experience": "ct2"}, "Expérimentation « ct2 »"),
        ({"indicateur": "EQ5a", "part": "moitié"}, "Choisissez parmi : numerateur, denominateur."),
    ],
)
def test_wrong_address_is_refused_with_the_right_words(choices: dict[str, str], words: str) -> None:
    assert words in said(opened("chiffre", **choices))


@pytest.mark.parametrize(
    ("experiment", "count", "words"),
    [
        ("ct3-pays-salonais", 0, "52 lignes d’autres associations"),
        ("programme", 37, "142 lignes d’autres associations"),
        ("ct1-frais-vallon", 24, ""),
    ],
)
def test_association_reads_its_own_rows_only(experiment: str, count: int, words: str) -> None:
    context.install(demonstration_context(visitor=PEOPLE["ifac"]))
    page = opened("chiffre", indicateur="EQ5a", experience=experiment)
    assert html(page).count("<tr>") == (1 + count if count else 0)
    assert words in said(page)
    assert ("d’autres associations" in said(page)) is bool(words)
    assert bool(page.get("download_button")) is bool(count)


def test_association_reads_what_the_metropole_voted_for_others() -> None:
    context.install(demonstration_context(visitor=PEOPLE["ifac"]))
    assert "d’autres associations" not in said(opened("chiffre", indicateur="TR1", part="denominateur"))


def _first_cells(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]*)</th>', page)


def _headings(page: str) -> list[str]:
    found = re.findall(r'<th scope="col">.*?>([^<]+)<span class="visually-hidden">, tri', page)
    return [plain(one) for one in found]


def test_a_hundred_rows_a_page_at_most_and_the_others_one_click_away() -> None:
    page = html(opened("chiffre", indicateur="EQ1a"))
    assert len(_first_cells(page)) == 100
    assert "Page 1 sur 5." in plain(page)
    last = html(opened("chiffre", indicateur="EQ1a", page="5"))
    assert len(_first_cells(last)) == 9
    assert not set(_first_cells(page)) & set(_first_cells(last))


def test_columns_that_prove_the_figure_come_first() -> None:
    """« Remis » is proved by the state, its day and its place; 19 columns took them out of the window."""
    page = html(opened("chiffre", indicateur="EQ5a", experience="ct2-pays-d-aix"))
    headings = _headings(page)
    assert len(headings) == 8
    assert headings[0] == "Numéro d’inventaire"
    assert {"Statut", "Date de remise", "Lieu"} <= set(headings)
    whole = html(opened("chiffre", indicateur="EQ5a", experience="ct2-pays-d-aix", colonnes="toutes"))
    assert _headings(whole)[:8] == headings and len(_headings(whole)) > 8


def test_rows_are_sorted_by_their_days_and_filtered_by_words() -> None:
    asked = {"indicateur": "EQ5a", "experience": "ct2-pays-d-aix", "tri": "Date de remise"}
    days = re.findall(r">(\d\d/\d\d/\d{4})<", html(opened("chiffre", **asked, q="pertuis")))
    assert len(days) == 17
    assert days == sorted(days, key=lambda day: (day[6:], day[3:5], day[:2]))
    back = re.findall(r">(\d\d/\d\d/\d{4})<", html(opened("chiffre", **asked, sens="desc", q="Pertuis")))
    assert back == sorted(days, key=lambda day: (day[6:], day[3:5], day[:2]), reverse=True)
    assert "17 lignes trouvées sur 84 pour « pertuis »" in said(opened("chiffre", **asked, q="pertuis"))


def test_words_that_no_row_bears_leave_an_empty_page_that_says_so() -> None:
    assert "0 ligne trouvée sur 84" in said(opened("chiffre", indicateur="EQ5a", experience="ct2-pays-d-aix", q="zzz"))
