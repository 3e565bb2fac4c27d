"""The contract between the core and a plugin: four hooks, version 2.

A plugin is a package with an entry point in the group ``fabrique.experiments`` and a manifest,
``fabrique.toml``, in its folder. It imports names of ``core.__all__`` and nothing else of the
core. A hook returns small frozen values; the core stores them, computes them and draws them.
A hook may take fewer arguments than its specification. Each docstring below holds a whole
plugin, which the tests run.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.programme import Experiment
from core.domain.report import Block, Report

PROJECT = "fabrique"
GROUP = "fabrique.experiments"
CONTRACT = 2
"""The version of this contract; raised when a hook changes in a way that breaks plugins, or its promise does.

2: the numbers of people of a page are values (``People``, ``Share``, ``Tells``, ``Figure``), never words.
"""
OLDEST = 1
"""The first version still understood. Of a page of contract 1, the words do not leave the restricted screens."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the answer to the hook of the same name."""


@hookspec
def register_experiments() -> Iterable[Experiment]:
    """The experiments that this plugin runs: one at least, all of one association.

    The whole plugin of an experiment that the deliberation voted::

        from core import hookimpl, voted_experiment

        @hookimpl
        def register_experiments():
            return [voted_experiment("ct3-pays-salonais")]

    An experiment that was not voted is declared in full; it is shown with « aucune ligne
    votée » until the project lead records a vote.

    Refused: no experiment at all, a code that another plugin bears, two associations in one
    plugin, an axis other than 1, 2 and 3, the association ``metropole``, an axis that another
    experiment of the association tries at the same place.
    """
    raise NotImplementedError


@hookspec
def register_datasets() -> Iterable[Dataset]:
    """What the association hands in, row by row.

    A whole plugin that takes two shared datasets and adds a column to one of them::

        from dataclasses import replace

        from core import DATASETS, hookimpl, texte, voted_experiment

        class Materiel(DATASETS["materiel"].schema):
            etagere: str = texte("Étagère", optional=True, help="Où la machine est rangée.")

        @hookimpl
        def register_experiments():
            return [voted_experiment("ct3-pays-salonais")]

        @hookimpl
        def register_datasets():
            return [DATASETS["diagnostics"], replace(DATASETS["materiel"], schema=Materiel)]

    Refused: a field without a column kind, a key, place or date that is no column, a
    reference to a dataset that the association does not have, one code twice, a dataset that
    another plugin of the same association declares otherwise, a code that the Métropole holds
    (``versements``, ``cles``…), a shared dataset without all its columns.
    """
    raise NotImplementedError


@hookspec
def register_indicators(experiment: Experiment) -> Iterable[Indicator]:
    """The figures of ``experiment``, asked once for each experiment of the plugin.

    A whole plugin that takes the shared figures and adds one of its own::

        from core import Count, DATASETS, Indicator, col, hookimpl, indicators_for, voted_experiment

        ELSEWHERE = Indicator(
            code="XS1",
            label="Machines venues d’ailleurs",
            definition="Ordinateurs et écrans qui ne viennent pas de la Métropole.",
            numerator=Count(source="materiel", where=col("provenance") == "autre association"),
            unit="machines",
            axes=(1,),
        )

        @hookimpl
        def register_experiments():
            return [voted_experiment("ct3-pays-salonais")]

        @hookimpl
        def register_datasets():
            return [DATASETS["materiel"]]

        @hookimpl
        def register_indicators(experiment):
            return [*indicators_for(experiment), ELSEWHERE]

    Refused: a code that means something else elsewhere, a condition that is not an
    expression over ``col(…)``, a source or a column that does not exist.
    """
    raise NotImplementedError


@hookspec
def build_report(report: Report) -> Iterable[Block]:
    """What is particular to the experiment, as blocks, under the head that the core draws.

    ``report`` gives the experiment, the day and ready figures to ask for. It is called each
    time the page or a document is made, and must stand an experiment that has no data yet.
    A whole plugin::

        from core import Figure, Heading, KeyFigures, Prose, hookimpl, indicators_for, phrase, voted_experiment

        @hookimpl
        def register_experiments():
            return [voted_experiment("ct3-pays-salonais")]

        @hookimpl
        def register_indicators(experiment):
            return indicators_for(experiment)

        @hookimpl
        def build_report(report):
            yield Heading("L’atelier")
            town = report.experiment.places[0].name
            yield Prose(phrase(f"Tout part d’Aix, vers {town} : ", Figure("AC6", "diagnostic"), "."))
            yield KeyFigures(("EQ5a", "EQ7"))

    A number of people or homes is given as a value (``People(3, "famille")``, or a figure by its code), never
    written in a text: the core writes it, and hides it with what would give it back where pages leave the
    restricted screens.

    Refused, for this page only: anything that is not a block, a chart whose series and
    categories differ in length, a figure that is not among the experiment's indicators.
    """
    raise NotImplementedError


HOOKS = ("register_experiments", "register_datasets", "register_indicators", "build_report")
"""The names, in the order in which a plugin is asked."""
