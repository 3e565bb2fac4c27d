"""Sessions end when they must, and a page that is looked at does not write each time."""

from __future__ import annotations

import pytest

from core.accounts import accounts as keeping
from core.accounts import sign_in
from core.storage import accounts
from tests.core.accounts.front import EMAIL, LEAD, Front


@pytest.fixture
def url(database_url: str) -> str:
    """On both databases: the select that every page makes, the instants that it compares."""
    return database_url


def test_session_ends_when_nobody_uses_it(front: Front) -> None:
    secret = front.somebody()
    front.later(hours=7, minutes=59)
    assert front.visit(secret)
    front.later(hours=7, minutes=59)
    assert front.visit(secret), "it was used meanwhile"
    front.later(hours=8)
    assert front.visit(secret) is None


def test_session_ends_after_a_week_even_when_used(front: Front) -> None:
    secret = front.somebody()
    for _ in range(27):
        front.later(hours=6)
        assert front.visit(secret)
    front.later(hours=6)
    assert front.visit(secret) is None


def test_last_use_is_written_at_times_only(front: Front) -> None:
    secret = front.somebody()
    first = front.known(secret).session.seen_at
    front.later(minutes=9)
    assert front.visit(secret)
    assert front.known(secret).session.seen_at == first
    front.later(minutes=2)
    assert front.visit(secret)
    assert front.known(secret).session.seen_at == front.now


def test_sign_out_ends_this_session_only(front: Front) -> None:
    one, other = front.somebody(), front.sign_in()
    assert sign_in.end(front.office, one, at=front.now)
    assert not sign_in.end(front.office, one, at=front.now)
    assert front.visit(one) is None
    assert front.visit(other)


def test_nothing_and_anything_is_nobody(front: Front) -> None:
    front.somebody()
    assert [front.visit(one) for one in (None, "", "secret-999", "' OR 1=1 --")] == [None] * 4


def test_others_of_mine_are_ended_and_nobody_elses(front: Front) -> None:
    mine, older = front.somebody(), front.sign_in()
    hers = front.somebody("autre@ifac.fr")
    who = front.known(mine)
    sign_in.end_one(front.office, who, front.known(hers).session.hash, at=front.now)
    assert front.visit(hers), "a session is ended by its own person"
    sign_in.end_one(front.office, who, front.known(older).session.hash, at=front.now)
    assert front.visit(older) is None
    front.sign_in()
    assert sign_in.end_others(front.office, who, at=front.now) == 1
    assert front.sessions() == 1


def test_deactivation_ends_every_session_at_once(front: Front) -> None:
    secret = front.somebody()
    keeping.deactivate(front.office, front.account(), actor=LEAD, at=front.now)
    assert front.visit(secret) is None
    keeping.reactivate(front.office, front.account(), actor=LEAD, at=front.now)
    assert front.visit(secret) is None
    assert front.visit(front.sign_in())


def test_sessions_that_are_over_are_forgotten(front: Front) -> None:
    front.somebody()
    front.later(days=8)
    front.sign_in()
    with front.office.store.connect() as connection:
        assert len(accounts.sessions_of(connection, front.account(EMAIL))) == 1
