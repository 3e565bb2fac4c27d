"""Istres, Miramas, Fos-sur-Mer: drop-in sessions, and how long people wait for them."""

from collections.abc import Iterable

from core import (
    Association,
    Callout,
    Chart,
    Dataset,
    Experiment,
    Heading,
    Indicator,
    KeyFigures,
    Place,
    Prose,
    Report,
    Table,
    hookimpl,
    indicators_for,
)


@hookimpl
def register_experiments() -> Iterable[Experiment]:
    """Three communes, each with axes of its own."""
    places = (
        Place("13047", "Istres", axes=(2, 3), insee="13047"),
        Place("13063", "Miramas", axes=(3,), insee="13063"),
        Place("13039", "Fos-sur-Mer", axes=(2,), insee="13039"),
    )
    relay = Association("relais-numerique", "Relais numérique")
    return [Experiment("ct5-istres", "Istres, Miramas et Fos-sur-Mer", "Istres", relay, places, rank=70)]


@hookimpl
def register_datasets() -> Iterable[Dataset]:
    """Its own sessions, and two shared datasets."""
    from ct5_istres.datasets import HANDED_IN

    return HANDED_IN


@hookimpl
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The shared figures, and three of its own."""
    from ct5_istres.indicators import OWN

    return [*indicators_for(experiment), *OWN]


@hookimpl
def build_report(report: Report) -> Iterable[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """Sessions, autonomy, waiting."""
    from ct5_istres.report import page

    return page(report)
