"""A milestone that is stopped has words and a shape of its own: those of progress are for targets only."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.figure_text import PROGRESS_MARKS
from core.domain.observation import BLOCKED, LATE, mark, overdue, title_of

DAY = date(2022, 6, 30)


@pytest.mark.parametrize(
    ("state", "planned", "said"),
    [
        (BLOCKED, date(2021, 12, 15), "■ Bloqué : Convention"),
        (LATE, DAY, "◆ Échéance dépassée : Convention"),
        (LATE, date(2022, 7, 1), "◆ Échéance compromise : Convention"),
        (LATE, None, "◆ Échéance dépassée : Convention"),
    ],
)
def test_each_state_has_its_word(state: str, planned: date | None, said: str) -> None:
    assert title_of(state, planned, DAY, "Convention") == said


def test_a_late_milestone_shares_neither_word_nor_shape_with_progress() -> None:
    shape, word = mark(LATE, date(2022, 1, 1), DAY)
    assert shape not in {one for one, _ in PROGRESS_MARKS.values()}
    assert word not in {one for _, one in PROGRESS_MARKS.values()}


def test_what_was_reached_or_given_up_is_not_overdue() -> None:
    assert overdue("En cours", date(2022, 6, 1), DAY)
    assert not overdue("Terminé", date(2022, 6, 1), DAY) and not overdue("Abandonné", date(2022, 6, 1), DAY)
    assert not overdue("En cours", date(2022, 7, 1), DAY)
