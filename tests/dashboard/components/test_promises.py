"""The marks of the commitments: shape and word always, a link where rows can be read."""

from __future__ import annotations

import pytest

from core.deliberation import COMMITMENTS
from core.figures.commitments import PROMISE_MARKS, CommitmentStatus, Kept
from dashboard.components.overview import Promise, promise_mark, promise_strip


def promise(state: Kept, evidence: int = 0, address: str | None = None) -> Promise:
    return Promise(CommitmentStatus(COMMITMENTS[0], "ct2-pays-d-aix", state, evidence), address)


@pytest.mark.parametrize("state", [state for state in Kept if state is not Kept.SHOWN])
def test_state_is_said_in_shape_and_word(state: Kept) -> None:
    shape, word = PROMISE_MARKS[state]
    drawn = promise_mark(promise(state))
    assert word in drawn and shape in drawn


def test_shown_commitment_leads_to_its_rows() -> None:
    drawn = promise_mark(promise(Kept.SHOWN, 84, "/chiffre?indicateur=PREUVE-E1"))
    assert "84 lignes" in drawn and 'href="/chiffre?indicateur=PREUVE-E1"' in drawn
    assert "Montré" in drawn, "the word is there for who does not see the shape"


def test_one_row_is_singular() -> None:
    assert "1 ligne<" in promise_mark(promise(Kept.SHOWN, 1))


def test_strip_gives_the_whole_text_of_each_commitment() -> None:
    drawn = promise_strip([promise(Kept.NOT_REPORTED)], name="Les huit engagements")
    assert 'aria-label="Les huit engagements"' in drawn
    assert f'title="{COMMITMENTS[0].text[:30]}' in drawn.replace("\u00a0:", " :")
