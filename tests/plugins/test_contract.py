from __future__ import annotations

import re
from datetime import date

import pytest

from core import CATALOGUE, DATASETS
from core.domain.report import Callout, Chart, Heading
from core.testing import assert_conforms, assert_level
from tests.plugins.pages import FRAIS_VALLON, MARTIGUES, RECHERCHE, building, draw, registry, report, texts

PLUGINS = ("ct1_ifac", "ct2_anonymal", "ct3_anonymal", "ct6_point_formation", "recherche_arsenic")
SIX = (FRAIS_VALLON, "ct1-plan-d-aou", "ct2-pays-d-aix", "ct3-pays-salonais", MARTIGUES, RECHERCHE)
EVERYBODY = {
    "diagnostics",
    "communication",
    "acteurs",
    "formations",
    "accompagnements",
    "jalons",
    "depenses_a_date",
    "comptes",
}
ON_SITE = {"materiel", "immeubles", "raccordements", "concertations"}

FULL = dict.fromkeys((*CATALOGUE, "IF2", "AR1"), (12.0, 20.0))
MEETING = {"code_immeuble": "T1", "participants": 12, "date": date(2022, 3, 1)}
SESSION = {
    "date": date(2022, 3, 1),
    "duree_jours": 2,
    "inscrits_professionnels": 5,
    "inscrits_benevoles": 3,
    "termine_professionnels": 4,
    "termine_benevoles": 3,
}
ACTOR = {"type_acteur": "association", "relais": "oui", "date_recensement": date(2022, 3, 1)}


def full(experiment: str):
    places = {place.code: 4.0 for place in registry().experiment(experiment).places}
    return report(
        experiment,
        FULL,
        places=places,
        months=[(date(2022, month, 1), (2.0 * month, 3.0 * month)) for month in range(1, 7)],
        periods={"2022-T1": 5.0, "2022-T2": 7.0},
        buildings=[building("T1", 50, 30), building("T2", 40, 10)],
        actors=[ACTOR],
        rows={"concertations": [MEETING], "formations": [SESSION]},
        target=40,
    )


def test_five_plugins_bring_the_six_experiments() -> None:
    assert [plugin.name for plugin in registry().plugins] == sorted(PLUGINS)
    assert sorted(found.code for found in registry().experiments) == sorted(SIX)
    assert registry().failures == ()


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_plugin_keeps_the_contract(plugin: str) -> None:
    assert_conforms(plugin, registry())


def test_a_plugin_of_ours_reaches_the_highest_level() -> None:
    """The whole check, of the one with columns and a figure of its own; the level of all: tests/core/contract."""
    assert_level("ct1_ifac", "or", registry())


@pytest.mark.parametrize(
    ("association", "expected"),
    [
        ("anonymal", EVERYBODY | ON_SITE),
        ("ifac", EVERYBODY | ON_SITE),
        ("point-formation", EVERYBODY | ON_SITE),
        ("arsenic", EVERYBODY | ON_SITE - {"materiel"} | {"appuis"}),
    ],
)
def test_associations_hand_in_what_the_table_says(association: str, expected: set[str]) -> None:
    assert {dataset.code for dataset in registry().datasets(association)} == expected


def test_a_plugin_adds_a_column_to_a_shared_dataset() -> None:
    own, shared = registry().dataset("ifac", "concertations"), DATASETS["concertations"]
    assert [column.name for column in own.columns] == [*shared.by_name, "voisins_relais"]
    assert own.by_name["voisins_relais"].title == "Voisins relais"


def test_a_figure_of_its_own_is_one_that_nobody_elses_data_could_give() -> None:
    own = {one: {found.code for found in registry().indicators(one)} - set(CATALOGUE) for one in SIX}
    assert {one: codes for one, codes in own.items() if codes} == {
        "ct1-frais-vallon": {"IF2"},
        "ct1-plan-d-aou": {"IF2"},
        "recherche-action": {"AR1"},
    }


@pytest.mark.parametrize("experiment", SIX)
def test_a_page_without_data_says_what_to_do_next(experiment: str) -> None:
    blocks = draw(report(experiment))
    assert isinstance(blocks[0], Heading)
    invitations = [block.text for block in blocks if isinstance(block, Callout)]
    assert any("dépose" in text or "déposé" in text for text in invitations)
    assert not [block for block in blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("experiment", SIX)
def test_a_full_page_has_a_conclusion_for_each_chart(experiment: str) -> None:
    found = [block for block in draw(full(experiment)) if isinstance(block, Chart)]
    assert found
    for chart in found:
        assert len(chart.alternative) > len(chart.conclusion) / 2
        assert not chart.conclusion.endswith(".")
        assert chart.source and chart.unit


@pytest.mark.parametrize("experiment", SIX)
def test_words_follow_french_typography(experiment: str) -> None:
    for text in texts(draw(full(experiment))) + texts(draw(report(experiment))):
        assert "'" not in text, text
        assert not re.search(r" [;?!%»]|« | :", text), text


def test_the_six_pages_do_not_look_alike() -> None:
    openings = {draw(full(experiment))[0].text for experiment in SIX}
    assert len(openings) == 5  # IFAC's two quartiers are told the same way
