"""Before figures are frozen: which relevés are missing, returned, or not accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core import reporting
from core.domain.access import ReleveState
from core.domain.calendar import Period
from core.domain.releve import Releve, Term
from tests.support.filled import demonstration_context

DAY = date(2022, 7, 5)
TERM = Term("ct1-frais-vallon", "ifac", Period.parse("2022-T2"), date(2022, 7, 4))


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], ""),
        ([ReleveState.DUE], "1 relevé manque."),
        (
            [ReleveState.DUE, ReleveState.DRAFT, ReleveState.RETURNED, *[ReleveState.SUBMITTED] * 4],
            "2 relevés manquent, 1 est retourné, 4 ne sont pas acceptés.",
        ),
        ([ReleveState.SUBMITTED], "1 relevé n’est pas accepté."),
    ],
)
def test_what_is_missing_is_counted_in_words(states: list[ReleveState], words: str) -> None:
    assert reporting.lacking_sentence([Releve(TERM, state, DAY) for state in states]) == words


def test_those_of_periods_that_are_not_over_are_not_missing_yet() -> None:
    context = demonstration_context()
    at_june = reporting.lacking(context.registry, context.store, date(2022, 6, 30), DAY)
    assert {one.period.code for one in at_june} == {"2022-T2"} and len(at_june) > 1
    assert reporting.lacking(context.registry, context.store, date(2022, 6, 29), DAY) == ()
    assert all(replace(one, today=DAY).state is not ReleveState.APPROVED for one in at_june)
