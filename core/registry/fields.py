"""Fields of a plugin's values that have another type than declared: Python would only trip on them much later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.deliberation import AXES
from core.errors import PluginProblem

_WORDS = {str: "un texte", int: "un nombre entier", bool: "True ou False"}
AXES_REMEDY = "Les axes sont 1 (Équiper), 2 (Connecter) et 3 (Accompagner)."


def check_types(what: str, one: Any, types: Mapping[str, type]) -> None:
    """Raise PluginProblem unless each field of ``one`` is of its type; a bool is no number."""
    for name, wanted in types.items():
        value = getattr(one, name)
        if type(value) is not wanted and (wanted is not str or not isinstance(value, str)):
            raise problem(f"{what} : « {name} » vaut {value!r}.", f"Donnez-lui {_WORDS[wanted]}.")


def check_filled(what: str, one: Any, *names: str) -> None:
    """Raise PluginProblem unless each of these fields is a text that says something."""
    for name in names:
        value = getattr(one, name)
        if not isinstance(value, str) or not value.strip():
            raise problem(f"{what} : « {name} » vaut {value!r}.", "Donnez-lui un texte, qui sera montré.")


def check_axes(what: str, axes: Any) -> None:
    """Raise PluginProblem unless ``axes`` is a tuple of the programme's axes."""
    if not isinstance(axes, tuple):
        raise problem(f"{what} : axes vaut {axes!r}, et non un tuple.", f"{AXES_REMEDY} Écrivez axes=(1,).")
    if unknown := [axis for axis in axes if axis not in AXES]:
        raise problem(f"{what} : axes inconnus {unknown}.", AXES_REMEDY)


def check_choice(what: str, value: Any, choices: Iterable[str]) -> None:
    """Raise PluginProblem unless ``value`` is among ``choices``."""
    if value not in (known := tuple(choices)):
        raise problem(f"{what} vaut « {value} ».", f"Choisissez parmi : {', '.join(known)}.")


def problem(reason: str, remedy: str) -> PluginProblem:
    """A value that a plugin brought and that cannot be taken."""
    return PluginProblem(reason, stage="contribute", remedy=remedy)
