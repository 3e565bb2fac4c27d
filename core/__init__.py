"""What a plugin may use of the core: these names, and no others.

``from core import Count, col, hookimpl, voted_experiment``. A name is loaded when it is
first asked for, so that ``import core`` stays light.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "core.axes": "CATALOGUE DATASETS indicators_for",
    "core.axes.columns": (
        "Choice code_commune compte decimal entier experience jour lieu ligne liste mois montant oui_non texte"
    ),
    "core.axes.accompagner.derived": "LISTED",
    "core.axes.connecter.derived": "BUILDINGS",
    "core.deliberation": "voted_experiment",
    "core.domain.dataset": "Column Dataset Reference Rule Upgrade",
    "core.domain.experiment": "Experiment Place",
    "core.domain.indicator": (
        "Computed Constant Count CountDistinct Derived Direction Indicator Median Sum au col days_between"
    ),
    "core.domain.observation": "Cell Missing Observation Progress Standing",
    "core.domain.period": "Period",
    "core.domain.problem": "Severity",
    "core.domain.programme": "Association Citation",
    "core.domain.report": "Callout Chart Heading KeyFigures Prose Report Series Table",
    "core.domain.saying": "covered_until known known_base left rate said share so_far told waited_for written",
    "core.hookspecs": "hookimpl",
}
_WHERE = {name: (module, name) for module, names in _HOMES.items() for name in names.split()}
# The base of a schema is a « Table » at home; here that word is the block of a page.
_WHERE["Schema"] = ("core.axes.columns", "Table")
_WHERE["french"] = ("core.domain.french", "")

__all__ = sorted(_WHERE)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
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
