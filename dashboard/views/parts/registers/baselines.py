"""The baselines: where each figure stood before the start."""

from __future__ import annotations

from typing import Any

from core.domain import french
from dashboard.components import empty, section, show, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.matrix import Row, by_cell, matrix, ordered
from dashboard.views.parts.registers.words import experiment, indicators, label, rows


def draw(context: Context) -> None:
    """The matrix, then the form."""
    held = rows(context, "valeurs_depart")
    cells = by_cell(held)
    if held:
        grid = matrix(
            context, "Les valeurs de départ", ordered(context, (row["indicateur"] for row in held)),
            lambda code, who: [_start(context, row) for row in cells.get((code, who), [])],
        )  # fmt: skip
        show(section("D’où l’on part", grid))
    else:
        show(
            empty(
                "Aucune valeur de départ n’est inscrite",
                "Sans elle, un chiffre dit où l’on en est, mais pas le chemin parcouru.",
            )
        )
    choices = {"indicateur": indicators(context)}
    editor = Editor("valeurs_depart", "cette valeur de départ", "Ajouter une valeur de départ", choices=choices)
    edit(context, editor, held, name=lambda row: _name(context, row))


def _name(context: Context, row: Row) -> str:
    return f"{label(context, row['indicateur'])}, {experiment(context, row['experience'])}"


def _start(context: Context, row: Row) -> Any:
    number = to_row("valeurs_depart", row["_key"], french.number(row["valeur"], 2), _name(context, row))
    source = tag("span", row["source"], class_="cell__under") if row["source"] else None
    return tag("span", number, f" au {french.day(row['date'])}", source)
