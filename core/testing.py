"""For plugin authors: does a plugin keep the contract? The product's own plugins pass the same check.

In a test of the plugin::

    from core.testing import assert_conforms

    def test_the_plugin_keeps_the_contract():
        assert_conforms("my_plugin")        # the name of its entry point
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

import core.storage.schema  # noqa: F401  (how each database writes days_between)
from core.contract import STAGE_WORDS, Failure, Registry
from core.contract.hookspecs import CONTRACT
from core.domain import french
from core.domain.calendar import Period
from core.domain.dataset import Dataset
from core.domain.indicator import Computed, Constant, Indicator
from core.domain.observation import Cell, Missing, Observation, Progress, Standing
from core.domain.plugin_phrases import parts_of
from core.domain.programme import Experiment
from core.domain.report import Block, Callout, Chart, Heading, Prose, Report, Table
from core.errors import PluginProblem

_SOME_DAY = date(2022, 7, 5)
_CROWD = 7_654_321
"""No figure of a page comes near."""


def assert_conforms(plugin: str, registry: Registry | None = None) -> None:
    """Raise AssertionError, listing every complaint, when the installed plugin breaks the contract."""
    found = complaints(registry or Registry.load(), plugin)
    assert not found, "\n".join(found)


def complaints(registry: Registry, plugin: str) -> tuple[str, ...]:
    """What is wrong with the plugin of that name, one French sentence each; empty when it conforms."""
    known = {one.name: one for one in registry.plugins}
    if plugin not in known:
        listed = ", ".join(known) or "aucun"
        return (french.typeset(f"Le plugin « {plugin} » n’est pas installé. Installés : {listed}."),)
    failed = registry.failures_of(plugin)
    if failed:
        return tuple(told(failure) for failure in failed)
    return tuple(french.typeset(one) for one in _complaints(registry, plugin))


def told(failure: Failure) -> str:
    """One failure in one line: where, why, and what to do."""
    return french.typeset(f"{failure.plugin}, {STAGE_WORDS[failure.stage]} : {failure.reason} {failure.remedy}")


def blank_report(experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """What ``build_report`` receives for an experiment that has no data yet."""

    def figure(code: str) -> Cell:
        missing = Observation(code, code, "", experiment.code, missing_because=Missing.NOT_REPORTED)
        return Cell(missing, Standing(Progress.NO_TARGET))

    return Report(
        experiment=experiment,
        today=today,
        until=today,
        period=Period.quarter_of(today),
        figure=figure,
        by_place=lambda _code: (),
        by_month=lambda _code: (),
        by_period=lambda _code: (),
        rows=lambda _dataset: (),
    )


def crowded_report(registry: Registry, experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """A report whose figures are all known, each number of people unlike any other: where they end up can be seen."""
    known = {one.code: one for one in registry.indicators(experiment.code)}
    quarter = Period.quarter_of(today).previous

    def seen(code: str, rank: int, **where: Any) -> Observation:
        number = float(_CROWD + 1009 * (list(known).index(code) * 10 + rank))
        return Observation(
            code,
            code,
            "",
            experiment.code,
            numerator=number,
            denominator=2 * number + 1,
            value=number,
            people=known[code].people,
            **where,
        )

    return replace(
        blank_report(experiment, today),
        figure=lambda code: Cell(seen(code, 0), Standing(Progress.NO_TARGET)),
        by_place=lambda code: [seen(code, at, place=one.code) for at, one in enumerate(experiment.places, 1)],
        by_month=lambda code: [seen(code, at, month=date(today.year, at, 1)) for at in range(1, 5)],
        by_period=lambda code: [seen(code, at, period=one) for at, one in enumerate((quarter.previous, quarter), 1)],
    )


def page_failures(registry: Registry, today: date = _SOME_DAY) -> tuple[Failure, ...]:
    """Draw every page without data and return the failures of the registry, those of pages included."""
    for experiment in registry.experiments:
        try:
            registry.build_report(experiment.code, blank_report(experiment, today))
        except PluginProblem:
            continue  # the registry has recorded it
    return registry.failures


def _complaints(registry: Registry, plugin: str) -> Iterator[str]:
    found = next(one for one in registry.plugins if one.name == plugin)
    for code in found.datasets:
        yield from _of_dataset(registry.dataset(found.association or "", code))
    for code in found.experiments:
        if not registry.indicators(code):
            yield f"L’expérimentation « {code} » n’a aucun indicateur : elle n’aurait rien à comparer."
        for indicator in registry.indicators(code):
            yield from _of_indicator(indicator)
        yield from _of_page(registry, code)


def _of_page(registry: Registry, code: str) -> Iterator[str]:
    try:
        registry.build_report(code, blank_report(registry.experiment(code)))
    except PluginProblem as problem:
        yield f"La page de « {code} » ne se dessine pas sans données : {problem} {problem.remedy}"
        return
    if registry.contract_of(code) >= CONTRACT:
        yield from _of_people(registry, code)


def _of_people(registry: Registry, code: str) -> Iterator[str]:
    """The numbers of people that a page writes itself, instead of giving them as values."""
    asked = crowded_report(registry, registry.experiment(code))
    try:
        blocks = registry.build_report(code, asked)
    except PluginProblem:
        return  # these numbers do not agree with each other, as a page may require
    text = "\n".join(_plain_words(blocks))
    for indicator in registry.indicators(code):
        found = asked.figure(indicator.code).observation
        if found.people and any(french.number(one) in text for one in (found.numerator, found.denominator) if one):
            yield (
                f"La page de « {code} » écrit elle-même le nombre de « {indicator.code} », qui compte des personnes : "
                f'donnez Figure("{indicator.code}", …) ou People(…).'
            )


def _plain_words(blocks: Iterable[Block]) -> Iterator[str]:
    """What a page wrote as text."""
    for block in blocks:
        texts: list[Any] = []
        match block:
            case Heading() | Prose() | Callout():
                texts = [block.text]
            case Chart():
                texts = [block.conclusion, block.alternative, block.unit, *block.categories]
            case Table():
                texts = [block.caption, block.note, *block.headings, *(cell for row in block.rows for cell in row)]
        yield from (part for part in parts_of(*texts) if isinstance(part, str))


def _of_dataset(dataset: Dataset) -> Iterator[str]:
    for column in dataset.columns:
        read = column.kind.read(pl.Series([column.kind.example], dtype=pl.String)).values
        if read.null_count():
            yield f"« {dataset.code}.{column.name} » ne comprend pas son propre exemple « {column.kind.example} »."
        if column.title == column.name:
            yield f"« {dataset.code}.{column.name} » n’a pas de titre à montrer."
    empty = pl.DataFrame(schema={column.name: column.kind.dtype for column in dataset.columns})
    for rule in dataset.rules:
        try:
            empty.select(rule.broken)
        except pl.exceptions.PolarsError as error:
            yield f"La règle « {rule.code} » de « {dataset.code} » ne s’applique pas à ses colonnes : {error}"


def _of_indicator(indicator: Indicator) -> Iterator[str]:
    if not indicator.definition.strip():
        yield f"L’indicateur « {indicator.code} » n’a pas de définition."
    for measure in (indicator.numerator, indicator.denominator):
        if measure is None or isinstance(measure, Computed | Constant):
            continue
        for expression in (measure.where, getattr(measure, "expression", None)):
            if expression is None:
                continue
            for dialect in (sqlite.dialect(), postgresql.dialect()):
                try:
                    expression.compile(dialect=dialect)
                except SQLAlchemyError as error:
                    yield f"« {indicator.code} » ne s’écrit pas pour {dialect.name} : {error}"
