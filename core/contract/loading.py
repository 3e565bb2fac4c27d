"""Plugins found, ordered and asked, one by one, each behind its wall."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions
from importlib.metadata import distribution as distribution_named
from typing import Any, TypeVar

import pluggy
import polars as pl
from sqlalchemy.sql import FromClause

from core.catalogue import DATASETS as SHARED
from core.contract.checks import check_experiments, check_names, hooks_of, table_of, table_of_core
from core.contract.datasets import (
    Clash,
    check_agreement,
    check_datasets,
    check_declared,
    check_manifest,
    takes_over,
)
from core.contract.failures import Contribution, Failure, FailureStage, Plugin, RegistryTables, wall
from core.contract.hookspecs import CONTRACT, GROUP, OLDEST
from core.contract.indicators import CORE_TABLES, check_indicators
from core.contract.manifest import Manifest, read_manifest
from core.contract.product import CONTRACTS_ENDING, installed_version
from core.contract.walls import TooLong
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.programme import METROPOLE
from core.errors import PluginProblem

OWN_DISTRIBUTION = "fabrique-inclusive"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry point not yet loaded: its name, where it comes from, how to load it.

    ``entry_point`` is None, and ``problem`` says why, when the distribution's own list of
    entry points cannot be read.
    """

    name: str
    distribution: str
    version: str
    entry_point: EntryPoint | None
    problem: PluginProblem | None = None


def installed() -> tuple[Candidate, ...]:
    """Every entry point of the group ``fabrique.experiments`` in this environment.

    Distributions are asked one by one: one whose metadata are broken, even a stranger to
    this product, would otherwise hide all the others.
    """
    found: dict[str, Distribution] = {}
    for one in distributions():
        if GROUP in _told(one):  # a name is read from a whole file of words: of ours alone, not of all hundred
            name = one.name or ""
            found.setdefault(name.lower().replace("_", "-"), _first_named(name, one))
    return _in_order(one for distribution in found.values() for one in _of(distribution))


def _told(distribution: Distribution) -> str:
    """Its list of entry points, as text."""
    return distribution.read_text("entry_points.txt") or ""


def _first_named(name: str, found: Distribution) -> Distribution:
    """The distribution that Python sees under that name: the first on its path."""
    try:
        return distribution_named(name)
    except (PackageNotFoundError, ValueError):
        return found


def candidates(found: Iterable[EntryPoint]) -> tuple[Candidate, ...]:
    """Given entry points, in the order in which they are asked."""
    return _in_order(_candidate(entry) for entry in found)


