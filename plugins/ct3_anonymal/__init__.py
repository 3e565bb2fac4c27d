"""CT3, Pays Salonais: one town, the same workshop, and machines that look for a beneficiary."""

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
    """One experiment: Salon-de-Provence."""
    return [voted_experiment("ct3-pays-salonais")]


@hookimpl
def register_datasets():
    """Anonymal's datasets, as shared; the same as in its other experiment."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment):
    """The shared figures, and three about the machines that wait or leave."""
    from ct3_anonymal.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report):
    """Machines first: those that are ready, and who they are for."""
    from ct3_anonymal.report import page

    return page(report)
