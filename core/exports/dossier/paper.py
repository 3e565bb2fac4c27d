"""The dossier on paper: one page of synthesis, one page for each experiment, points, decisions, definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from core.domain import french
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.meeting import FOLLOW_MARKS, Point
from core.domain.palette import AXIS_NAMES
from core.exports.dossier import fitting
from core.exports.dossier.drawing import drawn, units
from core.exports.dossier.figure import Figure
from core.exports.dossier.material import Material
from core.exports.dossier.sheets import (
    Fiche,
    MoneyRow,
    amount,
    card_figures,
    fiches_of,
    matrix_of,
    money_row,
    states_of,
)
from core.services.groups import by_axis
from core.services.purse import money_sentence, undivided_sentence
from core.services.snapshots import Decided, Snapshot

MOST_CHANGES = 6
MOST_SENTENCES = 14
DONE = {None: "", **{done: f"{shape} {word}" for done, (shape, word) in FOLLOW_MARKS.items()}}
"""What became of a decision, in words; nothing while nobody said."""


def dossier_pdf(material: Material) -> bytes:
    """The whole dossier as a tagged PDF; raises FabriqueError, in French, when it cannot be made."""
    return fitting.fitted(data_of(material), at=material.at, title=material.title)


def data_of(material: Material) -> dict[str, Any]:
    """What the Typst source draws, all of it text, numbers and lists."""
    snapshot = material.snapshot
    fiches = fiches_of(material)
    return {
        "mark": snapshot.mark,
        "fictitious": snapshot.fictitious,
        "hidden": material.hidden,
        "kicker": material.kicker,
        "made": french.day(snapshot.made_on),
        "sha256": material.sha256 if snapshot.number is not None else "",
        "axes": {str(axis): name for axis, name in AXIS_NAMES.items()},
        "sentence": typeset(snapshot.sentence),
        "before": french.day(material.before),
        "columns": [_column(snapshot, one, fiche) for one, fiche in zip(snapshot.experiments, fiches, strict=False)],
        "matrix": [_group(title, axis, rows) for title, axis, rows in matrix_of(snapshot)],
        "money": _money(snapshot),
        "fiches": [_fiche(one, french.day(material.before)) for one in fiches],
        "points": _points(snapshot),
        "decided": [_decision(one) for one in material.decided],
        "asked": [_asked(one) for one in (material.meeting.points if material.meeting else ())],
        "changes": [one.text for one in material.changes.listed[:MOST_SENTENCES]] if material.changes else [],
        "since": material.earlier.mark if material.earlier else "",
        "definitions": _definitions(snapshot),
    }


def _column(snapshot: Snapshot, experiment: Any, fiche: Fiche) -> dict[str, Any]:
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


def _group(title: str, axis: int | None, rows: list[Any]) -> dict[str, Any]:
    named = [{"label": row.label, "cells": [asdict(cell) if cell else None for cell in row.cells]} for row in rows]
    return {"title": f"Axe {axis} – {title}" if axis else title, "axis": axis or 0, "rows": named}


def _money(snapshot: Snapshot) -> dict[str, Any]:
    ledger = snapshot.ledger
    totals = (
        french.euros(ledger.voted), amount(ledger.paid, ledger.voted), amount(ledger.spent, ledger.voted)
    )  # fmt: skip
    return {
        "sentence": typeset(money_sentence(ledger)),
        "undivided": typeset(undivided_sentence(ledger)),
        "largest": max(state.voted for state in ledger.lines),
        "rows": [_money_row(money_row(state)) for state in ledger.lines],
        "totals": list(totals),
    }


def _money_row(row: MoneyRow) -> dict[str, Any]:
    return {**asdict(row), "words": list(row.words)}


def _fiche(fiche: Fiche, before: str) -> dict[str, Any]:
    plain = {
        name: getattr(fiche, name)
        for name in (
            "code", "title", "short", "kicker", "association", "sentence", "fresh", "late", "convention",
            "kept", "problem",
        )
    }  # fmt: skip
    told = [*_with_something_under(drawn(fiche.blocks, _not_in_head(fiche))), *_changed(fiche, before)]
    return (
        plain
        | fitting.laid_out(units(told))
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
            "stopped": [[typeset(text) for text in one] for one in fiche.stopped],
        }
    )


def _not_in_head(fiche: Fiche) -> dict[str, Figure]:
    """The figures of the plugin’s page that the head of the same sheet does not show already."""
    return {code: figure for code, figure in fiche.shown.items() if figure not in fiche.figures}


def _with_something_under(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blocks without the headings that have lost all their figures to the head of the sheet."""
    for one, after in zip(blocks, [*blocks[1:], None], strict=True):
        if one["kind"] != "heading" or (after is not None and after["kind"] != "heading"):
            yield one


def _changed(fiche: Fiche, before: str) -> list[dict[str, Any]]:
    """What moved since the period before, as one table more; nothing when nothing did."""
    rows = [[one.label, one.before, one.now, one.gap] for one in fiche.changes[:MOST_CHANGES]]
    if not rows:
        return []
    caption = f"Ce qui a changé depuis le {before}"
    headings = ["Indicateur", "Avant", "Maintenant", "Écart"]
    return [{"kind": "table", "caption": caption, "headings": headings, "rows": rows, "note": "", "numeric": [1, 2, 3]}]


def _points(snapshot: Snapshot) -> list[dict[str, Any]]:
    names = {one.code: one.short_title for one in snapshot.experiments}
    return [
        {
            "title": typeset(point.title),
            "experiment": names.get(point.experiment or "", "Programme"),
            "count": french.count(point.count, "ligne"),
            "expected": typeset(point.expected),
            "remedy": typeset(point.remedy),
        }
        for point in snapshot.points
    ]


def _decision(one: Decided) -> list[str]:
    who = ", ".join(part for part in (one.owner, f"pour le {french.day(one.due)}" if one.due else "") if part)
    title = f"{one.title}. {one.text}" if one.text and one.text != one.title else one.title
    done = " : ".join(part for part in (DONE[one.done], one.note) if part)
    return [typeset(text) for text in (title, one.verdict, who, done)]


def _asked(point: Point) -> dict[str, Any]:
    return {
        "title": typeset(point.title),
        "question": typeset(point.question),
        "context": typeset(point.context),
        "options": [typeset(one) for one in point.options],
        "status_quo": typeset(point.status_quo),
    }


def _definitions(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {"title": f"Axe {axis} – {title}" if axis else title, "rows": [_definition(one) for one in found]}
        for axis, title, found in by_axis(snapshot.indicators)
    ]


def _definition(one: Indicator) -> list[str]:
    return [one.label, typeset(one.definition), "Déclaré" if one.declared else "Calculé", f"{one.code}, v{one.version}"]
