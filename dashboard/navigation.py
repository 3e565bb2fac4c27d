"""The menu: every page of ours behind its wall, and who may open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from core.deliberation import ASSOCIATIONS
from core.domain import access
from core.domain.access import ROLE_WORDS, Action, Actor, On
from core.domain.programme import Experiment
from dashboard import boundary
from dashboard.addresses import ACCOUNT, EXPERIMENTS, VIEWS, View, experiment_path
from dashboard.context import Context
from dashboard.views import (
    accessibility,
    accounts,
    commitments,
    compare,
    deadlines,
    definitions,
    deposit,
    dictionary,
    documents,
    equipment,
    figure,
    guide,
    history,
    journal,
    meetings,
    money,
    my_account,
    my_data,
    my_rows,
    needs,
    overview,
    personal_data,
    places,
    plugins,
    points,
    preparing,
    projection,
    reasons,
    reference_tables,
    releve,
    remote_control,
    search,
    tokens,
    transfers,
)
from dashboard.views import experiment as experiment_view

_MODULES = (
    accessibility,
    accounts,
    commitments,
    compare,
    deadlines,
    definitions,
    deposit,
    dictionary,
    documents,
    equipment,
    figure,
    guide,
    history,
    journal,
    meetings,
    money,
    my_account,
    my_data,
    my_rows,
    needs,
    overview,
    personal_data,
    places,
    plugins,
    points,
    preparing,
    projection,
    reasons,
    reference_tables,
    releve,
    remote_control,
    search,
    tokens,
    transfers,
)
DRAWN: Mapping[str, Callable[[Context], None]] = {one.__name__.rpartition(".")[2]: one.draw for one in _MODULES}
"""What draws each page, by the name of its module."""


def pages(context: Context) -> dict[str, list[st.Page]]:
    """The menu of this visitor: the bar, the experiments together, then section by section."""
    found: dict[str, list[st.Page]] = {"": []}
    found[EXPERIMENTS] = [_experiment_page(one, context) for one in context.registry.experiments]
    visitor = context.visitor  # asked once: each question is a select
    for view in VIEWS:
        section = account_title(visitor) if view.section == ACCOUNT else view.section
        found.setdefault(section, []).append(_page(view, context, visitor))
    return {section: listed for section, listed in found.items() if listed}


def account_title(visitor: Actor | None) -> str:
    """Under what the visitor's own pages are: who he or she is here."""
    if visitor is None:
        return ACCOUNT
    name = ASSOCIATIONS[visitor.association].name if visitor.association in ASSOCIATIONS else ""
    word = name or ROLE_WORDS[visitor.role]
    return word[:1].upper() + word[1:]


def _page(view: View, context: Context, visitor: Actor | None) -> st.Page:
    def draw() -> None:
        access.check(visitor, view.action, _at_home(visitor))
        DRAWN[view.module](context)

    hidden = view.hidden or not access.allowed(visitor, view.action, _at_home(visitor))
    return _guarded(draw, title=view.title, path=view.path, default=not view.path, hidden=hidden)


def _at_home(visitor: Actor | None) -> On:
    """The visitor's own data: a page is open to whom may act there; the page itself asks about others'."""
    return On(visitor.association if visitor else None)


def _experiment_page(experiment: Experiment, context: Context) -> st.Page:
    def draw() -> None:
        access.check(context.visitor, Action.READ)
        experiment_view.draw(context, experiment)

    return _guarded(draw, title=experiment.short_title, path=experiment_path(experiment.code))


def _guarded(
    draw: Callable[[], None], *, title: str, path: str, default: bool = False, hidden: bool = False
) -> st.Page:
    def run() -> None:
        boundary.page(draw, title=title)

    visibility: Literal["hidden", "visible"] = "hidden" if hidden else "visible"
    return st.Page(run, title=title, url_path=path or None, default=default, visibility=visibility)
