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
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

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


@dataclass(slots=True)
class Memory:
    """What the service said of itself, kept for a while; its silence too, so that nobody waits for it twice."""

    kept: dict[str, tuple[datetime, Mapping[str, Any] | None]] = field(default_factory=dict)

    def document(self, client: httpx.Client, url: str, at: datetime, *, older: timedelta) -> Mapping[str, Any]:
        """The document at ``url``, asked again once it is ``older``; raises Refused when the service is silent."""
        asked, found = self.kept.get(url, (None, None))
        if asked is None or not timedelta() <= at - asked < (older if found else _SILENCE):
            try:
                found = _answer(client, "GET", url)
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
        target = _discover(client, provider, at)["authorization_endpoint"]
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
            target = _discover(client, provider, at).get("end_session_endpoint")
    except Refused:
        return None
    if not isinstance(target, str) or not target.startswith(("https://", "http://")):
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
        if given.get("iss", known["issuer"]) != known["issuer"]:
            raise Refused(ODD)
        tokens = _exchange(client, provider, known, flow, given["code"], return_to)
        token = tokens.get("id_token")
        keys = _keys(client, provider, known, token, at)
        claims = _verified(token, keys, known, provider, at, nonce=flow.nonce)
        said = _user(client, known, tokens, keys, provider, claims, at)
    email = _address(said if "email" in said else claims, sure=provider.sure)
    return Voucher(email, _name({**claims, **said}) or email.partition("@")[0], str(token))


def _discover(client: httpx.Client, provider: Provider, at: datetime) -> Mapping[str, Any]:
    found = provider.memory.document(client, provider.discovery_url, at, older=_KEPT)
    wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(isinstance(found.get(name), str) for name in wanted):
        raise Refused(SILENT)
    if provider.discovery_url != found["issuer"].rstrip("/") + _WELL_KNOWN:
        raise Refused(ODD)
    return found


def _exchange(
    client: httpx.Client, provider: Provider, known: Mapping[str, Any], flow: Flow, code: str, return_to: str
) -> Mapping[str, Any]:
    """The code for the tokens, at the service itself."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_to, "code_verifier": flow.verifier}
    if "client_secret_post" in known.get("token_endpoint_auth_methods_supported", ()):
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
        return _answer(client, "POST", known["token_endpoint"], data=sent)
    return _answer(
        client, "POST", known["token_endpoint"], data=sent, auth=(provider.client_id, provider.client_secret)
    )


def _keys(client: httpx.Client, provider: Provider, known: Mapping[str, Any], token: Any, at: datetime) -> KeySet:
    """The service's keys; asked again when the one that signed ``token`` is not among those that are kept."""
    for older in (_KEPT, _SILENCE):
        found = provider.memory.document(client, known["jwks_uri"], at, older=older)
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Refused(SILENT) from error
        if _signer(token) in {key.kid for key in keys.keys}:
            break
    return keys


def _signer(token: Any) -> str | None:
    """The name of the key that a token says it was signed with."""
    try:
        return jws.extract_compact(str(token).encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None


def _user(
    client: httpx.Client,
    known: Mapping[str, Any],
    tokens: Mapping[str, Any],
    keys: KeySet,
    provider: Provider,
    claims: Mapping[str, Any],
    at: datetime,
) -> Mapping[str, Any]:
    """What the service says of the person: plain, or signed as ProConnect does; of the same person."""
    if "userinfo_endpoint" not in known or "access_token" not in tokens:
        return {}
    asked = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = _sent(client, "GET", known["userinfo_endpoint"], headers=asked)
    signed = answer.headers.get("content-type", "").startswith("application/jwt")
    said = _verified(answer.text, keys, known, provider, at) if signed else _document(answer)
    if said.get("sub") != claims["sub"]:
        raise Refused(ODD)
    return said


def _verified(
    token: Any,
    keys: KeySet,
    known: Mapping[str, Any],
    provider: Provider,
    at: datetime,
    nonce: str | None = None,
) -> dict[str, Any]:
    """The claims of a token that the service signed for us, now, and for this browser when ``nonce`` is given."""
    rules: dict[str, Any] = {
        "iss": {"essential": True, "value": known["issuer"]},
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


def _address(said: Mapping[str, Any], *, sure: bool) -> str:
    """The address that one document gives, if that very document says that it was verified."""
    email = said.get("email")
    if not isinstance(email, str) or not email:
        raise Refused("Le service de connexion n’a pas donné de courriel : il faut l’y autoriser.")
    if said.get("email_verified", sure) is not True:
        raise Refused("Ce courriel n’est pas vérifié par le service de connexion : faites-le d’abord chez lui.")
    return email


def _name(claims: Mapping[str, Any]) -> str:
    first, last = claims.get("given_name"), claims.get("usual_name") or claims.get("family_name")
    return str(claims.get("name") or " ".join(str(one) for one in (first, last) if one))


def _answer(client: httpx.Client, method: str, url: str, **given: Any) -> Mapping[str, Any]:
    return _document(_sent(client, method, url, **given))


def _sent(client: httpx.Client, method: str, url: str, **given: Any) -> httpx.Response:
    try:
        answer = client.request(method, url, **given)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Refused(SILENT) from error
    if answer.status_code != 200:
        raise Refused(SILENT)
    return answer


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise Refused(SILENT) from error
    if not isinstance(found, dict):
        raise Refused(SILENT)
    return found
