"""What a heading means, asked once: guessed by close spelling, or unknown. The answer is remembered."""

from __future__ import annotations

import streamlit as st

from core.domain import french
from core.domain.dataset import Dataset
from core.errors import FabriqueError
from core.services import intake
from core.services.intake import NOT_OURS, Preview
from core.services.reading import heading
from dashboard.components import heading as title
from dashboard.components import note, show
from dashboard.components.plain_label import plain_label
from dashboard.views.parts.draft import Draft

_SHOWN = 12
_NOT_OURS = "Ne pas lire cette colonne"


def ask_headings(draft: Draft) -> None:
    """The headings to ask about, each with a list of columns; nothing when all are plain."""
    looked = draft.looked
    if looked is None or not looked.asked:
        return
    show(title("Vos titres de colonnes", 2))
    with st.form(draft.key("titres"), border=False):
        answers = {one: _asked(draft, looked, one) for one in looked.asked[:_SHOWN]}
        sent = st.form_submit_button("Retenir ces réponses", key=draft.key("retenir"))
    if sent:
        _remember(draft, {one: column for one, column in answers.items() if column is not None})


def _asked(draft: Draft, looked: Preview, written: str) -> str | None:
    """One heading; the answer is the name of a column, « none of ours », or None when nobody answered."""
    assert looked.titles is not None
    meant = looked.titles.columns.get(written)
    taken = {column for text, column in looked.titles.columns.items() if text != written}
    offered = [NOT_OURS, *(column.name for column in draft.dataset.columns if column.name not in taken)]
    if meant:
        words = f"Nous avons compris « {written} » comme « {heading(meant, draft.dataset)} ». Est-ce juste ? "
    else:
        words = f"Votre colonne « {written} » n’est pas reconnue. À quoi correspond-elle ? "
    return st.selectbox(
        plain_label(f"{words}Nous nous en souviendrons."),
        offered,
        index=offered.index(meant) if meant in offered else None,
        format_func=lambda name: french.typeset(_named(name, draft.dataset)),
        key=draft.key(f"titre-{written}"),
        placeholder="Choisissez une colonne, ou laissez sans réponse",
    )


def _named(column: str, dataset: Dataset) -> str:
    return _NOT_OURS if column == NOT_OURS else dataset.by_name[column].title


def _remember(draft: Draft, answers: dict[str, str]) -> None:
    context = draft.context
    if answers:
        try:
            intake.remember(
                context.registry, context.store, draft.association.code, draft.dataset.code, answers,
                actor=draft.actor, at=context.now,
            )  # fmt: skip
        except FabriqueError as error:
            draft.complain(error)
            st.rerun()
        draft.look()
    st.rerun()


def remembered_headings(draft: Draft) -> None:
    """The headings learnt for this table, each of which may be forgotten."""
    context = draft.context
    found = intake.remembered(context.store, draft.association.code, draft.dataset.code)
    if not found:
        return
    with st.expander(f"Titres retenus ({len(found)})"):
        show(note("Ces titres de vos fichiers sont compris sans que nous vous le redemandions."))
        for written, column in list(found.items())[:40]:
            meant = "colonne non lue" if column == NOT_OURS else _named(column, draft.dataset)
            if st.button(plain_label(f"Oublier « {written} » ({meant})"), key=draft.key(f"oublier-{written}")):
                intake.forget(
                    context.store, draft.association.code, draft.dataset.code, written,
                    actor=draft.actor, at=context.now,
                )  # fmt: skip
                st.rerun()
