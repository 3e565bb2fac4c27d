"""« Jetons »: the keys that the project lead gives to programs, what they read, and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from core.accounts import tokens
from core.accounts.tokens import LONGEST_DAYS, LONGEST_NAME, Token
from core.domain import french
from core.domain.french import typeset
from core.errors import FabriqueError
from dashboard.components import Html, answer, heading, lead, note, page_title, section, show, table
from dashboard.components.forms import form
from dashboard.context import Context
from dashboard.views.accounts import association_names

TITLE = "Jetons"
_TOLD, _SECRET = "jetons-dit", "jetons-secret"


def draw(context: Context) -> None:
    """The keys, then a new one, then the withdrawal of one."""
    found = tokens.tokens(context.store)
    show(page_title(TITLE), lead(tokens_sentence(found, context.instant)))
    _tell()
    if found:
        show(section("Les jetons donnés", _table(context, found)))
    show(heading("Donner un jeton"))
    _give(context)
    _withdraw(context, [one for one in found if one.holds(context.instant)])


def tokens_sentence(found: Sequence[Token], at: datetime) -> str:
    """« 2 jetons ouvrent l’interface de programmation ; 1 est terminé ou révoqué. »"""
    open_now = sum(one.holds(at) for one in found)
    if not found:
        return (
            "Aucun programme ne lit encore ces données : un jeton ouvre l’interface de programmation, en lecture seule."
        )
    said = french.count(open_now, "jeton ouvre", "jetons ouvrent") if open_now else "Aucun jeton n’ouvre plus"
    closed = len(found) - open_now
    rest = f" ; {french.count(closed, 'est terminé ou révoqué', 'sont terminés ou révoqués')}" if closed else ""
    return french.sentence(f"{said} l’interface de programmation{rest}")


def _table(context: Context, found: Sequence[Token]) -> Html:
    names = association_names(context)
    rows = [
        [one.name, one.id, _reads(one), _whose(one, names), french.day(one.expires), _state(one, context.instant)]
        for one in reversed(found)
    ]
    return table("Jetons", ["Nom", "Jeton", "Lit", "De", "Dernier jour", "État"], rows)


def _reads(one: Token) -> str:
    return "Totaux, lignes et dépôts" if one.rows else "Totaux, petits nombres masqués"


def _whose(one: Token, names: dict[str, str]) -> str:
    return french.listing(names.get(code, code) for code in one.associations) or "Tout le programme"


def _state(one: Token, at: datetime) -> str:
    if one.withdrawn is not None:
        return "Révoqué"
    return "Ouvert" if one.holds(at) else "Terminé"


def _tell() -> None:
    """What the last button did; a key is shown once, then nobody can read it again."""
    told, secret = st.session_state.pop(_TOLD, None), st.session_state.pop(_SECRET, None)
    if told:
        show(answer(told))
    if secret:
        st.code(secret, language=None, wrap_lines=True)
        show(note("Copiez ce jeton maintenant : il ne s’affichera plus, et seule son empreinte est gardée."))


def _give(context: Context) -> None:
    names = association_names(context)
    with st.container(key="formulaire-jeton"), form("jeton"):
        name = st.text_input("À quoi il sert", key="jeton-nom", max_chars=LONGEST_NAME)
        chosen = st.multiselect(
            "Associations",
            list(names),
            format_func=lambda code: names[code],
            key="jeton-associations",
            placeholder=typeset("Toutes"),
            help=typeset("Vide : tout le programme."),
        )
        rows = st.checkbox(typeset("Lui ouvrir aussi les lignes, les dépôts et les petits nombres"), key="jeton-lignes")
        days = st.number_input(typeset("Durée, en jours"), 1, LONGEST_DAYS, 90, key="jeton-jours")
        if st.form_submit_button("Donner ce jeton", type="primary"):
            _do(
                lambda: tokens.create(
                    context.store,
                    name,
                    actor=context.actor,
                    at=context.instant,
                    associations=chosen,
                    rows=rows,
                    days=int(days),
                )[1],
                "Le jeton est prêt.",
            )


def _withdraw(context: Context, found: Sequence[Token]) -> None:
    if not found:
        return
    show(heading("Révoquer un jeton"))
    by_id = {one.id: one for one in found}
    with st.container(key="formulaire-jeton-fin"), form("jeton-fin"):
        chosen = st.selectbox("Jeton", list(by_id), format_func=lambda code: f"{by_id[code].name} ({code})")
        if st.form_submit_button("Révoquer ce jeton"):
            _do(partial(_revoke, context, chosen), "Le jeton est révoqué : il n’ouvre plus rien.")


def _revoke(context: Context, code: str) -> None:
    tokens.revoke(context.store, code, actor=context.actor, at=context.instant)


def _do(work: Callable[[], str | None], done: str) -> None:
    """Do it, then draw the page again with what was done; a refusal is said where one stands."""
    try:
        secret = work()
    except FabriqueError as error:
        show(answer(str(error), "attention"))
        return
    st.session_state[_TOLD] = done
    if secret:
        st.session_state[_SECRET] = secret
    st.rerun()
