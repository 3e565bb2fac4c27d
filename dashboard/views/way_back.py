"""What is done on a page, then told on top of it with its way back: one press, else what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from core.errors import Conflict, FabriqueError, Forbidden
from dashboard.components import Html, answer, bullets, callout, join, link, show, tag
from dashboard.components.forms import done_place, refused
from dashboard.context import Context

_DONE = "acte-fait"
AS_BEFORE = "Ce qui valait avant vaut de nouveau."
Undo = Callable[[Context], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DoneAct:
    """What was done, in words.

    ``undo`` puts back what held before; None where one press is not enough. ``contrary`` then says what is done
    instead, and ``where`` is its address when it is on another page.
    """

    said: str
    undo: Undo | None = None
    contrary: str = ""
    where: str = ""
    title: str = ""


@dataclass
class _Told:
    """An act, and the view on which it is told until the person goes elsewhere or does something else."""

    act: DoneAct
    view: tuple[object, ...] | None = None


def do(deed: Callable[[], T], act: DoneAct | Callable[[T], DoneAct]) -> None:
    """Do it, and tell it on the next run; a refusal is told in place, and nothing is lost of what was typed.

    ``act`` may be made of what ``deed`` gives.
    """
    made: list[T] = []
    if attempted(lambda: made.append(deed()), "Rien n’est enregistré"):
        remember(act if isinstance(act, DoneAct) else act(made[0]))
        st.rerun()


def attempted(deed: Callable[[], object], nothing: str) -> bool:
    """Whether it was done; else why not stands where the button is, under the title ``nothing``."""
    try:
        deed()
    except Forbidden:
        raise
    except FabriqueError as error:
        details = bullets(error.details) if isinstance(error, Conflict) and error.details else None
        refused(callout(join([tag("p", str(error)), details]), tone="attention", title=nothing))
        return False
    return True


def remember(act: DoneAct) -> None:
    """Keep an act to be told by the next run, in place of the one before."""
    st.session_state[_DONE] = _Told(act)


def is_told(page: str) -> bool:
    """Whether something is to be told on this view of ``page``; what was done on another is told no more."""
    told: _Told | None = st.session_state.get(_DONE)
    if told is None:
        return False
    here = (page, *sorted(st.query_params.items()))
    told.view = told.view or here
    if told.view != here:
        _forget()
    return told.view == here


def tell(context: Context, page: str) -> None:
    """Say what was just done on ``page``, and take it back when asked."""
    if not is_told(page):
        return
    act: DoneAct = st.session_state[_DONE].act
    with done_place(_forget), st.container(key="fait-a-l-instant"):
        show(_answer(act))
        pressed = act.undo is not None and st.button("Annuler", key="annuler-l-acte")
    if pressed and act.undo is not None:  # outside: a refusal empties the place where the act is told
        _take_back(context, act.undo)


def _answer(act: DoneAct) -> Html:
    instead = link(act.contrary, act.where) if act.where else act.contrary
    said = join([tag("p", act.said), tag("p", instead, class_="note") if act.contrary else None])
    return answer(said, title=act.title)


def _take_back(context: Context, undo: Undo) -> None:
    if attempted(lambda: undo(context), "Rien n’a été annulé"):
        remember(DoneAct(AS_BEFORE, title="C’est annulé"))
        st.rerun()


def _forget() -> None:
    st.session_state.pop(_DONE, None)
