"""A telephone that turns the slides: whoever asks in whichever process learns where it stands."""

from __future__ import annotations

import pytest

from core.accounts import Office, accounts, remote
from core.storage import Store
from tests.core.accounts.front import LEAD, Front


def stands(front: Front, account: str) -> tuple[int, int] | None:
    found = remote.remote(front.office, account, at=front.now)
    return None if found is None else (found.committee, found.slide)


@pytest.fixture
def account(front: Front) -> str:
    front.somebody()
    return front.account()


def test_another_process_sees_the_slide_that_was_turned(front: Front, account: str, url: str) -> None:
    remote.turn(front.office, account, 4, 7, at=front.now)
    with Store.open(url) as beside:
        found = remote.remote(Office(beside), account, at=front.now)
    assert found is not None and (found.committee, found.slide) == (4, 7)


def test_opening_a_remote_turns_nothing_and_asks_where_the_room_stands(front: Front, account: str) -> None:
    assert remote.open_remote(front.office, account, 4, at=front.now).slide == remote.UNKNOWN
    remote.told(front.office, account, 4, 7, at=front.now)
    assert remote.open_remote(front.office, account, 4, at=front.now).slide == 7
    assert remote.open_remote(front.office, account, 3, at=front.now).slide == remote.UNKNOWN, "another committee"


def test_a_page_that_projects_says_nothing_while_no_remote_is_open_for_it(front: Front, account: str) -> None:
    remote.told(front.office, account, 4, 7, at=front.now)
    assert stands(front, account) is None
    remote.turn(front.office, account, 3, 2, at=front.now)
    remote.told(front.office, account, 4, 7, at=front.now)
    assert stands(front, account) == (3, 2)


def test_it_is_forgotten_the_next_day_told_in_no_journal_and_leaves_with_its_account(
    front: Front, account: str
) -> None:
    before = front.journal()
    remote.turn(front.office, account, 4, 7, at=front.now)
    assert front.journal() == before
    front.later(hours=13)
    assert stands(front, account) is None
    accounts.deactivate(front.office, account, actor=LEAD, at=front.now)
    accounts.remove(front.office, account, actor=LEAD, at=front.now)
