"""The pages of the door and their forms: bounded fields, a token, an origin, a place to go on to."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from core.accounts import sign_in
from core.accounts.tries import Origin
from dashboard.components.conformity import mention
from dashboard.components.html import Child, Html, tag
from dashboard.components.text import callout, fictitious_banner, heading
from dashboard.door import Door, is_loopback
from dashboard.web.gate import is_our_origin
from dashboard.web.index import TITLE

LARGEST = 16 * 1024
"""Bytes of a form: an address, a name, two passwords."""
TOKEN = "jeton"
STATEMENT = "/connexion/accessibilite"
"""The statement of accessibility, read without an account."""
UNKEPT = {"cache-control": "no-store"}
"""No browser keeps a page of the door."""
_DEVICES = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


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
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    return {name: value.replace("\x00", "") for name, value in fields}  # PostgreSQL keeps no such character


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
    return origin is None or is_our_origin(origin, request.headers.get("host"), door)


def form_token(secret: str) -> str:
    """The token of the forms that go with a cookie."""
    return hmac.new(secret.encode(), b"formulaire", hashlib.sha256).hexdigest()


def form_cookie(door: Door) -> str:
    """The name of the cookie that goes with the forms of who is not signed in."""
    return f"{door.cookie}_formulaire"


def form_secret(request: Request, door: Door) -> str:
    """The secret that goes with this browser's forms: the one that it has, or a new one."""
    return _kept_secret(request, form_cookie(door))


def _kept_secret(request: Request, name: str) -> str:
    found = request.cookies.get(name, "")
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


def give_cookie(
    response: Response, request: Request, door: Door, name: str, value: str, *, lasts: timedelta | None = None
) -> None:
    """Put a cookie that no script reads and no other site sends; it goes when the browser is closed, or ``lasts``."""
    age, secure = int(lasts.total_seconds()) if lasts else None, is_secure(request, door)
    response.set_cookie(name, value, age, path="/", httponly=True, samesite="lax", secure=secure)


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


def browser_cookie(door: Door) -> str:
    """The name of the cookie that a browser keeps once somebody came in by it."""
    return f"{door.cookie}_navigateur"


def origin(request: Request, door: Door) -> Origin:
    """Where a request comes from: its network address, and the secret of a browser where somebody came in before."""
    return Origin(request.client.host if request.client else "", request.cookies.get(browser_cookie(door)))


def browser_secret(request: Request, door: Door) -> str:
    """The secret by which this browser will be known: the one that it has, or a new one."""
    return _kept_secret(request, browser_cookie(door))


def device(request: Request) -> str:
    """« Firefox sur Linux »: what a person recognises in the list of her sessions."""
    said = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _DEVICES if sign in said), "Navigateur")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    return f"{browser} sur {system}" if system else browser


# --- The pages of the door, in plain HTML: no script, one column, the problem beside the field -----


@dataclass(frozen=True, slots=True)
class PageDress:
    """What every page of the door has: our style sheet and icon, and whether the data are fictitious."""

    style: str
    icon: str
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its label above, its help under; ``complete`` is what the browser may fill in."""

    name: str
    label: str
    kind: str = "text"
    complete: str = "off"
    value: str = ""
    help: str = ""
    problem: str = ""


EMAIL = FormField("courriel", "Courriel", "email", "username")
PASSWORD = FormField("mot_de_passe", "Mot de passe", "password", "current-password")
OLD = FormField("ancien", "Mot de passe actuel", "password", "current-password")
NEW = FormField("nouveau", "Nouveau mot de passe", "password", "new-password", help=sign_in.RULE)
AGAIN = FormField("encore", "Le même, encore une fois", "password", "new-password")
CODE = FormField("code", "Code", complete="one-time-code")
NAME = FormField("nom", "Nom que l’historique montrera", complete="name", help="Par exemple : « Chefferie de projet ».")


def page(dress: PageDress, title: str, *parts: Child) -> str:
    """A whole page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} · {TITLE}"),
        tag("link", rel="stylesheet", href=dress.style),
        tag("link", rel="icon", type="image/svg+xml", href=dress.icon),
    )
    banner = fictitious_banner() if dress.demonstration else None
    body = tag(
        "body",
        tag(
            "div",
            tag("header", tag("p", TITLE, class_="door__product"), banner),
            tag("main", heading(title, 1), *parts),
            tag("footer", tag("p", link(mention(), STATEMENT), class_="note")),
            class_="stHtml door__in",
        ),
        class_="door",
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='fr', translate='no')}"


