"""The check of a plugin, whole or quick: every rule asked, every finding told, the level reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.contract import STAGE_WORDS, Failure, Plugin, Registry, schema_setup
from core.contract.stamp import module_of, package_of
from core.domain import french
from core.errors import UnknownName
from core.settings import sqlite_url
from core.storage import Store
from core.testing import invariants, pages, people, scratch
from core.testing.alone import try_alone
from core.testing.declared import declared, project
from core.testing.findings import PluginFinding, PluginLevel, PluginVerdict, ranked
from core.testing.scratch import Trial, scratch_store
from core.testing.subject import Subject, sources_of


def check(
    registry: Registry,
    plugin: str,
    *,
    sources: Path | None = None,
    postgres: str | None = None,
    store: str | None = None,
    at: datetime = scratch.AT,
) -> PluginVerdict:
    """Ask every rule of the installed plugin of that name.

    ``sources`` is the folder of its project (None: found by itself), ``postgres`` the address of a PostgreSQL
    where a schema is made and dropped, ``store`` a base of which a copy is opened at the instant ``at``. Raises
    UnknownName.
    """
    found = _plugin(registry, plugin)
    failed = registry.failures_of(plugin)
    if failed or not found.experiments:
        return PluginVerdict(plugin, found.version, tuple(map(_of_failure, failed)))
    subject = _subject(registry, found, sources)
    told = [*try_alone(plugin), *declared(subject), *project(subject), *tried(subject, postgres)]
    told += _followed(plugin, store, at) if store else []
    unasked = (*(() if store else ("store",)), *(() if subject.sources else ("tests", "readme")))
    return PluginVerdict(plugin, found.version, ranked(told), unasked)


def complaints(registry: Registry, plugin: str) -> tuple[str, ...]:
    """What is wrong with a plugin, without a store: one French sentence each; empty when it conforms."""
    try:
        found = _plugin(registry, plugin)
    except UnknownName as error:
        return (str(error),)
    failed = registry.failures_of(plugin)
    if failed:
        return tuple(told(failure) for failure in failed)
    return tuple(one.told for one in ranked(_quick(_subject(registry, found, None))))


def assert_conforms(plugin: str, registry: Registry | None = None) -> None:
    """Raise AssertionError, listing every complaint, when the installed plugin breaks the contract."""
    found = complaints(registry or Registry.load(), plugin)
    assert not found, "\n".join(found)


def assert_level(plugin: str, level: str = "or", registry: Registry | None = None) -> None:
    """Raise AssertionError, listing every finding, unless the whole check of the plugin reaches ``level``."""
    found = check(registry or Registry.load(), plugin)
    reached, wanted = found.level, PluginLevel(level)
    order = list(PluginLevel)
    assert reached is not None and order.index(reached) >= order.index(wanted), "\n".join(
        f"[{one.rule}] {one.told}" for one in found.findings
    )


def told(failure: Failure) -> str:
    """One failure in one line: where, why, and what to do."""
    return french.typeset(f"{failure.plugin}, {STAGE_WORDS[failure.stage]} : {failure.reason} {failure.remedy}")


def _plugin(registry: Registry, name: str) -> Plugin:
    known = {one.name: one for one in registry.plugins}
    if name not in known:
        listed = ", ".join(known) or "aucun"
        raise UnknownName(f"Le plugin « {name} » n’est pas installé. Installés : {listed}.")
    return known[name]


def _subject(registry: Registry, plugin: Plugin, sources: Path | None) -> Subject:
    module = module_of(plugin)
    return Subject(registry, plugin, module, sources or sources_of(plugin, package_of(module)))


def _of_failure(failure: Failure) -> PluginFinding:
    where = failure.experiment or STAGE_WORDS[failure.stage]
    return PluginFinding("page" if failure.experiment else "install", where, failure.reason, failure.remedy)


def _quick(subject: Subject) -> Iterator[PluginFinding]:
    """What the declarations and an empty page tell, of the first level."""
    for one in declared(subject):
        if one.rule not in ("french", "titles", "versions", "blanks"):
            yield one
    for experiment in subject.plugin.experiments:
        blank = pages.blank_report(subject.registry.experiment(experiment))
        yield from (one for one in pages.try_page(subject.registry, "sans données", blank) if one.rule == "page")
        yield from people.try_people(subject.registry, experiment)


def tried(subject: Subject, postgres: str | None) -> Iterator[PluginFinding]:
    """Everything that asks for a store, on SQLite, then the same figures on PostgreSQL."""
    with scratch_store() as store:
        trial = Trial(subject, store)
        before = scratch.figures_of(trial)
        yield from invariants.nothing_from_nothing(trial)
        yield from _pages(trial, "sans données")
        yield from scratch.try_examples(trial)
        yield from _pages(trial, "entamée")
        yield from scratch.try_files(trial)
        yield from scratch.try_refusals(trial)
        yield from scratch.try_figures(trial)
        yield from invariants.what_holds(trial, before)
        yield from _pages(trial, "remplie")
        for experiment in subject.plugin.experiments:
            yield from people.try_small_counts(subject.registry, experiment, trial.monitor.report(experiment))
        yield from _pages(trial, "très longue")
        here = scratch.figures_of(trial)
    for experiment in subject.plugin.experiments:
        yield from pages.try_opening(subject.registry, experiment)
        yield from people.try_people(subject.registry, experiment)
    if postgres:
        yield from _elsewhere(subject, postgres, here)


def _elsewhere(subject: Subject, postgres: str, here: scratch.FigureValues) -> Iterator[PluginFinding]:
    with scratch_store(postgres) as store:
        trial = Trial(subject, store)
        list(scratch.try_examples(trial))
        list(scratch.try_files(trial))
        yield from scratch.try_figures(trial)
        yield from scratch.differing(here, scratch.figures_of(trial))


def _pages(trial: Trial, state: str) -> Iterator[PluginFinding]:
    for experiment in trial.subject.plugin.experiments:
        report = trial.monitor.report(experiment)
        asked = pages.huge(report) if state == "très longue" else report
        yield from pages.try_page(trial.subject.registry, state, asked)


def _followed(plugin: str, url: str, at: datetime) -> list[PluginFinding]:
    """Whether a copy of a base follows what the plugin declares; the base itself is only read."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copie.zip"
        with Store.open(url) as store:
            store.backup(copy)
        there = sqlite_url(Path(folder) / "copie.sqlite3")
        Store.restore(there, copy)
        registry = Registry.load()
        with Store.open(there) as store:
            schema_setup.prepare(registry, store, at=at)
    return [
        PluginFinding("store", "la base donnée", failure.reason, failure.remedy)
        for failure in registry.failures_of(plugin)
    ]
