"""Another service that vouches for people: OpenID Connect, by the code flow, as ProConnect asks for it.

Two steps: ``begin`` gives the address to send the browser to, and what to remember meanwhile;
``finish`` turns what the browser comes back with into an address that the service vouches for.
Nothing is believed that the service did not sign or answer by itself: state, nonce and PKCE
tie the answer to this browser, the signature, issuer, audience and dates are verified.
Source: OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636, RFC 9207.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from core.errors import Refused

_SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures by a key that only the service holds."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_LEEWAY = 60  # seconds between two clocks
SILENT = "Le service de connexion ne répond pas comme prévu. Réessayez dans quelques minutes."
ODD = "La réponse du service de connexion n’a pas pu être vérifiée. Recommencez depuis la page de connexion."


def _client() -> httpx.Client:
    return httpx.Client(timeout=10, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class Provider:
    """The other service, as it is configured; ``client`` makes what asks it, tests give their own."""

    discovery_url: str
    client_id: str
    client_secret: str
    label: str
    client: Callable[[], httpx.Client] = _client


@dataclass(frozen=True, slots=True)
class Flow:
    """What ties the answer to the browser that asked."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """Whom the service vouches for."""

    email: str
    name: str


def begin(provider: Provider, return_to: str, chance: Callable[[], str]) -> tuple[str, Flow]:
    """The address to send the browser to, and what to remember.

    Raises Refused when the service does not answer.
    """
    flow = Flow(chance(), chance(), chance())
    with provider.client() as client:
        target = _discover(client, provider)["authorization_endpoint"]
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
    return f"{target}{'&' if '?' in target else '?'}{urlencode(asked)}", flow


def finish(provider: Provider, flow: Flow, given: Mapping[str, str], return_to: str, *, at: datetime) -> Voucher:
    """Whom the service vouches for, from what the browser came back with.

    Raises Refused when it came back with an error, does not belong to this browser, or when
    anything of the answer cannot be verified.
    """
    if given.get("state") != flow.state or "code" not in given:
        raise Refused(ODD)
    with provider.client() as client:
        known = _discover(client, provider)
        if given.get("iss", known["issuer"]) != known["issuer"]:
            raise Refused(ODD)
        tokens = _exchange(client, provider, known, flow, given["code"], return_to)
        keys = _keys(client, known)
        claims = _verified(tokens.get("id_token"), keys, known, provider, at, nonce=flow.nonce)
        claims = {**claims, **_user(client, known, tokens, keys, provider, claims, at)}
    return _voucher(claims)


def _discover(client: httpx.Client, provider: Provider) -> Mapping[str, Any]:
    found = _answer(client, "GET", provider.discovery_url)
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
    )  # fmt: skip


def _keys(client: httpx.Client, known: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(_answer(client, "GET", known["jwks_uri"]))  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise Refused(SILENT) from error


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
    if answer.headers.get("content-type", "").startswith("application/jwt"):
        said = _verified(answer.text, keys, known, provider, at)
    else:
        said = _document(answer)
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


def _voucher(claims: Mapping[str, Any]) -> Voucher:
    email = claims.get("email")
    if not isinstance(email, str) or not email:
        raise Refused("Le service de connexion n’a pas donné de courriel : il faut l’y autoriser.")
    if claims.get("email_verified") in (False, "false"):
        raise Refused("Ce courriel n’est pas vérifié par le service de connexion : faites-le d’abord chez lui.")
    first = claims.get("given_name")
    last = claims.get("usual_name") or claims.get("family_name")
    name = claims.get("name") or " ".join(str(one) for one in (first, last) if one)
    return Voucher(email, str(name or email.partition("@")[0]))


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
