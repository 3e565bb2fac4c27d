"""« Mon compte »: who I am here, where I am signed in, my password, the way out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.accounts import Visit, second_factor, sign_in, tries
from core.domain import french
from core.domain.french import typeset
from core.storage.accounts import SessionRow
from dashboard.components import Html, callout, facts, lead, note, page_title, section, show, strong, table, tag
from dashboard.context import Context
from dashboard.views.accounts import role_words, who_words
from dashboard.web.second_step import standing_words
from dashboard.web.sign_in import FACTOR
from dashboard.web.sign_in_pages import TOKEN, form_token

TITLE = "Mon compte"


def draw(context: Context) -> None:
    """Who I am, the way out, my password, my sessions."""
    actor = context.actor
    show(page_title(TITLE), lead("Vous êtes ici en tant que ", strong(who_words(context, actor)), "."))
    show(_brightness())
    who = context.door.visit() if context.door else None
    if who is None:
        show(note("Aucune connexion n’est à fermer."))
        return
    show(_about(context, who))
    _signed_in(context, who)


def _brightness() -> Html:
    """Light, dark, or as the device says: kept by the browser, marked and applied by ``static/brightness.js``."""
    offered = {"": "Comme mon appareil", "light": "Clair", "dark": "Sombre"}
    buttons = [
        tag("li", tag("button", words, type="button", value=value, class_="choice brightness"))
        for value, words in offered.items()
    ]
    told = note("Ce choix vaut pour ce navigateur. Une projection reste claire, et l’impression aussi.")
    name = tag("span", "Affichage", class_="choices__name")
    return tag(
        "div", tag("div", name, tag("ul", buttons), class_="choices", role="group", aria_label="Affichage"), told
    )


def _about(context: Context, who: Visit) -> Html | list[Html]:
    account = who.account
    known = {
        "Nom dans l’historique": account.name,
        "Courriel": account.email,
        "Rôle": role_words(context, who.actor.role, who.actor.association),
        "Mot de passe": tag("a", "Changer mon mot de passe", href="/mot-de-passe", target="_self", class_="link")
        if account.password
        else "aucun : vous entrez par un autre service, ou par la démonstration",
        "Double authentification": _factor(context, who),
    }
    return [facts(known), *_wrong_tries(context, who), sign_out_form(context)]


def _factor(context: Context, who: Visit) -> list[str | Html]:
    """Whether a telephone's code is asked after the password, and where to set that up."""
    standing = second_factor.state_of(context.office, who.account)
    words = "Retirer la double authentification" if standing.since else "Mettre en place la double authentification"
    return [standing_words(standing), " ", tag("a", words, href=FACTOR, target="_self", class_="link")]


def _wrong_tries(context: Context, who: Visit) -> list[Html]:
    """The last time that too many wrong passwords or codes were tried on this account."""
    found = tries.last_told(context.office, who.account.id)
    if found is None:
        return []
    when = french.moment(found.at)
    said = (
        f"Le {when}, {found.details['failures']} essais de suite pour entrer avec votre courriel étaient faux. Si ce "
        "n’était pas vous, votre mot de passe a tenu : mettez en place la double authentification, et dites-le à la "
        "chefferie de projet."
    )
    return [callout(said, tone="attention", title="Des essais faux sur votre compte")]


def sign_out_form(context: Context) -> Html:
    """The button that ends this session in every tab."""
    secret = context.door.secret() if context.door else None
    return tag(
        "form",
        tag("input", type="hidden", name=TOKEN, value=form_token(secret or "")),
        tag("button", "Se déconnecter", type="submit", class_="button"),
        action="/deconnexion",
        method="post",
    )


def _signed_in(context: Context, who: Visit) -> None:
    """Where this account is signed in, and the buttons that end the other sessions."""
    found = sign_in.listed(context.office, who.account.id, at=context.instant)
    others = [one for one in found if one.hash != who.session.hash]
    show(section("Où ce compte est ouvert", _table(found, who)))
    if not others:
        return
    for one in others if len(others) > 1 else ():
        if st.button(typeset(f"Fermer « {one.device} », {_opened(one)}"), key=f"fermer-{one.hash[:12]}"):
            sign_in.end_one(context.office, who, one.hash, at=context.instant)
            st.rerun()
    label = f"Fermer {french.count(len(others), 'autre connexion', 'autres connexions')}"
    if st.button(typeset(label), key="fermer-les-autres"):
        sign_in.end_others(context.office, who, at=context.instant)
        st.rerun()


def _table(found: Sequence[SessionRow], who: Visit) -> Html:
    rows = [
        [
            one.device,
            _opened(one),
            french.moment(one.seen_at),
            "celle-ci" if one.hash == who.session.hash else "",
        ]
        for one in found
    ]
    headings = ["Navigateur", "Ouverte", "Dernière activité", "Connexion"]
    return table("Connexions ouvertes", headings, rows)


def _opened(one: SessionRow) -> str:
    return f"le {french.moment(one.opened_at)}"
