"""The door over HTTP: cookies, forms, links, what a page or a file answers without a session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.accounts import Office, accounts
from core.demonstration.people import open_accounts
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard.door import Door
from dashboard.web.gate import Gate
from dashboard.web.sign_in import SignInRoutes
from dashboard.web.sign_in_pages import PageDress, safe_target
from tests.support.passwords import quick
from tests.support.visitor import Visitor

LEAD = Actor("Chefferie", Role.LEAD)
EMAIL, PASSWORD = "claire@ifac.fr", "un chapeau de paille"
COOKIE = "fabrique_essai"


class House:
    """A small house with our door: a page and a file behind the gate, and browsers to come with."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2021, 9, 1, 12, tzinfo=UTC)
        self.settings = SimpleNamespace(public_url=None)
        self.door = Door(Office(store), COOKIE, self.settings, one_click=True, clock=lambda: self.now)
        desk = SignInRoutes(self.door, PageDress("/habillage/fabrique.css", "/icone.svg"))
        inside = [Route("/{path:path}", lambda _request: HTMLResponse("dedans"), methods=["GET", "POST", "PUT"])]
        self.app = Starlette(routes=[*desk.routes(), *inside], middleware=[Middleware(Gate, door=self.door)])
        self.link = accounts.invite(
            self.door.office, EMAIL, "Claire", Role.ASSOCIATION, "ifac", actor=LEAD, at=self.now
        )

    def browser(self, address: str = "http://127.0.0.1", client: str = "127.0.0.1") -> Visitor:
        return Visitor(self.app, address, client)

    def invited(self) -> Visitor:
        browser = self.browser()
        assert send(browser, f"/invitation/{self.link}", nouveau=PASSWORD, encore=PASSWORD).status_code == 303
        return browser


@pytest.fixture
def house(sqlite_database_url: str) -> Iterator[House]:
    with quick(), Store.open(sqlite_database_url) as store:
        yield House(store)


def send(browser: Visitor, path: str, action: str | None = None, headers: dict[str, str] | None = None, **fields: str):
    """Open a page's form, fill it and send it."""
    page = browser.get(path)
    token = re.search(r'name="jeton" value="(\w+)"', page.text)
    assert token, page.text
    return browser.post(action or path, data={"jeton": token[1], **fields}, headers=headers or {})


def sign_in(browser: Visitor, password: str = PASSWORD, **more: str):
    return send(browser, "/connexion", courriel=EMAIL, mot_de_passe=password, **more)


def test_invitation_then_sign_in_opens_the_page_that_was_wanted(house: House) -> None:
    assert house.invited().get("/").text == "dedans"
    browser = house.browser()
    wanted = browser.get("/comparer?experience=a&periode=2021-T4")
    assert (wanted.status_code, wanted.headers["location"]) == (
        303,
        "/connexion?vers=%2Fcomparer%3Fexperience%3Da%26periode%3D2021-T4",
    )
    asked = browser.get(wanted.headers["location"])
    assert 'value="/comparer?experience=a&amp;periode=2021-T4"' in asked.text
    done = sign_in(browser, vers="/comparer?experience=a&periode=2021-T4")
    assert (done.status_code, done.headers["location"]) == (303, "/comparer?experience=a&periode=2021-T4")
    assert browser.get("/comparer").text == "dedans"


