"""What the first page says to who has just come in, before anything else."""

from __future__ import annotations

import re

import pytest

from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain.access import Actor
from dashboard import context
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import demonstration_context, empty_context

STRIP = re.compile(r'<section class="strip" aria-label="Pour le comité">.*?</section>')


def strip(**choices: str) -> str:
    """The strip of the first page, empty when there is none."""
    found = STRIP.search(html(opened(**choices)))
    return found.group() if found else ""


def test_member_reads_what_is_asked_before_anything_else() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    found = strip()
    words = plain(re.sub(r"<[^>]+>", " ", found))
    assert "7 juillet 2022, dans 2 jours" in words
    assert "3 questions" in words
    assert "Trente-sept machines prêtes à Salon" in words
    assert "2 décisions attendent leur suite" in words
    assert "En retard depuis le comité n° 3" in words
    assert "Pays de Martigues : relevé" in words


def test_each_part_is_one_click_away() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    led = set(re.findall(r'href="(/[^"]*)"', strip()))
    assert {"/comites?comite=4", "/comites?comite=4#point-p1", "/comites?comite=3", "/points", "/echeances"} <= led
    assert "/experimentation-ct2-pays-d-aix?periode=2022-T2" in led


def test_what_was_late_at_the_last_committee_is_no_news() -> None:
    """Point Formation's computers were late on 31 March already; the connection of Aix was not."""
    context.install(demonstration_context(visitor=COMMITTEE))
    words = plain(re.sub(r"<[^>]+>", " ", strip()))
    assert "Pays d’Aix : connexion" in words
    assert "Pays de Martigues : équipement" not in words


@pytest.mark.parametrize("visitor", [LEAD, PEOPLE["ifac"]])
def test_strip_of_the_committee_is_for_its_members(visitor: Actor) -> None:
    context.install(demonstration_context(visitor=visitor))
    assert not strip()


def test_strip_speaks_of_now_only() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    assert not strip(periode="2021-T4")


def test_member_of_a_new_programme_has_nothing_to_prepare() -> None:
    context.install(empty_context(visitor=COMMITTEE))
    assert not strip()


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("path", ["", "comparer", "materiel", "comites", "documents", "definitions"])
def test_link_of_each_page_can_be_copied(path: str) -> None:
    assert "Copier le lien de cette vue" in said(opened(path))
