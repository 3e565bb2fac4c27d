"""Comments and evidence about a table, a row or a deposit: read, written, taken back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor, Role
from core.domain.experiment import METROPOLE
from core.domain.local_time import FRANCE
from core.errors import FabriqueError
from core.services import comments, evidence
from core.services.comments import About, Comment
from dashboard.components import callout, download, heading, note, show, tag
from dashboard.components.plain_label import plain_label
from dashboard.context import Context

_MEGABYTE = 1024 * 1024


def draw_comments(context: Context, about: About, actor: Actor, *, key: str) -> None:
    """The comments in order, each with its evidence, then the field to write another."""
    found = comments.listed(context.store, about, actor=actor)
    show(heading("Commentaires et pièces", 2))
    if not found:
        show(note("Personne n’a encore rien écrit ici."))
    may_write = _may_write(actor, about)
    for one in found:
        _draw(context, about, one, actor, f"{key}-dit-{one.number}", may_write)
    if may_write:
        _write(context, about, actor, f"{key}-dire")


def _may_write(actor: Actor, about: About) -> bool:
    if about.association == METROPOLE:
        return access.allowed(actor, Action.STEER)
    return access.allowed(actor, Action.DEPOSIT, On(about.association))


def _draw(context: Context, about: About, one: Comment, actor: Actor, key: str, may_write: bool) -> None:
    show(_told(one))
    if not one.stands:
        return
    with st.container(horizontal=True, key=f"piece-{key}"):
        if one.file is not None:
            name = one.file
            download(
                plain_label(f"Télécharger « {name} » ({_size(one.size)})"),
                lambda: comments.file(context.store, about, one.number, actor=actor)[0],
                name,
                mime=evidence.mime(name),
                key=f"{key}-piece",
            )
        theirs = actor.role is Role.ASSOCIATION and one.role != Role.ASSOCIATION and one.on_behalf_of is None
        if may_write and not theirs and st.button("Retirer ce commentaire", key=f"{key}-retrait", type="tertiary"):
            _act(lambda: comments.take_back(context.store, about, one.number, actor=actor, at=context.now))


def _told(one: Comment) -> Any:
    when = french.moment(one.at.astimezone(FRANCE))
    who = f"{one.actor}, pour le compte de {one.on_behalf_of}" if one.on_behalf_of else one.actor
    if one.taken_back is not None:
        gone = french.moment(one.taken_back.astimezone(FRANCE))
        words: Any = tag("p", f"Commentaire retiré par {one.by} le {gone}.", class_="note")
    elif one.purged:
        words = tag("p", "Commentaire supprimé à la fin de sa durée de conservation.", class_="note")
    else:
        words = [tag("p", line) for line in one.text.splitlines() if line.strip()]
    return tag("article", tag("p", f"{who}, le {when}", class_="said__who"), words, class_="said")


def _write(context: Context, about: About, actor: Actor, key: str) -> None:
    turn = st.session_state.setdefault(f"{key}-tour", 0)  # an empty field again once it was sent
    start, key = key, f"{key}-{turn}"
    with st.container(key=f"formulaire-{key}"), st.form(key, enter_to_submit=False):
        text = st.text_area("Commentaire", key=f"{key}-texte", max_chars=comments.LONGEST)
        show(tag("p", "Ni nom, ni téléphone, ni adresse d’une personne.", class_="field-hint"))
        file = st.file_uploader(
            "Pièce jointe (facultatif)", type=list(evidence.TYPES), key=f"{key}-piece",
            max_upload_size=evidence.LARGEST // _MEGABYTE,
        )  # fmt: skip
        sent = st.form_submit_button("Ajouter ce commentaire")
    if sent:
        given = (file.getvalue(), file.name) if file is not None else None

        def act() -> None:
            comments.add(context.store, about, text, file=given, actor=actor, at=context.now)
            st.session_state[f"{start}-tour"] = turn + 1

        _act(act)


def _act(act: Any) -> None:
    try:
        act()
    except FabriqueError as error:
        show(tag("div", callout(str(error), tone="attention"), role="alert"))
        return
    st.rerun()


def _size(number: int) -> str:
    if number >= _MEGABYTE:
        return f"{french.number(number / _MEGABYTE, 1)} Mo"
    return f"{french.number(max(1, round(number / 1024)))} ko"
