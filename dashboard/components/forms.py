"""A form and a grid made from the declaration of any dataset.

    sent = row_form(dataset, row, key="versement", button="Enregistrer ce versement")
    if sent is not None:
        try:
            save_rows(…, [sent], …)
        except RowsRefused as error:
            sent.refuse(error)          # each problem beside its field, the rest on top

What is typed goes through the reading of files: « 24 500 € », « oui », « 14/10/2021 » are understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.axes.columns import Choice
from core.domain.dataset import Dataset
from core.errors import FabriqueError, RowsRefused
from core.services.reading.typed_in import by_column, typed_in
from dashboard.components.fields import Field, fields
from dashboard.components.grids import Edits, grid, grid_pending, grid_reset
from dashboard.components.html import show, tag
from dashboard.components.text import callout

__all__ = ["Edits", "Sent", "grid", "grid_pending", "grid_reset", "row_form"]


class Sent(dict[str, Any]):
    """The typed values of a form that was sent, by column; it can still say what is wrong with them."""

    def __init__(self, values: Mapping[str, Any], say: Callable[[Mapping[str, str], str], None]) -> None:
        super().__init__(values)
        self._say = say

    def refuse(self, error: FabriqueError) -> None:
        """Show why the service refused: beside the fields concerned, else above the form."""
        problems = by_column(error.problems) if isinstance(error, RowsRefused) else {}
        self._say(problems, str(error))


def row_form(
    dataset: Dataset,
    row: Mapping[str, Any] | None,
    *,
    key: str,
    button: str,
    hidden: Iterable[str] = (),
    choices: Mapping[str, Sequence[Choice | str]] | None = None,
    fixed: Iterable[str] = (),
    problems: Mapping[str, str] | None = None,
) -> Sent | None:
    """One column of fields for one row: label above, help under, each problem beside its field.

    ``row`` holds what stands there first (None: nothing); a ``hidden`` column keeps what ``row``
    says of it; ``fixed`` columns are shown and cannot be changed; ``choices`` offers a list for a
    column. Returns every column's value, typed, once the form is sent and nothing is wrong with it.
    """
    held, shown = dict(row or {}), fields(dataset, hidden=hidden, choices=choices)
    with st.container(key=f"formulaire-{key}"), st.form(f"{key}-form", enter_to_submit=False):
        top = st.container()
        drawn = {
            one.name: _field(one, held.get(one.name), f"{key}-{one.name}", one.name in set(fixed)) for one in shown
        }
        pressed = st.form_submit_button(button, type="primary")
    slots = {name: slot for name, (_text, slot) in drawn.items()}

    def say(found: Mapping[str, str], whole: str) -> None:
        _say(top, slots, found, whole)

    if problems:
        say(problems, "")
    if not pressed:
        return None
    texts = {
        name: dataset.by_name[name].kind.write(held[name]) for name in dataset.by_name if held.get(name) is not None
    }
    typed = typed_in(dataset, [{**texts, **{name: text for name, (text, _slot) in drawn.items()}}])
    if typed.problems:
        say(by_column(typed.problems), "")
        return None
    return Sent(typed.rows[0], say)


def _field(field: Field, value: Any, key: str, fixed: bool) -> tuple[str | None, Any]:
    """The field, its help under it, and the place where its problem will stand."""
    if fixed:
        st.text_input(field.label, value=field.words(value) or "", key=key, disabled=True)
        text = None if value is None else field.column.kind.write(value)
    else:
        text = field.widget(value, key)
    slot = st.container()
    if field.hint:
        show(tag("p", field.hint, class_="field-hint"))
    return text, slot


def _say(top: Any, slots: Mapping[str, Any], problems: Mapping[str, str], whole: str) -> None:
    for name, message in problems.items():
        if name in slots:
            with slots[name]:
                show(tag("p", tag("strong", "À corriger : "), message, class_="field-problem"))
    elsewhere = [message for name, message in problems.items() if name not in slots]
    if not problems and whole:
        elsewhere = [whole]
    count = len(problems)
    if count and not elsewhere:
        elsewhere = [f"{count} champ est à corriger." if count == 1 else f"{count} champs sont à corriger."]
    with top:
        show(tag("div", [callout(one, tone="attention") for one in elsewhere], role="alert"))
