"""CT3, Pays Salonais: one town, the same workshop, and machines that look for a beneficiary."""

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
    """One experiment: Salon-de-Provence."""
    return [voted_experiment("ct3-pays-salonais")]


@hookimpl
def register_datasets() -> Iterable[Dataset]:
    """Anonymal's datasets, as shared; the same as in its other experiment."""
    return [DATASETS[code] for code in HANDED_IN]


@hookimpl
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The shared figures, and no other."""
    return indicators_for(experiment)


@hookimpl
def build_report(report: Report) -> Iterable[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """Machines first: those that are ready, and who they are for."""
    from ct3_anonymal.report import page

    return page(report)
