"""The same answer whatever is wrong, five tries, and the ways back in."""

from __future__ import annotations

from threading import Thread

import pytest

from core.accounts import accounts, acting_for, sign_in
from core.accounts import sign_in as passwords
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused
from tests.core.accounts.front import EMAIL, LEAD, PASSWORD, Front


def refusal(front: Front, password: str = "faux", email: str = EMAIL) -> str:
    with pytest.raises(Refused) as told:
        front.sign_in(password, email)
    return str(told.value)


def test_right_password_opens_however_the_address_is_typed(front: Front) -> None:
    front.somebody()
    assert front.known(front.sign_in(email=" CLAIRE@ifac.fr")).actor.name == "Claire"


def test_what_is_wrong_is_not_told(front: Front) -> None:
    front.somebody()
    front.somebody("partie@ifac.fr")
    accounts.deactivate(front.office, front.account("partie@ifac.fr"), actor=LEAD, at=front.now)
    front.invite("jamais@ifac.fr")
    said = {
        refusal(front),
        refusal(front, email="inconnue@ifac.fr"),
        refusal(front, PASSWORD, "partie@ifac.fr"),
        refusal(front, "", "jamais@ifac.fr"),
        refusal(front, email="pas un courriel"),
    }
    assert said == {sign_in.WRONG}


def test_unknown_address_costs_the_same_work(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str | None] = []
    real = passwords.agrees
    monkeypatch.setattr(passwords, "agrees", lambda kept, given: tried.append(kept) or real(kept, given))
    refusal(front, email="inconnue@ifac.fr")
    assert tried == [None]
    assert not real(None, "le mot de passe de personne"), "nobody's password opens nothing"


def test_right_password_forgets_the_wrong_ones(front: Front) -> None:
    front.somebody()
    for _ in range(3):
        assert {refusal(front) for _ in range(4)} == {sign_in.WRONG}
        assert front.visit(front.sign_in())


def test_many_tries_at_once_are_still_few(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    front.somebody()
    tried: list[str] = []
    monkeypatch.setattr(passwords, "agrees", lambda _kept, given: bool(tried.append(given)))

    def guess(number: int) -> None:
        with pytest.raises(Refused):
            front.sign_in(f"essai {number}")

    threads = [Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tried) == 5


def test_lead_forgets_wrong_tries(front: Front) -> None:
    front.somebody()
    for _ in range(5):
        refusal(front)
    standing = next(one for one in accounts.listed(front.office, actor=LEAD, at=front.now))
    assert standing.locked_until is not None
    assert accounts.unlock(front.office, front.account(), actor=LEAD, at=front.now)
    assert not accounts.unlock(front.office, front.account(), actor=LEAD, at=front.now)
    assert front.visit(front.sign_in())


def test_changed_password_ends_the_other_sessions(front: Front) -> None:
    mine, other = front.somebody(), front.sign_in()
    who = front.known(mine)
    for old, new, said in (
        ("faux", "un parapluie vert", "actuel"),
        (PASSWORD, PASSWORD, "celui d’avant"),
        (PASSWORD, "court", "trop court"),
    ):
        with pytest.raises(Refused, match=said):
            accounts.change_password(front.office, who, old, new, at=front.now)
    accounts.change_password(front.office, who, PASSWORD, "un parapluie vert", at=front.now)
    assert front.visit(mine) and front.visit(other) is None
    assert refusal(front, PASSWORD) == sign_in.WRONG
    assert front.visit(front.sign_in("un parapluie vert"))


def test_open_screen_is_no_place_to_guess(front: Front) -> None:
    who = front.known(front.somebody())
    for _ in range(5):
        with pytest.raises(Refused):
            accounts.change_password(front.office, who, "faux", "un parapluie vert", at=front.now)
    with pytest.raises(Refused, match="Trop d’essais faux"):
        accounts.change_password(front.office, who, PASSWORD, "un parapluie vert", at=front.now)


def test_role_changes_at_the_next_page(front: Front) -> None:
    secret = front.somebody()
    accounts.change(front.office, front.account(), "Claire D.", Role.COMMITTEE, None, actor=LEAD, at=front.now)
    assert front.known(secret).actor == Actor("Claire D.", Role.COMMITTEE)
    assert front.journal()[-1] == ("compte modifié", "Chefferie")


def test_last_lead_stays(front: Front) -> None:
    front.somebody("chef@ampm.fr", Role.LEAD, None)
    account = front.account("chef@ampm.fr")
    with pytest.raises(Refused, match="dernier"):
        accounts.deactivate(front.office, account, actor=LEAD, at=front.now)
    with pytest.raises(Refused, match="dernier"):
        accounts.change(front.office, account, "Chef", Role.COMMITTEE, None, actor=LEAD, at=front.now)
    front.somebody("autre@ampm.fr", Role.LEAD, None)
    accounts.deactivate(front.office, account, actor=LEAD, at=front.now)


def test_closed_account_may_be_forgotten(front: Front) -> None:
    front.somebody()
    account = front.account()
    with pytest.raises(Refused, match="désactivez-le"):
        accounts.remove(front.office, account, actor=LEAD, at=front.now)
    accounts.deactivate(front.office, account, actor=LEAD, at=front.now)
    accounts.remove(front.office, account, actor=LEAD, at=front.now)
    assert not accounts.listed(front.office, actor=LEAD, at=front.now)
    assert front.visit(front.somebody()), "the address may be invited again"
    front.office.store.journal.verify()


@pytest.mark.parametrize("who", [Actor("Claire", Role.ASSOCIATION, "ifac"), Actor("Élue", Role.COMMITTEE)])
def test_nobody_else_keeps_accounts(front: Front, who: Actor) -> None:
    front.somebody()
    account, at = front.account(), front.now
    for refused in (
        lambda: accounts.listed(front.office, actor=who, at=at),
        lambda: accounts.deactivate(front.office, account, actor=who, at=at),
        lambda: accounts.reactivate(front.office, account, actor=who, at=at),
        lambda: accounts.unlock(front.office, account, actor=who, at=at),
        lambda: accounts.remove(front.office, account, actor=who, at=at),
        lambda: accounts.change(front.office, account, "X", Role.LEAD, None, actor=who, at=at),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_other_service_signs_in_known_people_only(front: Front) -> None:
    front.invite()
    assert front.visit(sign_in.known_as(front.office, "Claire@ifac.fr", device="", at=front.now))
    with pytest.raises(Refused, match="autorisé"):
        sign_in.known_as(front.office, "autre@ifac.fr", device="", at=front.now)
    accounts.deactivate(front.office, front.account(), actor=LEAD, at=front.now)
    with pytest.raises(Refused, match="autorisé"):
        sign_in.known_as(front.office, EMAIL, device="", at=front.now)


def test_lead_types_for_an_association_and_nobody_else_does() -> None:
    assert acting_for(LEAD, "ifac") == Actor("Chefferie", Role.LEAD, on_behalf_of="ifac")
    own = Actor("Claire", Role.ASSOCIATION, "ifac")
    assert acting_for(own, "ifac") is own
    for actor in (own, Actor("Élue", Role.COMMITTEE)):
        with pytest.raises(Forbidden):
            acting_for(actor, "anonymal")
