"""The dossier on paper: synthesis, charts, and the blocks of a plugin, as the plain data that its source reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.committee import FIGURE_CHANGES, KnownDecision, Snapshot
from core.deliberation import AXIS_NAMES
from core.domain import french
from core.domain.figure_text import value_text
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.meeting import FOLLOW_MARKS, AgendaPoint
from core.domain.palette import LIGHT
from core.domain.plugin_phrases import plain
from core.domain.programme import Experiment
from core.domain.report import Block, Callout, Chart, Heading, KeyFigures, Prose, Series, Table, plain_values
from core.exports.dossier import Material
from core.exports.dossier_layout import fitted, laid_out
from core.exports.dossier_sheets import (
    DossierFigure,
    Fiche,
    MoneyRow,
    amount,
    asked_of,
    card_figures,
    fiches_of,
    matrix_of,
    money_row,
    spent_words,
    states_of,
)
from core.figures.park import park_of
from core.figures.sentences import by_axis
from core.money.fairness import undivided_sentence
from core.money.ledger import advance_sentence, money_sentence

# --- The blocks of a plugin's page as plain data that a sheet of paper or a slide draws: same numbers, same words ---


def drawn(blocks: Sequence[Block], figures: Mapping[str, DossierFigure]) -> list[dict[str, object]]:
    """Each block as data; those whose figures are not known say nothing."""
    return [found for block in blocks if (found := _drawn(block, figures)) is not None]


def units(blocks: Sequence[dict[str, object]]) -> list[list[dict[str, object]]]:
    """The blocks that may not be parted: a heading stays with what follows it."""
    return list(_units(blocks))


def colour_of(series: Series, rank: int) -> str:
    """The colour of a series, by its role, as on screen."""
    named = {"main": LIGHT.series[rank % 10], "muted": LIGHT.muted, "target": LIGHT.ink}
    return named.get(series.role) or str(getattr(LIGHT, series.role, LIGHT.series[rank % 10]))


def top_of(chart: Chart) -> float:
    """The largest value that the scale has to hold, the one to reach included."""
    if chart.kind == "stacked":
        every = [plain_values(series) for series in chart.series]
        sums = (sum(values[at] or 0 for values in every) for at in range(len(chart.categories)))
        largest = max(sums, default=0)
    else:
        largest = max((value or 0 for series in chart.series for value in plain_values(series)), default=0)
    return max(largest, chart.reference[1] if chart.reference else 0) or 1


def _drawn(block: Block, figures: Mapping[str, DossierFigure]) -> dict[str, object] | None:
    match block:
        case Heading():
            return {"kind": "heading", "text": typeset(block.text)}
        case Prose():
            return {"kind": "prose", "text": typeset(plain(block.text))}
        case Callout():
            return {"kind": "callout", "text": typeset(plain(block.text)), "tone": block.tone}
        case KeyFigures():
            found = [asdict(figures[code]) for code in block.codes if code in figures]
            return {"kind": "figures", "figures": found} if found else None
        case Table():
            return _table(block)
        case Chart():
            return _chart(block)


def _table(block: Table) -> dict[str, object]:
    return {
        "kind": "table",
        "caption": typeset(block.caption),
        "headings": [typeset(one) for one in block.headings],
        "rows": [[typeset(plain(one)) for one in row] for row in block.rows],
        "note": typeset(block.note),
        "numeric": list(block.numeric),
    }


def _chart(block: Chart) -> dict[str, object]:
    return {
        "kind": "chart",
        "drawing": block.kind,
        "categories": [typeset(one) for one in block.categories],
        "series": [_series(block, one, rank) for rank, one in enumerate(block.series)],
        "conclusion": typeset(plain(block.conclusion)),
        "alternative": typeset(plain(block.alternative)),
        "unit": typeset(block.unit),
        "source": typeset(block.source),
        "reference": {"name": typeset(block.reference[0]), "value": block.reference[1]} if block.reference else None,
        "top": top_of(block),
    }


def _series(chart: Chart, series: Series, rank: int) -> dict[str, object]:
    return {
        "name": typeset(series.name),
        "values": list(series.values),
        "texts": [typeset(text) for text in _texts(chart, series)],
        "colour": colour_of(series, rank),
    }


def _texts(chart: Chart, series: Series) -> Iterator[str]:
    """The values in words; those that are hidden, by what stands in their place."""
    said = series.said or ("",) * len(series.values)
    for value, instead in zip(plain_values(series), said, strict=True):
        yield instead or value_text(value, chart.unit)


def _units(blocks: Sequence[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    waiting: list[dict[str, Any]] = []
    for block in blocks:
        waiting.append(block)
        if block["kind"] != "heading":
            yield waiting
            waiting = []
    if waiting:
        yield waiting


# --- The dossier on paper: one page of synthesis, one page for each experiment, points, decisions, definitions ----


MOST_CHANGES, MOST_MOVED = 6, 40
DONE: dict[bool | None, str] = {None: ""}
DONE.update((done, f"{shape} {word}") for done, (shape, word) in FOLLOW_MARKS.items())
"""What became of a decision, in words; nothing while nobody said."""


def dossier_pdf(material: Material) -> bytes:
    """The whole dossier as a tagged PDF; raises FabriqueError, in French, when it cannot be made."""
    return fitted(data_of(material), at=material.at, title=material.title)


def data_of(material: Material) -> dict[str, object]:
    """What the Typst source draws, all of it text, numbers and lists."""
    snapshot = material.snapshot
    fiches = fiches_of(material)
    return {
        "mark": snapshot.mark,
        "fictitious": snapshot.fictitious,
        "hidden": material.foot,
        "kicker": material.kicker,
        "made": french.day(snapshot.made_on),
        "sha256": material.sha256 if snapshot.number is not None else "",
        "axes": {str(axis): name for axis, name in AXIS_NAMES.items()},
        "sentence": typeset(snapshot.sentence),
        "columns": [_column(snapshot, one, fiche) for one, fiche in zip(snapshot.experiments, fiches, strict=False)],
        "matrix": [_group(title, axis, rows) for title, axis, rows in matrix_of(snapshot)],
        "voted": [_group(title, axis, rows) for title, axis, rows in asked_of(snapshot)],
        "money": _money(snapshot),
        "park": _chart(machines.chart) if (machines := park_of(snapshot.cells)) else None,
        "fiches": [_fiche(one, material.counted) for one in fiches],
        "points": _points(snapshot),
        "decided": [_decision(one) for one in material.decided],
        "asked": [_asked(one) for one in (material.meeting.points if material.meeting else ())],
        "changes": _moved(material),
        "counted": material.counted,
        "since": material.earlier.mark if material.earlier else "",
        "definitions": _definitions(snapshot),
    }


def _column(snapshot: Snapshot, experiment: Experiment, fiche: Fiche) -> dict[str, object]:
    return {
        "name": experiment.short_title,
        "territory": experiment.territory,
        "association": experiment.association.name,
        "places": [[name, list(axes)] for name, axes in fiche.places],
        "states": [asdict(one) for one in states_of(snapshot, experiment)],
        "figures": [asdict(one) for one in card_figures(snapshot, experiment)],
        "fresh": fiche.fresh,
        "late": fiche.late,
    }


def _group(title: str, axis: int | None, rows: list[Any]) -> dict[str, object]:
    named = [{"label": row.label, "cells": [asdict(cell) if cell else None for cell in row.cells]} for row in rows]
    return {"title": f"Axe {axis} – {title}" if axis else title, "axis": axis or 0, "rows": named}


def _money(snapshot: Snapshot) -> dict[str, object]:
    ledger = snapshot.ledger
    totals = (french.euros(ledger.voted), amount(ledger.paid, ledger.voted), spent_words(ledger.lines))
    return {
        "sentence": typeset(money_sentence(ledger)),
        "undivided": typeset(undivided_sentence(ledger)),
        "advanced": typeset(advance_sentence(ledger)),
        "largest": max(state.voted for state in ledger.lines),
        "rows": [_money_row(money_row(state)) for state in ledger.lines],
        "totals": list(totals),
    }


def _money_row(row: MoneyRow) -> dict[str, object]:
    return {**asdict(row), "words": list(row.words)}


def _fiche(fiche: Fiche, counted: str) -> dict[str, object]:
    plain = {
        name: getattr(fiche, name)
        for name in (
            "code",
            "title",
            "short",
            "kicker",
            "association",
            "sentence",
            "fresh",
            "late",
            "convention",
            "kept",
            "problem",
        )
    }
    told = [*_with_something_under(drawn(fiche.blocks, _not_in_head(fiche))), *_changed(fiche, counted)]
    return (
        plain
        | laid_out(units(told))
        | {
            "places": [[name, list(axes)] for name, axes in fiche.places],
            "states": [asdict(one) for one in fiche.states],
            "figures": [asdict(one) for one in fiche.figures],
            "money": [_money_row(one) for one in fiche.money],
            "shares": [typeset(one) for one in fiche.shares],
            "promises": [asdict(one) for one in fiche.promises],
            "tasks": [asdict(one) for one in fiche.tasks],
            "quote": asdict(fiche.quote) if fiche.quote else None,
            "treat": [list(one) for one in fiche.treat],
            "stopped": [[typeset(text) for text in one] for one in (*fiche.stopped, *_told(fiche.delays))],
        }
    )


def _told(delays: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"▼ {title}", said) for title, said in delays)  # the sheet ends it with a full stop


def _not_in_head(fiche: Fiche) -> dict[str, DossierFigure]:
    """The figures of the plugin’s page that the head of the same sheet does not show already."""
    return {code: figure for code, figure in fiche.shown.items() if figure not in fiche.figures}


def _with_something_under(blocks: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The blocks without the headings that have lost all their figures to the head of the sheet."""
    for one, after in zip(blocks, [*blocks[1:], None], strict=True):
        if one["kind"] != "heading" or (after is not None and after["kind"] != "heading"):
            yield one


