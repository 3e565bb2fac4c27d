"""Equipment, subsidies, commitments, definitions: what the committee asks of each."""

from __future__ import annotations

import pytest

from core.catalogue import DISCARDED
from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS, LINES
from core.domain.figure_text import DRAFT_NOTE, DRAFT_SIGN
from core.domain.french import typeset
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import registry

pytestmark = pytest.mark.usefixtures("full")


def test_park_adds_up_to_what_was_received() -> None:
    page = said(opened("materiel"))
    assert "Ordinateurs 455 409 incomplet 90 % 46" in page
    assert "Écrans 202 180 incomplet 89 % 22" in page
    # What is added up lacks what its parts lack.
    assert "Ensemble 126 incomplet 40 incomplet" in page
    # « Prêts » are those of everybody, transit included, and every total still waits for Martigues.
    states = {
        "À tester": (21, 9),
        "En attente de pièces": (22, 0),
        "Prêts, sans bénéficiaire": (83, 31),
        "dont en transit": (14, 9),
    }
    for words in (f"{name} {computers} incomplet {screens} incomplet" for name, (computers, screens) in states.items()):
        assert words in page


@pytest.mark.parametrize("path", ["", "lieux", "lieux?lieu=salon", "materiel", "engagements", "comparer"])
def test_a_figure_bears_the_same_sign_on_every_page(path: str) -> None:
    """Issue 9: « ° » stood in the matrix of the first page alone."""
    page, _, query = path.partition("?")
    text = said(opened(page, **dict(part.split("=") for part in query.split("&") if part)))
    assert DRAFT_SIGN in text.replace("n°", "")
    assert path == "comparer" or DRAFT_NOTE.removeprefix(DRAFT_SIGN) in text


def test_park_chart_title_is_its_conclusion() -> None:
    assert "179 sur 455 ordinateurs sont remis ; 126 attendent, 46 ne sont pas cédés, incomplet" in said(
        opened("materiel")
    )


def test_machines_to_look_at_say_what_to_do() -> None:
    page = said(opened("materiel"))
    assert "Point Formation n’a pas confirmé la réception." in page
    assert "300 € au plus" in page


def test_key_is_shown_with_its_decision() -> None:
    page = said(opened("subventions"))
    assert "Frais Vallon 60 % et Plan d’Aou 40 %" in page
    assert "Clé de répartition : Comité n° 2 du 20 janvier 2022" in page


def test_line_waits_for_its_key_until_it_is_decided() -> None:
    before = said(opened("subventions", periode="2022-T2", revision="1"))
    assert "Non ventilé entre Frais Vallon et Plan d’Aou" in before


def test_each_line_quotes_the_deliberation() -> None:
    page = said(opened("subventions"))
    for line in LINES.values():
        assert line.source.words in page


def test_question_about_axis_two_is_asked() -> None:
    assert "quelle ligne paie l’axe 2 dans ces deux villes ?" in said(opened("subventions"))


def test_each_commitment_stands_with_its_text() -> None:
    page = said(opened("engagements"))
    for one in COMMITMENTS + ANONYMAL_DUTIES:
        assert one.text in page


def test_number_of_rows_leads_to_the_rows() -> None:
    assert "/chiffre?indicateur=PREUVE-E1&amp;experience=ct2-pays-d-aix&amp;periode=2022-T2" in html(
        opened("engagements")
    )


def test_every_indicator_has_its_card() -> None:
    page = said(opened("definitions"))
    for one in registry().catalogue.values():
        assert f"{one.code}, version {one.version}" in page
        assert plain(typeset(one.definition)) in page


def test_discarded_indicators_tell_why() -> None:
    page = said(opened("definitions"))
    assert {one.code for one in DISCARDED} == {"CO8", "CO9", "AC5", "AC9"}
    for one in DISCARDED:
        assert one.code in page
        assert plain(typeset(one.reason)) in page


def test_asked_indicator_comes_first_and_open() -> None:
    page = html(opened("definitions", indicateur="CO4"))
    assert page.index("L’indicateur demandé") < page.index("Axe 1")
    assert '<details class="fold" open>' in page


def test_payments_after_the_day_shown_are_told() -> None:
    then = opened("subventions", periode="2021-T3")
    assert "3 versements inscrits après le 30 septembre 2021 : 36 100 €. Voir aujourd’hui" in said(then)
    assert "subventions?periode=aujourd-hui" in html(then)
    assert "inscrits après le" not in said(opened("subventions"))
