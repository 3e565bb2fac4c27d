"""What the project lead types is stored here: once, whole, with what happened said in French."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.errors import Conflict, FabriqueError, Forbidden
from core.services import submissions
from core.services.reading import sentence
from core.services.submissions import Outcome
from dashboard.components import bullets, callout, join, show, tag
from dashboard.components.forms import Sent
from dashboard.context import Context

_DONE = "registre-dit"
_SEEN = "registre-vu"


def seen(context: Context, key: str) -> int:
    """The revision that the person sees in the form ``key``: the one at which it was first drawn."""
    held = st.session_state.setdefault(_SEEN, {})
    return held.setdefault(key, context.store.latest())


def save(
    context: Context,
    dataset: str,
    rows: Sequence[Mapping[str, Any]] = (),
    *,
    removals: Sequence[str] = (),
    done: str,
    sent: Sent | None = None,
    based_on: int | None = None,
) -> None:
    """Store rows of the Métropole, then draw the page again with ``done`` said on top; or say why not.

    ``sent`` is the form that they come from, whose fields then bear the problems.
    """
    made = attempt(
        lambda: submissions.save_rows(
            context.registry, context.store, METROPOLE, dataset, rows,
            actor=context.actor, at=context.now, removals=removals, based_on=based_on,
        ),
        sent,
    )  # fmt: skip
    if made is not None:
        declared = context.registry.dataset(METROPOLE, dataset)
        warned = [sentence(one, declared) for one in made.warnings]
        finish(done if made.revision else "Rien n’a changé : c’est ce qui était déjà inscrit.", made.revision, warned)


def attempt(act: Callable[[], Outcome], sent: Sent | None = None) -> Outcome | None:
    """What ``act`` gives; None, with the reason on the page, when the service refuses."""
    try:
        return act()
    except Forbidden:
        raise
    except FabriqueError as error:
        if sent is not None and not isinstance(error, Conflict):
            sent.refuse(error)
            return None
        details = bullets(error.details) if isinstance(error, Conflict) and error.details else None
        show(tag("div", callout(join([tag("p", str(error)), details]), tone="attention"), role="alert"))
        return None


def finish(done: str, revision: int | None = None, warned: Sequence[str] = ()) -> None:
    """Draw the page again, its form empty, and say there what was done."""
    st.session_state.pop(_SEEN, None)
    written = f"{french.sentence(done)} Révision {french.number(revision)}." if revision else french.sentence(done)
    st.session_state[_DONE] = (written, tuple(warned))
    # A form draws what was typed as long as its keys stay: the next one starts from what is stored.
    st.session_state["registre-tour"] = turn() + 1
    if "ligne" in st.query_params:
        del st.query_params["ligne"]
    st.rerun()


def turn() -> int:
    """How many times something was stored: part of the keys of the forms."""
    return st.session_state.get("registre-tour", 0)


def tell() -> None:
    """What was just done, once."""
    if (told := st.session_state.pop(_DONE, None)) is not None:
        written, warned = told
        show(tag("div", callout(written, title="C’est enregistré"), role="status"))
        if warned:
            show(callout(bullets(warned), tone="attention"))
