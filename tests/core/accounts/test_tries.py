"""Attacks on the throttle: a stranger’s wrong passwords cost the stranger, and never keep anybody out."""

from __future__ import annotations

import pytest

from core.accounts import accounts, sign_in, tries
from core.accounts.identity import WrongTries
from core.accounts.tries import Origin
from core.errors import Refused
from core.storage import accounts as stored
from tests.core.accounts.front import EMAIL, LEAD, PASSWORD, Front

HERE, STRANGER = Origin("192.0.2.7"), Origin("203.0.113.9")
KNOWN = Origin("192.0.2.7", "ce navigateur")
TOO_SOON = "Trop d’essais faux"


def enter(front: Front, password: str = PASSWORD, origin: Origin = HERE, email: str = EMAIL) -> str:
    return sign_in.with_password(front.office, email, password, device="Edge", at=front.now, origin=origin)


def refusal(front: Front, password: str = "faux", origin: Origin = HERE, email: str = EMAIL) -> str:
    with pytest.raises(Refused) as told:
        enter(front, password, origin, email)
    return str(told.value)


def remembered(front: Front, origin: Origin = KNOWN) -> None:
    tries.remember(front.office, accounts.find(front.office, EMAIL), origin.browser or "", front.now)


def attacked(front: Front, times: int = 40) -> None:
    """So many wrong passwords, each from another network."""
    for number in range(times):
        refusal(front, origin=Origin(f"203.0.113.{number}"))


def test_known_browser_never_waits_for_what_strangers_tried(front: Front) -> None:
    front.somebody()
    remembered(front)
    attacked(front)
    assert TOO_SOON in refusal(front, PASSWORD)
    assert front.visit(enter(front, origin=KNOWN))


def test_who_is_signed_in_changes_her_password_during_an_attack(front: Front) -> None:
    who = front.known(front.somebody())
    remembered(front)
    attacked(front)
    accounts.change_password(front.office, who, PASSWORD, "un parapluie vert", at=front.now)
    assert front.visit(enter(front, "un parapluie vert", origin=KNOWN))


def test_other_network_is_let_in_while_one_stranger_tries(front: Front) -> None:
    front.somebody()
    for _ in range(10):
        refusal(front, origin=STRANGER)
    assert front.visit(enter(front, origin=HERE))


def test_new_browser_waits_a_minute_at_most_for_what_others_tried(front: Front) -> None:
    front.somebody()
    for number in range(40):
        refusal(front, origin=Origin(f"203.0.113.{number}"))
        front.later(minutes=1)
    assert front.visit(enter(front, origin=HERE))


@pytest.mark.parametrize("email", [EMAIL, "inconnue@ifac.fr"])
def test_each_wrong_try_makes_the_next_one_wait_twice_as_long(front: Front, email: str) -> None:
    front.somebody()
    assert {refusal(front, email=email) for _ in range(5)} == {sign_in.WRONG}
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        front.later(seconds=seconds - 1)
        assert TOO_SOON in refusal(front, PASSWORD, email=email), seconds
        front.later(seconds=1)
        assert refusal(front, email=email) == sign_in.WRONG


def test_one_network_tries_many_accounts_no_longer_than_a_few(front: Front) -> None:
    said = [refusal(front, email=f"personne{number}@ifac.fr") for number in range(25)]
    assert said[:20] == [sign_in.WRONG] * 20 and TOO_SOON in said[-1]


def test_own_account_does_not_wash_a_network_clean(front: Front) -> None:
    front.somebody()
    for number in range(19):
        refusal(front, email=f"personne{number}@ifac.fr")
    enter(front)
    refusal(front, email="encore@ifac.fr")
    assert TOO_SOON in refusal(front, email="une-autre@ifac.fr")


def test_office_behind_one_address_comes_in_all_day(front: Front) -> None:
    front.somebody()
    for _ in range(60):
        assert enter(front)


def test_known_browser_is_no_place_to_guess(front: Front) -> None:
    front.somebody()
    remembered(front)
    for _ in range(5):
        refusal(front, origin=KNOWN)
    assert TOO_SOON in refusal(front, PASSWORD, KNOWN)


def test_browser_of_somebody_else_is_a_stranger(front: Front) -> None:
    front.somebody()
    front.somebody("autre@ifac.fr")
    remembered(front)
    for _ in range(5):
        refusal(front, origin=KNOWN, email="autre@ifac.fr")
    for _ in range(25):
        refusal(front, origin=Origin("203.0.113.1"), email="autre@ifac.fr")
    assert TOO_SOON in refusal(front, PASSWORD, KNOWN, "autre@ifac.fr")


def test_browser_is_known_for_half_a_year_and_until_the_password_is_replaced(front: Front) -> None:
    front.somebody()
    remembered(front)
    link = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    front.accept(link, "un parapluie vert")
    attacked(front)
    assert TOO_SOON in refusal(front, "un parapluie vert", KNOWN)
    accounts.unlock(front.office, front.account(), actor=LEAD, at=front.now)
    remembered(front)
    front.later(days=181)
    attacked(front)
    assert TOO_SOON in refusal(front, "un parapluie vert", KNOWN)


def test_new_link_lets_in_at_once_during_an_attack(front: Front) -> None:
    front.somebody()
    attacked(front)
    link = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    assert front.visit(front.accept(link, "un parapluie vert"))


def test_wrong_tries_are_forgotten_after_a_day(front: Front) -> None:
    front.somebody()
    for _ in range(5):
        refusal(front)
    front.later(days=1, seconds=1)
    assert {refusal(front) for _ in range(5)} == {sign_in.WRONG}


def test_account_is_told_at_milestones_and_not_at_each_try(front: Front) -> None:
    told: list[WrongTries] = []
    office = type(front.office)(front.office.store, chance=front.office.chance, warn=told.append)
    front.office = office
    front.somebody()
    attacked(front, 19)
    assert [one.failures for one in told] == [5]
    refusal(front, origin=Origin("198.51.100.4"))
    assert [one.failures for one in told] == [5, 20]
    assert [action for action, _ in front.journal()].count(tries.SUSPENDED) == 2
    found = tries.last_told(office, front.account())
    assert found and found.details["failures"] == 20
    for number in range(10):
        refusal(front, origin=Origin(f"198.51.100.{10 + number}"), email="inconnue@ifac.fr")
    assert len(told) == 2, "nobody is written to about an address without an account"


def test_subscriber_of_ipv6_is_one_network() -> None:
    assert tries.network_of("2001:db8:0:1::5") == tries.network_of("2001:db8:0:1:ffff::9")
    assert tries.network_of("2001:db8:0:1::5") != tries.network_of("2001:db8:0:2::5")
    assert tries.network_of("::ffff:192.0.2.7") == tries.network_of("192.0.2.7")
    assert tries.network_of("une adresse") == "une adresse"


@pytest.mark.parametrize(
    "password", ["motdepasse123", "azertyuiop12", "Password1234", "claire@ifac.fr1", "soleil123456"]
)
def test_password_that_is_tried_first_is_refused(front: Front, password: str) -> None:
    with pytest.raises(Refused, match="essaie en premier"):
        front.accept(front.invite(), password)


def test_what_is_counted_holds_no_address_in_clear(front: Front) -> None:
    front.somebody()
    refusal(front)
    with front.office.store.connect() as connection:
        rows = stored.all_attempts(connection)
    assert rows and not [row for row in rows if "@" in row.key + row.about or "192.0" in row.key + row.about]
