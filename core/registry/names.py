"""Hooks whose name or arguments are wrong, found before pluggy is told of the plugin."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from core import hookspecs
from core.domain import french
from core.domain.words import nearest
from core.errors import PluginProblem
from core.hookspecs import HOOKS, PROJECT

_MARK = f"{PROJECT}_impl"
_RESEMBLES = 0.85


def hooks_of(plugin: Any) -> tuple[str, ...]:
    """The hooks that ``plugin`` answers, in the order of the contract."""
    marked = {name for name, _ in _marked(plugin)}
    return tuple(name for name in HOOKS if name in marked)


def check_names(plugin: Any) -> None:
    """Raise PluginProblem (stage ``register``) for a misspelt, undecorated or wrongly declared hook."""
    for name, function in _marked(plugin):
        if name not in HOOKS:
            raise _misspelt(name)
        _check_arguments(name, function)
    _check_undecorated(plugin)


def _functions(plugin: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(plugin):
        value = inspect.getattr_static(plugin, name, None)
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        if inspect.isfunction(value):
            yield name, value


def _marked(plugin: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in _functions(plugin):
        options = getattr(function, _MARK, None)
        if isinstance(options, dict):
            yield options.get("specname") or name, function


def _misspelt(name: str) -> PluginProblem:
    near = nearest(name, HOOKS, 0.5)
    advice = f"Renommez-la « {near} »." if near else f"Les fonctions du contrat sont {french.listing(HOOKS)}."
    return _problem(f"@hookimpl marque « {name} », qui n’existe pas dans le contrat.", advice)


def _check_arguments(name: str, function: Callable[..., Any]) -> None:
    asked = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.name not in ("self", "cls")
    ]
    offered = list(inspect.signature(getattr(hookspecs, name)).parameters)
    wrong = [argument for argument in asked if argument not in offered]
    if wrong:
        raise _problem(f"{name} demande « {wrong[0]} », que le contrat ne donne pas.", _arguments(name, offered))


def _arguments(name: str, offered: list[str]) -> str:
    if not offered:
        return f"Écrivez {name}() sans argument."
    return f"Écrivez {name}({', '.join(offered)}) ; l’argument peut aussi être omis."


def _check_undecorated(plugin: Any) -> None:
    answered = hooks_of(plugin)
    for name, function in _functions(plugin):
        if hasattr(function, _MARK) or name.startswith("_") or not _is_own(plugin, function):
            continue
        near = nearest(name, HOOKS, _RESEMBLES)
        if near and near not in answered:
            again = "" if near == name else f" et renommez-la « {near} »"
            raise _problem(
                f"La fonction « {name} » ressemble à « {near} » mais ne porte pas @hookimpl : elle n’est pas appelée.",
                f"Ajoutez @hookimpl au-dessus d’elle{again}.",
            )


def _is_own(plugin: Any, function: Callable[..., Any]) -> bool:
    """Whether the function was written in the plugin, not imported from a library."""
    home = getattr(plugin, "__name__", type(plugin).__module__)
    return (function.__module__ or "").split(".")[0] == home.split(".")[0]


def _problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="register", remedy=remedy)
