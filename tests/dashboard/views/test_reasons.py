"""« Pourquoi ce programme »: the words of the text with their place, sessions and buildings."""

from __future__ import annotations

import re

import pytest

from core.deliberation import REASONS, USAGES
from core.demonstration.people import COMMITTEE, LEAD
from core.disclosure import hidden_beside
from core.domain.plugin_phrases import People, phrase
from core.domain.report import Prose
from dashboard import context
from dashboard.views.reasons import people_table
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import demonstration_context, empty_context


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
def test_who_finished_is_told_by_length_and_by_public() -> None:
    page = said(opened("pourquoi"))
    assert "14 sessions : 8 d’un jour, 4 de deux jours et 2 de trois jours. Aidants formés : 121" in page
    assert "1 jour Repérer les besoins 8 48 18 66" in page
    assert "2 jours Repérer les besoins et Aider aux démarches 4 24 13 37" in page
    assert "3 jours Repérer les besoins, Aider aux démarches et Animer un atelier 2 12 6 18" in page
    assert "14 84 37 121" in page


def test_few_people_of_one_public_are_not_shown_to_a_member_of_the_committee() -> None:
    """At the end of 2021, three volunteers had finished a module of two days; in June, the page of the association
    hides the whole of those of two days: neither its parts nor what they add up to are told here."""
    context.install(demonstration_context(visitor=LEAD))
    assert "2 jours Repérer les besoins et Aider aux démarches 1 6 3 9" in said(opened("pourquoi", periode="2021-T4"))
    context.install(demonstration_context(visitor=COMMITTEE))
    few, more = (said(opened("pourquoi", periode=one)) for one in ("2021-T4", "2022-T2"))
    assert "2 jours Repérer les besoins et Aider aux démarches 1 Ensemble 3 Qui" in few
    assert "1 jour Repérer les besoins 8 66 2 jours Repérer les besoins et Aider aux démarches 4 non montré" in more
    assert "Ensemble 14 121" in more
    assert all("elles feraient retrouver un nombre trop petit" in one for one in (few, more))
    assert not any("Bénévoles" in one for one in (few, more))


def test_numbers_that_the_page_of_the_association_hides_are_not_told_by_their_parts() -> None:
    """Where the whole of a length is hidden there, its two publics do not add up to it here."""
    days = {1: (40, 20), 2: (9, 8), 3: (2, 0)}
    rows = [
        {"duree_jours": at, "modules": None, "termine_professionnels": one, "termine_benevoles": other}
        for at, (one, other) in days.items()
    ]
    whole = Prose(phrase(People(60, "personne"), People(17, "personne"), People(2, "personne")))
    hidden = hidden_beside([people_table(rows)], [whole], 5)
    assert {2.0, 17.0} <= set(hidden) and {8.0, 9.0} & set(hidden)


def test_a_programme_without_sessions_says_so() -> None:
    context.install(empty_context())
    assert "Aucune session de formation n’est encore renseignée." in said(opened("pourquoi"))


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
