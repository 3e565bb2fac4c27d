"""CT1, Marseille: IFAC's two quartiers, Frais Vallon and Plan d’Aou, building by building."""

from core import hookimpl, indicators_for, voted_experiment


@hookimpl
def register_experiments():
    """Two experiments of one association, on one subsidy line."""
    return [voted_experiment("ct1-frais-vallon"), voted_experiment("ct1-plan-d-aou")]


@hookimpl
def register_datasets():
    """IFAC's datasets; two of them have a column more than the shared ones."""
    from ct1_ifac.datasets import HANDED_IN

    return HANDED_IN


@hookimpl
def register_indicators(experiment):
    """The shared figures, and the presence of residents at meetings."""
    from ct1_ifac.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report):
    """Buildings and neighbours first; the machines after."""
    from ct1_ifac.report import page

    return page(report)
