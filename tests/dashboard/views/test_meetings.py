"""« Comités » and the projector: what each role reads, what the project lead writes, on a copy of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.committee import meetings
from core.contract import schema_setup
from core.demonstration import TODAY, people
from core.domain.access import Actor, Role
from core.domain.meeting import Stage
from core.errors import PluginProblem
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import copied, demonstration_context, demonstration_url, registry

NOW = datetime(2022, 7, 6, 9, tzinfo=UTC)
COMMITTEE = Actor("Une élue", Role.COMMITTEE)
IFAC = people.PEOPLE["ifac"]


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Store]:
    """A copy of the demonstration that the project lead may write into."""
    path = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        context.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: people.LEAD))
        yield store


def seen_by(actor: Actor | None) -> None:
    context.install(demonstration_context(visitor=actor))


def press(page: AppTest, label: str) -> str:
    """Press the button whose words begin so, and what the page then says."""
    button = next(one for one in page.button if one.label.replace("\u00a0", " ").startswith(label))
    button.click().run()
    assert not page.exception, page.exception
    return said(page)


def field(found: list, label: str):
    return next(one for one in found if one.label == label)


@pytest.mark.usefixtures("full")
def test_the_page_opens_on_what_was_decided_and_what_is_asked() -> None:
    page = said(opened("comites"))
    assert "deux décisions attendent encore leur suite" in page
    assert "Décidé la dernière fois, le 21 avril 2022" in page
    assert "✕ Écartée" in page and "□ Pas encore faite 46 ordinateurs et 22 écrans ne sont pas encore cédés." in page
    assert "Demandé au comité n° 4 du 7 juillet 2022" in page and "Trente-sept machines prêtes à Salon" in page


@pytest.mark.usefixtures("full")
def test_a_past_committee_reopens_on_what_it_saw() -> None:
    page = said(opened("comites", comite="3"))
    assert "Données arrêtées au 31 mars 2022 (n° 3)" in page
    # The denominator of the card (the target), and « incomplet »: Martigues' quarter had not come.
    assert "Au 31 mars 2022, 88 ordinateurs remis (objectif 250, incomplet)" in page
    assert "Ce qui a changé depuis le comité n° 2" in page
    # Out of what is ready where it stands: the twelve that left for Frais Vallon are ready there.
    assert "+ 31 ordinateurs remis au Pays d’Aix : 50 sur 99 (51 %)" in page
    assert "Au 31 décembre 2021 (n° 2)" in page and "Au 31 mars 2022 (n° 3)" in page, "each side says its number"
    assert "Au vu de : Ordinateurs reçus de la Métropole : 325 sur 455 (71 %), incomplet (données n° 3)" in page


@pytest.mark.usefixtures("full")
def test_the_rows_behind_a_frozen_figure_are_those_of_that_day() -> None:
    page = html(opened("comites", comite="3"))
    revision = meetings.meeting(context.current().store, 3).freeze.revision
    assert f"revision={revision}" in page and "indicateur=EQ5a" in page
    behind = said(
        opened("chiffre", indicateur="EQ5a", experience="programme", periode="2022-T1", revision=str(revision))
    )
    assert "88 lignes = 88" in behind


@pytest.mark.parametrize(
    ("actor", "listed", "refused"),
    [(COMMITTEE, "Comité n° 4 du 7 juillet 2022", False), (IFAC, "Comité n° 3 du 21 avril 2022", True)],
)
def test_who_reads_what(actor: Actor, listed: str, refused: bool) -> None:
    seen_by(actor)
    page = opened("comites")
    assert listed in said(page)
    assert not page.button, "nobody but the project lead writes here"
    assert ("Comité n° 4" in said(page)) is not refused
    fourth = opened("comites", comite="4", etape="arreter")
    assert ("Accès refusé" in said(fourth)) is refused
    assert not fourth.button
    room = said(opened("projection", comite="4"))
    assert ("Accès refusé" if refused else "il n’y a rien à projeter") in room
    assert "179" not in room


def test_nobody_reads_without_a_session() -> None:
    seen_by(None)
    assert "Comité n°" not in said(opened("comites"))


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("asked", ["99", "quatre", "-1"])
def test_an_unknown_committee_is_told(asked: str) -> None:
    assert "omité" in said(opened("comites", comite=asked))
    assert "Traceback" not in said(opened("projection", comite=asked))


def test_a_whole_committee_is_held_on_the_screen(written: Store) -> None:
    page = opened("comites", comite="4", etape="preparer", point="p2")
    field(page.text_input, "Question posée au comité").input("Faut-il transférer des machines à Martigues ?")
    assert "Le point est enregistré." in press(page, "Enregistrer ce point")
    assert meetings.meeting(written, 4).points[1].question == "Faut-il transférer des machines à Martigues ?"

    page = opened("comites", comite="4", etape="decider")
    assert "Arrêtez d’abord les données" in said(page) and not page.button
    page = opened("comites", comite="4", etape="arreter")
    assert "indicateurs, pour les 6 expérimentations" in said(page)
    assert "relevés manquent" in said(page) or "relevé manque" in said(page), "what is missing is said first"
    assert "Rien n’est arrêté" in press(page, "Arrêter les données (n° 4)"), "and asks for a word"
    assert meetings.meeting(written, 4).stage is Stage.PREPARED
    page.checkbox[0].check()
    assert "Les données sont arrêtées au 30 juin 2022 (n° 4)." in press(page, "Arrêter les données (n° 4)")
    assert meetings.meeting(written, 4).stage is Stage.FROZEN

    for rank, text in enumerate(["On accepte.", "On transfère.", "On attend."], start=1):
        page = opened("comites", comite="4", etape="decider")
        if rank == 1:
            assert "Rien n’est enregistré" in press(page, "Enregistrer la décision n° 4.1"), "a decision has its text"
        field(page.text_area, "Décision").input(text)
        assert f"La décision n° 4.{rank} est enregistrée." in press(page, f"Enregistrer la décision n° 4.{rank}")
    assert [one.point for one in meetings.meeting(written, 4).decisions] == ["p1", "p2", "p3"]

    page = opened("comites", comite="4", etape="suivre")
    field(page.text_area, "Note").input("C’est fait.")
    assert "La suite de la décision n° 3.2 est enregistrée." in press(page, "Enregistrer la suite")
    assert "est clos" in press(opened("comites", comite="4", etape="clore"), "Clore le comité n° 4")
    assert meetings.meeting(written, 4).stage is Stage.CLOSED
    press(opened("comites"), "Préparer ce comité")
    assert [one.number for one in meetings.meetings(written)] == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("full")
def test_slides_tell_the_committee_in_order() -> None:
    first = opened("projection", comite="3")
    assert "1 sur 18" in said(first) and "Comité n° 3 du 21 avril 2022" in said(first)
    assert 'rel="next"' in html(first) and 'rel="prev"' not in html(first)
    for number, words in {
        2: "Décidé la dernière fois, le 20 janvier 2022",
        5: "Pays d’Aix",
        9: "Les six côte à côte",
        10: "88 sur 455 ordinateurs sont remis",
        11: "82 300 € versés sur 115 000 € votés",
        12: "des 44 engagements attendus sont montrés par des lignes",
        13: "8 lieux, 3 associations : où en est chacun",
        14: "Ce qui a changé depuis le comité n° 2",
        15: "Point 1 sur 3 · Deux machines de plus de 300 €",
        18: "Ce que le comité a décidé",
    }.items():
        page = said(opened("projection", comite="3", diapo=str(number)))
        assert words in page
        assert "Données arrêtées au 31 mars 2022 (n° 3)" in page and "Données fictives" in page
    assert "18 sur 18" in said(opened("projection", comite="3", diapo="999"))


@pytest.mark.usefixtures("full")
def test_live_figures_on_the_projector_are_marked_so() -> None:
    assert "Données au 30 juin 2022, non arrêtées" in said(opened("projection", comite="4"))


@pytest.mark.usefixtures("empty")
def test_nothing_is_said_before_the_first_committee() -> None:
    page = opened("comites")
    assert "Préparer le premier comité" in said(page)
    assert [one.label for one in page.button] == ["Préparer ce comité"]


@pytest.mark.usefixtures("full")
def test_a_plugin_that_breaks_leaves_its_last_frozen_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise PluginProblem("build_report : ValueError", stage="run")

    monkeypatch.setattr(context.current().registry, "build_report", broken)
    page = said(opened("experimentation-ct2-pays-d-aix"))
    assert "ses derniers chiffres arrêtés (n° 3) restent visibles" in page
    assert "84 ordinateurs remis (objectif 100, en avance)" in page, "the common head is live"
    assert "Derniers chiffres arrêtés" in page and "Données arrêtées au 31 mars 2022 (n° 3)" in page
    assert "Le chemin des machines" in page
