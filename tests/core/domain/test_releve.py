"""The state of a relevé is folded from its events, from what was handed in, and from the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.domain.access import ReleveState
from core.domain.calendar import Period
from core.domain.french import NBSP
from core.domain.releve import ReleveAction, ReleveEvent, Term, fold, speaks_of

QUARTER = Period.quarter(2021, 3)
DUE = date(2021, 10, 7)
TERM = Term("ct3-pays-salonais", "anonymal", QUARTER, DUE, date(2021, 7, 1), date(2022, 12, 31))
SENT, RETURNED, ACCEPTED = ReleveAction.SENT, ReleveAction.RETURNED, ReleveAction.ACCEPTED
REOPENED, ASKED, REFUSED = ReleveAction.REOPENED, ReleveAction.ASKED, ReleveAction.REFUSED


def told(*deeds: ReleveAction, first: datetime = datetime(2021, 10, 5, 9, tzinfo=UTC)) -> list[ReleveEvent]:
    """One event a day from ``first``."""
    return [ReleveEvent(deed, first + timedelta(days=rank), "Claire") for rank, deed in enumerate(deeds)]


@pytest.mark.parametrize(
    ("deeds", "begun", "today", "state", "words"),
    [
        ((), False, date(2021, 8, 1), ReleveState.DUE, "À compléter"),
        ((), False, DUE, ReleveState.DUE, "À compléter"),
        ((), False, date(2021, 10, 8), ReleveState.DUE, f"Attendu depuis le 7{NBSP}octobre{NBSP}2021"),
        ((), True, date(2021, 8, 1), ReleveState.DRAFT, "Brouillon"),
        ((), True, date(2021, 10, 8), ReleveState.DRAFT, "Brouillon"),
        ((SENT,), True, date(2021, 10, 8), ReleveState.SUBMITTED, f"Transmis le 5{NBSP}octobre{NBSP}2021"),
        ((SENT, RETURNED), True, date(2021, 10, 8), ReleveState.RETURNED, "À corriger"),
        (
            (SENT, RETURNED, SENT),
            True,
            date(2021, 10, 9),
            ReleveState.SUBMITTED,
            f"Transmis le 7{NBSP}octobre{NBSP}2021",
        ),
        ((SENT, ACCEPTED), True, date(2021, 10, 9), ReleveState.APPROVED, "Accepté"),
        ((SENT, ACCEPTED, ASKED), True, date(2021, 10, 9), ReleveState.APPROVED, "Accepté"),
        ((SENT, ACCEPTED, ASKED, REFUSED), True, date(2021, 10, 9), ReleveState.APPROVED, "Accepté"),
        ((SENT, ACCEPTED, REOPENED), True, date(2021, 10, 9), ReleveState.DRAFT, "Brouillon"),
        ((SENT, REOPENED, SENT, ACCEPTED), True, date(2021, 10, 9), ReleveState.APPROVED, "Accepté"),
    ],
)
def test_the_state_and_its_words(
    deeds: tuple[ReleveAction, ...], begun: bool, today: date, state: ReleveState, words: str
) -> None:
    found = fold(TERM, told(*deeds), begun=begun, today=today)
    assert (found.state, found.words) == (state, words)


@pytest.mark.parametrize(("deeds", "waiting"), [((SENT, ASKED), True), ((SENT, ASKED, REFUSED), False)])
def test_a_request_waits_until_it_is_answered(deeds: tuple[ReleveAction, ...], waiting: bool) -> None:
    assert (fold(TERM, told(*deeds), begun=True, today=DUE).asked is not None) is waiting


def test_it_is_without_object_before_the_experiment_starts_and_after_it_ends() -> None:
    for days in ({"start": date(2021, 10, 4)}, {"end": date(2021, 6, 30)}):
        term = Term("ct6-pays-de-martigues", "point-formation", QUARTER, DUE, **days)
        found = fold(term, (), begun=True, today=date(2022, 7, 5))
        assert (found.state, found.words, found.days_late, found.awaited) == (None, "Sans objet", 0, False)


def test_one_day_of_the_experiment_in_the_period_is_enough() -> None:
    term = Term("x", "y", QUARTER, DUE, QUARTER.end, None)
    assert fold(term, (), begun=False, today=DUE).state is ReleveState.DUE


@pytest.mark.parametrize(
    ("sent", "today", "late"),
    [
        (None, date(2021, 10, 7), 0),
        (None, date(2021, 10, 9), 2),
        (datetime(2021, 10, 7, 20, tzinfo=UTC), date(2022, 1, 1), 0),
        (datetime(2021, 10, 7, 23, tzinfo=UTC), date(2022, 1, 1), 1),  # one in the morning of the 8th, in France
        (datetime(2021, 10, 19, 9, tzinfo=UTC), date(2022, 1, 1), 12),
    ],
)
def test_lateness_is_that_of_the_first_sending(sent: datetime | None, today: date, late: int) -> None:
    events = told(SENT, RETURNED, SENT, first=sent) if sent else []
    assert fold(TERM, events, begun=False, today=today).days_late == late


PERIODS = (QUARTER, Period.quarter(2021, 4))


@pytest.mark.parametrize(
    ("named", "day", "expected"),
    [
        ("2021-T3", date(2022, 5, 1), [True, False]),
        ("2021-11", date(2022, 5, 1), [False, True]),
        ("exercice 2021", date(2021, 8, 1), [False, False]),
        (None, date(2021, 8, 1), [True, False]),
        (None, date(2021, 10, 5), [True, True]),
        (None, date(2022, 1, 7), [False, True]),
    ],
)
def test_what_a_deposit_speaks_of(named: str | None, day: date, expected: list[bool]) -> None:
    assert [speaks_of(period, named, day, PERIODS) for period in PERIODS] == expected
