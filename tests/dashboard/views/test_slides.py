"""What a slide shows to the room: no small count of people, the broken plugin said, texts that fit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.committee import FrozenPage, Snapshot, meetings
from core.domain.meeting import AgendaPoint, Meeting
from dashboard.views.projection import clipped, slides
from dashboard.views.slide_figures import Deck, comparison_body, experiment_body, figure_seen, masked
from tests.dashboard.views.opening import plain
from tests.support.filled import demonstration_context

AIX = "ct2-pays-d-aix"


@pytest.fixture(scope="module")
def every() -> tuple[Meeting, ...]:
    return meetings.meetings(demonstration_context().store)


def frozen(every: tuple[Meeting, ...], number: int) -> Snapshot:
    return meetings.snapshot_of(demonstration_context().store, every[number - 1].freeze)


def deck(every: tuple[Meeting, ...], now: Snapshot, meeting: Meeting | None = None) -> Deck:
    return Deck(meeting or every[2], every, masked(now, 5), masked(frozen(every, 2), 5), every[1])


def test_small_counts_of_people_are_not_projected(every: tuple[Meeting, ...]) -> None:
    third = frozen(every, 3)
    room = masked(third, 10)
    code, whom = "AC6", "ct6-pays-de-martigues"
    assert third.cells[code, whom].observation.value == 8
    assert room.said(room.figures.indicator[code], whom).main == "moins de 10"
    others = [one for one in room.hidden if one[0] == code and one[1] != whom]
    assert others, "what would give it away by subtraction is hidden too"
    body = plain(str(experiment_body(room, third.experiment(whom))))
    assert "moins de 10" in body and ">8<" not in body
    assert "8" not in figure_seen(room, whom, code).split(":")[1]
    assert "moins de 10" in plain(str(comparison_body(room)))


def test_machines_and_buildings_are_shown_as_they_are(every: tuple[Meeting, ...]) -> None:
    room = masked(frozen(every, 3), 100)
    assert room.said(room.figures.indicator["EQ5a"], AIX).main == "50"
    assert not {code for code, _ in room.hidden} & {"EQ1a", "EQ5a", "EQ5b", "CO4", "TR1", "TR2"}


def test_a_phone_reads_the_six_as_lines_with_their_words_and_cause(every: tuple[Meeting, ...]) -> None:
    body = plain(str(comparison_body(masked(frozen(every, 3), 5))))
    lines = re.findall(r"<li><strong>(.*?)</strong>(.*?)</li>", body.split("slide__lines")[1])
    assert len(lines) == 6
    told = dict(lines)
    assert "Bloqué" in told["Plan d’Aou"] and "Le bailleur B a suspendu" in told["Plan d’Aou"]
    assert "En retard" in told["Frais Vallon"] and "33 % de l’objectif" in told["Frais Vallon"]
    assert "slide__why" not in told["Recherche-action"]


def test_what_is_hidden_on_a_slide_has_no_target_beside_it(every: tuple[Meeting, ...]) -> None:
    body = plain(str(comparison_body(masked(frozen(every, 3), 10))))
    assert "moins de 10</strong>" in body and "moins de 10</strong><span> /" not in body


def test_why_an_experiment_is_stopped_is_whole_on_its_slide(every: tuple[Meeting, ...]) -> None:
    third = frozen(every, 3)
    body = plain(str(experiment_body(masked(third, 5), third.experiment("ct1-plan-d-aou"))))
    assert "laissé en suspens par le comité n° 3." in body


def test_a_plugin_broken_on_the_day_is_said_on_its_slide(every: tuple[Meeting, ...]) -> None:
    third = frozen(every, 3)
    broken = replace(third, pages={**third.pages, AIX: FrozenPage(problem="build_report : ValueError")})
    told = {one.title: plain(str(one.body)) for one in slides(deck(every, broken)) if one.name == "experiment"}
    assert "La page du plugin ne s’affichait pas ce jour-là" in told["Pays d’Aix"]
    assert "ne s’affichait pas" not in told["Pays Salonais"]


def test_an_experiment_that_is_gone_shows_its_last_frozen_figures(every: tuple[Meeting, ...]) -> None:
    third = frozen(every, 3)
    without = replace(third, experiments=tuple(one for one in third.experiments if one.code != AIX))
    (told,) = [one for one in slides(deck(every, without)) if one.title == "Pays d’Aix"]
    assert "derniers chiffres connus. Données arrêtées au 31 décembre 2021 (n° 2)" in plain(str(told.body))
    assert ">19<" in str(told.body)


def test_long_texts_are_cut_at_a_word(every: tuple[Meeting, ...]) -> None:
    long = AgendaPoint("p9", "Titre", "mot " * 200, "contexte " * 200, ("option " * 100,) * 9, "rien " * 100)
    held = replace(every[2], points=(long,), decisions=())
    (told,) = [one for one in slides(deck(every, frozen(every, 3), held)) if one.name == "point"]
    assert len(told.title) <= 121 and told.title.endswith("mot…")
    assert str(told.body).count("option__letter") == 6, "five options and the statu quo"
    assert clipped("court", 10) == "court"
