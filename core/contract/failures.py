"""A plugin’s failure as data, the one place where its exceptions are caught, and what the registry tells of each."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import pluggy

from core.catalogue import CATALOGUE, lead
from core.contract import hookspecs
from core.contract.hookspecs import PROJECT
from core.contract.walls import Busy, CoreGate, PluginLimits, TooLong, Walls
from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.programme import METROPOLE, Association, Experiment
from core.errors import PluginProblem

logger = logging.getLogger(__name__)
T = TypeVar("T")
_CORE = Path(__file__).resolve().parents[1]
_LIBRARIES = frozenset({"pluggy", "importlib", "pandera", "polars", "sqlalchemy"})


class FailureStage(StrEnum):
    """When a plugin broke: before or while imported, declared, asked, its figures computed, or drawing its page."""

    LOAD = "load"
    REGISTER = "register"
    CONTRIBUTE = "contribute"
    COMPUTE = "compute"
    RUN = "run"


STAGE_WORDS = {
    FailureStage.LOAD: "au chargement",
    FailureStage.REGISTER: "à l’enregistrement",
    FailureStage.CONTRIBUTE: "en donnant ses expérimentations, données ou indicateurs",
    FailureStage.COMPUTE: "en calculant un de ses indicateurs",
    FailureStage.RUN: "en dessinant sa page",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What broke, in whose plugin, and what to do; ``reason`` and ``remedy`` are French sentences.

    ``experiment`` is the page that broke, at stage ``run``, or whose figure ``indicator`` cannot be computed, at
    stage ``compute``.
    """

    plugin: str
    distribution: str
    version: str
    stage: FailureStage
    reason: str
    remedy: str
    experiment: str | None = None
    indicator: str | None = None


class PluginBusy(PluginProblem):
    """What is asked of a plugin is being made for somebody else: no failure of the page or figure that is asked."""


def wall(stage: FailureStage, what: str, call: Callable[[], T]) -> T:
    """The answer of ``call``, code of a plugin; whatever it raises becomes a PluginProblem.

    ``what`` names the code in the message (« register_datasets »). What is no Exception is
    caught too (SystemExit, a panic of polars): a plugin may not stop the service.
    KeyboardInterrupt passes.
    """
    try:
        return call()
    except PluginProblem as problem:
        problem.stage = problem.stage if problem.stage in set(FailureStage) else stage
        raise
    except KeyboardInterrupt:
        raise
    except Busy as error:
        raise PluginBusy(
            f"{what} n’a pas répondu à temps : {error}.",
            stage=stage,
            remedy="Réessayez dans un moment. Si cela dure, prévenez la chefferie de projet : « État des plugins ».",
        ) from error
    except TooLong as error:
        logger.warning("plugin took too long at %s in %s", stage, what)
        raise PluginProblem(
            f"{what} n’a pas répondu à temps : {error}.",
            stage=stage,
            remedy="Demandez à son auteur de l’accélérer, ou donnez-lui plus de temps (FABRIQUE_PLUGIN_SECONDS).",
        ) from error
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


# --- What the registry has learnt so far, while plugins are asked one by one -----------------------


MOST_ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin as installed, whether it stands or not.

    ``experiments``, ``datasets`` and ``indicators`` are the codes that it brought, empty when
    it was refused; ``hooks`` those that it answers. ``contract`` is what its manifest says,
    ``page_contract`` the version that its pages are read with.
    """

    name: str
    distribution: str
    version: str
    title: str = ""
    contract: str = ""
    hooks: tuple[str, ...] = ()
    association: str | None = None
    experiments: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    page_contract: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """What one hook of one plugin took: how many calls, and the slowest of them in seconds."""

    hook: str
    count: int
    slowest: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one plugin brings, checked, and not yet adopted."""

    experiments: tuple[Experiment, ...]
    datasets: tuple[Dataset, ...]
    indicators: dict[str, tuple[Indicator, ...]]

    @property
    def association(self) -> Association:
        """The one association of its experiments."""
        return self.experiments[0].association


