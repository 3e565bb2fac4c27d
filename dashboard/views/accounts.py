"""« Comptes »: who may come in, with which role; links to open or reset an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import streamlit as st

from core import alerts
from core.accounts import accounts, second_factor
from core.accounts.accounts import AccountStatus
from core.accounts.identity import OF_PEOPLE
from core.domain import french
from core.domain.access import ROLE_WORDS, Actor, Role
from core.domain.french import typeset
from core.errors import Refused
from dashboard.addresses import address
from dashboard.components import Html, answer, heading, lead, link, note, page_title, section, show, table
from dashboard.components.forms import form
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.way_back import DoneAct


def association_names(context: Context) -> dict[str, str]:
    """The name of each association, by its code."""
    return {one.code: one.name for one in context.registry.associations}


def role_words(context: Context, role: Role, association: str | None) -> str:
    """« Association IFAC », « Chefferie de projet »."""
    word = ROLE_WORDS[role]
    if association is not None:
        word = f"{word} {association_names(context).get(association, association)}"
    return french.capital(word)


def who_words(context: Context, actor: Actor) -> str:
    """« Claire, association IFAC »."""
    said = role_words(context, actor.role, actor.association)
    return f"{actor.name}, {french.lower_first(said)}"


def link_address(context: Context, secret: str) -> str:
    """The address that opens a link: the public one, else where this page is read."""
    public = context.settings.public_url if context.settings else None
    return f"{public or _here()}/invitation/{secret}"


def _here() -> str:
    """« http://127.0.0.1:8501 », as the browser wrote it."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


# --- « Comptes »: who may come in, and what the project lead does about it -------------------------


TITLE = "Comptes"
_INVITING, _CHANGING, _REQUIRING = "invitation", "compte", "exigence"
_REQUIRED = "Elle est exigée : la chefferie de projet n’entre qu’avec un code de son téléphone, après le mot de passe."
_FREE = (
    "Elle est facultative : chacun la met en place à « Mon compte ». Exigée, la chefferie de projet n’entre plus "
    "qu’avec un code de son téléphone ; ses connexions ouvertes sans elle se ferment."
)
"""Where a button stands: what it did is said there, and not out of sight."""
_TURN = "invitation-tour"
"""How many people were invited here: fields of another name are empty ones, in every browser."""


def draw(context: Context) -> None:
    """The accounts, then an invitation, then what may be changed in one of them."""
    listed = accounts.listed(context.office, actor=context.actor, at=context.instant)
    show(page_title(TITLE), lead(accounts_sentence(listed)))
    show(section("Qui peut entrer", _table(context, listed)))
    show(_left(context, listed))
    _requirement(context)
    show(heading("Inviter quelqu’un"))
    _tell(_INVITING)
    _invite(context)
    if listed:
        show(heading("Modifier un compte"))
        _tell(_CHANGING)
        way_back.tell(context, "comptes")
        _modify(context, listed)


def accounts_sentence(listed: Sequence[AccountStatus]) -> str:
    """« 6 comptes peuvent entrer ; 1 invitation attend ; 1 compte a trop d’essais faux. »."""
    if not listed:
        return "Aucun compte n’est ouvert : invitez une première personne."
    active = [one for one in listed if one.account.deactivated_at is None]
    waiting = [one for one in active if one.waits_until is not None]
    locked = [one for one in active if one.locked_until is not None]
    said = [f"{french.count(len(active), 'compte ouvert', 'comptes ouverts')}"]
    said += (
        [french.count(len(waiting), "lien attend d’être utilisé", "liens attendent d’être utilisés")] if waiting else []
    )
    said += (
        [french.count(len(locked), "compte a trop d’essais faux", "comptes ont trop d’essais faux")] if locked else []
    )
    return french.sentence(" ; ".join(said))


def _table(context: Context, listed: Sequence[AccountStatus]) -> Html:
    headings = ["Nom", "Courriel", "Rôle", "État", "Double authentification", "Dernière connexion"]
    rows = [
        [
            one.account.name,
            one.account.email,
            role_words(context, Role(one.account.role), one.account.association),
            accounts.state_of(one),
            "en place" if one.has_factor else "non",
            _when(one.account.signed_in_at),
        ]
        for one in listed
    ]
    return table("Comptes", headings, rows)


def _requirement(context: Context) -> None:
    """Whether those who may steer come in only with a code of their telephone, and the button that changes it."""
    required = second_factor.is_required(context.store)
    show(heading("Double authentification de la chefferie de projet"))
    _tell(_REQUIRING)
    show(note(_REQUIRED if required else _FREE))
    label = "Ne plus exiger la double authentification" if required else "Exiger la double authentification"
    if st.button(label):
        done = (
            "Elle n’est plus exigée." if required else "Elle est exigée : qui ne l’a pas la met en place pour entrer."
        )
        _do(_REQUIRING, lambda: _require(context, required=not required), done)


def _require(context: Context, *, required: bool) -> None:
    who = context.door.visit() if context.door else None
    if who is not None:
        second_factor.require(context.office, who.account, actor=who.actor, required=required, at=context.instant)


def _left(context: Context, listed: Sequence[AccountStatus]) -> Html | None:
    """The points that people whose account is closed leave without anybody."""
    gone = [one.account.name for one in listed if one.account.deactivated_at is not None]
    closed = alerts.closed_accounts(context.store)
    if not any(alerts.is_closed(name, closed) for name in gone):
        return None
    found = alerts.followed(
        context.store, alerts.find(context.registry, context.store, context.monitor, today=context.today)
    )
    rows = [
        [name, link(one.alert.title, address("points", point=one.alert.code))]
        for name in gone
        if alerts.is_closed(name, closed)
        for one in alerts.left_by(name, found)
    ]
    if not rows:
        return None
    said = table("Points laissés", ["Compte fermé", "Point à confier à quelqu’un d’autre"], rows)
    return section("Ce que laissent les comptes fermés", said)


