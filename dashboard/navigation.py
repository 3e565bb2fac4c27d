"""The menu: every page of ours behind its wall, and who may open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

import dashboard.views.accessibility
import dashboard.views.accounts
import dashboard.views.commitments
import dashboard.views.compare
import dashboard.views.deadlines
import dashboard.views.definitions
import dashboard.views.deposit
import dashboard.views.dictionary
import dashboard.views.documents
import dashboard.views.equipment
import dashboard.views.experiment
import dashboard.views.figure
import dashboard.views.guide
import dashboard.views.history
import dashboard.views.journal
import dashboard.views.meetings
import dashboard.views.money
import dashboard.views.my_account
import dashboard.views.my_data
import dashboard.views.my_rows
import dashboard.views.needs
import dashboard.views.overview
import dashboard.views.personal_data
import dashboard.views.places
import dashboard.views.plugins
import dashboard.views.points
import dashboard.views.preparing
import dashboard.views.projection
import dashboard.views.reasons
import dashboard.views.reference_tables
import dashboard.views.releve
import dashboard.views.remote_control
import dashboard.views.search
import dashboard.views.tokens
import dashboard.views.transfers
from core.deliberation import ASSOCIATIONS
from core.domain import access, french
from core.domain.access import ROLE_WORDS, Action, Actor, On, Role
from core.domain.programme import Experiment
from dashboard import boundary
from dashboard.addresses import ACCOUNT, EXPERIMENTS, VIEWS, View, experiment_path
from dashboard.context import Context

DRAWN: Mapping[str, Callable[[Context], None]] = {
    view.module: getattr(dashboard.views, view.module).draw for view in VIEWS
}
"""What draws each page, by the name of its module, which is imported above."""


def pages(context: Context) -> dict[str, list[st.Page]]:
    """The menu of this visitor: the bar, the experiments together, then section by section."""
    found: dict[str, list[st.Page]] = {"": []}
    found[EXPERIMENTS] = [_experiment_page(one, context) for one in context.registry.experiments]
    visitor = context.visitor  # asked once: each question is a select
    for view in VIEWS:
        found.setdefault(section_of(view, visitor), []).append(_page(view, context, visitor))
    return {section: listed for section, listed in found.items() if listed}


def section_of(view: View, visitor: Actor | None) -> str:
    """The menu that a page is under; what a member of the committee comes for stands in the bar itself."""
    if view.section == ACCOUNT:
        return account_title(visitor)
    return "" if visitor is not None and visitor.role is view.bar_of else view.section


def account_title(visitor: Actor | None) -> str:
    """Under what the visitor's own pages are: who he or she is here."""
    if visitor is None:
        return ACCOUNT
    name = ASSOCIATIONS[visitor.association].name if visitor.association in ASSOCIATIONS else ""
    word = name or ("membre du comité" if visitor.role is Role.COMMITTEE else ROLE_WORDS[visitor.role])
    return french.capital(word)


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
        dashboard.views.experiment.draw(context, experiment)

    return _guarded(draw, title=experiment.short_title, path=experiment_path(experiment.code))


def _guarded(
    draw: Callable[[], None], *, title: str, path: str, default: bool = False, hidden: bool = False
) -> st.Page:
    def run() -> None:
        boundary.page(draw, title=title)

    visibility: Literal["hidden", "visible"] = "hidden" if hidden else "visible"
    return st.Page(run, title=title, url_path=path or None, default=default, visibility=visibility)