def test_cookie_is_out_of_reach(house: House) -> None:
    house.invited()
    given = sign_in(house.browser()).headers.get_list("set-cookie")
    session = next(one for one in given if one.startswith(f"{COOKIE}="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(session.split("; "))
    assert "Secure" not in session
    house.settings.public_url = "https://fabrique.exemple.fr"
    given = sign_in(house.browser("http://fabrique.exemple.fr")).headers.get_list("set-cookie")
    assert all("Secure" in one for one in given)


def test_forwarded_header_is_not_believed(house: House) -> None:
    house.invited()
    browser = house.browser()
    done = send(browser, "/connexion", headers={"x-forwarded-proto": "https"}, courriel=EMAIL, mot_de_passe=PASSWORD)
    assert "Secure" not in str(done.headers.get_list("set-cookie"))


@pytest.mark.parametrize("path", ["/media/abc.csv", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/component/x"])
def test_files_and_data_are_refused_without_a_session(house: House, path: str) -> None:
    refused = house.browser().get(path)
    assert refused.status_code == 401
    assert "Connectez-vous" in refused.text
    assert house.invited().get(path).status_code == 200


def test_upload_is_refused_without_a_session(house: House) -> None:
    assert house.browser().ask("PUT", "/_stcore/upload_file/a/b", content=b"x").status_code == 401


@pytest.mark.parametrize("path", ["/sante", "/pret", "/static/js/x.js", "/habillage/x.css", "/_stcore/health"])
def test_what_holds_no_data_answers_everybody(house: House, path: str) -> None:
    assert house.browser().get(path).text == "dedans"


@pytest.mark.parametrize("path", ["/connexions", "/apis", "/staticx", "/mot-de-passe-x"])
def test_resembling_address_is_behind_the_gate(house: House, path: str) -> None:
    assert house.browser().get(path).status_code == 303


def test_character_that_no_base_keeps_is_another_wrong_address(database_url: str) -> None:
    with quick(), Store.open(database_url) as store:
        refused = send(House(store).browser(), "/connexion", courriel="a\x00@ifac.fr", mot_de_passe="a\x00b")
    assert refused.status_code == 401


def test_wrong_password_says_little_and_makes_one_wait(house: House) -> None:
    house.invited()
    browser = house.browser()
    told = [sign_in(browser, "faux") for _ in range(5)]
    assert [one.status_code for one in told] == [401] * 5
    assert all("Courriel ou mot de passe incorrect." in one.text for one in told)
    assert f'value="{EMAIL}"' in told[0].text and 'value="faux"' not in told[0].text
    assert "Trop d’essais faux" in sign_in(browser).text
    house.now += timedelta(minutes=1)
    assert sign_in(browser).status_code == 303


def test_stranger_keeps_nobody_out_of_a_browser_where_she_came_in(house: House) -> None:
    hers = house.invited()
    send(hers, "/deconnexion")
    for number in range(30):
        sign_in(house.browser(client=f"203.0.113.{number}"), "faux")
    assert "Trop d’essais faux" in sign_in(house.browser(client="198.51.100.1")).text
    assert sign_in(hers).status_code == 303


def test_browser_is_known_by_a_long_cookie_that_no_script_reads(house: House) -> None:
    house.invited()
    given = sign_in(house.browser()).headers.get_list("set-cookie")
    known = next(one for one in given if one.startswith(f"{COOKIE}_navigateur="))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=15552000"} <= set(known.split("; "))


def test_browser_stays_known_when_its_owner_changes_her_password(house: House) -> None:
    hers, new = house.invited(), "un parapluie vert"
    send(hers, "/mot-de-passe", ancien=PASSWORD, nouveau=new, encore=new)
    for number in range(30):
        sign_in(house.browser(client=f"203.0.113.{number}"), "faux")
    assert sign_in(hers, new).status_code == 303


def test_old_cookie_is_refused_after_sign_out(house: House) -> None:
    browser = house.invited()
    stolen = browser.cookies[COOKIE]
    assert send(browser, "/deconnexion").headers["location"] == "/connexion"
    assert COOKIE not in browser.cookies
    thief = house.browser()
    thief.cookies.set(COOKIE, stolen)
    assert thief.get("/").status_code == 303
    assert thief.get("/media/x").status_code == 401


def test_sign_out_while_the_base_is_busy_says_that_one_is_still_in(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.storage.engine._PRAGMAS", ("busy_timeout=1", "journal_mode=WAL"))
    with quick(), Store.open(sqlite_database_url) as store:
        house = House(store)
        browser = house.invited()
        with store.writing(LEAD, house.now):
            refused = send(browser, "/deconnexion")
        assert refused.status_code == 503
        assert "vous êtes encore connecté" in refused.text
        assert COOKIE in browser.cookies and browser.get("/").text == "dedans"
        assert send(browser, "/deconnexion").status_code == 303


def test_new_session_takes_the_place_of_the_old_one(house: House) -> None:
    browser = house.invited()
    before = browser.cookies[COOKIE]
    sign_in(browser)
    other = house.browser()
    other.cookies.set(COOKIE, before)
    assert other.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers", [{"origin": "https://ailleurs.fr"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_form_of_elsewhere_is_refused(house: House, headers: dict[str, str]) -> None:
    browser = house.invited()
    refused = send(browser, "/deconnexion", headers=headers)
    assert refused.status_code == 403
    assert browser.get("/").text == "dedans"
    assert (
        send(house.browser(), "/connexion", headers=headers, courriel=EMAIL, mot_de_passe=PASSWORD).status_code == 403
    )


@pytest.mark.parametrize("body", ["", "jeton=", "jeton=faux&courriel=a", "x" * 20_000, "a=1&" * 30])
def test_form_without_its_token_is_refused(house: House, body: str) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for path in ("/connexion", "/deconnexion", f"/invitation/{house.link}", "/connexion/demonstration"):
        assert house.browser().post(path, content=body, headers=kind).status_code == 403


def test_file_in_place_of_a_form_is_refused(house: House) -> None:
    assert house.browser().post("/connexion", files={"a": b"x"}).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "//ailleurs.fr",
        "/\\ailleurs.fr",
        "https://ailleurs.fr",
        "ailleurs",
        "/a\\b",
        "/a\nb",
        "",
        None,
        "/connexion",
        "javascript:x",
    ],
)
def test_one_only_goes_on_to_a_page_of_ours(wanted: str | None) -> None:
    assert safe_target(wanted) == "/"


def names_its_account(text: str) -> bool:
    """Whether the form tells the browser which address the password that it offers to keep belongs to."""
    return bool(re.search(rf'<input[^>]*value="{EMAIL}"[^>]*autocomplete="username"[^>]*hidden', text))


def test_invitation_asks_twice_and_keeps_its_rules_beside_the_field(house: House) -> None:
    browser, path = house.browser(), f"/invitation/{house.link}"
    page = browser.get(path)
    assert "Claire" in page.text and "12 caractères au moins" in page.text.replace("\u00a0", " ")
    assert names_its_account(page.text)
    different = send(browser, path, nouveau=PASSWORD, encore="autre chose encore")
    assert different.status_code == 422 and 'id="encore-probleme"' in different.text
    short = send(browser, path, nouveau="court", encore="court")
    assert short.status_code == 422 and 'aria-describedby="nouveau-aide nouveau-probleme"' in short.text
    assert PASSWORD not in different.text
    # An association lands on what it owes, no longer on everybody's overview.
    assert send(browser, path, nouveau=PASSWORD, encore=PASSWORD).headers["location"] == "/mes-donnees"
    gone = house.browser().get(path)
    assert gone.status_code == 410 and "ne fonctionne plus" in gone.text


def test_first_set_up_makes_the_lead(house: House) -> None:
    secret = accounts.set_up(house.door.office, at=house.now)
    browser, path = house.browser(), f"/invitation/{secret}"
    wrong = send(browser, path, courriel="pas un courriel", nom="Karim", nouveau=PASSWORD, encore=PASSWORD)
    assert wrong.status_code == 422 and 'value="Karim"' in wrong.text
    done = send(browser, path, courriel="chef@ampm.fr", nom="Karim", nouveau=PASSWORD, encore=PASSWORD)
    assert done.status_code == 303 and browser.get("/").text == "dedans"


def test_password_is_changed_by_its_owner(house: House) -> None:
    assert house.browser().get("/mot-de-passe").headers["location"] == "/connexion?vers=/mot-de-passe"
    browser = house.invited()
    new = "un parapluie vert"
    assert names_its_account(browser.get("/mot-de-passe").text)
    assert send(browser, "/mot-de-passe", ancien="faux", nouveau=new, encore=new).status_code == 422
    assert send(browser, "/mot-de-passe", ancien=PASSWORD, nouveau=new, encore="x").status_code == 422
    assert "est changé" in send(browser, "/mot-de-passe", ancien=PASSWORD, nouveau=new, encore=new).text
    assert browser.get("/").text == "dedans"
    assert sign_in(house.browser()).status_code == 401
    assert sign_in(house.browser(), new).status_code == 303


def test_one_click_account_opens_on_this_machine(house: House) -> None:
    open_accounts(house.door.office, at=house.now)
    browser = house.browser()
    assert "Point Formation" in browser.get("/connexion").text.replace("\u00a0", " ")
    done = send(browser, "/connexion", "/connexion/demonstration", compte="ifac@demonstration.invalid", vers="/lieux")
    assert (done.status_code, done.headers["location"]) == (303, "/lieux")
    assert browser.get("/").text == "dedans"


@pytest.mark.parametrize(
    "come",
    [
        lambda house: (house.browser(client="192.0.2.7"), {}),
        lambda house: (house.browser("http://fabrique.exemple.fr"), {}),
        lambda house: (house.browser(), {"x-forwarded-for": "192.0.2.7"}),
        lambda house: (house.real(), {}),
    ],
)
def test_one_click_account_is_for_this_machine_and_fictitious_data(
    house: House, come: Callable[[House], tuple[Visitor, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(House, "real", _real, raising=False)
    open_accounts(house.door.office, at=house.now)
    browser, headers = come(house)
    assert "/connexion/demonstration" not in browser.get("/connexion", headers=headers).text
    refused = send(
        browser, "/connexion", "/connexion/demonstration", headers=headers, compte="chefferie@demonstration.invalid"
    )
    assert refused.status_code == 403
    assert browser.get("/").status_code == 303


def _real(house: House) -> Visitor:
    """The same house with real data."""
    door = Door(house.door.office, COOKIE, house.settings, one_click=False, clock=lambda: house.now)
    desk = SignInRoutes(door, PageDress("/a", "/b"))
    inside = [Route("/", lambda _request: HTMLResponse("dedans"))]
    app = Starlette(routes=[*desk.routes(), *inside], middleware=[Middleware(Gate, door=door)])
    return Visitor(app)


def test_nothing_of_the_door_is_kept_by_the_browser(house: House) -> None:
    browser = house.browser()
    for path in ("/", "/connexion", "/deconnexion", f"/invitation/{house.link}", "/mot-de-passe", "/media/x"):
        assert browser.get(path).headers["cache-control"] == "no-store"


def test_text_of_people_is_shown_as_text(house: House) -> None:
    asked = house.browser().get("/connexion", params={"vers": '/"><script>alert(1)</script>'})
    assert "<script" not in asked.text
    shown = send(house.browser(), "/connexion", courriel='"><img src=x onerror=alert(1)>', mot_de_passe="x")
    assert "<img" not in shown.text
