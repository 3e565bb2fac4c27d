"""A plugin's failure as data, and the one place where a plugin's exception is caught."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from core.errors import PluginProblem

logger = logging.getLogger(__name__)
T = TypeVar("T")
_CORE = Path(__file__).resolve().parents[1]
_LIBRARIES = frozenset({"pluggy", "importlib", "pandera", "polars", "sqlalchemy"})


class Stage(StrEnum):
    """When a plugin broke: before or while imported, declared, asked, or drawing its page."""

    LOAD = "load"
    REGISTER = "register"
    CONTRIBUTE = "contribute"
    RUN = "run"


STAGE_WORDS = {
    Stage.LOAD: "au chargement",
    Stage.REGISTER: "à l’enregistrement",
    Stage.CONTRIBUTE: "en donnant ses expérimentations, données ou indicateurs",
    Stage.RUN: "en dessinant sa page",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What broke, in whose plugin, and what to do; ``reason`` and ``remedy`` are French sentences.

    ``experiment`` is the page that broke, at stage ``run`` only.
    """

    plugin: str
    distribution: str
    version: str
    stage: Stage
    reason: str
    remedy: str
    experiment: str | None = None


def wall(stage: Stage, what: str, call: Callable[[], T]) -> T:
    """The answer of ``call``, code of a plugin; whatever it raises becomes a PluginProblem.

    ``what`` names the code in the message (« register_datasets »). What is no Exception is
    caught too (SystemExit, a panic of polars): a plugin may not stop the service.
    KeyboardInterrupt passes.
    """
    try:
        return call()
    except PluginProblem as problem:
        problem.stage = problem.stage if problem.stage in set(Stage) else stage
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        logger.warning("plugin failed at %s in %s", stage, what, exc_info=True)
        raise PluginProblem(_reason(what, error), stage=stage, remedy=_remedy(error)) from error


def _reason(what: str, error: BaseException) -> str:
    return f"{what} : {type(error).__name__} : {_words(error)[:500]}{_where(error)}"


def _words(error: BaseException) -> str:
    """Its own words; an exception of a plugin may even fail to say them."""
    try:
        return str(error).strip() or "sans message"
    except Exception:  # noqa: BLE001 — the plugin's own __str__
        return "sans message"


def _where(error: BaseException) -> str:
    """The last line of the plugin's own code, not of the core or of the import system."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not _is_machinery(f.filename)]
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({Path(error.filename).name}, ligne {error.lineno})"
    return f" ({Path(own[-1].filename).name}, ligne {own[-1].lineno})" if own else ""


def _is_machinery(filename: str) -> bool:
    path = Path(filename)
    return filename.startswith("<") or _CORE in path.parents or bool(_LIBRARIES & set(path.parts))


def _remedy(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"Installez « {error.name} » dans le même environnement, ou demandez à l’auteur de le déclarer."
    return "Transmettez ce message à l’auteur du plugin ; en attendant, le reste fonctionne sans lui."
