"""The page of an experiment: drawn empty, begun, filled and huge; its words, its charts; the reports made for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any

from core.contract import Failure, Registry
from core.disclosure import Audience, hidden_numbers, page_text
from core.domain import french
from core.domain.calendar import Period
from core.domain.dataset import RowDict
from core.domain.observation import Cell, Missing, Observation, Progress, Standing
from core.domain.plugin_phrases import parts_of
from core.domain.programme import Experiment
from core.domain.report import Block, Callout, Chart, Heading, Prose, Report, Table
from core.errors import PluginProblem
from core.exports.description import DatasetDescription
from core.testing.declared import well_set
from core.testing.findings import PluginFinding
from core.testing.rows import example_row

BUDGET = 3.0
"""Seconds of the processor that a page may take, whatever the number of rows; the walls wait ten by the clock."""
HUGE = 5_000
"""Rows of one table from which a page is « huge »."""
SMALLEST = 5


def try_page(registry: Registry, state: str, report: Report) -> Iterator[PluginFinding]:
    """Draw the page of one report, for who sees all and for who may not see small numbers."""
    code = report.experiment.code
    where = f"la page de « {code} », {state}"
    began = process_time()
    try:
        blocks = registry.build_report(code, report)
    except PluginProblem as problem:
        yield PluginFinding("page", where, str(problem), problem.remedy)
        return
    spent = process_time() - began
    if spent > BUDGET:
        yield PluginFinding(
            "time",
            where,
            f"elle demande {french.number(spent, 1)} s de calcul ; il en faut moins de {french.number(BUDGET)}.",
            "Demandez des chiffres (report.figure, by_place…) au lieu de parcourir les lignes.",
        )
    shown = page_text(blocks, Audience(report.figure))
    page_text(blocks, Audience(report.figure, hidden_numbers(blocks, SMALLEST), SMALLEST))
    yield from _words(where, shown)
    for block in shown:
        if isinstance(block, Chart):
            yield from _chart(where, block)
        elif isinstance(block, Table):
            yield from _table(where, block)


def huge(report: Report) -> Report:
    """The same report with as many rows as a long life brings."""

    def many(read: Any) -> Any:
        def rows(source: Any) -> Sequence[RowDict]:
            found = list(read(source))
            return (found * (HUGE // len(found) + 1))[:HUGE] if found else found

        return rows

    return replace(report, rows=many(report.rows), of_derived=many(report.of_derived))


def try_opening(registry: Registry, code: str) -> Iterator[PluginFinding]:
    """What the page says when nothing was handed in: a sentence or a callout, and no chart."""
    try:
        blocks = registry.build_report(code, blank_report(registry.experiment(code)))
    except PluginProblem:
        return  # told under « page »
    where = f"la page de « {code} », sans données"
    if blocks and not any(isinstance(block, Callout) for block in blocks):
        yield PluginFinding(
            "opening",
            where,
            "rien n’y dit quoi faire d’abord.",
            "Rendez un Callout : quel tableau déposer, pour voir quoi.",
        )
    if any(isinstance(block, Chart) for block in blocks):
        yield PluginFinding(
            "opening", where, "elle montre un graphique vide.", "Ne rendez le graphique qu’avec des données."
        )


# --- Words, charts and tables --------------------------------------------------------------------------


def _words(where: str, blocks: Iterable[Block]) -> Iterator[PluginFinding]:
    for text in plain_words(blocks):
        if not well_set(text):
            yield PluginFinding("french", where, f"« {text} » a une apostrophe droite.", "Écrivez ’.")


def _chart(where: str, chart: Chart) -> Iterator[PluginFinding]:
    conclusion, alternative = str(chart.conclusion), str(chart.alternative)
    named = f"{where}, « {conclusion} »"
    # Along time a sentence says more than twelve numbers; what is compared is named, one by one.
    compared = chart.categories if chart.kind in ("bars", "stacked") else ()
    unsaid = [name for name in compared if name not in alternative]
    if len(alternative) < len(conclusion) / 2 or (unsaid and len(compared) <= 12):
        missing = f" : il manque {french.listing(f'« {name} »' for name in unsaid)}" if unsaid else ""
        yield PluginFinding(
            "accessible",
            named,
            f"son texte de remplacement ne dit pas ce que montre le dessin{missing}.",
            "Employez told(…).",
        )
    for name, value in (("unit", chart.unit), ("source", chart.source)):
        if not value.strip():
            yield PluginFinding("accessible", named, f"il n’a pas de « {name} ».", f'Donnez-lui {name}="…".')


def _table(where: str, table: Table) -> Iterator[PluginFinding]:
    if not table.caption.strip() or not all(heading.strip() for heading in table.headings):
        yield PluginFinding(
            "accessible",
            f"{where}, « {table.caption} »",
            "un titre du tableau est vide.",
            "Donnez un titre à chaque colonne.",
        )


def plain_words(blocks: Iterable[Block]) -> Iterator[str]:
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


# --- Reports as a plugin receives them, made without a store: one that knows nothing, one full of known numbers --


_SOME_DAY = date(2022, 7, 5)
_SOME_ROWS = 3
_CROWD = 7_654_321
"""No figure of a page comes near."""


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


def filled_report(registry: Registry, experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """A report whose figures are known, and whose tables each hold the example of their template, a few times."""
    mine = {one.code: one for one in registry.datasets(experiment.association.code)}

    def rows(dataset: str) -> list[RowDict]:
        if dataset not in mine:
            return []
        example = example_row(DatasetDescription.of(registry, experiment.association.code, dataset))
        return [dict(example) for _ in range(_SOME_ROWS)]

    return replace(crowded_report(registry, experiment, today), rows=rows)


def page_failures(registry: Registry, today: date = _SOME_DAY) -> tuple[Failure, ...]:
    """Draw every page without data and return the failures of the registry, those of pages included."""
    for experiment in registry.experiments:
        try:
            registry.build_report(experiment.code, blank_report(experiment, today))
        except PluginProblem:
            continue  # the registry has recorded it
    return registry.failures