@dataclass
class RegistryTables:
    """The tables of the registry; filled at load, then only read (but for ``failures`` and ``calls``)."""

    manager: pluggy.PluginManager
    catalogue: dict[str, Indicator]
    plugins: list[Plugin] = field(default_factory=list)
    experiments: dict[str, Experiment] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, dict[str, Dataset]] = field(default_factory=dict)
    dataset_owners: dict[tuple[str, str], str] = field(default_factory=dict)
    indicators: dict[str, tuple[Indicator, ...]] = field(default_factory=dict)
    failures: dict[tuple[str, FailureStage, str | None, str | None], Failure] = field(default_factory=dict)
    calls: dict[tuple[str, str], Call] = field(default_factory=dict)
    walls: Walls = field(default_factory=Walls)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    gone: dict[str, str] = field(default_factory=dict)
    """What plugins that were withdrawn had brought (experiments, associations, datasets), with whose it was."""

    def record(self, failure: Failure) -> None:
        """Keep a failure; a later one of the same plugin, stage, page and figure replaces it."""
        self.counted[failure.plugin] += 1
        self.failures[failure.plugin, failure.stage, failure.experiment, failure.indicator] = failure

    def associations(self) -> tuple[Association, ...]:
        """Those of the experiments, in the order of the columns."""
        ranked = sorted(self.experiments.values(), key=lambda e: (e.rank, e.code))
        return tuple({e.association.code: e.association for e in ranked}.values())

    def plugins_of(self, association: str) -> tuple[Plugin, ...]:
        """The plugins that stand for one association: they share its tables."""
        return tuple(one for one in self.plugins if one.association == association)

    def adopt(self, plugin: Plugin, brought: Contribution) -> None:
        """Take over everything that a plugin brought."""
        self.plugins.append(plugin)
        self.indicators.update(brought.indicators)
        for one in brought.experiments:
            self.experiments[one.code] = one
            self.owners[one.code] = plugin.name
        mine = self.datasets.setdefault(brought.association.code, {})
        for dataset in brought.datasets:
            mine.setdefault(dataset.code, dataset)
            self.dataset_owners.setdefault((brought.association.code, dataset.code), plugin.name)
        for indicator in chain.from_iterable(brought.indicators.values()):
            self.catalogue.setdefault(indicator.code, indicator)

    def withdraw(self, plugin: Plugin) -> None:
        """Take back everything that a plugin brought, but what another one brought too."""
        for code in plugin.experiments:
            del self.experiments[code], self.owners[code], self.indicators[code]
        others = [one for one in self.plugins if one.name != plugin.name and one.association == plugin.association]
        for code in plugin.datasets:
            holder = next((one.name for one in others if code in one.datasets), None)
            if holder is None:
                del self.datasets[plugin.association or ""][code], self.dataset_owners[plugin.association or "", code]
            else:
                self.dataset_owners[plugin.association or "", code] = holder
        kept = {one.code for answer in self.indicators.values() for one in answer} | CATALOGUE.keys()
        for code in plugin.indicators:
            if code not in kept:
                self.catalogue.pop(code, None)
        mine = (*plugin.experiments, plugin.association or "", *plugin.datasets)
        self.gone |= dict.fromkeys(filter(None, mine), plugin.name)
        bare = replace(plugin, association=None, experiments=(), datasets=(), indicators=())
        self.plugins[self.plugins.index(plugin)] = bare

    def ask(
        self,
        plugin: str,
        hook: str,
        stage: FailureStage,
        *,
        about: str | None = None,
        gate: CoreGate | None = None,
        **arguments: object,
    ) -> tuple[object, ...]:
        """The whole answer of one plugin to one hook, made inside the wall and within its time.

        ``about`` is the experiment whose page is asked: another page of the plugin does not wait for it.

        Raises PluginProblem when the plugin raises, takes too long, or answers what cannot be listed.
        """
        others = [other for name, other in self.manager.list_name_plugin() if name != plugin]
        caller = self.manager.subset_hook_caller(hook, remove_plugins=others)
        began = perf_counter()
        try:
            answer = self.bounded(
                plugin,
                hook,
                stage,
                lambda: tuple(islice(_flat(caller(**arguments)), MOST_ANSWERS + 1)),
                subject=about,
                gate=gate,
            )
        finally:
            self._time(plugin, hook, perf_counter() - began)
        if len(answer) > MOST_ANSWERS:
            raise PluginProblem(
                f"{hook} rend plus de {MOST_ANSWERS} éléments.",
                stage=stage,
                remedy="Vérifiez que la boucle de cette fonction se termine.",
            )
        return answer

    def bounded(
        self,
        plugin: str,
        what: str,
        stage: FailureStage,
        call: Callable[[], T],
        *,
        subject: str | None = None,
        gate: CoreGate | None = None,
        seconds: float | None = None,
    ) -> T:
        """The answer of ``call``, code of ``plugin``, inside the wall and within its time.

        ``subject`` is the page, figure or step that is asked (None: ``what``). Raises PluginProblem, PluginBusy
        when somebody else waits for the same.
        """
        return wall(stage, what, lambda: self.walls.within(plugin, subject or what, call, gate, seconds))

    def _time(self, plugin: str, hook: str, seconds: float) -> None:
        before = self.calls.get((plugin, hook), Call(hook, 0, 0.0))
        self.calls[plugin, hook] = Call(hook, before.count + 1, max(before.slowest, seconds))


def empty_state(limits: PluginLimits | None = None) -> RegistryTables:
    """The state before any plugin: the shared catalogue, and what the project lead holds."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    held = {METROPOLE: {one.code: one for one in lead.DATASETS}}
    return RegistryTables(manager, dict(CATALOGUE), datasets=held, walls=Walls(limits or PluginLimits()))


def _flat(answers: list[Any]) -> Iterator[object]:
    return chain.from_iterable(answers)
