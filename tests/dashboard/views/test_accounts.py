"""« Comptes » and « Mon compte »: what the project lead does with accounts, what one does with one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import Office, accounts, second_factor, sign_in
from core.contract import schema_setup
from core.domain.access import Actor, Role
from core.errors import Refused
from core.storage import Store
from dashboard import context, door
from dashboard.context import Context
from dashboard.door import Door
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import NOW, empty_copy, registry
from tests.support.passwords import quick

LEAD = Actor("Chefferie", Role.LEAD)
PASSWORD = "un chapeau de paille"
COOKIE = "fabrique_essai"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Accounts of an empty store, whose pages the project lead looks at."""
    with quick(), Store.open(empty_copy(tmp_path)) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        found = Office(store)
        context.install(Context(registry(), store, lambda: NOW.date(), visitors=lambda: LEAD, door=Door(found, COOKIE)))
        yield found


def button(page: AppTest, label: str) -> AppTest:
    """Press a button of the page, by its words."""
    found = next(one for one in page.button if plain(one.label) == label)
    return found.click().run()


def link_in(page: AppTest) -> str:
    (found,) = page.code
    return str(found.value).rpartition("/invitation/")[2]


def look(office: Office, secret: str) -> accounts.Link:
    return accounts.look(office, secret, at=datetime.now(UTC))


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
    assert not accounts.listed(office, actor=LEAD, at=NOW)


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
    account = accounts.find(office, "claire@ifac.fr").id
    page.selectbox(key=f"compte-{account}-role").select(Role.COMMITTEE)
    page.selectbox(key=f"compte-{account}-association").select("")
    page = button(page, "Enregistrer ce compte")
    assert "Le compte est modifié" in said(page)
    assert accounts.find(office, "claire@ifac.fr").role == "committee"


def test_closed_account_is_removed(office: Office) -> None:
    invited(office)
    page = button(button(opened("comptes"), "Désactiver ce compte"), "Retirer ce compte")
    assert "Aucun compte n’est ouvert" in said(page)


def test_wrong_tries_are_forgotten(office: Office) -> None:
    invited(office)
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in.with_password(office, "claire@ifac.fr", "faux", device="", at=datetime.now(UTC))
    page = opened("comptes")
    assert "1 compte a trop d’essais faux" in said(page) and "Essais suspendus jusqu’à" in said(page)
    page = button(page, "Oublier les essais faux")
    assert "suspendus" not in said(page)


@pytest.fixture
def mine(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Claire's own session is the one that the page's browser sends; she has two others."""
    now = datetime.now(UTC)
    link = accounts.invite(office, "claire@ifac.fr", "Claire", Role.ASSOCIATION, "ifac", actor=LEAD, at=now)
    secret = accounts.accept(office, link, PASSWORD, device="Firefox sur Linux", at=now)
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
def test_my_account_tells_of_wrong_tries_and_leads_to_the_second_factor(office: Office) -> None:
    assert "essais faux" not in said(opened("mon-compte"))
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in.with_password(office, "claire@ifac.fr", "faux", device="", at=datetime.now(UTC))
    page = opened("mon-compte")
    assert "5 essais de suite" in said(page) and "votre mot de passe a tenu" in said(page)
    assert 'href="/double-authentification"' in html(page)


def test_lead_takes_a_second_factor_off(office: Office) -> None:
    invited(office)
    account, at = accounts.find(office, "claire@ifac.fr"), datetime.now(UTC)
    secret = second_factor.begin(office, account, at=at)
    with office.store.writing(LEAD, at) as writing:
        second_factor.confirm(office, writing.connection, account, pyotp.TOTP(secret).at(at), at)
    page = button(opened("comptes"), "Retirer la double authentification")
    assert "est retirée de ce compte" in said(page)
    assert second_factor.state_of(office, account).since is None


@pytest.fixture
def led(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """The project lead's own session is the one that the page's browser sends; her account."""
    now = datetime.now(UTC)
    link = accounts.invite(office, "chef@ampm.fr", "Karim", Role.LEAD, actor=LEAD, at=now)
    secret = accounts.accept(office, link, PASSWORD, device="Firefox sur Linux", at=now)
    here = context.current()
    assert here.door
    here.visitors = here.door.visitor
    monkeypatch.setattr(door, "page_cookies", lambda: {COOKIE: secret})
    return accounts.find(office, "chef@ampm.fr").id


def test_lead_requires_the_second_factor_once_she_has_it(office: Office, led: str) -> None:
    page = button(opened("comptes"), "Exiger la double authentification")
    assert "Mettez d’abord en place" in said(page)
    account, at = accounts.find(office, "chef@ampm.fr"), datetime.now(UTC)
    secret = second_factor.begin(office, account, at=at)
    with office.store.writing(LEAD, at) as writing:
        second_factor.confirm(office, writing.connection, account, pyotp.TOTP(secret).at(at), at)
    page = button(opened("comptes"), "Exiger la double authentification")
    assert "qui ne l’a pas la met en place pour entrer" in said(page) and second_factor.is_required(office.store)
    page = button(page, "Ne plus exiger la double authentification")
    assert "n’est plus exigée" in said(page) and not second_factor.is_required(office.store)


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
    accounts.deactivate(office, accounts.find(office, "claire@ifac.fr").id, actor=LEAD, at=datetime.now(UTC))
    assert "Votre session est terminée." in said(page.run())
    assert not page.button
