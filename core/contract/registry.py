"""The experiments, datasets and indicators that stand, and what became of each plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint
from types import MappingProxyType
from typing import Self, TypeVar

from core.catalogue import CATALOGUE
from core.contract.checks import check_blocks, mark_as_own
from core.contract.failures import (
    Call,
    Failure,
    FailureStage,
    Plugin,
    PluginBusy,
    RegistryTables,
    empty_state,
    wall,
)
from core.contract.loading import admit, candidates, failure_of, installed
from core.contract.walls import CoreGate, PluginLimits, Suspension
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.french import nearest
from core.domain.indicator import Indicator
from core.domain.memory import TypedMemory
from core.domain.programme import METROPOLE, Association, Experiment
from core.domain.report import Block, Report
from core.errors import PluginProblem, UnknownName

ONLY_READ = "n’est plus déclaré par aucune extension en service. Ses lignes se lisent et s’exportent, sans changer."
"""What is said to whoever would write in rows that outlive their plugin."""
THE_LEAD = Association(METROPOLE, "Métropole Aix-Marseille-Provence")


T = TypeVar("T")
Named = TypeVar("Named")
"""What bears a code: an experiment, a dataset, an indicator…"""


class Registry:
    """What the plugins brought, asked once at load; a failure costs its own plugin only.

    Read-only afterwards, but for the failures of pages, which come and go as pages are drawn.
    """

    def __init__(self, state: RegistryTables, *, strict: bool = False) -> None:
        self._state = state
        self._strict = strict
        self.memory = TypedMemory()
        """What its readers prepare from it, by kind: it goes when the registry does."""
        self._kept: dict[tuple[str, str], tuple[Association, Dataset]] = {}

    @classmethod
    def load(
        cls,
        entry_points: Iterable[EntryPoint] | None = None,
        *,
        strict: bool = False,
        limits: PluginLimits | None = None,
    ) -> Self:
        """Load and ask every plugin, one by one.

        ``entry_points`` None means those installed; tests give their own. With ``strict``
        the first failure is raised as PluginProblem instead of being kept as data. ``limits``
        says how long each answer may take, and how often a page may break.
        """
        state = empty_state(limits)
        for candidate in installed() if entry_points is None else candidates(entry_points):
            admit(candidate, state, strict=strict)
        mark_as_own(state)
        return cls(state, strict=strict)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """Every experiment that stands, in the order of the columns."""
        return tuple(sorted(self._state.experiments.values(), key=lambda e: (e.rank, e.code)))

    def experiment(self, code: str) -> Experiment:
        """The experiment ``code``; raises UnknownName with the nearest right name."""
        return self._named("Expérimentation", code, self._state.experiments)

    @property
    def associations(self) -> tuple[Association, ...]:
        """The associations of the experiments, in the order of the columns; not the Métropole."""
        return self._state.associations()

    def association(self, code: str) -> Association:
        """The association ``code``, ``metropole`` included, and those of which only rows are left.

        Raises UnknownName.
        """
        known = {one.code: one for one in (*self.kept_associations, *self.associations, THE_LEAD)}
        return self._named("Association", code, known)

    def datasets(self, association: str) -> tuple[Dataset, ...]:
        """What ``association`` hands in; ``metropole``: what the project lead holds. Raises UnknownName."""
        self.association(association)
        return tuple(self._state.datasets.get(association, {}).values())

    def dataset(self, association: str, code: str) -> Dataset:
        """One dataset that ``association`` hands in; raises UnknownName with the nearest right name."""
        name = self.association(association).name
        if (association, code) in self._kept:
            raise UnknownName(f"{name} : « {code} » {ONLY_READ}{self._broken(code)}")
        return self._named(f"{name} : jeu de données", code, self._state.datasets.get(association, {}))

    def keep(self, found: Iterable[tuple[Association, Dataset]]) -> None:
        """Know the datasets whose rows the store holds and that no plugin declares any more: they are only read."""
        self._kept = {(owner.code, dataset.code): (owner, dataset) for owner, dataset in found}

    @property
    def kept_associations(self) -> tuple[Association, ...]:
        """The associations whose rows are left and that no plugin brings any more."""
        living = {one.code for one in (*self.associations, THE_LEAD)}
        return tuple({one.code: one for one, _ in self._kept.values() if one.code not in living}.values())

    def kept(self, association: str) -> tuple[Dataset, ...]:
        """The datasets of ``association`` that no plugin declares any more, as they were declared last."""
        return tuple(dataset for owner, dataset in self._kept.values() if owner.code == association)

    def readable(self, association: str, code: str) -> Dataset:
        """One dataset of ``association`` to read, whether something declares it still or not; raises UnknownName."""
        found = self._kept.get((association, code))
        return self.dataset(association, code) if found is None else found[1]

    def indicators(self, experiment: str) -> tuple[Indicator, ...]:
        """The figures of one experiment, in its plugin's order; raises UnknownName."""
        return self._state.indicators.get(self.experiment(experiment).code, ())

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        """Every indicator by code: the shared ones and those of the plugins that stand."""
        return MappingProxyType(self._state.catalogue)

    def indicator(self, code: str) -> Indicator:
        """One indicator of the catalogue; raises UnknownName with the nearest right code."""
        return _named("Indicateur", code, self._state.catalogue)

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Every plugin found, those that were refused included, in the order asked."""
        return tuple(self._state.plugins)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What broke, at load and since."""
        return tuple(self._state.failures.values())

    def failures_of(self, plugin: str) -> tuple[Failure, ...]:
        """What broke in one plugin."""
        return tuple(one for one in self.failures if one.plugin == plugin)

    def failed_times(self, plugin: str) -> int:
        """How many times something failed in one plugin since it was loaded, what has healed since included."""
        return self._state.counted[plugin]

    def plugins_of(self, association: str) -> tuple[Plugin, ...]:
        """The plugins that stand for one association: they share its tables."""
        return self._state.plugins_of(association)

    def calls_of(self, plugin: str) -> tuple[Call, ...]:
        """What the hooks of one plugin took since the service started, the slowest first."""
        mine = [call for (name, _hook), call in self._state.calls.items() if name == plugin]
        return tuple(sorted(mine, key=lambda call: -call.slowest))

    def plugin_of(self, experiment: str) -> Plugin:
        """The plugin that runs ``experiment``; raises UnknownName."""
        owner = self._state.owners[self.experiment(experiment).code]
        return next(one for one in self._state.plugins if one.name == owner and experiment in one.experiments)

    def contract_of(self, experiment: str) -> int:
        """The version of the contract that its page is written for; raises UnknownName."""
        return self.plugin_of(experiment).page_contract

    def withdraw(self, plugin: str, problem: PluginProblem) -> None:
        """Take a plugin out because of ``problem``, found after it was loaded; it is recorded.

        Raises ``problem`` in strict mode.
        """
        found = next(one for one in self._state.plugins if one.name == plugin)
        self._state.withdraw(found)
        self._state.record(failure_of(found, problem))
        if self._strict:
            raise problem

    def build_report(self, experiment: str, report: Report) -> tuple[Block, ...]:
        """The blocks of one experiment's page, checked; empty when its plugin draws nothing.

        Raises PluginProblem (stage ``run``) when the plugin breaks; the failure is recorded,
        and forgotten once the page is drawn again.
        """
        plugin = self.plugin_of(experiment)
        self._refuse_while_suspended(plugin.name, experiment, FailureStage.RUN)
        codes = [one.code for one in self.indicators(experiment)]
        gate = CoreGate()
        try:
            found = self._state.ask(
                plugin.name,
                "build_report",
                FailureStage.RUN,
                about=experiment,
                gate=gate,
                report=_through(gate, report),
            )
            blocks = wall(FailureStage.RUN, "build_report", lambda: check_blocks(found, codes))
        except PluginBusy:
            raise  # somebody else asked first: it is for that answer to fail or not
        except PluginProblem as problem:
            self._state.walls.failed(plugin.name, experiment)
            self._state.record(failure_of(plugin, problem, experiment))
            raise
        self._state.walls.succeeded(plugin.name, experiment)
        self._state.failures.pop((plugin.name, FailureStage.RUN, experiment, None), None)
        return blocks

    def compute(self, indicator: str, call: Callable[[], T]) -> T:
        """What the function of a computed figure gives, inside the wall; a plugin's own has its time to answer.

        Raises PluginProblem when it raises, takes too long, or is left alone after failing too often.
        """
        owner = self._owner_of_indicator(indicator)
        if owner is None:
            return wall(FailureStage.COMPUTE, indicator, call)
        self._refuse_while_suspended(owner.name, indicator, FailureStage.COMPUTE)
        try:
            found = self._state.bounded(owner.name, indicator, FailureStage.COMPUTE, call)
        except PluginBusy:
            raise
        except PluginProblem:
            self._state.walls.failed(owner.name, indicator)
            raise
        self._state.walls.succeeded(owner.name, indicator)
        return found

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        """The pages and figures that are left alone now, after failing too often in a row."""
        return self._state.walls.suspensions()

    def resume(self, plugin: str) -> None:
        """Ask a plugin again at once, whatever it did."""
        self._state.walls.resume(plugin)

    def _refuse_while_suspended(self, plugin: str, subject: str, stage: FailureStage) -> None:
        found = self._state.walls.suspended(plugin, subject)
        if found is None:
            return
        last = next((one.reason for one in self.failures_of(plugin) if subject in (one.experiment, one.indicator)), "")
        raise PluginProblem(
            f"« {subject} » est suspendu après {found.failures} échecs de suite. Le dernier : {last}",
            stage=stage,
            remedy=f"Il sera essayé de nouveau dans {french.count(max(1, round(found.seconds / 60)), 'minute')} ; la "
            "chefferie de projet peut le reprendre tout de suite, à « État des plugins ».",
        )

    def indicator_failed(self, indicator: str, experiment: str | None, reason: str) -> None:
        """Record that a figure cannot be computed, when it is a plugin's own: it is the plugin's failure."""
        owner = self._owner_of_indicator(indicator)
        if owner is not None and self._state.walls.suspended(owner.name, indicator) is None:
            problem = PluginProblem(
                f"« {indicator} » ne se calcule pas. {reason}",
                stage=FailureStage.COMPUTE,
                remedy="Corrigez sa condition ou son expression ; les autres chiffres restent justes.",
            )
            self._state.record(replace(failure_of(owner, problem, experiment), indicator=indicator))

    def indicator_computed(self, indicator: str, experiment: str | None) -> None:
        """Forget that this figure could not be computed."""
        for key, one in list(self._state.failures.items()):
            if (one.stage, one.indicator, one.experiment) == (FailureStage.COMPUTE, indicator, experiment):
                self._state.failures.pop(key, None)

    def _named(self, what: str, code: str, known: Mapping[str, Named]) -> Named:
        try:
            return _named(what, code, known)
        except UnknownName as error:
            raise UnknownName(f"{error}{french.typeset(self._broken(code))}") from None

    def _broken(self, code: str) -> str:
        """Whose ``code`` was, when a plugin that broke had brought it; else which plugins are out, if any."""
        if code in self._state.gone:
            return (
                f" Il vient de l’extension « {self._state.gone[code]} », en panne : « fabrique plugins » dit pourquoi."
            )
        out = [f"« {one.name} »" for one in self.plugins if not one.experiments]
        return f" Sans {french.listing(out)}, en panne : « fabrique plugins » dit pourquoi." if out else ""

    def _owner_of_indicator(self, code: str) -> Plugin | None:
        """The plugin that brought a figure; None for those of the shared catalogue."""
        if code in CATALOGUE:
            return None
        return next((one for one in self._state.plugins if code in one.indicators), None)


def _through(gate: CoreGate, report: Report) -> Report:
    """The same report, each question of which passes the gate: it is a call into the core."""
    return replace(
        report,
        figure=gate.guard(report.figure),
        by_place=gate.guard(report.by_place),
        by_month=gate.guard(report.by_month),
        by_period=gate.guard(report.by_period),
        rows=gate.guard(report.rows),
        of_derived=gate.guard(report.of_derived),
    )


def _named(what: str, code: str, known: Mapping[str, Named]) -> Named:
    if code in known:
        return known[code]
    near = nearest(code.strip().lower(), known, 0.4)
    hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(sorted(known)) or '(rien)'}."
    raise UnknownName(f"{what} « {code} » : ce nom n’existe pas. {hint}")
