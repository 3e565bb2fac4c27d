"""What was made under a clock that was ahead lasts no longer for it: sessions, locks, links, keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts import accounts, tokens
from core.errors import Refused
from tests.core.accounts.front import EMAIL, LEAD, Front


@pytest.fixture
def url(sqlite_database_url: str) -> str:
    return sqlite_database_url


def test_session_opened_a_year_ahead_is_over_when_the_hour_is_right(front: Front) -> None:
    front.somebody()
    front.later(days=365)
    secret = front.sign_in()
    front.later(days=-365)
    assert front.visit(secret) is None
    assert front.sessions() == 0


def test_session_opened_by_a_server_a_minute_ahead_holds(front: Front) -> None:
    secret = front.somebody()
    front.later(minutes=-1)
    assert front.visit(secret)


def test_wait_of_a_year_ahead_is_over_when_the_hour_is_right(front: Front) -> None:
    front.somebody()
    front.later(days=365)
    for _ in range(5):
        with pytest.raises(Refused):
            front.sign_in("faux")
    front.later(days=-365)
    assert front.visit(front.sign_in())


def test_link_made_a_year_ahead_opens_nothing_when_the_hour_is_right(front: Front) -> None:
    front.later(days=365)
    link = front.invite(EMAIL)
    front.later(days=-365)
    with pytest.raises(Refused):
        accounts.look(front.office, link, at=front.now)


def test_key_given_years_ahead_opens_nothing_when_the_hour_is_right(front: Front) -> None:
    ahead = front.now + timedelta(days=365 * 3)
    _, secret = tokens.create(front.office.store, "carte", actor=LEAD, at=ahead)
    assert tokens.holder(front.office.store, secret, at=ahead)
    assert tokens.holder(front.office.store, secret, at=front.now) is None