def _when(moment: datetime | None) -> str:
    return "jamais" if moment is None else french.moment(moment)


def _tell(place: str) -> None:
    """What the last button did; a link is shown once, then nobody can read it again."""
    told, link = st.session_state.pop(f"{place}-fait", (None, None))
    if told:
        show(answer(told))
    if link:
        st.code(link, language=None, wrap_lines=True)
        show(
            note("Copiez ce lien maintenant et transmettez-le à la personne : il sert une fois et ne s’affichera plus.")
        )


def _invite(context: Context) -> None:
    key = f"{_INVITING}-{st.session_state.get(_TURN, 0)}"
    with st.container(key="formulaire-invitation"), form(key):
        email = st.text_input("Courriel", key=f"{key}-courriel")
        name, role, association = _identity(context, key, "", Role.ASSOCIATION, None)
        if st.form_submit_button("Créer l’invitation", type="primary"):
            _do(_INVITING, lambda: _invited(context, email, name, role, association), "L’invitation est prête.")


def _invited(context: Context, email: str, name: str, role: Role, association: str | None) -> str:
    secret = accounts.invite(context.office, email, name, role, association, actor=context.actor, at=context.instant)
    return link_address(context, secret)


def _identity(
    context: Context, key: str, name: str, role: Role, association: str | None
) -> tuple[str, Role, str | None]:
    """The fields that say who somebody is."""
    given = st.text_input(typeset("Nom que l’historique montrera"), value=name, key=f"{key}-nom")
    chosen = st.selectbox(
        "Rôle",
        OF_PEOPLE,
        index=OF_PEOPLE.index(role),
        format_func=lambda one: french.capital(ROLE_WORDS[one]),
        key=f"{key}-role",
    )
    names = association_names(context)
    codes = ["", *names]
    place = st.selectbox(
        "Association",
        codes,
        index=codes.index(association) if association in names else 0,
        format_func=lambda code: names.get(code, "Aucune"),
        help=typeset("Pour un compte d’association seulement."),
        key=f"{key}-association",
    )
    return given, chosen, place or None


def _modify(context: Context, listed: Sequence[AccountStatus]) -> None:
    by_id = {one.account.id: one for one in listed}
    with st.container(key="formulaire-compte"):
        chosen = st.selectbox(
            "Compte", list(by_id), format_func=lambda code: f"{by_id[code].account.name} — {by_id[code].account.email}"
        )
        one = by_id[chosen]
        _buttons(context, one)
        with form(f"compte-{chosen}"):
            account = one.account
            name, role, place = _identity(
                context, f"compte-{chosen}", account.name, Role(account.role), account.association
            )
            if st.form_submit_button("Enregistrer ce compte"):
                way_back.do(
                    lambda: _write(context, chosen, name, role, place),
                    DoneAct(
                        "Le compte est modifié ; ses droits changent à la prochaine page ouverte.",
                        lambda now: _write(now, chosen, account.name, Role(account.role), account.association),
                    ),
                )


def _write(context: Context, code: str, name: str, role: Role, association: str | None) -> None:
    accounts.change(context.office, code, name, role, association, actor=context.actor, at=context.instant)


def _open(context: Context, code: str) -> None:
    accounts.reactivate(context.office, code, actor=context.actor, at=context.instant)


def _close(context: Context, code: str) -> None:
    accounts.deactivate(context.office, code, actor=context.actor, at=context.instant)


def _buttons(context: Context, one: AccountStatus) -> None:
    account, actor, at = one.account, context.actor, context.instant
    with st.container(horizontal=True):
        if account.deactivated_at is not None:
            if st.button("Réactiver ce compte"):
                again = DoneAct("Le compte est réactivé.", lambda now: _close(now, account.id))
                way_back.do(lambda: _open(context, account.id), again)
            if st.button("Retirer ce compte"):
                done = "Le compte est retiré : son courriel et son nom ne sont plus dans les comptes."
                _do(_CHANGING, lambda: accounts.remove(context.office, account.id, actor=actor, at=at), done)
            return
        if st.button("Donner un nouveau lien"):
            _do(
                _CHANGING,
                lambda: link_address(context, accounts.new_link(context.office, account.id, actor=actor, at=at)),
                "Le lien est prêt. Celui d’avant ne fonctionne plus.",
            )
        if one.locked_until is not None and st.button("Oublier les essais faux"):
            done = "Les essais faux sont oubliés : cette personne peut essayer aussitôt."
            _do(_CHANGING, lambda: accounts.unlock(context.office, account.id, actor=actor, at=at), done)
        if one.has_factor and st.button("Retirer la double authentification"):
            done = "La double authentification est retirée de ce compte."
            _do(_CHANGING, lambda: second_factor.give_up(context.office, account.id, actor=actor, at=at), done)
        if st.button("Désactiver ce compte"):
            said = "Le compte est désactivé ; ses connexions sont fermées."
            closed = DoneAct(said, lambda now: _open(now, account.id))
            way_back.do(lambda: _close(context, account.id), closed)


def _do(place: str, work: Callable[[], object], done: str) -> None:
    """Do it, then draw the page again with what was done; a refusal is said where one stands, and nothing is lost."""
    try:
        made = work()
    except Refused as error:
        show(answer(str(error), "attention"))
        return
    st.session_state[f"{place}-fait"] = done, made if isinstance(made, str) else None
    if place == _INVITING:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()
