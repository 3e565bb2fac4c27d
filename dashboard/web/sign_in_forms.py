"""What a form of the door needs: bounded fields, a token, an origin, cookies, a place to go on to."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dashboard.door import Door, is_loopback

LARGEST = 16 * 1024
"""Bytes of a form: an address, a name, two passwords."""
TOKEN = "jeton"
_DEVICES = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


async def fields_of(request: Request) -> Mapping[str, str] | None:
    """The fields of a form, None when it is too large or no form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return None


def safe_target(wanted: str | None) -> str:
    """Where to go on to: a page of ours, the first one when ``wanted`` is anything else."""
    if not wanted or not re.fullmatch(r"/(?![/\\])[!-~]*", wanted) or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("/connexion", "/deconnexion", "/invitation")):
        return "/"
    return wanted


def is_from_here(request: Request, door: Door) -> bool:
    """Whether the browser says that the form was on a page of ours; one that says nothing is told by its token."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc in (request.headers.get("host"), door.public_host)


def form_token(secret: str) -> str:
    """The token of the forms that go with a cookie."""
    return hmac.new(secret.encode(), b"formulaire", hashlib.sha256).hexdigest()


def form_cookie(door: Door) -> str:
    """The name of the cookie that goes with the forms of who is not signed in."""
    return f"{door.cookie}_formulaire"


def form_secret(request: Request, door: Door) -> str:
    """The secret that goes with this browser's forms: the one that it has, or a new one."""
    found = request.cookies.get(form_cookie(door), "")
    return found if re.fullmatch(r"[\w-]{40,60}", found) else secrets.token_urlsafe(32)


def is_ours(request: Request, door: Door, fields: Mapping[str, str] | None) -> bool:
    """Whether a form was filled on a page of ours, by the person in front of it."""
    if fields is None or not is_from_here(request, door):
        return False
    given = fields.get(TOKEN, "")
    secrets_known = [request.cookies.get(name, "") for name in (form_cookie(door), door.cookie)]
    return any(one and hmac.compare_digest(given, form_token(one)) for one in secrets_known)


def is_secure(request: Request, door: Door) -> bool:
    """Whether people reach us over HTTPS: the public address says so, else the connection itself."""
    public = door.settings.public_url if door.settings else None
    return (public or str(request.url)).startswith("https://")


def give_cookie(response: Response, request: Request, door: Door, name: str, value: str) -> None:
    """Put a cookie that no script reads and no other site sends; it goes when the browser is closed."""
    response.set_cookie(name, value, path="/", httponly=True, samesite="lax", secure=is_secure(request, door))


def take_cookie(response: Response, request: Request, door: Door, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_secure(request, door))


def may_click(request: Request, door: Door) -> bool:
    """Whether the demonstration's one-click accounts are for this browser: it must be on this very machine."""
    if not door.one_click or request.client is None:
        return False
    relayed = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"))
    return not relayed and is_loopback(request.client.host) and is_loopback(_asked_host(request))


def _asked_host(request: Request) -> str | None:
    """The host that the browser asked for, without its port: a name of elsewhere may point here."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return None


def device(request: Request) -> str:
    """« Firefox sur Linux »: what a person recognises in the list of her sessions."""
    said = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _DEVICES if sign in said), "Navigateur")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    return f"{browser} sur {system}" if system else browser
