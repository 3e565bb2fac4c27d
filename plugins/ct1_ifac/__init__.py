"""CT1, Marseille: IFAC's two quartiers, Frais Vallon and Plan d’Aou, building by building."""

from collections.abc import Iterable

from core import (
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


@hookimpl
def register_experiments() -> Iterable[Experiment]:
    """Two experiments of one association, on one subsidy line."""
    return [voted_experiment("ct1-frais-vallon"), voted_experiment("ct1-plan-d-aou")]


@hookimpl
def register_datasets() -> Iterable[Dataset]:
    """IFAC's datasets; two of them have a column more than the shared ones."""
    from ct1_ifac.datasets import HANDED_IN

    return HANDED_IN


@hookimpl
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The shared figures, and the neighbours who bring residents to meetings."""
    from ct1_ifac.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report: Report) -> Iterable[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """Buildings and neighbours first; the machines after."""
    from ct1_ifac.report import page

    return page(report)
