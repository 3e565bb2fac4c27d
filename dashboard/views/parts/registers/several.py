"""One decision applied to several things at once: the same cells for each of them, stored together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.services.reading.typed_in import by_column, typed_in
from dashboard.components import show, tag
from dashboard.components.fields import Field, fields
from dashboard.context import Context
from dashboard.views.parts.registers.saving import save, seen, turn


def decide(
    context: Context,
    dataset: str,
    legend: str,
    offered: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
    chosen: Sequence[str],
    *,
    button: tuple[str, str],
    done: tuple[str, str],
) -> None:
    """Choose among ``offered`` (the cells of each, by key; ``names`` in words), type the rest, store.

    ``button`` and ``done`` are said for one thing and for several, « {} » being their number.
    """
    declared = context.registry.dataset(METROPOLE, dataset)
    given = {name for cells in offered.values() for name in cells}
    key = f"plusieurs-{dataset}-{turn()}"
    based_on = seen(context, key)
    with st.container(key=f"formulaire-{dataset}"):
        keys = st.multiselect(
            legend, list(offered), default=[one for one in chosen if one in offered],
            format_func=lambda one: names.get(one, one), key=f"{key}-choix", placeholder="Choisissez",
        )  # fmt: skip
        typed = {one.name: _typed(one, f"{key}-{one.name}") for one in fields(declared, hidden=given)}
        pressed = st.button(_said(button, len(keys)), type="primary", key=f"{key}-envoi", disabled=not keys)
    if not pressed:
        return
    read = typed_in(declared, [{**offered[one], **typed} for one in keys])
    if read.problems:
        wrong = [f"{declared.by_name[name].title} : {said}" for name, said in by_column(read.problems).items()]
        problems = [tag("p", one, class_="field-problem") for one in wrong]
        show(tag("div", problems, role="alert"))
        return
    save(context, dataset, read.rows, done=_said(done, len(keys)), based_on=based_on)


def _typed(field: Field, key: str) -> str | None:
    """A field, its help under it."""
    text = field.widget(None, key)
    if field.hint:
        show(tag("p", field.hint, class_="field-hint"))
    return text


def _said(words: tuple[str, str], number: int) -> str:
    return words[0 if number < 2 else 1].format(french.number(number))
