"""The payments: each sum paid on one of the six lines, and what is left to pay."""

from __future__ import annotations

from core.deliberation import LINES
from core.domain import french
from dashboard.components import empty, section, show, table
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.words import line, rows


def draw(context: Context) -> None:
    """The payments by day, what is left line by line, then the form."""
    held = sorted(rows(context, "versements"), key=lambda row: (row["date"], row["reference"]))
    if held:
        body = [[french.day(row["date"]), line(row["ligne"]), row["nature"], row["reference"],
                 french.euros(row["montant"]), to_row("versements", row["_key"], about=row["reference"])]
                for row in held]  # fmt: skip
        headings = ["Date", "Ligne", "Nature", "Référence", "Montant", "Changer"]
        total = ["Total", "", "", "", french.euros(sum(row["montant"] for row in held)), ""]
        shown = table("Versements", headings, body, numeric=(4,), hide_caption=True, total=total, wide=True)
        show(section("Ce qui a été versé", shown))
    else:
        show(empty("Aucun versement n’est inscrit", "Inscrivez chaque somme versée, avec son numéro de mandat."))
    show(section("Ce qui reste à verser", _left(held)))
    edit(context, Editor("versements", "ce versement", "Ajouter un versement"), held, name=lambda row: row["reference"])


def _rest(cents: int) -> str:
    """What is left, or by how much the payments exceed the vote: that is a point to treat too."""
    return french.euros(cents) if cents >= 0 else f"{french.euros(-cents)} de trop"


def _left(held: list[dict]) -> object:
    paid = {code: sum(row["montant"] for row in held if row["ligne"] == code) for code in LINES}
    body = [
        [line(code), french.euros(one.cents), french.euros(paid[code]), _rest(one.cents - paid[code])]
        for code, one in LINES.items()
    ]
    return table(
        "Reste à verser, ligne par ligne", ["Ligne", "Voté", "Versé", "Reste"], body, numeric=(1, 2, 3),
        hide_caption=True, wide=True,
    )  # fmt: skip
