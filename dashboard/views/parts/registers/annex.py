"""The annex of the equipment: its file, tried then stored, and its machines, searched."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import streamlit as st

from core.axes.equiper.schema import SCREEN
from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.words import fold
from core.exports.template import template
from core.services import submissions
from core.services.reading import sentence
from core.services.submissions import Outcome
from dashboard.components import (
    bullets,
    callout,
    chooser_form,
    download,
    empty,
    heading,
    join,
    link,
    note,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.registers.editing import PATH, Editor, edit, to_row
from dashboard.views.parts.registers.saving import attempt, finish, turn
from dashboard.views.parts.registers.words import rows

CODE = "annexe_materiel"
PAGE = 50
PROBLEMS = 10
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(context: Context) -> None:
    """How many machines are listed, the file, the list."""
    held = rows(context, CODE)
    _count(held)
    _file(context)
    if held:
        _list(held)
    edit(context, Editor(CODE, "cette machine", "Ajouter une machine"), held,
         name=lambda row: row["numero_inventaire"])  # fmt: skip


def _count(held: list[dict[str, Any]]) -> None:
    screens = sum(row["type"] == SCREEN for row in held)
    body = [
        ["Ordinateurs", french.number(len(held) - screens), french.number(EQUIPMENT.computers)],
        ["Écrans", french.number(screens), french.number(EQUIPMENT.screens)],
    ]
    shown = table("L’annexe", ["Matériel", "Inscrits", "Votés"], body, numeric=(1, 2), hide_caption=True)
    told = (
        "Le numéro, le type, le numéro de série, la valeur et le lot sont alors ceux de la Métropole : ils sont "
        "préremplis dans le modèle de l’association, et une différence est signalée."
    )
    show(section("L’annexe à la délibération", shown, note(told)))


def _file(context: Context) -> None:
    """A file, what it would do, then the button that does it."""
    show(heading("Charger l’annexe", 2))
    made = datetime.combine(context.today, time())
    download(
        "Télécharger le modèle", lambda: template(context.registry, METROPOLE, CODE, created=made),
        "modele-annexe-materiel.xlsx", mime=_XLSX, key="annexe-modele",
    )  # fmt: skip
    given = st.file_uploader(
        "Déposer le fichier de l’annexe (CSV, XLSX, XLS ou ODS)",
        key=f"annexe-{turn()}",
        type=["csv", "xlsx", "xls", "ods"],
    )
    if given is None:
        return
    data, name = given.getvalue(), given.name
    tried = attempt(lambda: _submit(context, data, name, dry_run=True))
    if tried is None:
        return
    show(_foreseen(context, tried))
    new = tried.added + tried.changed
    if tried.refused or not new:
        return
    if st.button(f"Enregistrer {french.count(new, 'machine')}", type="primary", key="annexe-enregistrer"):
        outcome = attempt(lambda: _submit(context, data, name, dry_run=False))
        if outcome is not None:
            finish(f"{french.count(new, 'machine est inscrite', 'machines sont inscrites')}", outcome.revision)


def _submit(context: Context, data: bytes, name: str, *, dry_run: bool) -> Outcome:
    return submissions.submit(
        context.registry, context.store, data, name, METROPOLE, CODE,
        actor=context.actor, at=context.now, dry_run=dry_run,
    )  # fmt: skip


def _foreseen(context: Context, tried: Outcome) -> Any:
    counts = [
        french.count(tried.added, "machine nouvelle", "machines nouvelles"),
        french.count(tried.changed, "changée", "changées"),
        french.count(tried.unchanged, "inchangée", "inchangées"),
        french.count(tried.rejected, "à corriger", "à corriger"),
    ]
    said = f"Rien n’est encore enregistré. {french.listing(counts)}."
    if not tried.errors:
        return callout(said, title="Vérification")
    dataset = context.registry.dataset(METROPOLE, CODE)
    shown = [sentence(one, dataset) for one in tried.errors[:PROBLEMS]]
    rest = len(tried.errors) - PROBLEMS
    more = tag("p", f"… et {french.count(rest, 'autre', 'autres')}.") if rest > 0 else None
    return callout(join([tag("p", said), bullets(shown), more]), tone="attention", title="Vérification")


def _list(held: list[dict[str, Any]]) -> None:
    asked = st.query_params.get("q", "")
    found = [row for row in held if not asked or fold(asked) in fold(" ".join(_texts(row)))]
    at = max(int(st.query_params.get("page", "1")), 1) if st.query_params.get("page", "1").isdecimal() else 1
    last = max(-(-len(found) // PAGE), 1)
    at = min(at, last)
    field = tag(
        "label", tag("span", "Chercher une machine", class_="field__label"),
        tag("input", type="search", name="q", value=asked, class_="text-input"), class_="field field--one",
    )  # fmt: skip
    search = chooser_form(PATH, field, button="Chercher", hidden={"registre": CODE})
    if not found:
        show(section("Les machines", search, empty("Aucune machine ne correspond", "Essayez un autre numéro.")))
        return
    body = [[*_texts(row), to_row(CODE, row["_key"], about=row["numero_inventaire"])]
            for row in found[(at - 1) * PAGE : at * PAGE]]  # fmt: skip
    headings = ["Numéro", "Type", "Numéro de série", "Lot", "Valeur", "Changer"]
    shown = table("Les machines de l’annexe", headings, body, numeric=(4,), hide_caption=True, wide=True)
    show(section("Les machines", search, shown, _pages(len(found), at, last, asked)))


def _pages(total: int, at: int, last: int, asked: str) -> Any:
    def to(page: int, word: str) -> Any:
        return link(word, address(PATH, registre=CODE, q=asked or None, page=str(page)))

    said = f"{french.count(total, 'machine')}, page {at} sur {last}. "
    before = to(at - 1, "Précédentes") if at > 1 else None
    after = to(at + 1, "Suivantes") if at < last else None
    return note(said, before, " " if before and after else None, after)


def _texts(row: dict[str, Any]) -> list[str]:
    value = row["valeur_unitaire"]
    return [row["numero_inventaire"], row["type"], row["numero_serie"] or "", row["lot"] or "",
            "" if value is None else french.euros(value)]  # fmt: skip
