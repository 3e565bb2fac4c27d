"""The documents that associations owe: expected when, received when."""

from __future__ import annotations

from typing import Any

from core.deliberation import ASSOCIATIONS
from core.domain import french
from dashboard.components import empty, section, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.words import line, rows


def draw(context: Context) -> None:
    """Those that are late first, then those to come, then those received; then the form."""
    held = sorted(rows(context, "pieces"), key=lambda row: (row["recue_le"] is not None, row["echeance"]))
    if held:
        body = [_row(context, row) for row in held]
        headings = ["Association", "Document", "Exercice", "Attendu le", "Reçu", "Changer"]
        show(section("Ce qui est dû, et ce qui est arrivé", table("Pièces", headings, body, hide_caption=True)))
    else:
        show(empty("Aucune pièce n’est inscrite", "Inscrivez les documents que chaque convention demande."))
    edit(context, Editor("pieces", "cette pièce", "Ajouter une pièce attendue"), held, name=_name)


def _name(row: Any) -> str:
    return f"{row['type']} {row['exercice']}, {ASSOCIATIONS[row['association']].name}"


def _row(context: Context, row: dict[str, Any]) -> list[Any]:
    what = row["type"] if row["ligne"] is None else f"{row['type']} ({line(row['ligne'])})"
    return [
        ASSOCIATIONS[row["association"]].name,
        french.sentence(what).rstrip("."),
        str(row["exercice"]),
        french.day(row["echeance"]),
        _received(context, row),
        to_row("pieces", row["_key"], "Modifier" if row["recue_le"] else "Noter la réception", _name(row)),
    ]


def _received(context: Context, row: dict[str, Any]) -> Any:
    if row["recue_le"]:
        return f"le {french.day(row['recue_le'])}"
    if row["echeance"] < context.today:
        return tag("strong", f"attendu depuis le {french.day(row['echeance'])}")
    return "à venir"
