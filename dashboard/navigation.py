"""The pages: their French names and addresses, one per experiment read from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlencode

import streamlit as st

from core.deliberation import ASSOCIATIONS
from core.domain import access
from core.domain.access import Action, On
from core.domain.actor import ROLE_WORDS, Actor
from core.domain.experiment import Experiment
from dashboard import boundary
from dashboard.context import Context

EXPERIMENTS = "Expérimentations"
PROGRAMME = "Programme"
FOLLOW_UP = "Suivi"
METROPOLE = "Métropole"
ACCOUNT = "Mon compte"
_PREFIX = "experimentation-"


@dataclass(frozen=True, slots=True)
class View:
    """A page of ours: ``module`` is a module of ``dashboard.views`` with ``draw(context)``.

    ``path`` is its address, empty for the first page; ``section`` the menu that it is under, empty
    for the bar itself; ``action`` what one must be allowed to do to open it. A ``hidden`` page has
    an address and no place in the menu.
    """

    module: str
    title: str
    path: str
    section: str = ""
    action: Action = Action.READ
    hidden: bool = False


VIEWS = (
    View("overview", "Vue d’ensemble", ""),
    View("compare", "Comparer", "comparer"),
    View("my_data", "Mes données", "mes-donnees", action=Action.DEPOSIT),
    View("places", "Par commune et quartier", "lieux", PROGRAMME),
    View("equipment", "Parc de matériel", "materiel", PROGRAMME),
    View("money", "Subventions", "subventions", PROGRAMME),
    View("commitments", "Engagements", "engagements", PROGRAMME),
    View("definitions", "Définitions", "definitions", PROGRAMME),
    View("deadlines", "Échéances", "echeances", FOLLOW_UP),
    View("releve", "Relevé", "releve", hidden=True),
    View("points", "Points à traiter", "points", FOLLOW_UP),
    View("meetings", "Comités", "comites", FOLLOW_UP),
    View("transfers", "Transferts de matériel", "transferts", FOLLOW_UP),
    View("documents", "Documents", "documents", FOLLOW_UP, Action.EXPORT),
    View("accounts", "Comptes", "comptes", METROPOLE, Action.ADMINISTER),
    View("tokens", "Jetons", "jetons", METROPOLE, Action.ADMINISTER),
    View("registers", "Registres", "registres", METROPOLE, Action.STEER),
    View("journal", "Journal", "journal", METROPOLE, Action.AUDIT),
    View("personal_data", "Données personnelles", "donnees-personnelles", hidden=True),
    View("accessibility", "Accessibilité", "accessibilite", hidden=True),
    View("deposit", "Déposer un fichier", "deposer", action=Action.DEPOSIT, hidden=True),
    View("projection", "Projection", "projection", hidden=True),
    View("my_rows", "Corriger mes lignes", "lignes", action=Action.DEPOSIT, hidden=True),
    View("history", "Historique", "historique", action=Action.READ_ROWS, hidden=True),
    View("guide", "Guide", "guide", ACCOUNT),
    View("dictionary", "Dictionnaire des données", "dictionnaire", hidden=True),
    View("figure", "Lignes derrière un chiffre", "chiffre", hidden=True),
    View("plugins", "État des plugins", "etat-des-plugins", METROPOLE, Action.AUDIT),
    View("my_account", "Mon compte", "mon-compte", ACCOUNT),
)


def address(path: str, **choices: str | Iterable[str] | None) -> str:
    """The address of a page with its view state: « /comparer?experience=a&experience=b »."""
    pairs = [
        (name, one)
        for name, value in choices.items()
        if value is not None
        for one in ([value] if isinstance(value, str) else value)
    ]
    return f"/{path}?{urlencode(pairs)}" if pairs else f"/{path}"


def experiment_path(code: str) -> str:
    """The address, without its slash, of an experiment's page."""
    return f"{_PREFIX}{code}"


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
        import_module(f"dashboard.views.{view.module}").draw(context)

    hidden = view.hidden or not access.allowed(visitor, view.action, _at_home(visitor))
    return _guarded(draw, title=view.title, path=view.path, default=not view.path, hidden=hidden)


def _at_home(visitor: Actor | None) -> On:
    """The visitor's own data: a page is open to whom may act there; the page itself asks about others'."""
    return On(visitor.association if visitor else None)


def _experiment_page(experiment: Experiment, context: Context) -> st.Page:
    def draw() -> None:
        access.check(context.visitor, Action.READ)
        import_module("dashboard.views.experiment").draw(context, experiment)

    return _guarded(draw, title=experiment.short_title, path=experiment_path(experiment.code))


def _guarded(
    draw: Callable[[], None], *, title: str, path: str, default: bool = False, hidden: bool = False
) -> st.Page:  # fmt: skip
    def run() -> None:
        boundary.page(draw, title=title)

    visibility = "hidden" if hidden else "visible"
    return st.Page(run, title=title, url_path=path or None, default=default, visibility=visibility)
