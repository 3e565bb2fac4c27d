"""CT6, Pays de Martigues: Point Formation, a team of two on the smallest line."""

from core import DATASETS, hookimpl, indicators_for, voted_experiment

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
def register_experiments():
    """One experiment: Martigues and Port-de-Bouc."""
    return [voted_experiment("ct6-pays-de-martigues")]


@hookimpl
def register_datasets():
    """Point Formation's datasets, as shared."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment):
    """The shared figures, and the machines that are there but not handed over."""
    from ct6_point_formation.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report):
    """Few figures, and what is waited for."""
    from ct6_point_formation.report import page

    return page(report)
