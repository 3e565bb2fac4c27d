"""Links open once, for a time, and give what they say."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest
import sqlalchemy as sa

from core.accounts import Office, accounts, sign_in
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.storage import Store
from tests.core.accounts.front import EMAIL, LEAD, NOON, PASSWORD, Front


def test_invitation_opens_once_and_signs_in(front: Front) -> None:
    link = front.invite(" Claire@IFAC.fr ")
    assert accounts.look(front.office, link, at=front.now).account.email == EMAIL
    found = front.known(front.accept(link))
    assert (found.actor, found.session.device) == (Actor("Claire", Role.ASSOCIATION, "ifac"), "Firefox sur Linux")
    with pytest.raises(Refused, match="ne fonctionne plus"):
        front.accept(link)


def test_link_grows_old(front: Front) -> None:
    link = front.invite()
    front.later(days=7)
    with pytest.raises(Refused, match="trop ancien"):
        front.accept(link)


def test_newer_link_replaces_the_older_one(front: Front) -> None:
    first = front.invite()
    second = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    with pytest.raises(Refused):
        accounts.look(front.office, first, at=front.now)
    assert accounts.look(front.office, second, at=front.now).kind == accounts.INVITATION


def test_new_password_ends_the_sessions_of_before(front: Front) -> None:
    before = front.somebody()
    link = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    assert front.visit(before) and front.visit(front.sign_in()), "the old password works until the link is used"
    after = front.accept(link, "un autre chapeau de feutre")
    assert front.visit(before) is None
    assert front.visit(after)
    with pytest.raises(Refused):
        front.sign_in(PASSWORD)


@pytest.mark.parametrize(
    ("password", "said"),
    [("court", "trop court"), (EMAIL, "votre courriel"), ("a" * 201, "trop long"), ("aaaaaaaaaaaaa", "répète")],
)
def test_weak_password_is_refused_and_the_link_still_opens(front: Front, password: str, said: str) -> None:
    link = front.invite()
    with pytest.raises(Refused, match=said):
        front.accept(link, password)
    assert front.visit(front.accept(link))


def test_accents_are_the_same_on_every_keyboard() -> None:
    assert sign_in.agrees(sign_in.choose("été à la maison", EMAIL), "e\u0301te\u0301 a\u0300 la maison")


@pytest.mark.parametrize(
    ("email", "role", "association", "said"),
    [
        ("claire", Role.COMMITTEE, None, "n’en est pas un"),
        ("a@b.fr\r\nBcc: c@d.fr", Role.COMMITTEE, None, "n’en est pas un"),
        ("a@b.fr", Role.ASSOCIATION, None, "quelle association"),
        ("a@b.fr", Role.LEAD, "ifac", "Seul un compte d’association"),
        ("a@b.fr", Role.SYSTEM, None, "Un compte est celui"),
    ],
)
def test_bad_invitation_is_refused(front: Front, email: str, role: Role, association: str | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        front.invite(email, role, association)


def test_one_address_has_one_account(front: Front) -> None:
    front.invite()
    with pytest.raises(Refused, match="a déjà un compte"):
        front.invite("CLAIRE@ifac.fr")


def test_only_the_lead_invites(front: Front) -> None:
    for actor in (Actor("Claire", Role.ASSOCIATION, "ifac"), Actor("Élue", Role.COMMITTEE)):
        with pytest.raises(Forbidden):
            accounts.invite(front.office, "a@b.fr", "A", Role.LEAD, actor=actor, at=front.now)
    with pytest.raises(UnknownName):
        accounts.new_link(front.office, "personne", actor=LEAD, at=front.now)


def test_first_start_makes_one_lead(front: Front) -> None:
    old, link = accounts.set_up(front.office, at=front.now), accounts.set_up(front.office, at=front.now)
    assert old and link
    with pytest.raises(Refused):
        accounts.look(front.office, old, at=front.now)
    assert accounts.look(front.office, link, at=front.now).account is None
    with pytest.raises(Refused):
        front.accept(link)
    secret = accounts.accept_set_up(front.office, link, "chef@ampm.fr", "Karim", PASSWORD, device="", at=front.now)
    assert front.known(secret).actor == Actor("Karim", Role.LEAD)
    assert accounts.set_up(front.office, at=front.now) is None
    with pytest.raises(Refused):
        accounts.accept_set_up(front.office, link, "autre@ampm.fr", "X", PASSWORD, device="", at=front.now)


def test_two_servers_that_start_at_once_print_one_link_that_opens(database_url: str) -> None:
    """Each makes its own; whichever came last opens, once, and makes the only lead."""
    Store.open(database_url).close()
    found: list[str] = []

    def start() -> None:
        with Store.open(database_url) as store:
            found.append(accounts.set_up(Office(store), at=NOON) or "")

    threads = [Thread(target=start) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    made: list[str] = []
    with Store.open(database_url) as store:
        for number, link in enumerate(found):
            with suppress(Refused):
                email = f"chef{number}@ampm.fr"
                made.append(accounts.accept_set_up(Office(store), link, email, "Karim", PASSWORD, device="", at=NOON))
        assert len(found) == 4 and len(made) == 1
        assert accounts.set_up(Office(store), at=NOON) is None


def test_invitation_is_no_set_up(front: Front) -> None:
    link = front.invite()
    with pytest.raises(Refused):
        accounts.accept_set_up(front.office, link, "autre@ampm.fr", "X", PASSWORD, device="", at=front.now)
    assert front.visit(front.accept(link))


def test_deactivated_account_has_no_link(front: Front) -> None:
    front.somebody()
    link = accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)
    accounts.deactivate(front.office, front.account(), actor=LEAD, at=front.now)
    with pytest.raises(Refused):
        front.accept(link)
    with pytest.raises(Refused, match="réactivez"):
        accounts.new_link(front.office, front.account(), actor=LEAD, at=front.now)


def test_secrets_are_kept_nowhere(front: Front) -> None:
    waiting, secret = front.invite("autre@ifac.fr"), front.somebody()
    with front.office.store.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        whole = "\n".join(str(row) for name in names for row in connection.execute(sa.text(f"SELECT * FROM {name}")))
    assert EMAIL in whole and "$argon2id$" in whole
    assert not [one for one in (waiting, secret, PASSWORD) if f"'{one}'" in whole]


def test_journal_says_who_changed_which_account_and_never_an_address(front: Front) -> None:
    front.somebody()
    assert front.journal() == [("compte invité", "Chefferie"), ("mot de passe choisi", "Claire")]
    line = front.office.store.journal.lines()[-1]
    assert line.subject == f"compte/{front.account()}" and line.details == {
        "role": "association",
        "association": "ifac",
    }
    assert EMAIL not in str(front.office.store.journal.lines())
    front.office.store.journal.verify()
