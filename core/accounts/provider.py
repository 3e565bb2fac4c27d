"""Another service that vouches for people: OpenID Connect, by the code flow, as ProConnect asks for it.

Two steps: ``begin`` gives the address to send the browser to, and what to remember meanwhile;
``finish`` turns what the browser comes back with into an address that the service vouches for.
Nothing is believed that the service did not sign or answer by itself: state, nonce and PKCE
tie the answer to this browser, the signature, issuer, audience and dates are verified.
Source: OpenID Connect Core 1.0, Discovery 1.0 and RP-Initiated Logout 1.0, RFC 7636, RFC 9207.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from core.errors import Refused

_SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures by a key that only the service holds."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_LEEWAY = 60  # seconds between two clocks
_KEPT, _SILENCE = timedelta(minutes=10), timedelta(seconds=20)
"""How long what the service says of itself is believed, and how long it is left alone once it did not answer."""
SILENT = "Le service de connexion ne répond pas comme prévu. Réessayez dans quelques minutes."
ODD = "La réponse du service de connexion n’a pas pu être vérifiée. Recommencez depuis la page de connexion."


def _client() -> httpx.Client:
    return httpx.Client(timeout=5, follow_redirects=False)


Document = Mapping[str, object]
"""What the service answered, as JSON: nothing in it is believed before it is looked at."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the service says of itself; an address that it does not give is empty."""

    issuer: str
    authorization: str
    token: str
    keys: str
    user: str
    sign_out: str
    secret_in_body: bool

    @classmethod
    def of(cls, document: Document) -> Service | None:
        """What its document says; None when one of the addresses that every service gives is missing."""
        names = (
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
        )
        issuer, authorization, token, keys, user, sign_out = (_text(document, name) for name in names)
        if not (issuer and authorization and token and keys):
            return None
        methods = document.get("token_endpoint_auth_methods_supported")
        in_body = isinstance(methods, list) and "client_secret_post" in methods
        return cls(issuer, authorization, token, keys, user, sign_out, in_body)


def _text(document: Document, name: str) -> str:
    found = document.get(name)
    return found if isinstance(found, str) else ""


@dataclass(slots=True)
class Memory:
    """What the service said of itself, kept for a while; its silence too, so that nobody waits for it twice."""

    kept: dict[str, tuple[datetime, Document | None]] = field(default_factory=dict)

    def document(self, client: httpx.Client, url: str, at: datetime, *, older: timedelta) -> Document:
        """The document at ``url``, asked again once it is ``older``; raises Refused when the service is silent."""
        asked, found = self.kept.get(url, (None, None))
        if asked is None or not timedelta() <= at - asked < (older if found else _SILENCE):
            try:
                found = _document(_sent(client, "GET", url))
            except Refused:
                self.kept[url] = at, None
                raise
            self.kept[url] = at, found
        if found is None:
            raise Refused(SILENT)
        return found


@dataclass(frozen=True, slots=True)
class Provider:
    """The other service, as it is configured; ``client`` makes what asks it, tests give their own.

    ``sure`` says that it gives no address that it did not verify, though it does not say so.
    """

    discovery_url: str
    client_id: str
    client_secret: str
    label: str
    client: Callable[[], httpx.Client] = _client
    sure: bool = False
    memory: Memory = field(default_factory=Memory, compare=False)


