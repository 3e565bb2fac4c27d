"""The relevés of the year stand as the story tells, and the live deposit is not stopped by any of them."""

from __future__ import annotations

from datetime import date

import pytest

from core import reporting
from core.demonstration import TODAY, meetings, story
from core.demonstration.story import CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU, RECHERCHE
from core.domain.calendar import day_in_france
from core.domain.french import NBSP
from core.domain.releve import Releve, ReleveAction
from tests.core.demonstration.conftest import Demo

QUARTERS = {number: quarter.code for number, quarter in enumerate(story.QUARTERS, 1)}


@pytest.fixture(scope="module")
def board(before: Demo) -> dict[tuple[int, str], Releve]:
    numbers = {code: number for number, code in QUARTERS.items()}
    rows = reporting.board(before.registry, before.store, TODAY)
    return {(numbers[one.period.code], one.experiment): one for one in rows}


def told(demo: Demo, experiment: str, number: int) -> list[tuple[ReleveAction, date]]:
    return [(one.deed, day_in_france(one.at)) for one in reporting.history(demo.store, experiment, QUARTERS[number])]


def test_three_quarters_are_accepted_and_the_first_is_without_object_at_martigues(
    board: dict[tuple[int, str], Releve],
) -> None:
    words = {asked: one.words for asked, one in board.items() if asked[0] < 4}
    assert words.pop((1, CT6)) == "Sans objet"
    assert set(words.values()) == {"Accepté"}
    assert len(words) == 17


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (CT2, f"Transmis le 1er{NBSP}juillet{NBSP}2022"),
        (CT3, f"Transmis le 1er{NBSP}juillet{NBSP}2022"),
        (RECHERCHE, f"Transmis le 4{NBSP}juillet{NBSP}2022"),
        (FRAIS_VALLON, f"Transmis le 4{NBSP}juillet{NBSP}2022"),
        (PLAN_D_AOU, "Brouillon"),
        (CT6, f"Attendu depuis le 4{NBSP}juillet{NBSP}2022"),
    ],
)
def test_the_last_quarter_is_sent_begun_or_awaited(
    board: dict[tuple[int, str], Releve], experiment: str, words: str
) -> None:
    assert board[4, experiment].words == words


def test_twelve_days_then_eleven_are_the_only_delays_of_what_was_sent(board: dict[tuple[int, str], Releve]) -> None:
    late = {asked: one.days_late for asked, one in board.items() if one.sent and one.days_late}
    assert late == {(3, CT6): 12, (2, FRAIS_VALLON): 11, (2, PLAN_D_AOU): 11}


def test_martigues_had_days_and_months_swapped(before: Demo) -> None:
    deeds = [deed for deed, _ in told(before, CT6, 2)]
    assert deeds == [ReleveAction.SENT, ReleveAction.RETURNED, ReleveAction.SENT, ReleveAction.ACCEPTED]
    returned = reporting.history(before.store, CT6, QUARTERS[2])[1]
    assert returned.reason == meetings.SWAPPED


def test_gardanne_came_back_with_a_comment_before_the_third_committee(before: Demo) -> None:
    first = told(before, CT2, 3)[:4]
    assert [deed for deed, _ in first] == [
        ReleveAction.SENT,
        ReleveAction.RETURNED,
        ReleveAction.SENT,
        ReleveAction.ACCEPTED,
    ]
    assert first[-1][1] < story.COMMITTEES[2]
    comment = reporting.narrative(before.store, CT2, QUARTERS[3])
    assert comment is not None and "Gardanne" in comment.text


def test_what_april_mended_went_through_an_opened_releve(before: Demo) -> None:
    """Nothing that was accepted changed while it was locked."""
    assert told(before, CT2, 3)[4:] == [
        (ReleveAction.ASKED, date(2022, 4, 25)),
        (ReleveAction.REOPENED, date(2022, 4, 25)),
        (ReleveAction.SENT, date(2022, 4, 26)),
        (ReleveAction.ACCEPTED, date(2022, 4, 27)),
    ]
    assert (ReleveAction.REOPENED, date(2022, 4, 12)) in told(before, FRAIS_VALLON, 3)


@pytest.mark.parametrize("experiment", story.EXPERIMENTS)
def test_each_experiment_tells_its_last_quarter(before: Demo, experiment: str) -> None:
    assert reporting.narrative(before.store, experiment, QUARTERS[4]) is not None


def test_the_live_deposit_begins_the_awaited_releve(after: Demo) -> None:
    found = reporting.state_of(after.registry, after.store, CT6, QUARTERS[4], TODAY)
    assert (found.words, found.days_late) == ("Brouillon", 1)
