"""« Comptes » and « Mon compte »: what the project lead does with accounts, what one does with one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.actor import Actor, Role
from core.errors import Refused
from core.services import opening
from core.services.accounts import Office, keeping, links, sign_in
from core.storage import Store
from dashboard import context, door
from dashboard.context import Context
from dashboard.door import Door
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import NOW, registry
from tests.support.passwords import quick

LEAD = Actor("Chefferie", Role.LEAD)
PASSWORD = "un chapeau de paille"
COOKIE = "fabrique_essai"


@pytest.fixture
def office(sqlite_database_url: str) -> Iterator[Office]:
    """Accounts of an empty store, whose pages the project lead looks at."""
    with quick(), Store.open(sqlite_database_url) as store:
        opening.prepare(registry(), store, at=NOW)
        found = Office(store)
        context.install(
            Context(registry(), store, lambda: NOW.date(), visitors=lambda: LEAD, door=Door(found, COOKIE))
        )  # fmt: skip
        yield found


def button(page: AppTest, label: str) -> AppTest:
    """Press a button of the page, by its words."""
    found = next(one for one in page.button if plain(one.label) == label)
    return found.click().run()


def link_in(page: AppTest) -> str:
    (found,) = page.code
    return str(found.value).rpartition("/invitation/")[2]


def look(office: Office, secret: str) -> links.Link:
    return links.look(office, secret, at=datetime.now(UTC))


def invited(office: Office) -> AppTest:
    page = opened("comptes")
    page.text_input(key="invitation-0-courriel").input("claire@ifac.fr")
    page.text_input(key="invitation-0-nom").input("Claire")
    page.selectbox(key="invitation-0-association").select("ifac")
    return button(page, "Créer l’invitation")


def test_invitation_shows_its_link_once(office: Office) -> None:
    page = invited(office)
    account = look(office, link_in(page)).account
    assert account and (account.email, account.role, account.association) == ("claire@ifac.fr", "association", "ifac")
    assert "1 compte ouvert ; 1 lien attend d’être utilisé." in said(page)
    assert "Association IFAC Lien valable jusqu’au" in said(page)
    assert page.text_input(key="invitation-1-courriel").value == "", "the form is ready for the next person"
    assert not page.run().code, "a link is shown once"


def test_what_is_wrong_is_said_and_nothing_is_lost(office: Office) -> None:
    page = opened("comptes")
    page.text_input(key="invitation-0-courriel").input("claire")
    page.text_input(key="invitation-0-nom").input("Claire")
    page.selectbox(key="invitation-0-association").select("ifac")
    page = button(page, "Créer l’invitation")
    assert "Ce courriel n’en est pas un." in said(page)
    assert page.text_input(key="invitation-0-nom").value == "Claire"
    assert not keeping.listed(office, actor=LEAD, at=NOW)


def test_new_link_replaces_the_old_one(office: Office) -> None:
    old = link_in(invited(office))
    page = button(opened("comptes"), "Donner un nouveau lien")
    assert look(office, link_in(page))
    with pytest.raises(Refused):
        look(office, old)


def test_account_is_closed_opened_and_changed(office: Office) -> None:
    invited(office)
    page = button(opened("comptes"), "Désactiver ce compte")
    assert "Le compte est désactivé" in said(page) and "0 compte ouvert." in said(page)
    page = button(page, "Réactiver ce compte")
    assert "Le compte est réactivé." in said(page)
    account = keeping.find(office, "claire@ifac.fr").id
    page.selectbox(key=f"compte-{account}-role").select(Role.COMMITTEE)
    page.selectbox(key=f"compte-{account}-association").select("")
    page = button(page, "Enregistrer ce compte")
    assert "Le compte est modifié" in said(page)
    assert keeping.find(office, "claire@ifac.fr").role == "committee"


def test_closed_account_is_removed(office: Office) -> None:
    invited(office)
    page = button(button(opened("comptes"), "Désactiver ce compte"), "Retirer ce compte")
    assert "Aucun compte n’est ouvert" in said(page)


def test_locked_account_is_unlocked(office: Office) -> None:
    invited(office)
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in.with_password(office, "claire@ifac.fr", "faux", device="", at=datetime.now(UTC))
    page = opened("comptes")
    assert "1 compte est verrouillé" in said(page) and "Verrouillé jusqu’à" in said(page)
    page = button(page, "Déverrouiller ce compte")
    assert "verrouillé" not in said(page).replace("déverrouillé", "")


@pytest.fixture
def mine(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Claire's own session is the one that the page's browser sends; she has two others."""
    now = datetime.now(UTC)
    link = links.invite(office, "claire@ifac.fr", "Claire", Role.ASSOCIATION, "ifac", actor=LEAD, at=now)
    secret = links.accept(office, link, PASSWORD, device="Firefox sur Linux", at=now)
    for _ in range(2):
        sign_in.with_password(office, "claire@ifac.fr", PASSWORD, device="Edge sur Windows", at=now)
    here = context.current()
    assert here.door
    here.visitors = here.door.visitor
    monkeypatch.setattr(door, "page_cookies", lambda: {COOKIE: secret})
    yield secret


@pytest.mark.usefixtures("mine")
def test_my_account_says_who_i_am_and_where(office: Office) -> None:
    page = opened("mon-compte")
    assert "Vous êtes ici en tant que Claire, association IFAC" in said(page)
    assert "Firefox sur Linux" in said(page) and said(page).count("Edge sur Windows") == 2
    assert re.search(
        r'<form action="/deconnexion" method="post"><input type="hidden" name="jeton" value="\w{64}"', html(page)
    )
    assert 'href="/mot-de-passe"' in html(page)


@pytest.mark.usefixtures("mine")
def test_my_other_sessions_are_closed(office: Office) -> None:
    page = opened("mon-compte")
    first = next(one for one in page.button if "Edge" in one.label)
    page = first.click().run()
    assert said(page).count("Edge sur Windows") == 1
    page = button(page, "Fermer 1 autre connexion")
    assert "Edge" not in said(page) and "celle-ci" in said(page)


def test_page_of_an_ended_session_says_so_at_its_next_action(office: Office, mine: str) -> None:
    page = opened("mon-compte")
    keeping.deactivate(office, keeping.find(office, "claire@ifac.fr").id, actor=LEAD, at=datetime.now(UTC))
    assert "Votre session est terminée." in said(page.run())
    assert not page.button
