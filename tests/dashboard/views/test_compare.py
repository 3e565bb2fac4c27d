"""Two dates side by side: the address holds the whole choice."""

from __future__ import annotations

import pytest

from tests.dashboard.views.opening import html, opened, said

pytestmark = pytest.mark.usefixtures("full")
CHOICE: dict[str, str | list[str]] = {
    "experience": ["ct2-pays-d-aix", "ct3-pays-salonais"], "indicateur": ["EQ5a"], "a": "2021-T4", "b": "2022-T2",
}  # fmt: skip


def test_address_restores_experiments_indicators_and_dates() -> None:
    page = opened("comparer", **CHOICE)
    assert "Au 31 décembre 2021" in said(page) and "Au 30 juin 2022" in said(page)
    assert "84 sur 149 (56 %)" in said(page) and "+65" in said(page)
    checked = html(page).count(" checked>")
    assert checked == 3, "two experiments and one indicator"
    assert "Foyers connectés : " not in said(page)


def test_periods_alone_are_compared_on_request() -> None:
    page = said(opened("comparer", **CHOICE, lecture="pendant"))
    assert "4e trimestre 2021" in page and "2e trimestre 2022" in page


def test_title_ranks_against_own_targets_only() -> None:
    page = said(opened("comparer", indicateur="EQ5a"))
    assert "Pays d’Aix est au plus près de son objectif (84 %)" in page
    assert "Pays de Martigues au plus loin (24 %)" in page


def test_same_date_twice_asks_for_another() -> None:
    assert "choisissez deux dates différentes" in said(opened("comparer", a="2022-T2", b="2022-T2"))


def test_comparison_can_be_taken_away() -> None:
    labels = [one.proto.label for one in opened("comparer").get("download_button")]
    assert labels == ["Télécharger cette comparaison (CSV)"]
