"""What a plugin may use of the core: these names, and no others.

``from core import Count, col, hookimpl, voted_experiment``. A name is loaded when it is
first asked for, so that ``import core`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

# For type checkers and editors: the same names, each with its type.
if TYPE_CHECKING:
    from core.catalogue import CATALOGUE, DATASETS, indicators_for
    from core.catalogue.accompagner import LISTED
    from core.catalogue.columns import (
        Schema,
        code_commune,
        compte,
        decimal,
        entier,
        experience,
        jour,
        lieu,
        ligne,
        liste,
        mois,
        montant,
        oui_non,
        texte,
    )
    from core.catalogue.connecter import BUILDINGS
    from core.contract.hookspecs import hookimpl
    from core.deliberation import voted_experiment
    from core.domain import french
    from core.domain.calendar import Period
    from core.domain.column_type import Choice
    from core.domain.dataset import Column, Dataset, FormerDataset, Reference, Rule, Severity, Upgrade
    from core.domain.indicator import (
        Computed,
        Constant,
        Count,
        CountDistinct,
        Derived,
        Direction,
        Indicator,
        Median,
        Sum,
        au,
        col,
        days_between,
    )
    from core.domain.observation import Cell, Missing, Observation, Progress, Standing
    from core.domain.plugin_phrases import (
        Figure,
        People,
        Phrase,
        Share,
        Tells,
        as_of,
        counted,
        covered_until,
        known,
        known_base,
        left,
        listed,
        not_yet,
        phrase,
        rate,
        said,
        share,
        so_far,
        told,
        waited_for,
        written,
    )
    from core.domain.programme import Association, Citation, Experiment, Place
    from core.domain.report import Callout, Chart, Heading, KeyFigures, Prose, Report, Series, Table

__all__ = [
    "BUILDINGS",
    "CATALOGUE",
    "DATASETS",
    "LISTED",
    "Association",
    "Callout",
    "Cell",
    "Chart",
    "Choice",
    "Citation",
    "Column",
    "Computed",
    "Constant",
    "Count",
    "CountDistinct",
    "Dataset",
    "Derived",
    "Direction",
    "Experiment",
    "Figure",
    "FormerDataset",
    "Heading",
    "Indicator",
    "KeyFigures",
    "Median",
    "Missing",
    "Observation",
    "People",
    "Period",
    "Phrase",
    "Place",
    "Progress",
    "Prose",
    "Reference",
    "Report",
    "Rule",
    "Schema",
    "Series",
    "Severity",
    "Share",
    "Standing",
    "Sum",
    "Table",
    "Tells",
    "Upgrade",
    "as_of",
    "au",
    "code_commune",
    "col",
    "compte",
    "counted",
    "covered_until",
    "days_between",
    "decimal",
    "entier",
    "experience",
    "french",
    "hookimpl",
    "indicators_for",
    "jour",
    "known",
    "known_base",
    "left",
    "lieu",
    "ligne",
    "liste",
    "listed",
    "mois",
    "montant",
    "not_yet",
    "oui_non",
    "phrase",
    "rate",
    "said",
    "share",
    "so_far",
    "texte",
    "told",
    "voted_experiment",
    "waited_for",
    "written",
]

_HOMES = {
    "core.catalogue": "CATALOGUE DATASETS indicators_for",
    "core.catalogue.columns": (
        "Choice Schema code_commune compte decimal entier experience jour lieu ligne liste mois montant oui_non texte"
    ),
    "core.catalogue.accompagner": "LISTED",
    "core.catalogue.connecter": "BUILDINGS",
    "core.deliberation": "voted_experiment",
    "core.domain.dataset": "Column Dataset FormerDataset Reference Rule Severity Upgrade",
    "core.domain.programme": "Association Citation Experiment Place",
    "core.domain.indicator": (
        "Computed Constant Count CountDistinct Derived Direction Indicator Median Sum au col days_between"
    ),
    "core.domain.observation": "Cell Missing Observation Progress Standing",
    "core.domain.calendar": "Period",
    "core.domain.report": "Callout Chart Heading KeyFigures Prose Report Series Table",
    "core.domain.plugin_phrases": (
        "Figure People Phrase Share Tells as_of counted covered_until known known_base left listed not_yet phrase rate "
        "said share so_far told waited_for written"
    ),
    "core.contract.hookspecs": "hookimpl",
}
_WHERE = {name: (module, name) for module, names in _HOMES.items() for name in names.split()}
_WHERE["french"] = ("core.domain.french", "")


def __getattr__(name: str) -> object:
    """Load a public name from its home; raises AttributeError for any other."""
    if name not in _WHERE:
        raise AttributeError(f"core offers no {name!r} to plugins; see core.__all__")
    module, attribute = _WHERE[name]
    home = importlib.import_module(module)
    value = getattr(home, attribute) if attribute else home
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return list(__all__)
