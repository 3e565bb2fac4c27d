"""When each of the six experiments starts and ends: what the share of time elapsed is computed from."""

from __future__ import annotations

from typing import Any

from core.domain import french
from core.domain.observation import Missing
from dashboard.components import mark, note, section, show, table
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.words import experiment, rows


def draw(context: Context) -> None:
    """Six rows, filled or not, then the form."""
    held = {row["experience"]: row for row in rows(context, "dates_experimentations")}
    body = [_row(context, one.code, one.short_title, held.get(one.code)) for one in context.registry.experiments]
    headings = ["Expérimentation", "Début", "Fin", "Temps écoulé", "Changer"]
    told = "Tant que les dates manquent, « en avance » et « en retard » ne peuvent pas être dits."
    show(section("Les six expérimentations", table("Dates", headings, body, hide_caption=True), note(told)))
    editor = Editor("dates_experimentations", "ces dates", "Renseigner les dates d’une expérimentation")
    edit(context, editor, held.values(), name=lambda row: experiment(context, row["experience"]))


def _row(context: Context, code: str, title: str, row: dict[str, Any] | None) -> list[Any]:
    if row is None:
        unknown = mark(Missing.NOT_REPORTED)
        return [title, unknown, unknown, "", ""]
    whole = (row["fin"] - row["debut"]).days + 1
    spent = min(max((context.today - row["debut"]).days + 1, 0), whole)
    return [
        title, french.day(row["debut"]), french.day(row["fin"]), french.percent(100 * spent / whole),
        to_row("dates_experimentations", row["_key"], about=title),
    ]  # fmt: skip
