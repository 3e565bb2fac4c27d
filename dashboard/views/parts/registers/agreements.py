"""The four agreements: signed when, for which accounting year, and what follows from it."""

from __future__ import annotations

from typing import Any

from core.deliberation import ASSOCIATIONS, CONVENTIONS
from core.domain import french
from core.domain.observation import Missing
from core.services.registers import account_due
from dashboard.components import mark, note, section, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.words import rows


def draw(context: Context) -> None:
    """Each agreement, filled or not, with its consequence; then the form."""
    held = {row["association"]: row for row in rows(context, "conventions")}
    body = [_row(code, found.cents, held.get(code)) for code, found in CONVENTIONS.items()]
    headings = ["Association", "Voté", "Signée le", "Fin de l’exercice", "Ce qui en découle", "SIRET", "Changer"]
    told = "Le compte rendu financier est dû dans les six mois qui suivent la fin de l’exercice (loi du 12 avril 2000)."
    shown = table("Conventions", headings, body, numeric=(1,), hide_caption=True, wide=True)
    show(section("Les quatre conventions d’objectifs", shown, note(told)))
    editor = Editor("conventions", "cette convention", "Renseigner une convention")
    edit(context, editor, held.values(), name=lambda row: ASSOCIATIONS[row["association"]].name)


def _row(code: str, cents: int, row: dict[str, Any] | None) -> list[Any]:
    name, unknown = ASSOCIATIONS[code].name, mark(Missing.NOT_REPORTED)
    if row is None:
        return [name, french.euros(cents), unknown, unknown, "", unknown, ""]
    end = row["fin_exercice"]
    return [
        name,
        french.euros(cents),
        french.day(row["date_signature"]),
        french.day(end) if end else unknown,
        _consequence(row),
        row["siret"] or unknown,
        to_row("conventions", row["_key"], about=name),
    ]


def _consequence(row: dict[str, Any]) -> Any:
    end = row["fin_exercice"]
    due = (
        f"compte rendu financier dû le {french.day(account_due(end))}"
        if end
        else "échéance du compte rendu financier inconnue tant que la fin de l’exercice manque"
    )
    rest = f"part non dépensée : {row['reliquat']}" if row["reliquat"] else ""
    return tag("span", due, tag("span", rest, class_="cell__under") if rest else None)
