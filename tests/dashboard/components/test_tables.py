"""Tables are real tables: for who reads them, hears them, prints them or takes them away."""

from __future__ import annotations

import pytest

from core.deliberation import EXPERIMENTS
from core.domain.french import NBSP
from core.domain.observation import Missing
from core.exports.csv import french_csv
from dashboard.components import (
    Card,
    CardFigure,
    MapPlace,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    MoneyLine,
    Panel,
    cards,
    matrix,
    money_table,
    multiples,
    table,
    territory_map,
)
from dashboard.components.map import territory_picture
from tests.dashboard.fakes import COLUMNS, FakeMonitor, cell
from tests.dashboard.gallery_data import CHARTS, LINES, PLACES


def _matrix() -> str:
    rows = (
        MatrixRow(
            "Ordinateurs remis",
            (cell(84, of=149, target=100, before=50), cell(None, missing_because=Missing.NOT_APPLICABLE)),
            headline="numerator",
            addresses=("/chiffre?a", None),
        ),
    )
    columns = [MatrixColumn("Pays d’Aix", "Anonymal"), MatrixColumn("Plan d’Aou", "IFAC")]
    return matrix("Comparaison", columns, [MatrixGroup("Équiper", rows, 1)])


def test_a_table_has_caption_scopes_and_labels() -> None:
    built = table("Remis", ["Lieu", "Nombre"], [["Aix", "46"]], numeric=(1,))
    assert '<caption class="visually-hidden">Remis</caption>' in built
    assert "<caption>Remis</caption>" in table("Remis", ["Lieu"], [["Aix"]], caption_shown=True)
    assert '<th scope="col">Lieu</th>' in built
    assert '<th scope="row">Aix</th>' in built
    assert '<td data-label="Nombre" class="number">46</td>' in built


def test_a_table_that_scrolls_can_be_reached_by_keyboard() -> None:
    built = table("Remis", ["Lieu"], [["Aix"]], stacked=False)
    assert 'tabindex="0"' in built
    assert 'aria-label="Remis"' in built


def test_csv_opens_in_french_spreadsheets() -> None:
    text = french_csv(["Lieu", "Remis"], [["Aix", "46"], ["Salon", ""]])
    assert text.decode("utf-8-sig") == "Lieu;Remis\r\nAix;46\r\nSalon;\r\n"


def test_csv_runs_no_formula() -> None:
    for dangerous in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx"):
        assert b";'" + dangerous.encode() in french_csv(["a", "b"], [["x", dangerous]]).replace(b'"', b"")


def test_matrix_cells_carry_figure_parts_target_and_word() -> None:
    built = _matrix()
    # One denominator per card: the target; the rate is one click away.
    assert "sur 149" not in built
    for words in ("84", "objectif", "En avance", "+34", f"depuis le 31{NBSP}mars{NBSP}2022", "Sans objet"):
        assert words in built


def test_matrix_leads_to_the_rows_behind() -> None:
    assert 'href="/chiffre?a"' in _matrix()


def test_matrix_groups_head_their_rows() -> None:
    built = _matrix()
    assert 'scope="rowgroup"' in built
    assert built.count('data-column="2"') == 2


def test_matrix_offers_one_column_at_a_time() -> None:
    built = _matrix()
    assert built.count('type="radio"') == 2
    assert built.count(" checked") == 1


def test_money_says_what_nothing_divides_and_what_is_unknown() -> None:
    built = money_table(LINES, caption="Argent")
    assert built.count("Non ventilé") == 2
    assert "Non renseigné" in built


def test_money_total_adds_only_what_is_known() -> None:
    lines = [MoneyLine("a", "x", 100_00, 50_00, None), MoneyLine("b", "x", 100_00, None, None)]
    foot = money_table(lines, caption="Argent").split("<tfoot>")[1]
    assert "200" in foot
    assert "50" in foot
    assert "Non renseigné" in foot


def test_multiples_share_their_scale_and_hold_their_data() -> None:
    series = FakeMonitor().series("EQ5a", COLUMNS[:5])
    panels = [Panel(EXPERIMENTS[code].short_title, tuple(series[code]), 100) for code in COLUMNS[:5]]
    built = multiples(panels, conclusion="Aix mène", unit="ordinateurs", alternative="Cinq courbes.")
    assert built.count('class="panel__plot"') == 5
    assert "juin 2022" in built
    assert "<caption" in built


def test_unknown_months_are_not_drawn_as_zero() -> None:
    series = FakeMonitor().series("EQ5a", COLUMNS[:5])
    built = multiples([Panel("Martigues", tuple(series[COLUMNS[4]]))], conclusion="x", unit="y", alternative="z")
    assert "○" in built


def test_the_map_says_the_same_as_its_table() -> None:
    built = territory_map(PLACES, caption="Lieux", alternative="Carte.", figure_name="Remis")
    for place in PLACES:
        assert built.count(place.name) >= 2


def test_no_two_names_of_the_map_overlap() -> None:
    from dashboard.components.map import _label_box, _shared, _sides

    boxes = [_label_box(place, side) for place, side in zip(PLACES, _sides(PLACES), strict=True)]
    for rank, one in enumerate(boxes):
        assert not any(_shared(one, two) for two in boxes[rank + 1 :])


def test_the_map_draws_the_communes_of_the_metropole() -> None:
    picture = territory_picture().decode()
    assert picture.count("<path") == 92
    assert 1 <= picture.count('class="t"') <= 9


def test_a_place_outside_the_map_is_still_named() -> None:
    assert "Paris" in territory_map([MapPlace("Paris", 48.8, 2.3, (1,), "x")], caption="x", alternative="y")


def test_cards_show_the_three_figures_and_the_wait() -> None:
    experiment = EXPERIMENTS["ct6-pays-de-martigues"]
    figure = CardFigure("Ordinateurs remis", FakeMonitor().compare().cells["EQ5a", experiment.code], 1, "numerator")
    built = cards([Card(experiment, "/x", (), (figure,), figure.cell.observation.freshness)])
    for words in ("Pays de Martigues", "Point Formation", "Port-de-Bouc", "Connecter", "Attendu depuis le"):
        assert words in built


def test_every_chart_kind_of_the_contract_is_drawn() -> None:
    assert {chart.kind for chart in CHARTS.values()} | {"steps"} == {"bars", "columns", "stacked", "line", "steps"}


@pytest.mark.parametrize(("rows", "columns", "first"), [(30, 2, 6), (10, 4, 3), (6, 9, 2)])
def test_a_long_table_shows_its_first_rows_on_a_phone_and_names_the_others(rows: int, columns: int, first: int) -> None:
    built = table("Lieux", ["Lieu", *map(str, range(columns))], [["Aix", *["1"] * columns]] * rows)
    assert f'data-folds="closed" data-first="{first}"' in built
    assert f"Voir les {rows - first} autres lignes" in built and f"{NBSP}: Lieux</span>" in built
    assert built.count("<tr>") == rows + 1


@pytest.mark.parametrize(("rows", "columns", "stacked"), [(6, 3, True), (3, 9, True), (90, 9, False)])
def test_a_short_table_and_one_that_scrolls_are_whole(rows: int, columns: int, stacked: bool) -> None:
    built = table("Lieux", ["Lieu", *map(str, range(columns))], [["Aix", *["1"] * columns]] * rows, stacked=stacked)
    assert "data-folds" not in built and "Voir les" not in built
