"""CT2, Pays d’Aix: Anonymal's workshop, three towns that it serves, and the buildings of Aix."""

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
    """One experiment: Aix-en-Provence, Pertuis and Gardanne."""
    return [voted_experiment("ct2-pays-d-aix")]


@hookimpl
def register_datasets():
    """Anonymal's datasets, as shared; the same as in its other experiment."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment):
    """The shared figures, and three about the machines that wait or leave."""
    from ct2_anonymal.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report):
    """Machines first: the workshop, the towns, the buildings of Aix."""
    from ct2_anonymal.report import page

    return page(report)
