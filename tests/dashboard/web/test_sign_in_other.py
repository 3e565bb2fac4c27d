"""Another service vouches for people: its real protocol, against a small one of our own without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.accounts import Office, accounts, visit
from core.accounts.provider import Provider
from core.contract import Registry
from core.domain.access import Actor, Role
from core.errors import Misconfigured
from core.storage import Store
from dashboard.door import Door
from dashboard.web.gate import Gate
from dashboard.web.sign_in import SignInRoutes
from dashboard.web.sign_in_other import OtherService, people_named
from dashboard.web.sign_in_pages import PageDress
from tests.dashboard.web.test_sign_in import send
from tests.support.filled import registry as installed
from tests.support.visitor import Visitor

ISSUER, CLIENT, SECRET = "https://connexion.exemple.fr/api", "fabrique", "secret-partage-avec-le-service"
NOW = datetime(2021, 9, 1, 12, tzinfo=UTC)
KEY, FOREIGN = (RSAKey.generate_key(2048, {"kid": "une"}) for _ in range(2))
LATER_KEY = RSAKey.generate_key(2048, {"kid": "deux"})


class Service:
    """A small OpenID Connect provider; ``claims`` and ``user`` say who is there, ``spoil`` breaks an answer."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "42"}
        self.user: dict[str, Any] = {"sub": "42", "email": "Claire@IFAC.fr", "given_name": "Claire", "usual_name": "D."}
        self.user["email_verified"] = True
        self.key, self.header = KEY, {"alg": "RS256", "kid": "une"}
        self.signed_user = False
        self.down = False
        self.calls: list[str] = []
        self.keys = [KEY]
        self.farewell: str | None = f"{ISSUER}/logout"
        self.asked: dict[str, str] = {}
        self.sent: dict[str, str] = {}

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def authorise(self, address: str) -> str:
        """What the browser comes back to, once the person said yes."""
        assert address.startswith(f"{ISSUER}/authorize?")
        self.asked = dict(parse_qsl(urlsplit(address).query))
        back = urlsplit(self.asked["redirect_uri"])
        assert back.path == "/connexion/oidc/retour"
        return f"{back.path}?code=le-code&state={self.asked['state']}&iss={ISSUER}"

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request.url.path.rsplit("/", 1)[-1])
        if self.down:
            raise httpx.ConnectError("no network")
        return getattr(self, f"_{request.url.path.rsplit('/', 1)[-1].partition('-')[0]}")(request)

    def _openid(self, _request: httpx.Request) -> httpx.Response:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{ISSUER}/{path}" for name, path in names.items()}
        return httpx.Response(
            200,
            json={
                "issuer": ISSUER,
                **found,
                "userinfo_endpoint": f"{ISSUER}/userinfo",
                **({"end_session_endpoint": self.farewell} if self.farewell else {}),
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def _keys(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=KeySet(self.keys).as_dict(private=False))

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        digest = hashlib.sha256(self.sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (CLIENT, SECRET, "le-code", self.asked["redirect_uri"])
        given = tuple(self.sent[name] for name in ("client_id", "client_secret", "code", "redirect_uri"))
        if given != right or challenge != self.asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"access_token": "acces", "token_type": "Bearer", "id_token": self.id_token()})

    def id_token(self) -> str:
        moment = int(NOW.timestamp())
        usual = {"iss": ISSUER, "aud": CLIENT, "exp": moment + 60, "iat": moment, "nonce": self.asked["nonce"]}
        return jwt.encode(self.header, {**usual, **self.claims}, self.key, algorithms=[self.header["alg"]])

    def _userinfo(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer acces"
        if not self.signed_user:
            return httpx.Response(200, json=self.user)
        signed = jwt.encode({"alg": "RS256", "kid": "une"}, {"iss": ISSUER, "aud": CLIENT, **self.user}, self.key)
        return httpx.Response(200, text=signed, headers={"content-type": "application/jwt"})


class House:
    """Our door with the other service beside it."""

    def __init__(self, store: Store) -> None:
        self.service = Service()
        self.now = NOW
        settings = SimpleNamespace(public_url=None)
        self.door = Door(Office(store), "fabrique_essai", settings, clock=lambda: self.now)
        desk = SignInRoutes(
            self.door, PageDress("/a.css", "/b.svg"), {"Se connecter avec ProConnect": "/connexion/oidc"}
        )
        self.provider = Provider(
            f"{ISSUER}/.well-known/openid-configuration", CLIENT, SECRET, "ProConnect", self.service.client
        )
        named = {"elue@ampm.fr": (Role.COMMITTEE, None)}
        other = OtherService(desk, self.provider, named)
        inside = [Route("/{path:path}", lambda _request: HTMLResponse("dedans"))]
        self.app = Starlette(
            routes=[*other.routes(), *desk.routes(), *inside], middleware=[Middleware(Gate, door=self.door)]
        )
        lead = Actor("Chefferie", Role.LEAD)
        accounts.invite(self.door.office, "claire@ifac.fr", "Claire", Role.ASSOCIATION, "ifac", actor=lead, at=NOW)

    def sign_in(self, visitor: Visitor, target: str = "/lieux") -> httpx.Response:
        left = visitor.get("/connexion/oidc", params={"vers": target})
        assert left.status_code == 303, left.text
        return visitor.get(self.service.authorise(left.headers["location"]))


@pytest.fixture
def house(sqlite_database_url: str) -> Iterator[House]:
    with Store.open(sqlite_database_url) as store:
        yield House(store)


def test_known_person_comes_in_with_the_role_of_her_account(house: House) -> None:
    visitor = Visitor(house.app)
    assert "Se connecter avec ProConnect" in visitor.get("/connexion").text
    house.service.user["role"] = "lead"
    back = house.sign_in(visitor)
    assert (back.status_code, back.headers["location"]) == (303, "/lieux")
    assert visitor.get("/").text == "dedans"
    found = visit(house.door.office, visitor.cookies["fabrique_essai"], at=NOW)
    assert found and found.actor == Actor("Claire", Role.ASSOCIATION, "ifac")
    assert "fabrique_essai_oidc" not in visitor.cookies
    assert house.service.asked["code_challenge_method"] == "S256"
    assert SECRET not in str(house.service.asked)


def test_signed_answer_of_proconnect_is_understood(house: House) -> None:
    house.service.signed_user = True
    assert house.sign_in(Visitor(house.app)).status_code == 303


def test_person_named_in_the_settings_gets_her_account(house: House) -> None:
    house.service.user["email"] = "Elue@ampm.fr"
    visitor = Visitor(house.app)
    assert house.sign_in(visitor).status_code == 303
    found = visit(house.door.office, visitor.cookies["fabrique_essai"], at=NOW)
    assert found and found.actor == Actor("Claire D.", Role.COMMITTEE)
    account = accounts.find(house.door.office, "elue@ampm.fr").id
    accounts.deactivate(house.door.office, account, actor=Actor("Chefferie", Role.LEAD), at=NOW)
    assert visitor.get("/").status_code == 303
    assert house.sign_in(Visitor(house.app)).status_code == 403


def _late(service: Service) -> None:
    service.claims["exp"] = int(NOW.timestamp()) - 120


def _signed_with_the_secret(service: Service) -> None:
    service.key, service.header = OctKey.import_key(SECRET), {"alg": "HS256", "kid": "une"}


def _verified_elsewhere(service: Service) -> None:
    """What was signed vouches for one address, what is said beside it gives another."""
    service.claims.update(email="moi@ailleurs.fr", email_verified=True)
    service.user.pop("email_verified")


SPOILED: dict[str, Callable[[Service], Any]] = {
    "unknown person": lambda service: service.user.update(email="autre@ifac.fr"),
    "no address": lambda service: service.user.pop("email"),
    "address not verified": lambda service: service.user.update(email_verified=False),
    "address of which nothing is said": lambda service: service.user.pop("email_verified"),
    "address verified in words": lambda service: service.user.update(email_verified="true"),
    "address verified by nothing": lambda service: service.user.update(email_verified=None),
    "address of another document": _verified_elsewhere,
    "another person": lambda service: service.user.update(sub="43"),
    "another nonce": lambda service: service.claims.update(nonce="autre"),
    "no nonce": lambda service: service.claims.update(nonce=None),
    "another issuer": lambda service: service.claims.update(iss="https://ailleurs.fr"),
    "another audience": lambda service: service.claims.update(aud="autre-site"),
    "another party": lambda service: service.claims.update(azp="autre-site"),
    "too old": _late,
    "no date": lambda service: service.claims.update(exp=None),
    "another key": lambda service: setattr(service, "key", FOREIGN),
    "our own secret as a key": _signed_with_the_secret,
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_cannot_be_verified_stays_out(house: House, what: str) -> None:
    SPOILED[what](house.service)
    visitor = Visitor(house.app)
    refused = house.sign_in(visitor)
    assert refused.status_code == 403
    assert 'role="alert"' in refused.text
    assert "fabrique_essai" not in visitor.cookies


def test_sure_service_need_not_say_that_it_verified(house: House) -> None:
    object.__setattr__(house.provider, "sure", True)
    house.service.user.pop("email_verified")
    assert house.sign_in(Visitor(house.app)).status_code == 303
    house.service.user["email_verified"] = False
    assert house.sign_in(Visitor(house.app)).status_code == 403, "what it denies stays out"


def test_address_signed_alone_is_believed(house: House) -> None:
    house.service.claims.update(email="claire@ifac.fr", email_verified=True)
    house.service.user = {"sub": "42"}
    assert house.sign_in(Visitor(house.app)).status_code == 303


def test_service_is_asked_what_it_is_once_and_again_after_a_while(house: House) -> None:
    for _ in range(3):
        assert house.sign_in(Visitor(house.app)).status_code == 303
    assert (house.service.calls.count("openid-configuration"), house.service.calls.count("keys")) == (1, 1)
    house.now += timedelta(minutes=11)
    Visitor(house.app).get("/connexion/oidc")
    assert house.service.calls.count("openid-configuration") == 2


def test_new_key_of_the_service_is_asked_for(house: House) -> None:
    assert house.sign_in(Visitor(house.app)).status_code == 303
    house.now += timedelta(seconds=30)
    house.service.keys = [LATER_KEY]
    house.service.key, house.service.header = LATER_KEY, {"alg": "RS256", "kid": "deux"}
    assert house.sign_in(Visitor(house.app)).status_code == 303
    assert house.service.calls.count("keys") == 2


def test_silence_is_remembered_and_forgotten(house: House) -> None:
    house.service.down = True
    for _ in range(5):
        assert Visitor(house.app).get("/connexion/oidc").status_code == 502
    assert len(house.service.calls) == 1, "a service that is silent is left alone"
    house.service.down = False
    house.now += timedelta(seconds=21)
    assert house.sign_in(Visitor(house.app)).status_code == 303


def test_signing_out_leaves_the_other_service_too(house: House) -> None:
    visitor = Visitor(house.app)
    house.sign_in(visitor)
    left = send(visitor, "/deconnexion")
    target = urlsplit(left.headers["refresh"].partition("url=")[2])
    asked = dict(parse_qsl(target.query))
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{ISSUER}/logout"
    assert asked["post_logout_redirect_uri"] == "http://127.0.0.1/connexion" and asked["client_id"] == CLIENT
    assert jwt.decode(asked["id_token_hint"], KEY).claims["sub"] == "42"
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize("farewell", [None, "javascript:alert(1)"])
def test_service_without_a_sign_out_is_left_as_it_is(house: House, farewell: str | None) -> None:
    house.service.farewell = farewell
    visitor = Visitor(house.app)
    house.sign_in(visitor)
    left = send(visitor, "/deconnexion")
    assert (left.status_code, left.headers["location"]) == (303, "/connexion")


def test_answer_belongs_to_the_browser_that_asked(house: House) -> None:
    mine, hers = Visitor(house.app), Visitor(house.app)
    address = house.service.authorise(mine.get("/connexion/oidc").headers["location"])
    assert hers.get(address).status_code == 403
    hers.get("/connexion/oidc")
    assert hers.get(address).status_code == 403
    assert mine.get(address.replace(f"iss={ISSUER}", "iss=https://ailleurs.fr")).status_code == 403


def test_refusal_of_the_other_service_is_said(house: House) -> None:
    visitor = Visitor(house.app)
    visitor.get("/connexion/oidc")
    assert visitor.get("/connexion/oidc/retour?error=access_denied&state=x").status_code == 403


def test_silent_service_leaves_the_password(house: House) -> None:
    house.service.down = True
    answer = Visitor(house.app).get("/connexion/oidc")
    assert answer.status_code == 502
    assert "ne répond pas" in answer.text and 'type="password"' in answer.text


def test_settings_name_people_or_say_what_is_wrong() -> None:
    registry: Registry = installed()
    assert people_named(None, registry) == {}
    found = people_named("Chef@ampm.fr=chefferie, a@b.fr=association:ifac,", registry)
    assert found == {"chef@ampm.fr": (Role.LEAD, None), "a@b.fr": (Role.ASSOCIATION, "ifac")}
    for wrong in ("a@b.fr", "a@b.fr=roi", "a@b.fr=association", "a@b.fr=association:ifca", "a=comite"):
        with pytest.raises(Misconfigured, match="FABRIQUE_OIDC_ACCOUNTS"):
            people_named(wrong, registry)


def test_half_a_setting_is_refused(house: House) -> None:
    from core.settings import Settings

    desk = SignInRoutes(house.door, PageDress("/a.css", "/b.svg"))
    for half in (Settings(oidc_discovery_url="https://a.fr/x"), Settings(oidc_client_id="fabrique")):
        with pytest.raises(Misconfigured, match="FABRIQUE_OIDC_CLIENT_ID"):
            OtherService.configured(desk, half, installed())
