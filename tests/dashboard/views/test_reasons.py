"""« Pourquoi ce programme »: the words of the text with their place, sessions and buildings."""

from __future__ import annotations

import re

import pytest

from core.deliberation import REASONS, USAGES
from core.demonstration.people import COMMITTEE
from dashboard import context
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import demonstration_context


@pytest.mark.usefixtures("full")
def test_each_sentence_of_the_text_is_told_with_its_place() -> None:
    page = said(opened("pourquoi"))
    for one in REASONS:
        assert plain(f"« {one.words} » {one.source.where}") in page
    assert all(plain(one) in page for one in USAGES)


@pytest.mark.usefixtures("full")
def test_sessions_are_counted_by_module_and_length() -> None:
    page = said(opened("pourquoi"))
    assert "Module 1 jour 2 jours 3 jours Ensemble Repérer les besoins 8 4 2 14" in page
    assert "Aider aux démarches 0 4 2 6 Animer un atelier 0 0 2 2 Sessions 8 4 2 14" in page


@pytest.mark.usefixtures("full")
def test_each_building_has_its_landlord_and_its_threshold() -> None:
    page = html(opened("pourquoi"))
    row = next(one for one in page.split("<tr>") if ">FV-04</a>" in one)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    assert (cells[1], cells[2], cells[-1]) == ("bailleur A", "opérateur X", "pas encore atteint")
    assert page.count('data-label="Bailleur"') == 20


def test_a_member_of_the_committee_reads_no_count_of_people_there() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    page = said(opened("pourquoi"))
    assert "20 immeubles et 936 logements" in page
    assert "accords" not in page.lower().replace("seuil d’accord", "")
