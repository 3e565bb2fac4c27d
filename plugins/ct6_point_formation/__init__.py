"""CT6, Pays de Martigues: Point Formation, a team of two on the smallest line."""

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
    "materiel",
    "immeubles",
    "raccordements",
    "concertations",
    "diagnostics",
    "communication",
    "acteurs",
    "formations",
    "accompagnements",
    "jalons",
    "depenses_a_date",
    "comptes",
)


@hookimpl
def register_experiments() -> Iterable[Experiment]:
    """One experiment: Martigues and Port-de-Bouc."""
    return [voted_experiment("ct6-pays-de-martigues")]


@hookimpl
def register_datasets() -> Iterable[Dataset]:
    """Point Formation's datasets, as shared."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The shared figures, and no other."""
    return indicators_for(experiment)


@hookimpl
def build_report(report: Report) -> Iterable[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """Few figures, and what is waited for."""
    from ct6_point_formation.report import page

    return page(report)