def form(
    action: str,
    token: str,
    fields: Iterable[FormField],
    button: str,
    *,
    problem: str = "",
    hidden: Sequence[Child] = (),
) -> Html:
    """A form with one button; ``problem`` is what does not belong to one field."""
    return tag(
        "form",
        tag("p", problem, class_="problem", role="alert", id="probleme") if problem else None,
        tag("input", type="hidden", name=TOKEN, value=token),
        *hidden,
        [_field(one, problem) for one in fields],
        tag("button", button, type="submit", class_="button"),
        action=action,
        method="post",
        class_="door__form",
    )


def people(token: str, offered: Sequence[tuple[str, str, str]], target: str) -> Html:
    """One button a person of the demonstration: account, name, role."""
    buttons = [
        tag("li", tag("button", tag("strong", role), tag("span", name), name="compte", value=account, type="submit"))
        for account, name, role in offered
    ]
    return tag(
        "form",
        tag("input", type="hidden", name=TOKEN, value=token),
        tag("input", type="hidden", name="vers", value=target),
        tag("p", "Démonstration : choisissez qui vous êtes, sans mot de passe."),
        tag("ul", buttons),
        action="/connexion/demonstration",
        method="post",
        class_="door__people",
    )


def otherwise(*parts: Child, opened: bool) -> Html:
    """The other way to come in, one click away."""
    summary = tag("summary", "Ou avec un courriel et un mot de passe")
    return tag("details", summary, *parts, class_="door__other", open=opened)


def hidden(name: str, value: str) -> Html:
    """A field that nobody sees."""
    return tag("input", type="hidden", name=name, value=value)


def account_of_password(email: str) -> Html:
    """Whose password is chosen here, for the browser that offers to keep it: nobody sees it, nothing reads it."""
    return tag("input", type="text", value=email, autocomplete="username", readonly=True, hidden=True)


def quoted(target: str) -> str:
    """An address as the value of another one's parameter."""
    return quote(target, safe="")


def other_way(words: str, address: str) -> Html:
    """The button of another service. A link: a form may not lead to another site."""
    return tag("div", tag("a", words, href=address, class_="button"), class_="door__or")


def identity(name: str, email: str) -> Html:
    """Whose account this is."""
    return tag("p", tag("strong", name), tag("br"), email)


def link(text: str, address: str, *, button: bool = False) -> Html:
    """A link that loads a page."""
    return tag("a", text, href=address, class_="button" if button else "link")


def sentence(*parts: Child) -> Html:
    """A paragraph."""
    return tag("p", *parts)


def notice(text: str, *, title: str = "") -> Html:
    """Something to know."""
    return callout(text, title=title)


def _field(one: FormField, general: str) -> Html:
    """A field, with what is read out with it: its problem, its help, the problem of the whole form."""
    told = {"aide": one.help, "probleme": one.problem}
    spoken = [f"{one.name}-{name}" for name, text in told.items() if text] + (["probleme"] if general else [])
    return tag(
        "div",
        tag("label", one.label, for_=one.name),
        tag("p", one.problem, class_="problem", id=f"{one.name}-probleme", role="alert") if one.problem else None,
        tag(
            "input",
            id=one.name,
            name=one.name,
            type=one.kind,
            value=one.value or None,
            autocomplete=one.complete,
            required=True,
            aria_describedby=" ".join(spoken) or None,
            aria_invalid="true" if one.problem or general else None,
        ),
        tag("p", one.help, class_="help", id=f"{one.name}-aide") if one.help else None,
        class_="door__field",
    )
