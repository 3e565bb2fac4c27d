"""The pages: their French names and addresses, one per experiment read from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlencode

import streamlit as st

from core.domain.experiment import Experiment
from dashboard import boundary
from dashboard.context import Context

EXPERIMENTS = "Expérimentations"
_PREFIX = "experimentation-"


@dataclass(frozen=True, slots=True)
class View:
    """A page of ours: ``module`` is a module of ``dashboard.views`` with ``draw(context)``.

    ``path`` is its address, empty for the first page; a ``hidden`` page has an address and no
    place in the menu.
    """

    module: str
    title: str
    path: str
    hidden: bool = False


VIEWS = (
    View("overview", "Vue d’ensemble", ""),
    View("compare", "Comparer", "comparer"),
    View("places", "Par commune et quartier", "lieux"),
    View("equipment", "Parc de matériel", "materiel"),
    View("money", "Subventions", "subventions"),
    View("commitments", "Engagements", "engagements"),
    View("definitions", "Définitions", "definitions"),
    View("dictionary", "Dictionnaire des données", "dictionnaire", hidden=True),
    View("figure", "Lignes derrière un chiffre", "chiffre", hidden=True),
    View("plugins", "État des plugins", "etat-des-plugins", hidden=True),
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
    """The menu: our views in order, then the experiments together."""
    ours = [_page(view, context) for view in VIEWS]
    each = [_experiment_page(found, context) for found in context.registry.experiments]
    return {"": ours, EXPERIMENTS: each}


def _page(view: View, context: Context) -> st.Page:
    def draw() -> None:
        import_module(f"dashboard.views.{view.module}").draw(context)

    return _guarded(draw, title=view.title, path=view.path, default=not view.path, hidden=view.hidden)


def _experiment_page(experiment: Experiment, context: Context) -> st.Page:
    def draw() -> None:
        import_module("dashboard.views.experiment").draw(context, experiment)

    return _guarded(draw, title=experiment.short_title, path=experiment_path(experiment.code))


def _guarded(
    draw: Callable[[], None], *, title: str, path: str, default: bool = False, hidden: bool = False
) -> st.Page:  # fmt: skip
    def run() -> None:
        boundary.page(draw, title=title)

    visibility = "hidden" if hidden else "visible"
    return st.Page(run, title=title, url_path=path or None, default=default, visibility=visibility)
