"""The grants: what an association may hand in where it runs no experiment, in words."""

from __future__ import annotations

from typing import Any

from core.axes.columns import Choice
from core.domain import french
from core.domain.experiment import METROPOLE
from dashboard.components import bullets, empty, note, section, show, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.words import associations, place, rows


def draw(context: Context) -> None:
    """What each grant lets one do, then the form."""
    held = rows(context, "autorisations")
    rule = "Sans autorisation, une association remplit ses tableaux aux lieux de ses propres expérimentations."
    if held:
        said = [
            tag("span", allows(context, row), " ", to_row("autorisations", row["_key"], "Retirer ou voir",
                                                          allows(context, row)))
            for row in held
        ]  # fmt: skip
        show(section("Ce qui est permis en plus", bullets(said), note(rule)))
    else:
        show(empty("Aucune autorisation n’est donnée", rule))
    choices = {"association": associations(context), "dataset": _datasets(context)}
    editor = Editor("autorisations", "cette autorisation", "Donner une autorisation", choices=choices)
    edit(context, editor, held, name=lambda row: allows(context, row).rstrip("."))


def allows(context: Context, row: Any) -> str:
    """« ARSENIC peut remplir « Immeubles » à Aix : ces lignes comptent pour « Pays d’Aix ». »."""
    name = {one.code: one.name for one in context.registry.associations}.get(row["association"], row["association"])
    dataset = _known(context).get(row["dataset"])
    title = dataset.title if dataset else row["dataset"]
    owner = next(
        (
            one.short_title
            for one in context.registry.experiments
            if not one.covers_everything and one.tries(dataset.axis if dataset else None, row["lieu"])
        ),
        None,
    )
    follows = f" : ces lignes comptent pour « {owner} »" if owner else ""
    return french.typeset(f"{name} peut remplir « {title} » à {place(row['lieu'])}{follows}.")


def _known(context: Context) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for body in context.registry.associations:
        found |= {one.code: one for one in context.registry.datasets(body.code) if not one.programme_wide}
    return found


def _datasets(context: Context) -> list[Choice]:
    return [Choice(code, one.title) for code, one in _known(context).items() if code != METROPOLE]
