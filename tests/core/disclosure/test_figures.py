"""A snapshot as it may leave: what is hidden, what is not, and what says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.committee import Snapshot, changes
from core.disclosure import Audience, counts_people, masked, note, page_text
from tests.core.exports.documents import material

pytestmark = pytest.mark.filled

BELOW = 20


def whole() -> Snapshot:
    found = material().whole
    assert found is not None
    return found


def test_no_small_count_of_people_is_left_and_things_are_untouched() -> None:
    shown, known = masked(whole(), BELOW), whole()
    hidden = 0
    for cell in (*shown.figures,):
        found, was = cell.observation, known.cells[cell.observation.indicator, cell.observation.experiment].observation
        parts = counts_people(known.indicator[found.indicator])
        for part in parts:
            number = getattr(found, part)
            assert number is None or number == 0 or number >= BELOW, found
        if found.hidden:
            hidden += 1
            assert parts and found.value is None and cell.before is None and cell.standing.done is None
        else:
            assert found == was
    assert hidden >= 3


def test_the_sentence_of_an_experiment_says_what_stands_in_place() -> None:
    shown, known = masked(whole(), BELOW), whole()
    assert "8 diagnostics" in known.sentences["ct6-pays-de-martigues"]
    assert "diagnostics réalisés : moins de 20" in shown.sentences["ct6-pays-de-martigues"]
    assert "8 diagnostics" not in str(shown.pages["ct6-pays-de-martigues"])


def test_nothing_is_said_when_nothing_is_hidden() -> None:
    shown = masked(whole(), 1)
    assert shown.figures == whole().figures and shown.sentences == whole().sentences
    for code, page in whole().pages.items():
        written = page_text(page.blocks, Audience(lambda asked, code=code: whole().cells[asked, code]))
        assert shown.pages[code].blocks == written, "its values became the words of the screen"
    assert note(shown, 1) == ""
    assert "moins de 20" in note(masked(whole(), BELOW), BELOW)


def test_a_change_does_not_give_away_what_is_hidden() -> None:
    before = material().earlier
    assert before is not None
    told = changes(masked(before, BELOW), masked(whole(), BELOW))
    assert "AC6" not in {one.indicator for one in told.listed}
    # What leaves is counted from masked figures; beside them, the same figure that nobody hides is told.
    known = whole().cells["AC6", None]
    fewer = replace(known, observation=replace(known.observation, numerator=166.0, value=166.0))
    open_before = replace(whole(), figures=tuple(fewer if one == known else one for one in whole().figures))
    assert "AC6" in {one.indicator for one in changes(open_before, whole()).listed}
