"""The one door to a form, and a form and a grid made from the declaration of any dataset.

    with form("motif", border=False):      nothing in it is sent by the keyboard: a person presses a button
        reason = st.text_area("Motif")
        pressed = st.form_submit_button("Rouvrir ce relevé")

    sent = row_form(dataset, row, key="versement", button="Enregistrer ce versement")
    if sent is not None:
        try:
            save_rows(…, [sent], …)
        except RowsRefused as error:
            sent.refuse(error)          # each problem beside its field, the rest on top

What is typed goes through the reading of files: « 24 500 € », « oui », « 14/10/2021 » are understood.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.column_type import Choice
from core.domain.dataset import Dataset
from core.errors import FabriqueError, RowsRefused
from core.reading.typed_in import by_column, typed_in
from dashboard.components.fields import GridField, fields
from dashboard.components.html import Child, show, tag
from dashboard.components.text import announced, callout, note, plain_label

_DONE = "ce-qui-est-fait"


def count_button(label: str, number: int, *, why: str, key: str) -> bool:
    """A button that says how many things it acts on; of none there is no button: ``why`` stands in its place."""
    if not number:
        show(note(why))
        return False
    return st.button(label, type="primary", key=key)


def done_place(forget: Callable[[], object]) -> DeltaGenerator:
    """Where a page tells what was just done; a refusal empties it and ``forget`` what it told.

    « C’est enregistré » above « À corriger » would speak of what was typed before.
    """
    place = st.empty()
    st.session_state.setdefault(_DONE, []).append((place, forget))
    return place.container()


def no_done_place() -> None:
    """At the start of a page: nothing is told yet of what was done."""
    st.session_state.pop(_DONE, None)


def refused(*said: Child) -> None:
    """Why something was refused, read out at once; what was done before is not told beside it."""
    for place, forget in st.session_state.pop(_DONE, ()):
        forget()
        place.empty()
    if said:
        show(announced(*said, urgent=True))


def form(key: str, *, border: bool = True) -> DeltaGenerator:
    """A form whose fields are read together, when one of its buttons is pressed, and only then.

    Ctrl+Enter in a text, or Enter in a line, would press its first button: « Accepter » for who was writing
    why she returns. No form of ours is sent so, and a test refuses any other way to make one.
    """
    return st.form(key, border=border, enter_to_submit=False)


class Sent(dict[str, Any]):
    """The typed values of a form that was sent, by column; it can still say what is wrong with them.

    ``kept`` are the titles of the fields left blank in a form for changing: what they hold stays.
    """

    def __init__(
        self, values: Mapping[str, object], say: Callable[[Mapping[str, str], str], None], kept: Sequence[str] = ()
    ) -> None:
        super().__init__(values)
        self._say = say
        self.kept = tuple(kept)

    def refuse(self, error: FabriqueError) -> None:
        """Show why the service refused: beside the fields concerned, else above the form."""
        problems = by_column(error.problems) if isinstance(error, RowsRefused) else {}
        self._say(problems, str(error))


def row_form(
    dataset: Dataset,
    row: Mapping[str, object] | None,
    *,
    key: str,
    button: str,
    hidden: Iterable[str] = (),
    choices: Mapping[str, Sequence[Choice | str]] | None = None,
    fixed: Iterable[str] = (),
    changing: bool = False,
    required: Mapping[str, str] | None = None,
) -> Sent | None:
    """One column of fields for one row: label above, help under, each problem beside its field.

    ``row`` holds what stands there first (None: nothing); a ``hidden`` column keeps what ``row``
    says of it; ``fixed`` columns are shown and cannot be changed; ``choices`` offers a list for a
    column; ``required`` ones, with their help, are asked here although the dataset leaves them free.
    ``changing`` says that ``row`` is recorded: a field left blank keeps what it holds, and is emptied by its own box.
    Returns every column's value, typed, once the form is sent and nothing is wrong with it.
    """
    asked = required or {}
    held, shown = dict(row or {}), fields(dataset, hidden=hidden, choices=choices, required=asked)
    with st.container(key=f"formulaire-{key}"), form(f"{key}-form"):
        top = st.container()
        drawn = {
            one.name: _field(one, held.get(one.name), f"{key}-{one.name}", one.name in set(fixed), changing)
            for one in shown
        }
        pressed = st.form_submit_button(button, type="primary")
    slots = {name: one.slot for name, one in drawn.items()}

    def say(found: Mapping[str, str], whole: str) -> None:
        _say(top, slots, found, whole)

    return _sent(dataset, held, drawn, asked, say, changing) if pressed else None


def _sent(
    dataset: Dataset,
    held: Mapping[str, object],
    drawn: Mapping[str, _Drawn],
    asked: Collection[str],
    say: Callable[[Mapping[str, str], str], None],
    changing: bool,
) -> Sent | None:
    """The values of the fields; None once it is said beside them what is wrong."""
    texts = {
        name: dataset.by_name[name].kind.write(held[name]) for name in dataset.by_name if held.get(name) is not None
    }
    kept = [one.title for name, one in drawn.items() if one.keeps and name in texts] if changing else []
    typed = typed_in(dataset, [{**texts, **{name: one.text for name, one in drawn.items() if not one.keeps}}])
    if twice := {name: _EITHER for name, one in drawn.items() if one.contradicts}:
        say(twice, "")
        return None
    blank = {name: _REQUIRED for name in asked if not typed.problems and typed.rows[0][name] is None}
    if typed.problems or blank:
        say(by_column(typed.problems) or blank, "")
        return None
    return Sent(typed.rows[0], say, kept)


_REQUIRED = "Ce champ est à remplir ici."
_EITHER = "Une valeur est écrite et « Vider » est coché : choisissez l’un des deux."


@dataclass(frozen=True)
class _Drawn:
    """A field on the screen: what stands in it, and where its problem will.

    ``keeps``: it is blank and nobody asked to empty it, so that what is recorded stays;
    ``contradicts``: another value is written in a field that one asks to empty.
    """

    title: str
    text: str | None
    slot: DeltaGenerator
    keeps: bool = False
    contradicts: bool = False


def _field(field: GridField, value: object, key: str, fixed: bool, changing: bool) -> _Drawn:
    """The field, its help under it, the box that empties it, and the place where its problem will stand."""
    title = field.column.title
    if fixed:
        st.text_input(field.label, value=field.words(value) or "", key=key, disabled=True)
        return _Drawn(title, None if value is None else field.column.kind.write(value), _under(field))
    text = field.widget(value, key)
    slot = _under(field)
    if not changing or value is None or field.options is not None:
        return _Drawn(title, text, slot)
    emptied = emptying(field, key)
    written = bool(text and text.strip())
    other = written and (text or "").strip() != (field.words(value) or "").strip()
    return _Drawn(
        title, None if emptied else text, slot, keeps=not written and not emptied, contradicts=emptied and other
    )


def _under(field: GridField) -> DeltaGenerator:
    slot = st.container()
    if field.hint:
        show(tag("p", field.hint, class_="field-hint"))
    return slot


def emptying(field: GridField, key: str) -> bool:
    """The box that empties on purpose an optional field that holds something; False for a field that may not."""
    return field.column.nullable and st.checkbox(plain_label(f"Vider « {field.column.title} »"), key=f"{key}-vider")


def _say(top: DeltaGenerator, slots: Mapping[str, DeltaGenerator], problems: Mapping[str, str], whole: str) -> None:
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
        refused(*(callout(one, tone="attention") for one in elsewhere))
