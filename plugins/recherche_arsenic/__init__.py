"""Recherche-action: ARSENIC, and the people who learn to help, over the whole Métropole."""

from collections.abc import Iterable

from core import (
    DATASETS,
    Callout,
    Chart,
    Dataset,
    Experiment,
    Heading,
    Indicator,
    KeyFigures,
    Prose,
    Report,
    Table,
    hookimpl,
    indicators_for,
    voted_experiment,
)

HANDED_IN = (
    "acteurs",
    "formations",
    "accompagnements",
    "diagnostics",
    "communication",
    "appuis",
    "immeubles",
    "raccordements",
    "concertations",
    "jalons",
    "depenses_a_date",
    "comptes",
)
"""Buildings, agreements and meetings are refused row by row until the project lead grants a place."""


@hookimpl
def register_experiments() -> Iterable[Experiment]:
    """One experiment, at every commune."""
    return [voted_experiment("recherche-action")]


@hookimpl
def register_datasets() -> Iterable[Dataset]:
    """ARSENIC's datasets, as shared; it holds no machine."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The shared figures, and the communes that the mapping reaches."""
    from recherche_arsenic.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report: Report) -> Iterable[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """People who learn to help: sessions, length, actors, communes."""
    from recherche_arsenic.report import page

    return page(report)
