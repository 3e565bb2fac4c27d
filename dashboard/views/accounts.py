"""« Comptes »: who may come in, and what the project lead does about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.actor import ROLE_WORDS, Role
from core.domain.french import typeset
from core.domain.local_time import FRANCE
from core.errors import Refused
from core.services.accounts import keeping, links
from core.services.accounts.identity import OF_PEOPLE
from core.services.accounts.keeping import Standing
from dashboard.components import callout, heading, lead, note, page_title, section, show, table
from dashboard.context import Context
from dashboard.views.parts.account_words import association_names, link_address, role_words

TITLE = "Comptes"
_INVITING, _CHANGING = "invitation", "compte"
"""Where a button stands: what it did is said there, and not out of sight."""
_TURN = "invitation-tour"
"""How many people were invited here: fields of another name are empty ones, in every browser."""


def draw(context: Context) -> None:
    """The accounts, then an invitation, then what may be changed in one of them."""
    listed = keeping.listed(context.office, actor=context.actor, at=context.instant)
    show(page_title(TITLE), lead(accounts_sentence(listed)))
    show(section("Qui peut entrer", _table(context, listed)))
    show(heading("Inviter quelqu’un"))
    _tell(_INVITING)
    _invite(context)
    if listed:
        show(heading("Modifier un compte"))
        _tell(_CHANGING)
        _modify(context, listed)


def accounts_sentence(listed: Sequence[Standing]) -> str:
    """« 6 comptes peuvent entrer ; 1 invitation attend ; 1 compte est verrouillé. »."""
    if not listed:
        return "Aucun compte n’est ouvert : invitez une première personne."
    active = [one for one in listed if one.account.deactivated_at is None]
    waiting = [one for one in active if one.waits_until is not None]
    locked = [one for one in active if one.locked_until is not None]
    said = [f"{french.count(len(active), 'compte ouvert', 'comptes ouverts')}"]
    said += (
        [french.count(len(waiting), "lien attend d’être utilisé", "liens attendent d’être utilisés")] if waiting else []
    )
    said += [french.count(len(locked), "compte est verrouillé", "comptes sont verrouillés")] if locked else []
    return french.sentence(" ; ".join(said))


def _table(context: Context, listed: Sequence[Standing]) -> Any:
    headings = ["Nom", "Courriel", "Rôle", "État", "Dernière connexion"]
    rows = [
        [
            one.account.name,
            one.account.email,
            role_words(context, Role(one.account.role), one.account.association),
            keeping.state_of(one),
            _when(one.account.signed_in_at),
        ]
        for one in listed
    ]
    return table("Comptes", headings, rows, hide_caption=True)


def _when(moment: datetime | None) -> str:
    return "jamais" if moment is None else french.moment(moment.astimezone(FRANCE))


def _tell(place: str) -> None:
    """What the last button did; a link is shown once, then nobody can read it again."""
    told, link = st.session_state.pop(f"{place}-fait", (None, None))
    if told:
        show(callout(told, title="C’est fait"))
    if link:
        st.code(link, language=None, wrap_lines=True)
        show(
            note("Copiez ce lien maintenant et transmettez-le à la personne : il sert une fois et ne s’affichera plus.")
        )


def _invite(context: Context) -> None:
    key = f"{_INVITING}-{st.session_state.get(_TURN, 0)}"
    with st.container(key="formulaire-invitation"), st.form(key, clear_on_submit=False):
        email = st.text_input("Courriel", key=f"{key}-courriel")
        name, role, association = _identity(context, key, "", Role.ASSOCIATION, None)
        if st.form_submit_button("Créer l’invitation", type="primary"):
            _do(_INVITING, lambda: _invited(context, email, name, role, association), "L’invitation est prête.")


def _invited(context: Context, email: str, name: str, role: Role, association: str | None) -> str:
    secret = links.invite(context.office, email, name, role, association, actor=context.actor, at=context.instant)
    return link_address(context, secret)


def _identity(
    context: Context, key: str, name: str, role: Role, association: str | None
) -> tuple[str, Role, str | None]:  # fmt: skip
    """The fields that say who somebody is."""
    given = st.text_input(typeset("Nom que l’historique montrera"), value=name, key=f"{key}-nom")
    chosen = st.selectbox(
        "Rôle", OF_PEOPLE, index=OF_PEOPLE.index(role), format_func=_capital_role, key=f"{key}-role"
    )  # fmt: skip
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


def _capital_role(role: Role) -> str:
    word = ROLE_WORDS[role]
    return word[:1].upper() + word[1:]


def _modify(context: Context, listed: Sequence[Standing]) -> None:
    by_id = {one.account.id: one for one in listed}
    with st.container(key="formulaire-compte"):
        chosen = st.selectbox(
            "Compte", list(by_id), format_func=lambda code: f"{by_id[code].account.name} — {by_id[code].account.email}"
        )  # fmt: skip
        one = by_id[chosen]
        _buttons(context, one)
        with st.form(f"compte-{chosen}"):
            account = one.account
            name, role, place = _identity(
                context, f"compte-{chosen}", account.name, Role(account.role), account.association
            )  # fmt: skip
            if st.form_submit_button("Enregistrer ce compte"):
                _do(
                    _CHANGING,
                    lambda: keeping.change(
                        context.office, chosen, name, role, place, actor=context.actor, at=context.instant
                    ),
                    "Le compte est modifié ; ses droits changent à la prochaine page ouverte.",
                )


def _buttons(context: Context, one: Standing) -> None:
    account, given = one.account, {"actor": context.actor, "at": context.instant}
    with st.container(horizontal=True):
        if account.deactivated_at is not None:
            if st.button("Réactiver ce compte"):
                _do(
                    _CHANGING,
                    lambda: keeping.reactivate(context.office, account.id, **given),
                    "Le compte est réactivé.",
                )
            if st.button("Retirer ce compte"):
                done = "Le compte est retiré : son courriel et son nom ne sont plus dans les comptes."
                _do(_CHANGING, lambda: keeping.remove(context.office, account.id, **given), done)
            return
        if st.button("Donner un nouveau lien"):
            _do(
                _CHANGING,
                lambda: link_address(context, links.new_link(context.office, account.id, **given)),
                "Le lien est prêt. Celui d’avant ne fonctionne plus.",
            )
        if one.locked_until is not None and st.button("Déverrouiller ce compte"):
            _do(_CHANGING, lambda: keeping.unlock(context.office, account.id, **given), "Le compte est déverrouillé.")
        if st.button("Désactiver ce compte"):
            done = "Le compte est désactivé ; ses connexions sont fermées."
            _do(_CHANGING, lambda: keeping.deactivate(context.office, account.id, **given), done)


def _do(place: str, work: Callable[[], object], done: str) -> None:
    """Do it, then draw the page again with what was done; a refusal is said where one stands, and nothing is lost."""
    try:
        made = work()
    except Refused as error:
        show(callout(str(error), tone="attention"))
        return
    st.session_state[f"{place}-fait"] = done, made if isinstance(made, str) else None
    if place == _INVITING:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()
