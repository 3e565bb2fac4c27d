"""Keys for programs: given once, kept as prints, bounded in time and in what they read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.accounts import tokens
from core.accounts.identity import digest
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from tests.core.desk import AT, WHO


def given(store, **more):
    return tokens.create(store, "Portail de données", actor=WHO, at=AT, **more)


def test_a_key_opens_until_its_last_day_and_no_longer(desk_store) -> None:
    token, secret = given(desk_store, days=10)
    assert secret.startswith("fab_") and len(secret) > 40
    assert token.expires == date(2022, 7, 15)
    assert tokens.holder(desk_store, secret, at=AT + timedelta(days=10)) == token
    assert tokens.holder(desk_store, secret, at=AT + timedelta(days=11)) is None
    assert tokens.holder(desk_store, secret + "x", at=AT) is None


def test_the_secret_is_kept_nowhere(desk_store) -> None:
    token, secret = given(desk_store)
    (entry,) = desk_store.entries(tokens.KIND)
    assert secret not in str(entry.content)
    assert entry.content["sha256"] == token.sha256 == digest(secret)
    assert desk_store.journal.verify()


def test_a_withdrawn_key_opens_nothing(desk_store) -> None:
    token, secret = given(desk_store, associations=["ifac"], rows=True)
    assert (token.associations, token.rows) == (("ifac",), True)
    assert tokens.revoke(desk_store, token.id, actor=WHO, at=AT).withdrawn is not None
    assert tokens.holder(desk_store, secret, at=AT) is None
    with pytest.raises(Refused, match="déjà révoqué"):
        tokens.revoke(desk_store, token.id, actor=WHO, at=AT)
    with pytest.raises(UnknownName):
        tokens.revoke(desk_store, "J9", actor=WHO, at=AT)


@pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.COMMITTEE, Role.PUBLIC])
def test_only_the_lead_gives_and_withdraws(desk_store, role) -> None:
    token, _ = given(desk_store)
    other = Actor("X", role, "ifac")
    with pytest.raises(Forbidden):
        tokens.create(desk_store, "x", actor=other, at=AT)
    with pytest.raises(Forbidden):
        tokens.revoke(desk_store, token.id, actor=other, at=AT)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 400}, {"name": "  "}, {"name": "x" * 81}])
def test_what_makes_no_sense_is_refused(desk_store, wrong) -> None:
    with pytest.raises(Refused):
        tokens.create(desk_store, **{"name": "x", "actor": WHO, "at": AT, **wrong})


def test_an_unknown_association_is_refused_by_name(desk_store) -> None:
    with pytest.raises(UnknownName, match="anonymal"):
        given(desk_store, associations=["anonimal"])
    assert tokens.tokens(desk_store) == ()