@dataclass(frozen=True, slots=True)
class Flow:
    """What ties the answer to the browser that asked."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """Whom the service vouches for; ``token`` is what it signed, which its own sign-out asks for."""

    email: str
    name: str
    token: str


def begin(provider: Provider, return_to: str, chance: Callable[[], str], *, at: datetime) -> tuple[str, Flow]:
    """The address to send the browser to, and what to remember.

    Raises Refused when the service does not answer.
    """
    flow = Flow(chance(), chance(), chance())
    with provider.client() as client:
        target = _discover(client, provider, at).authorization
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": "openid email profile",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": create_s256_code_challenge(flow.verifier),
        "code_challenge_method": "S256",
    }
    return _with(target, asked), flow


def sign_out_address(provider: Provider, token: str, return_to: str, *, at: datetime) -> str | None:
    """Where the browser ends its session at the service itself (RP-Initiated Logout 1.0), None where it cannot."""
    try:
        with provider.client() as client:
            target = _discover(client, provider, at).sign_out
    except Refused:
        return None
    if not target.startswith(("https://", "http://")):
        return None
    asked = {"id_token_hint": token, "client_id": provider.client_id, "post_logout_redirect_uri": return_to}
    return _with(target, asked)


def _with(target: str, asked: Mapping[str, str]) -> str:
    return f"{target}{'&' if '?' in target else '?'}{urlencode(asked)}"


def finish(provider: Provider, flow: Flow, given: Mapping[str, str], return_to: str, *, at: datetime) -> Voucher:
    """Whom the service vouches for, from what the browser came back with.

    Raises Refused when it came back with an error, does not belong to this browser, or when
    anything of the answer cannot be verified.
    """
    if given.get("state") != flow.state or "code" not in given:
        raise Refused(ODD)
    with provider.client() as client:
        known = _discover(client, provider, at)
        if given.get("iss", known.issuer) != known.issuer:
            raise Refused(ODD)
        tokens = _exchange(client, provider, known, flow, given["code"], return_to)
        token = _text(tokens, "id_token")
        keys = _keys(client, provider, known, token, at)
        claims = _verified(token, keys, known, provider, at, nonce=flow.nonce)
        said = _user(client, known, tokens, keys, provider, claims, at)
    email = _address(said if "email" in said else claims, sure=provider.sure)
    return Voucher(email, _name({**claims, **said}) or email.partition("@")[0], token)


def _discover(client: httpx.Client, provider: Provider, at: datetime) -> Service:
    found = Service.of(provider.memory.document(client, provider.discovery_url, at, older=_KEPT))
    if found is None:
        raise Refused(SILENT)
    if provider.discovery_url != found.issuer.rstrip("/") + _WELL_KNOWN:
        raise Refused(ODD)
    return found


def _exchange(
    client: httpx.Client, provider: Provider, known: Service, flow: Flow, code: str, return_to: str
) -> Document:
    """The code for the tokens, at the service itself."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_to, "code_verifier": flow.verifier}
    if known.secret_in_body:
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
        return _document(_sent(client, "POST", known.token, data=sent))
    return _document(_sent(client, "POST", known.token, data=sent, auth=(provider.client_id, provider.client_secret)))


def _keys(client: httpx.Client, provider: Provider, known: Service, token: str, at: datetime) -> KeySet:
    """The service's keys; asked again when the one that signed ``token`` is not among those that are kept."""
    for older in (_KEPT, _SILENCE):
        found = provider.memory.document(client, known.keys, at, older=older)
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Refused(SILENT) from error
        if _signer(token) in {key.kid for key in keys.keys}:
            break
    return keys


def _signer(token: str) -> str | None:
    """The name of the key that a token says it was signed with."""
    try:
        return jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None


def _user(
    client: httpx.Client,
    known: Service,
    tokens: Document,
    keys: KeySet,
    provider: Provider,
    claims: Document,
    at: datetime,
) -> Document:
    """What the service says of the person: plain, or signed as ProConnect does; of the same person."""
    if not known.user or "access_token" not in tokens:
        return {}
    asked = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = _sent(client, "GET", known.user, headers=asked)
    signed = answer.headers.get("content-type", "").startswith("application/jwt")
    said = _verified(answer.text, keys, known, provider, at) if signed else _document(answer)
    if said.get("sub") != claims["sub"]:
        raise Refused(ODD)
    return said


def _verified(
    token: str,
    keys: KeySet,
    known: Service,
    provider: Provider,
    at: datetime,
    nonce: str | None = None,
) -> Document:
    """The claims of a token that the service signed for us, now, and for this browser when ``nonce`` is given."""
    rules: dict[str, ClaimsOption] = {
        "iss": {"essential": True, "value": known.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }
    if nonce is not None:
        rules |= {"exp": {"essential": True}, "nonce": {"essential": True, "value": nonce}}
    try:
        claims = jwt.decode(token, keys, algorithms=_SIGNED_WITH).claims
        JWTClaimsRegistry(now=int(at.timestamp()), leeway=_LEEWAY, **rules).validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(ODD) from error
    if claims.get("azp", provider.client_id) != provider.client_id or not isinstance(claims["sub"], str):
        raise Refused(ODD)
    return claims


def _address(said: Document, *, sure: bool) -> str:
    """The address that one document gives, if that very document says that it was verified."""
    email = said.get("email")
    if not isinstance(email, str) or not email:
        raise Refused("Le service de connexion n’a pas donné de courriel : il faut l’y autoriser.")
    if said.get("email_verified", sure) is not True:
        raise Refused("Ce courriel n’est pas vérifié par le service de connexion : faites-le d’abord chez lui.")
    return email


def _name(claims: Document) -> str:
    first, last = claims.get("given_name"), claims.get("usual_name") or claims.get("family_name")
    return str(claims.get("name") or " ".join(str(one) for one in (first, last) if one))


def _sent(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> httpx.Response:
    try:
        asked = client.build_request(method, url, data=data, headers=headers)
        answer = client.send(asked, auth=auth) if auth else client.send(asked)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Refused(SILENT) from error
    if answer.status_code != 200:
        raise Refused(SILENT)
    return answer


def _document(answer: httpx.Response) -> Document:
    try:
        found = answer.json()
    except ValueError as error:
        raise Refused(SILENT) from error
    if not isinstance(found, dict):
        raise Refused(SILENT)
    return found