def _in_order(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The product's own first, then the others by name.

    Of two plugins that claim one code, a stranger so never takes the place of what is voted.
    """
    return tuple(sorted(found, key=lambda c: (c.distribution != OWN_DISTRIBUTION, c.name, c.distribution)))


def _of(distribution: Distribution) -> Iterator[Candidate]:
    if GROUP not in _told(distribution):
        return
    try:
        listed = wall(
            FailureStage.LOAD, "entry_points.txt", lambda: tuple(distribution.entry_points.select(group=GROUP))
        )
    except PluginProblem as problem:
        name = distribution.name or "inconnue"
        yield Candidate(name, name, distribution.version or "", None, problem)
        return
    yield from (_candidate(entry) for entry in listed)


def _candidate(entry: EntryPoint) -> Candidate:
    if entry.dist is None:
        return Candidate(entry.name, "inconnue", "", entry)
    return Candidate(entry.name, entry.dist.name, entry.dist.version or "", entry)


# --- One plugin, from its entry point to what it brings; every step inside the wall ----------------


T = TypeVar("T")


def admit(candidate: Candidate, state: RegistryTables, *, strict: bool) -> None:
    """Load, register and ask one plugin; adopt what it brings, or record why not.

    Raises PluginProblem only when ``strict``.
    """
    try:
        plugin, brought = _met(candidate, state)
    except PluginProblem as problem:
        _refuse(candidate, state, problem)
        if strict:
            raise
    else:
        state.adopt(plugin, brought)


def _met(candidate: Candidate, state: RegistryTables) -> tuple[Plugin, Contribution]:
    entry = candidate.entry_point
    if entry is None:
        raise candidate.problem or PluginProblem("Le plugin est illisible.", stage=FailureStage.LOAD)
    manifest = wall(FailureStage.LOAD, "fabrique.toml", lambda: read_manifest(entry.module))
    state.titles[candidate.name, candidate.distribution] = manifest.title
    contract = _contract(manifest)
    _check_product(manifest)
    module = state.bounded(candidate.name, f"import {entry.module}", FailureStage.LOAD, entry.load)
    _register(candidate, module, state)
    brought = _contribution(candidate.name, manifest, state)
    return replace(_portrait(candidate, manifest, module, brought), page_contract=contract), brought


def _contract(manifest: Manifest) -> int:
    """The version that its pages are read with."""
    found = manifest.newest(OLDEST, CONTRACT)
    if found is None:
        raise PluginProblem(
            f"Le plugin est écrit pour le contrat {manifest.contract_text} ; "
            f"Fabrique comprend les contrats {OLDEST} à {CONTRACT}.",
            stage=FailureStage.LOAD,
            remedy=f"Installez une version du plugin faite pour le contrat {CONTRACT}, ou mettez Fabrique à jour.",
        )
    return found


def _check_product(manifest: Manifest) -> None:
    here = installed_version()
    if not manifest.suits(here):
        raise PluginProblem(
            f"Le plugin est écrit pour Fabrique {manifest.product_text} ; celle-ci est la version {here}.",
            stage=FailureStage.LOAD,
            remedy="Installez une version du plugin faite pour celle-ci, ou la version de Fabrique qu’il attend.",
        )


def _register(candidate: Candidate, module: object, state: RegistryTables) -> None:
    names = [name for name, _ in state.manager.list_name_plugin()]
    if candidate.name in names or state.manager.is_registered(module):
        raise PluginProblem(
            f"Un autre plugin s’appelle déjà « {candidate.name} » ou charge déjà le même module.",
            stage=FailureStage.REGISTER,
            remedy="Donnez au point d’entrée un nom et un module à lui.",
        )
    wall(FailureStage.REGISTER, candidate.name, lambda: check_names(module))
    wall(FailureStage.REGISTER, candidate.name, lambda: state.manager.register(module, name=candidate.name))
    wall(FailureStage.REGISTER, candidate.name, state.manager.check_pending)


def _contribution(name: str, manifest: Manifest, state: RegistryTables) -> Contribution:
    def ask(hook: str, **arguments: Any) -> tuple[object, ...]:
        return state.ask(name, hook, FailureStage.CONTRIBUTE, **arguments)

    found = ask("register_experiments")
    experiments = _checked("register_experiments", check_experiments, found, state.owners, state.experiments.values())
    datasets = _datasets(name, manifest, state, experiments[0].association.code, ask("register_datasets"))
    known = _Sources(state, experiments[0].association.code, datasets)
    indicators: dict[str, tuple[Indicator, ...]] = {}
    catalogue = dict(state.catalogue)
    for experiment in experiments:
        answer = ask("register_indicators", experiment=experiment)
        kept = _checked("register_indicators", check_indicators, answer, catalogue, known)
        indicators[experiment.code] = kept
        catalogue |= {one.code: one for one in kept}
    return Contribution(experiments, datasets, indicators)


def _datasets(
    name: str, manifest: Manifest, state: RegistryTables, association: str, answer: tuple[object, ...]
) -> tuple[Dataset, ...]:
    hook = "register_datasets"
    _checked(hook, check_declared, answer)
    _checked(hook, _withdraw_who_takes, answer, name, state, association)
    present = state.datasets.get(association, {})
    owners = {code: owner for (who, code), owner in state.dataset_owners.items() if who == association}
    datasets = _checked(hook, check_datasets, answer, present)
    _checked(hook, check_manifest, datasets, manifest.schemas)
    _checked(hook, check_agreement, datasets, present, owners, name)
    return tuple(_in_their_time(name, one, state) for one in datasets)


def _withdraw_who_takes(answer: tuple[Dataset, ...], name: str, state: RegistryTables, association: str) -> None:
    """A plugin that came first and would take the table of a dataset of this one goes: order gives no right to rows.

    Raises PluginProblem when this one would take it just the same: then both go.
    """
    wrong: list[PluginProblem] = []
    for one in answer:
        for held in list(state.datasets.get(association, {}).values()):
            problem = takes_over(held, one)
            if problem is not None:
                wrong.extend(filter(None, (takes_over(one, held),)))
                _withdraw(held.code, name, state, association, problem)
    if wrong:
        raise wrong[0]


def _withdraw(dataset: str, but: str, state: RegistryTables, association: str, problem: PluginProblem) -> None:
    """Take out every plugin that declares a dataset, but the one that is being asked."""
    for plugin in state.plugins_of(association):
        if dataset in plugin.datasets and plugin.name != but:
            state.withdraw(plugin)
            state.record(failure_of(plugin, problem))


# --- The steps of an upgrade are code of the plugin too: within their time, which follows the rows -------


Step = Callable[[pl.DataFrame], pl.DataFrame]


def _in_their_time(plugin: str, dataset: Dataset, state: RegistryTables) -> Dataset:
    """The same dataset, whose own steps answer in their time: those of a shared dataset are the core’s."""
    shared = SHARED[dataset.code].upgrades if dataset.code in SHARED else ()
    upgrades = tuple(
        one if one in shared else replace(one, apply=_timed(plugin, dataset.code, one.name, one.apply, state))
        for one in dataset.upgrades
    )
    former = dataset.former
    if former is not None and former.apply is not None:
        former = replace(former, apply=_timed(plugin, dataset.code, former.name, former.apply, state))
    if (upgrades, former) == (dataset.upgrades, dataset.former):
        return dataset
    return replace(dataset, upgrades=upgrades, former=former)


def _timed(plugin: str, dataset: str, step: str, apply: Step, state: RegistryTables) -> Step:
    subject = f"{dataset} : {step}"
    given_up: list[PluginProblem] = []

    def applied(rows: pl.DataFrame) -> pl.DataFrame:
        if given_up and state.walls.suspended(plugin, subject):
            raise given_up[-1]  # what took too long is not waited for twice
        seconds = state.walls.limits.over_rows(rows.height)
        try:
            return state.bounded(
                plugin, dataset, FailureStage.CONTRIBUTE, lambda: apply(rows), subject=subject, seconds=seconds
            )
        except PluginProblem as problem:
            if isinstance(problem.__cause__, TooLong):
                state.walls.leave_alone(plugin, subject)
                given_up.append(problem)
            raise

    return applied


def _checked(hook: str, check: Callable[..., T], *arguments: object) -> T:
    """A check of an answer, inside the wall too: what a plugin made may raise when it is looked at."""
    return wall(FailureStage.CONTRIBUTE, hook, lambda: check(*arguments))


class _Sources:
    """What the indicators of a plugin may read: its datasets first, then the others', then the core's."""

    def __init__(self, state: RegistryTables, association: str, brought: Iterable[Dataset]) -> None:
        others = {code: one for held in state.datasets.values() for code, one in held.items()}
        own = {**state.datasets.get(association, {}), **{one.code: one for one in brought}}
        self._datasets = {**SHARED, **others, **state.datasets[METROPOLE], **own}
        self.codes = frozenset({*self._datasets, *CORE_TABLES})

    def columns(self, source: str) -> frozenset[str]:
        """The columns of a dataset or of a table of the core."""
        if source in CORE_TABLES:
            return CORE_TABLES[source]
        return frozenset(self._datasets[source].by_name)

    def table(self, source: str) -> FromClause:
        """An empty table with those columns."""
        if source in CORE_TABLES:
            return table_of_core(source, CORE_TABLES[source])
        return table_of(self._datasets[source])


def _portrait(candidate: Candidate, manifest: Manifest, module: object, brought: Contribution) -> Plugin:
    own = {one.code for answer in brought.indicators.values() for one in answer}
    return Plugin(
        name=candidate.name,
        distribution=candidate.distribution,
        version=candidate.version,
        title=manifest.title,
        contract=manifest.contract_text,
        hooks=hooks_of(module),
        association=brought.association.code,
        experiments=tuple(one.code for one in brought.experiments),
        datasets=tuple(one.code for one in brought.datasets),
        indicators=tuple(sorted(own)),
    )


def _refuse(candidate: Candidate, state: RegistryTables, problem: PluginProblem) -> None:
    _forget(candidate, state.manager)
    title = state.titles.get((candidate.name, candidate.distribution), "")
    state.plugins.append(Plugin(candidate.name, candidate.distribution, candidate.version, title))
    state.record(failure_of(state.plugins[-1], problem))
    if isinstance(problem, Clash):
        first = next(one for one in state.plugins if one.name == problem.other)
        told = Clash(
            f"« {problem.dataset} » est déclaré autrement par le plugin « {candidate.name} » de la même association, "
            "qui a été refusé ; le vôtre reste en place.",
            other=candidate.name,
            dataset=problem.dataset,
            remedy=problem.remedy,
        )
        state.record(failure_of(first, told))


def failure_of(plugin: Plugin, problem: PluginProblem, experiment: str | None = None) -> Failure:
    """The failure, as data, of a plugin that raised ``problem``."""
    return Failure(
        plugin=plugin.name,
        distribution=plugin.distribution,
        version=plugin.version,
        stage=FailureStage(problem.stage),
        reason=french.typeset(str(problem)),
        remedy=french.typeset(problem.remedy),
        experiment=experiment,
    )


def _forget(candidate: Candidate, manager: pluggy.PluginManager) -> None:
    """Take a refused plugin out of pluggy, unless the name is that of another one that stands."""
    held = manager.get_plugin(candidate.name)
    own = candidate.entry_point.module if candidate.entry_point else None
    if held is not None and getattr(held, "__name__", None) == own:
        manager.unregister(name=candidate.name)


# --- What would make a plugin that stands better: said to its author, never a failure --------------


def advice(plugin: Plugin) -> tuple[str, ...]:
    """One French sentence each; a plugin that keeps its contract may have some."""
    ending = CONTRACTS_ENDING.get(plugin.page_contract)
    if not plugin.experiments or ending is None:
        return ()
    return (
        french.typeset(
            f"Cette extension est écrite pour le contrat {plugin.page_contract} : elle n’indique pas quels nombres de "
            "ses pages comptent des personnes, et leur texte n’est pas repris dans les documents. "
            f"{ending.what} ne sera plus compris à partir de la version {ending.removed_in} de Fabrique. "
            f"{ending.instead}"
        ),
    )
