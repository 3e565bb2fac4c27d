"""Attacks on the second factor: a password alone opens nothing, a code serves once, no way in goes round it."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from core.accounts import accounts, second_factor, sign_in
from core.accounts.tries import Origin
from core.domain.access import Actor, Role
from core.domain.french import typeset
from core.errors import Forbidden, Refused
from core.storage import accounts as stored
from tests.core.accounts.front import EMAIL, LEAD, Front

CHEF = "chef@ampm.fr"
WRONG = typeset(second_factor.WRONG)


def code_of(secret: str, front: Front, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(front.now + timedelta(seconds=30 * steps))


def set_up(front: Front, email: str = EMAIL) -> tuple[str, list[str]]:
    """A telephone for an account that came in: its secret, its recovery codes."""
    who = front.known(front.sign_in(email=email))
    secret = second_factor.begin(front.office, who.account, at=front.now)
    codes = sign_in.set_up_factor(front.office, who, code_of(secret, front), at=front.now)
    front.later(minutes=1)
    return secret, codes


def lead(front: Front, email: str = CHEF) -> str:
    return front.somebody(email, Role.LEAD, None)


def finish(front: Front, secret: str, code: str, origin: Origin | None = None) -> str:
    return sign_in.finish(front.office, secret, code, at=front.now, origin=origin or Origin())[0]


def refused(front: Front, secret: str, code: str) -> str:
    with pytest.raises(Refused) as told:
        finish(front, secret, code)
    return str(told.value)


def test_password_alone_opens_nothing(front: Front) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    half = front.sign_in()
    assert front.visit(half) is None
    assert front.sessions() == 1, "the one where it was set up"
    opened = finish(front, half, code_of(telephone, front))
    assert front.visit(opened) and front.visit(half) is None


def test_no_way_in_goes_round_it(front: Front) -> None:
    """A password, another service, a link for a new password: each waits for the code."""
    front.somebody()
    telephone, _ = set_up(front)
    link = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    ways = (
        front.sign_in(),
        sign_in.known_as(front.office, EMAIL, device="", at=front.now),
        front.accept(link, "un parapluie vert"),
    )
    for half in ways[-1:] + ways[:-1]:
        assert front.visit(half) is None
    assert front.visit(finish(front, ways[-1], code_of(telephone, front)))


def test_code_serves_once_even_in_its_half_minute(front: Front) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    code = code_of(telephone, front)
    assert front.visit(finish(front, front.sign_in(), code))
    assert refused(front, front.sign_in(), code) == WRONG
    before = code_of(telephone, front, -1)
    assert refused(front, front.sign_in(), before) == WRONG, "nor an older one"


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(front: Front, steps: int, opens: bool) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    front.later(minutes=5)
    half, code = front.sign_in(), code_of(telephone, front, steps)
    if opens:
        assert front.visit(finish(front, half, code))
    else:
        assert refused(front, half, code) == WRONG


def test_codes_are_no_place_to_guess_however_many_sessions_wait(front: Front) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    for number in range(5):
        assert refused(front, front.sign_in(), f"00000{number}") == WRONG
    assert "Trop d’essais faux" in refused(front, front.sign_in(), code_of(telephone, front))


def test_session_that_waited_too_long_opens_no_more(front: Front) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    half = front.sign_in()
    front.later(minutes=10)
    assert sign_in.waiting(front.office, half, at=front.now) is None
    assert "depuis trop longtemps" in refused(front, half, code_of(telephone, front))


def test_open_session_is_not_finished_again(front: Front) -> None:
    opened = front.somebody()
    assert "depuis trop longtemps" in refused(front, opened, "000000")


def test_recovery_codes_replace_the_telephone_once_each_and_are_kept_as_prints(front: Front) -> None:
    front.somebody()
    _, codes = set_up(front)
    assert len(set(codes)) == 10 and all(len(one) == 19 for one in codes)
    assert front.visit(finish(front, front.sign_in(), f" {codes[0].upper()} "))
    assert refused(front, front.sign_in(), codes[0]) == WRONG
    account = accounts.find(front.office, EMAIL)
    assert second_factor.state_of(front.office, account).codes_left == 9
    with front.office.store.connect() as connection:
        kept = connection.exec_driver_sql("SELECT hash FROM recovery_codes").scalars().all()
    assert not {one for one in kept if one in codes or one in "".join(codes)}
    assert all(len(one) == 64 for one in kept)


def test_codes_of_somebody_else_open_nothing(front: Front) -> None:
    front.somebody()
    front.somebody("autre@ifac.fr")
    telephone, codes = set_up(front)
    set_up(front, "autre@ifac.fr")
    half = front.sign_in(email="autre@ifac.fr")
    assert refused(front, half, codes[0]) == refused(front, half, code_of(telephone, front)) == WRONG


def test_setting_up_ends_the_other_sessions_and_asks_for_a_right_code(front: Front) -> None:
    other, mine = front.somebody(), front.sign_in()
    who = front.known(mine)
    secret = second_factor.begin(front.office, who.account, at=front.now)
    assert second_factor.begin(front.office, who.account, at=front.now) == secret, "a page read again shows the same"
    with pytest.raises(Refused):
        sign_in.set_up_factor(front.office, who, "000000", at=front.now)
    assert front.visit(front.sign_in()), "a factor that is only begun asks for nothing"
    sign_in.set_up_factor(front.office, who, code_of(secret, front), at=front.now)
    assert front.visit(mine) and front.visit(other) is None
    with pytest.raises(Refused, match="déjà en place"):
        second_factor.begin(front.office, who.account, at=front.now)


def test_taking_it_off_asks_for_a_code_or_the_project_lead(front: Front) -> None:
    front.somebody()
    telephone, _ = set_up(front)
    who = front.known(finish(front, front.sign_in(), code_of(telephone, front)))
    with pytest.raises(Refused):
        sign_in.give_up_factor(front.office, who, "000000", at=front.now)
    for other in (Actor("Élue", Role.COMMITTEE), who.actor):
        with pytest.raises(Forbidden):
            second_factor.give_up(front.office, who.account.id, actor=other, at=front.now)
    front.later(minutes=1)
    sign_in.give_up_factor(front.office, who, code_of(telephone, front), at=front.now)
    assert front.visit(front.sign_in())
    set_up(front)
    assert second_factor.give_up(front.office, who.account.id, actor=LEAD, at=front.now)
    assert front.visit(front.sign_in())
    assert ("double authentification retirée", "Chefferie") in front.journal()


def test_lead_who_requires_it_has_it_and_the_others_set_it_up_to_come_in(front: Front) -> None:
    mine, other = lead(front), lead(front, "autre@ampm.fr")
    association = front.somebody()
    who = front.known(mine)
    with pytest.raises(Refused, match="votre propre compte"):
        second_factor.require(front.office, who.account, actor=who.actor, required=True, at=front.now)
    set_up(front, CHEF)
    second_factor.require(front.office, who.account, actor=who.actor, required=True, at=front.now)
    assert second_factor.is_required(front.office.store)
    assert front.visit(other) is None, "her session without it ended"
    assert front.visit(association), "who may not steer is left alone"
    half = front.sign_in(email="autre@ampm.fr")
    assert front.visit(half) is None
    found = sign_in.waiting(front.office, half, at=front.now)
    assert found and found.sets_up
    secret = second_factor.begin(front.office, found.account, at=front.now)
    assert refused(front, half, "000000")
    opened, codes = sign_in.finish(front.office, half, code_of(secret, front), at=front.now)
    assert front.visit(opened) and len(codes) == 10
    with pytest.raises(Refused, match="exigée"):
        sign_in.give_up_factor(front.office, front.known(opened), codes[0], at=front.now)
    front.office.store.journal.verify()
    second_factor.require(front.office, who.account, actor=LEAD, required=False, at=front.now)
    assert not second_factor.is_required(front.office.store)


@pytest.mark.parametrize("actor", [Actor("Claire", Role.ASSOCIATION, "ifac"), Actor("Élue", Role.COMMITTEE)])
def test_nobody_else_requires_it(front: Front, actor: Actor) -> None:
    front.somebody()
    account = accounts.find(front.office, EMAIL)
    for required in (True, False):
        with pytest.raises(Forbidden):
            second_factor.require(front.office, account, actor=actor, required=required, at=front.now)


def test_forgotten_account_leaves_nothing(front: Front) -> None:
    front.somebody()
    set_up(front)
    account = front.account()
    accounts.deactivate(front.office, account, actor=LEAD, at=front.now)
    accounts.remove(front.office, account, actor=LEAD, at=front.now)
    with front.office.store.connect() as connection:
        assert stored.factor(connection, account) is None
        assert not stored.recovery_codes_left(connection, account)
