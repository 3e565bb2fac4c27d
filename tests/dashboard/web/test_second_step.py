"""The second factor over HTTP: the code after the password, the picture, the spare codes, what stays shut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pyotp
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.accounts import Office, accounts, second_factor, visit
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard.door import Door
from dashboard.web.gate import Gate
from dashboard.web.second_step import SecondStep
from dashboard.web.sign_in import SignInRoutes
from dashboard.web.sign_in_pages import PageDress
from tests.dashboard.web.test_sign_in import send
from tests.support.passwords import quick
from tests.support.visitor import Visitor

LEAD = Actor("Chefferie", Role.LEAD)
EMAIL, PASSWORD, COOKIE = "chef@ampm.fr", "un chapeau de paille", "fabrique_essai"


class House:
    """Our door with the second step, and the project lead's browser, signed in."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2021, 9, 1, 12, tzinfo=UTC)
        self.office = Office(store)
        door = Door(self.office, COOKIE, SimpleNamespace(public_url=None), clock=lambda: self.now)
        desk = SignInRoutes(door, PageDress("/habillage/fabrique.css", "/icone.svg"))
        inside = [Route("/{path:path}", lambda _request: HTMLResponse("dedans"))]
        routes = [*SecondStep(desk).routes(), *desk.routes(), *inside]
        self.app = Starlette(routes=routes, middleware=[Middleware(Gate, door=door)])
        self.hers = self.enrolled(EMAIL)

    def enrolled(self, email: str) -> Visitor:
        """The browser where somebody chose her password."""
        link = accounts.invite(self.office, email, "Karim", Role.LEAD, actor=LEAD, at=self.now)
        browser = Visitor(self.app)
        assert send(browser, f"/invitation/{link}", nouveau=PASSWORD, encore=PASSWORD).status_code == 303
        return browser

    def code(self, page: str) -> str:
        """The code of the telephone that read a page's picture."""
        address = re.search(r"otpauth://[^\"]+secret=(\w+)", page)
        assert address, page
        return pyotp.TOTP(address[1]).at(self.now)

    def password(self, browser: Visitor, email: str = EMAIL):
        return send(browser, "/connexion", courriel=email, mot_de_passe=PASSWORD, vers="/lieux")

    def set_up(self) -> pyotp.TOTP:
        page = self.hers.get("/double-authentification").text
        assert "C’est noté" in send(self.hers, "/double-authentification", code=self.code(page)).text
        self.now += timedelta(minutes=1)
        found = re.search(r"otpauth://[^\"]+secret=(\w+)", page)
        assert found
        return pyotp.TOTP(found[1])


@pytest.fixture
def house(sqlite_database_url: str) -> Iterator[House]:
    with quick(), Store.open(sqlite_database_url) as store:
        yield House(store)


def test_code_is_asked_after_the_password_and_the_wanted_page_follows(house: House) -> None:
    telephone = house.set_up()
    browser = Visitor(house.app)
    asked = house.password(browser)
    assert (asked.status_code, asked.headers["location"]) == (303, "/connexion/code?vers=%2Flieux")
    assert browser.get("/lieux").status_code == 303 and browser.get("/media/x").status_code == 401
    assert f"{COOKIE}_navigateur" not in browser.cookies, "no browser is known before the code"
    page = browser.get("/connexion/code?vers=/lieux")
    assert 'autocomplete="one-time-code"' in page.text and "otpauth" not in page.text
    wrong = send(browser, "/connexion/code?vers=/lieux", code="000000")
    assert wrong.status_code == 401 and "ne convient pas" in wrong.text
    half = browser.cookies[COOKIE]
    done = send(browser, "/connexion/code?vers=/lieux", "/connexion/code", code=telephone.at(house.now), vers="/lieux")
    assert (done.status_code, done.headers["location"]) == (303, "/lieux")
    assert browser.get("/lieux").text == "dedans" and browser.cookies[COOKIE] != half
    assert f"{COOKIE}_navigateur" in browser.cookies


def test_half_open_session_opens_no_page_of_the_door_either(house: House) -> None:
    house.set_up()
    browser = Visitor(house.app)
    house.password(browser)
    for path in ("/mot-de-passe", "/double-authentification"):
        assert browser.get(path).headers["location"].startswith("/connexion?vers=")
    assert visit(house.office, browser.cookies[COOKIE], at=house.now) is None


def test_who_must_have_one_sets_it_up_to_come_in(house: House) -> None:
    house.set_up()
    other = house.enrolled("autre@ampm.fr")
    account = accounts.find(house.office, EMAIL)
    second_factor.require(house.office, account, actor=LEAD, required=True, at=house.now)
    assert other.get("/").status_code == 303, "the session without it ended"
    assert house.password(other, "autre@ampm.fr").headers["location"].startswith("/connexion/code")
    page = other.get("/connexion/code").text
    assert "est exigée" in page and "<svg" in page
    done = send(other, "/connexion/code", code=house.code(page))
    assert done.status_code == 200 and len(re.findall(r"<li><code>", done.text)) == 10
    assert other.get("/").text == "dedans"


def test_picture_is_inside_the_page_and_the_key_beside_it(house: House) -> None:
    page = house.hers.get("/double-authentification")
    assert page.headers["cache-control"] == "no-store"
    assert "<svg" in page.text and "<img" not in page.text and "<script" not in page.text
    secret = re.search(r"secret=(\w+)", page.text)
    shown = re.search(r"<code>([^<]+)</code>", page.text)
    assert secret and shown and re.sub(r"\s", "", shown[1]) == secret[1]


def test_it_is_taken_off_with_a_code(house: House) -> None:
    telephone = house.set_up()
    page = house.hers.get("/double-authentification").text
    assert "il reste 10 codes de secours" in re.sub("[\u00a0\u202f]", " ", page) and "otpauth" not in page
    assert send(house.hers, "/double-authentification", code="000000").status_code == 422
    done = send(house.hers, "/double-authentification", code=telephone.at(house.now))
    assert "est retirée" in done.text
    assert house.password(Visitor(house.app)).headers["location"] == "/lieux"


@pytest.mark.parametrize("headers", [{"origin": "https://ailleurs.fr"}, {"sec-fetch-site": "cross-site"}])
def test_form_of_elsewhere_is_refused(house: House, headers: dict[str, str]) -> None:
    telephone = house.set_up()
    code = telephone.at(house.now)
    assert send(house.hers, "/double-authentification", headers=headers, code=code).status_code == 403
    browser = Visitor(house.app)
    house.password(browser)
    assert send(browser, "/connexion/code", headers=headers, code=code).status_code == 403


def test_without_a_password_first_there_is_no_code_to_give(house: House) -> None:
    assert Visitor(house.app).get("/connexion/code").headers["location"] == "/connexion"
    assert house.hers.get("/connexion/code").headers["location"] == "/connexion"
