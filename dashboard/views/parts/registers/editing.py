"""The one-row form of a register: add, change the row of the address, remove it with a second look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.axes.columns import Choice
from core.domain.experiment import METROPOLE
from dashboard.components import heading, link, show, tag
from dashboard.components.forms import row_form
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.registers.saving import save, seen, turn

PATH = "registres"


@dataclass(frozen=True, slots=True)
class Editor:
    """How one register is typed: the words of its buttons, and the lists offered.

    ``one`` is the thing with its article (« ce versement »), ``new`` the title above a blank form.
    """

    dataset: str
    one: str
    new: str
    choices: Mapping[str, Sequence[Choice | str]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    start: Mapping[str, Any] = field(default_factory=dict)


def to_row(register: str, key: str, text: str = "Modifier", about: str = "") -> Any:
    """The link that puts one row in the form; ``about`` says which, for who hears the link alone."""
    said = [text, tag("span", f" {about}", class_="visually-hidden")] if about else text
    return tag("a", said, href=f"{address(PATH, registre=register, ligne=key)}#saisie", target="_self", class_="link")


def edit(
    context: Context,
    editor: Editor,
    rows: Iterable[Mapping[str, Any]],
    *,
    name: Callable[[Mapping[str, Any]], str] | None = None,
) -> None:
    """The form: blank, or on the row that the address names (``name`` says it in words)."""
    dataset = context.registry.dataset(METROPOLE, editor.dataset)
    asked = st.query_params.get("ligne")
    row = next((one for one in rows if one["_key"] == asked), None)
    title = f"Modifier : {name(row) if name else row['_key'].replace('|', ', ')}" if row else editor.new
    show(heading(title, 2, anchor="saisie"))
    if row:
        show(tag("p", link(editor.new, address(PATH, registre=editor.dataset))))
    key = f"{editor.dataset}-{turn()}-{asked if row else ''}"
    based_on = seen(context, key)
    verb = "Enregistrer" if row else "Ajouter"
    sent = row_form(
        dataset,
        dict(row) if row else dict(editor.start),
        key=key,
        button=f"{verb} {editor.one}",
        hidden=editor.hidden,
        choices=editor.choices,
        fixed=[one for one in dataset.key if one not in editor.hidden] if row else (),
    )
    if sent is not None:
        save(context, editor.dataset, [sent], done=f"{editor.one} est inscrit", sent=sent, based_on=based_on)
    if row:
        _remove(context, editor, row, based_on)


def _remove(context: Context, editor: Editor, row: Mapping[str, Any], based_on: int) -> None:
    """Two gestures: nothing leaves by a slip of the finger. What leaves stays in the history."""
    key = f"retirer-{editor.dataset}-{row['_key']}"
    sure = st.checkbox(f"Retirer {editor.one} du registre (son historique reste)", key=f"{key}-sur")
    if sure and st.button(f"Retirer {editor.one}", key=key):
        save(
            context, editor.dataset, removals=[row["_key"]], done=f"{editor.one} est retiré du registre",
            based_on=based_on,
        )  # fmt: skip
