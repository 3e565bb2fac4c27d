"""The pages of the door, in plain HTML: no script, one column, the problem beside the field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from core.services.accounts import passwords
from dashboard.components.html import Child, Html, tag
from dashboard.components.text import callout, fictitious_banner, heading
from dashboard.web.index import TITLE
from dashboard.web.sign_in_forms import TOKEN


@dataclass(frozen=True, slots=True)
class Dress:
    """What every page of the door has: our style sheet and icon, and whether the data are fictitious."""

    style: str
    icon: str
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its label above, its help under; ``complete`` is what the browser may fill in."""

    name: str
    label: str
    kind: str = "text"
    complete: str = "off"
    value: str = ""
    help: str = ""
    problem: str = ""


EMAIL = Field("courriel", "Courriel", "email", "username")
PASSWORD = Field("mot_de_passe", "Mot de passe", "password", "current-password")
OLD = Field("ancien", "Mot de passe actuel", "password", "current-password")
NEW = Field("nouveau", "Nouveau mot de passe", "password", "new-password", help=passwords.RULE)
AGAIN = Field("encore", "Le même, encore une fois", "password", "new-password")
NAME = Field("nom", "Nom que l’historique montrera", complete="name", help="Par exemple : « Chefferie de projet ».")


def page(dress: Dress, title: str, *parts: Child) -> str:
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
            class_="stHtml door__in",
        ),
        class_="door",
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='fr', translate='no')}"


def form(
    action: str, token: str, fields: Iterable[Field], button: str, *, problem: str = "", hidden: Sequence[Child] = ()
) -> Html:  # fmt: skip
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


def _field(one: Field, general: str) -> Html:
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
            aria_invalid="true" if one.problem else None,
        ),
        tag("p", one.help, class_="help", id=f"{one.name}-aide") if one.help else None,
        class_="door__field",
    )
