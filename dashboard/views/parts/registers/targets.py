"""The targets: a number, a day and a decision for each indicator and experiment, the baseline beside."""

from __future__ import annotations

from typing import Any

from core.domain import french
from dashboard.components import empty, note, section, show, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.matrix import Row, by_cell, matrix, ordered
from dashboard.views.parts.registers.words import decision, experiment, indicators, label, rows


def draw(context: Context) -> None:
    """The matrix, then the form."""
    held = rows(context, "objectifs")
    cells, starts = by_cell(held), by_cell(rows(context, "valeurs_depart"))
    if held:
        grid = matrix(
            context, "Les objectifs, indicateur par indicateur", ordered(context, (row["indicateur"] for row in held)),
            lambda code, who: [*_goals(context, cells.get((code, who), [])), *_starts(starts.get((code, who), []))],
        )  # fmt: skip
        show(section("Ce que le comité a fixé", grid, note("Cliquez un nombre pour le changer ou le retirer.")))
    else:
        show(
            empty(
                "Aucun objectif n’est inscrit",
                "La délibération n’en donne pas : inscrivez ceux que le comité décide. "
                "D’ici là, les chiffres se lisent « sans objectif ».",
            )
        )
    editor = Editor("objectifs", "cet objectif", "Ajouter un objectif", choices={"indicateur": indicators(context)})
    edit(
        context,
        editor,
        held,
        name=lambda row: f"{label(context, row['indicateur'])}, {experiment(context, row['experience'])}",
    )


def _goals(context: Context, found: list[Row]) -> list[Any]:
    return [_goal(context, row) for row in sorted(found, key=lambda row: row["echeance"])]


def _goal(context: Context, row: Row) -> Any:
    about = f"l’objectif de {label(context, row['indicateur'])}, {experiment(context, row['experience'])}"
    number = to_row("objectifs", row["_key"], french.number(row["valeur"], 2), about)
    ceiling = " au plus" if row["sens"] == "baisse" else ""
    when = f"{ceiling} au {french.short_day(row['echeance'])}"
    return tag("span", number, when, tag("span", decision(dict(row)), class_="cell__under"))


def _starts(found: list[Row]) -> list[Any]:
    return [
        tag(
            "span",
            f"départ : {french.number(row['valeur'], 2)} au {french.short_day(row['date'])}",
            class_="cell__under",
        )
        for row in found
    ]
