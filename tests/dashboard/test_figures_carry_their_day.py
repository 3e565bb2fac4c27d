"""Invariant 7 of a figure: in every medium, one that is older than the page's day carries its date.

Generated programmes grow deposit by deposit and are looked at on days that their data do not reach, until enough
figures are of an older day; each is then written by what writes it on screen, for the room, on paper, in a workbook,
for programs and in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.catalogue import CATALOGUE
from core.cli.figures import in_words
from core.committee import Snapshot, changes
from core.committee.deciding import seen_in
from core.committee.formula import Formula
from core.disclosure import Concealed
from core.domain import french
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Freshness, Observation
from core.exports.csv import as_dict
from core.exports.dossier import Material
from core.exports.dossier_sheets import figure_of
from core.exports.open_data import PublishedFigures, rows
from core.exports.slides_deck import cell_text, comparison
from core.exports.workbook import FIGURES, figures
from core.figures.sentences import SPEAKING, counted, experiment_sentence, overview_sentence, parts_of
from core.money.ledger import Ledger
from dashboard.components import CardFigure, KeyFigure, cards, key_figures
from dashboard.components.comparison import cell_content
from dashboard.components.overview import Card
from dashboard.views.comparison import Sides, rise_conclusion
from dashboard.views.places import at_place
from dashboard.views.shared import ReportingDate, place_sentence
from dashboard.views.slide_figures import Projected, comparison_body, experiment_body, figure_seen
from tests.core.figures.rig import LEAD
from tests.core.figures.test_reported import periods
from tests.core.figures.test_totals import DAYS, PLACES, Told, told
from tests.dashboard.views.opening import plain
from tests.support.profile import cases

STORES = cases(1, 4)
FIGURES_TRIED = cases(200, 2000) // STORES
TOGETHER = 4
"""How many indicators are looked at together, when they are not those that speak for the axes."""
SAID = tuple(code for codes in SPEAKING.values() for code in codes)
SHORT = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


@pytest.mark.generated
@pytest.mark.parametrize("seed", range(STORES))
def test_a_figure_older_than_the_page_carries_its_date_in_every_medium(seed: int) -> None:
    with told(1000 + seed) as made:
        made.rig.put(LEAD, "periodes", periods(), on=date(2021, 6, 10))
        earlier, tried = None, 0
        while tried < FIGURES_TRIED:
            made.step()
            shown = looked_at(made)
            where = f"programme {seed}, figure {tried}, on {shown.until}"
            old = [one for one in shown.figures if is_old(one.observation)]
            for cell in old:
                in_each_medium(shown, cell, where)
            in_sentences_and_titles(made, shown, where)
            if earlier is not None:
                moves(earlier, shown, where)
            earlier, tried = shown, tried + len(old)


def looked_at(made: Told) -> Snapshot:
    """Some figures of the programme, on a day of its year or later."""
    codes = SAID if made.maybe(0.3) else made.chance.sample(sorted(CATALOGUE), TOGETHER)
    day = made.chance.choice((*DAYS, DAYS[-1] + timedelta(days=made.chance.randint(1, 90))))
    found = made.rig.monitor(max(day, DAYS[-1])).compare(list(codes), until=day)
    return Snapshot(
        until=day,
        taken_at=datetime(2022, 7, 5, tzinfo=UTC),
        revision=1,
        sentence="",
        experiments=found.experiments,
        formulas=tuple(Formula.of(CATALOGUE[code]) for code in codes),
        followed={one.code: tuple(codes) for one in found.experiments},
        figures=tuple(found.cells.values()),
        lines=(),
        promised=(),
        sentences={},
        pages={},
    )


def is_old(one: Observation) -> bool:
    """Whether a number is there and its data stop before the day that is shown, by what the figure alone says."""
    covered = one.freshness.covers_until
    return one.missing_because is None and covered is not None and one.day is not None and covered < one.day


def day_of(one: Observation) -> date:
    """The last day that it speaks of."""
    assert one.freshness.covers_until is not None
    return one.freshness.covers_until


def dated(text: object, one: Observation) -> bool:
    """Whether a text says that day, in words or in numbers; what only a pointer over it would tell does not count."""
    said = plain(re.sub(r"<[^>]*>", " ", str(text)))
    days = {date(int(year), int(month), int(day)) for day, month, year in SHORT.findall(said)}
    return plain(french.day(day_of(one))) in said or day_of(one) in days


# --- each medium ------------------------------------------------------------------------------


def in_each_medium(shown: Snapshot, cell: Cell, where: str) -> None:
    one = cell.observation
    indicator = shown.indicator[one.indicator]
    for medium, write in MEDIA.items():
        text = write(shown, indicator, cell)
        assert text is None or dated(text, one), (where, medium, one.indicator, one.experiment, text)
    told_to_programs(shown, one, where)
    in_the_workbook(shown, cell, where)


def on_a_card(shown: Snapshot, indicator: Indicator, cell: Cell) -> Any:
    experiment = shown.experiment(cell.observation.experiment or "")
    if experiment is None:
        return None
    figure = CardFigure(indicator.label, cell, headline=indicator.headline, parts=parts_of(indicator))
    return cards([Card(experiment, "", (), (figure,), Freshness())])


def on_a_slide_of_the_room(shown: Snapshot, indicator: Indicator, cell: Cell) -> Any:
    if indicator.code not in SAID:
        return None
    return comparison_body(Projected(only(shown, cell)))


def on_the_slide_of_its_experiment(shown: Snapshot, indicator: Indicator, cell: Cell) -> Any:
    experiment = shown.experiment(cell.observation.experiment or "")
    if experiment is None or indicator.rank is None:
        return None
    body = str(experiment_body(Projected(only(shown, cell)), experiment))
    return body if indicator.label in body else None


def only(shown: Snapshot, cell: Cell) -> Snapshot:
    """The snapshot with one figure."""
    kept = [one for one in shown.figures if one is cell]
    code = cell.observation.indicator
    return replace(
        shown,
        figures=tuple(kept),
        followed={one.code: (code,) for one in shown.experiments},
        trends=(),
        experiments=tuple(one for one in shown.experiments if one.code == cell.observation.experiment),
        formulas=tuple(one for one in shown.formulas if one.code == code),
    )


MEDIA: Mapping[str, Callable[[Snapshot, Indicator, Cell], Any]] = {
    "matrix": lambda _, one, cell: cell_content(cell, headline=one.headline, parts=parts_of(one)),
    "key figure": lambda _, one, cell: key_figures(
        [KeyFigure(one.label, cell, headline=one.headline, parts=parts_of(one))]
    ),
    "card": on_a_card,
    "place": lambda _, one, cell: at_place(one, cell.observation),
    "room, side by side": on_a_slide_of_the_room,
    "room, one experiment": on_the_slide_of_its_experiment,
    "room, a point": lambda shown, one, cell: figure_seen(Projected(shown), cell.observation.experiment, one.code),
    "paper": lambda _, one, cell: (found := figure_of(one, cell)).partial and found.wait,
    "slide": lambda _, one, cell: cell_text(figure_of(one, cell)),
    "minutes": lambda shown, one, cell: seen_in(shown, cell.observation.experiment, one.code),
    "command": lambda _, one, cell: in_words(cell.observation),
}
"""What writes one figure, medium by medium; None where the medium does not show it."""


def told_to_programs(shown: Snapshot, one: Observation, where: str) -> None:
    answer = as_dict(one)
    assert answer["covers_until"] == day_of(one).isoformat() and dated(answer["mark"], one), where
    source = PublishedFigures("", shown.until, shown.experiments, shown.indicators, (Concealed(one),), Ledger(()), 1)
    (row,) = rows(source)["indicateurs"]
    assert row["donnees_au"] == day_of(one).isoformat() and dated(row["mention"], one), where


def in_the_workbook(shown: Snapshot, cell: Cell, where: str) -> None:
    heads = [name for name, _ in FIGURES]
    (row,) = (dict(zip(heads, found, strict=True)) for found in figures(only(shown, cell)))
    assert row["Données au"] == day_of(cell.observation), where
    assert dated(row["Ce qui manque encore"], cell.observation), where


# --- sentences and titles ----------------------------------------------------------------------


def in_sentences_and_titles(made: Told, shown: Snapshot, where: str) -> None:
    sentences(shown, where)
    titles(shown, where)
    places(made, shown, where)


def sentences(shown: Snapshot, where: str) -> None:
    """The day of a sentence is said once; what is of another day says which."""
    for experiment in shown.experiments:
        said = experiment_sentence(shown, experiment)
        for code in SAID:
            cell = shown.cells.get((code, experiment.code))
            if cell is not None and is_old(cell.observation) and plain(counted(code, cell.observation)) in plain(said):
                assert dated(said, cell.observation), (where, said)
    given = shown.cells.get(("EQ5a", None))
    if given is not None and is_old(given.observation):
        assert dated(overview_sentence(shown), given.observation), where


def titles(shown: Snapshot, where: str) -> None:
    """A title names an experiment with the day of its figure."""
    day = ReportingDate(shown.until, (), None)
    for indicator in shown.indicators:
        sides = Sides(shown.experiments, (indicator,), day, day, False)
        drawn = comparison(Material(shown), indicator)
        said = [
            rise_conclusion(sides, indicator, shown.cells),
            *([drawn.conclusion, drawn.alternative] if drawn else []),
        ]
        for experiment in shown.experiments:
            one = shown.cells[indicator.code, experiment.code].observation
            for title in said:
                if is_old(one) and experiment.short_title in title:
                    assert dated(title, one), (where, title)


def places(made: Told, shown: Snapshot, where: str) -> None:
    """The sentence of one place, about the figures that it tells."""
    place, experiment = made.chance.choice([one for found in PLACES.values() for one in found])
    codes = ("EQ5a", "AC6")
    asked = {"until": shown.until, "by": "place"}
    monitor = made.rig.monitor(max(shown.until, DAYS[-1]))
    found = {one.indicator: one for one in monitor.observe(codes, [experiment], **asked) if one.place == place}
    said = place_sentence("Ici", shown.until, found, codes)
    for code, one in found.items():
        if is_old(one) and plain(counted(code, one)) in plain(said):
            assert dated(said, one), (where, said)


def moves(before: Snapshot, after: Snapshot, where: str) -> None:
    """What changed is told with the day of what it became."""
    for change in changes(before, after).listed:
        cell = after.cells.get((change.indicator or "", change.experiment))
        if cell is not None and change.now and is_old(cell.observation):
            assert dated(change.text, cell.observation), (where, change.text)
