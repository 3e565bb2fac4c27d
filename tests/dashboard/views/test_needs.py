"""« Besoins et niveaux »: what the first commitment asked, beside what was done for it."""

from __future__ import annotations

import re

import pytest

from core.demonstration.people import COMMITTEE
from dashboard import context
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import demonstration_context


@pytest.mark.usefixtures("full")
def test_needs_stand_beside_what_was_done() -> None:
    page = said(opened("besoins"))
    assert "888 diagnostics réalisés (incomplet) : 434 besoins d’équipement, 286 besoins de connexion" in page
    assert "Équipement 434 sur 888 (49 %) incomplet Ordinateurs remis 179 sur 262 (68 %) incomplet" in page
    assert "Connexion 286 sur 888 (32 %) incomplet Foyers connectés 128 sur 676 (19 %) incomplet" in page
    assert "Niveau faible 490 sur 888 (55 %) incomplet" in page
    assert "Ce sont des comptes séparés : aucune personne n’est suivie" in page


@pytest.mark.usefixtures("full")
def test_each_place_and_each_quarter_has_its_line() -> None:
    page = said(opened("besoins"))
    assert "T4 2021 229 " in page
    assert re.search(r"Gardanne 53 .{0,25}\d+ sur 53", page)


@pytest.mark.usefixtures("full")
def test_an_earlier_period_is_told_as_of_its_end() -> None:
    assert "Au 31 décembre 2021, 229 diagnostics réalisés" in said(opened("besoins", periode="2021-T4"))


def test_the_committee_reads_no_small_count_nor_what_tells_one() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    page = opened("besoins")
    assert "Gardanne non montré" in said(page)
    drawn = re.findall(r'class="panel__name">(?:<a[^>]*>)?([^<]+)', html(page))
    assert drawn == ["Ordinateurs remis", "Foyers connectés", "Aidants formés"]


@pytest.mark.usefixtures("empty")
def test_nothing_is_known_before_the_first_diagnostic() -> None:
    page = said(opened("besoins"))
    assert "aucun diagnostic n’est encore connu" in page
    assert "Le besoin, et ce qui a été fait" not in page