def _changed(fiche: Fiche, counted: str) -> list[dict[str, object]]:
    """What moved since the figures before, as one table more; nothing when nothing did."""
    rows = [[one.label, one.before, one.now, one.gap] for one in fiche.changes[:MOST_CHANGES]]
    if not rows:
        return []
    caption = f"Ce qui a changé {counted}"
    headings = ["Indicateur", "Avant", "Maintenant", "Écart"]
    return [{"kind": "table", "caption": caption, "headings": headings, "rows": rows, "note": "", "numeric": [1, 2, 3]}]


def _moved(material: Material) -> list[str]:
    """What changed since the committee before; of the figures, those that moved most, and how many more there are."""
    listed = material.changes.listed if material.changes else ()
    figures = [one for one in listed if one.kind in FIGURE_CHANGES]
    more = figures[MOST_MOVED:]
    told = [one.text for one in listed if one not in more]
    return (
        [*told, f"et {french.count(len(more), 'autre chiffre', 'autres chiffres')}, à lire à l’écran."]
        if more
        else told
    )


def _points(snapshot: Snapshot) -> list[dict[str, object]]:
    names = {one.code: one.short_title for one in snapshot.experiments}
    return [
        {
            "title": typeset(point.title),
            "experiment": names.get(point.experiment or "", "Programme"),
            "count": point.rows,
            "expected": typeset(point.expected),
            "remedy": typeset(point.remedy),
        }
        for point in snapshot.points
    ]


def _decision(one: KnownDecision) -> list[str]:
    who = ", ".join(part for part in (one.owner, f"pour le {french.day(one.due)}" if one.due else "") if part)
    title = f"{one.title}. {one.text}" if one.text and one.text != one.title else one.title
    done = " : ".join(part for part in (DONE[one.done], one.note) if part)
    return [typeset(text) for text in (title, one.verdict, who, done)]


def _asked(point: AgendaPoint) -> dict[str, object]:
    return {
        "title": typeset(point.title),
        "question": typeset(point.question),
        "context": typeset(point.context),
        "options": [typeset(one) for one in point.options],
        "status_quo": typeset(point.status_quo),
    }


def _definitions(snapshot: Snapshot) -> list[dict[str, object]]:
    return [
        {"title": f"Axe {axis} – {title}" if axis else title, "rows": [_definition(one) for one in found]}
        for axis, title, found in by_axis(snapshot.indicators)
    ]


def _definition(one: Indicator) -> list[str]:
    return [one.label, typeset(one.definition), "Déclaré" if one.declared else "Calculé", f"{one.code}, v{one.version}"]
