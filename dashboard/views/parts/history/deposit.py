"""One deposit: who, when, from which file, what it changed cell by cell, and the button that takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.domain import french
from core.errors import UnknownName
from core.services import evidence, submissions
from core.services.comments import About
from core.services.keys import KEY
from core.storage.deposits import UPGRADE, Deposit
from core.storage.diff import Diff
from core.storage.purge import PURGE
from dashboard.components import band, callout, download, fold, heading, lead, link, note, section, show, strong, tag
from dashboard.components.plain_label import plain_label
from dashboard.views.parts.history.said import draw_comments
from dashboard.views.parts.history.sight import Sight
from dashboard.views.parts.history.words import cells_table, counted, what, when, who

_CELLS, _ROWS = 200, 100


def draw_deposit(sight: Sight, number: str) -> None:
    """The sentence, the file, the cells, the way back, what is said of it."""
    one = next((found for found in sight.deposits() if str(found.number) == number), None)
    if one is None:
        raise UnknownName(french.typeset(f"Le dépôt n° {number} n’est pas dans l’historique de ce tableau."))
    show(note(link("Tous les dépôts de ce tableau", sight.here())), lead(*_sentence(sight, one)), _facts(sight, one))
    _file(sight, one)
    if one.revision is not None:
        _changes(sight, one, one.revision)
    about = About(sight.association.code, sight.dataset.code, deposit=one.number)
    draw_comments(sight.context, about, sight.actor, key=sight.key(f"depot-{one.number}"))


def _sentence(sight: Sight, one: Deposit) -> tuple[Any, ...]:
    start = (strong(what(one)), f" par {who(sight.context, one)}, le {when(one)} : {counted(one)}.")
    if one.undone_by is None:
        return start
    number = sight.context.store.deposit(one.undone_by).number
    return (*start, " ", link(f"Annulé par le dépôt n° {number}", sight.here(depot=str(number))), ".")


def _facts(sight: Sight, one: Deposit) -> Any:
    undoes = sight.context.store.deposit(one.undoes).number if one.undoes is not None else None
    return band(
        {
            "Numéro": str(one.number),
            "Fichier": one.file_name,
            "Empreinte du fichier": tag("code", one.sha256[:16], "…", title=one.sha256) if one.sha256 else None,
            "Période": one.period,
            "Lignes inchangées": french.number(one.unchanged) if one.unchanged else None,
            "Annule": link(f"le dépôt n° {undoes}", sight.here(depot=str(undoes))) if undoes else None,
        }
    )


def _file(sight: Sight, one: Deposit) -> None:
    if one.sha256 is None or one.file_name is None:
        return
    sha256, name = one.sha256, one.file_name
    if any(sha256 in entry["files"] for entry in _purges(sight)):
        show(note("Le fichier lui-même a été supprimé à la fin de sa durée de conservation."))
        return
    download(plain_label(f"Télécharger « {name} »"), lambda: sight.context.store.file(sha256), name,
             mime=evidence.mime(name), key=sight.key(f"fichier-{one.number}"))  # fmt: skip


def _purges(sight: Sight) -> list[Mapping[str, Any]]:
    """What was removed of this table at the end of its time, as the register tells it."""
    subject = f"{sight.association.code}/{sight.dataset.code}"
    return [entry.content for entry in sight.context.store.entries(PURGE, subject)]


def _changes(sight: Sight, one: Deposit, revision: int) -> None:
    _, diff = sight.context.store.changes(revision)
    if any(entry["revision"] >= revision for entry in _purges(sight)):
        show(callout("Une partie de ce détail a été supprimée à la fin de sa durée de conservation.", title="À savoir"))
    show(section("Ce qui a changé", *_parts(sight, diff)))
    if sight.may_change:
        _undo(sight, one, revision, diff)


def _parts(sight: Sight, diff: Diff) -> list[Any]:
    removed = 0 if diff.missing is None else diff.missing.height
    parts = [_cells(sight, diff), _names(sight, diff.added, "ligne ajoutée", "lignes ajoutées")]
    parts += [_names(sight, diff.missing, "ligne retirée", "lignes retirées")] if removed else []
    found = [part for part in parts if part is not None]
    return found or [tag("p", "Aucune ligne n’a changé.")]


def _cells(sight: Sight, diff: Diff) -> Any:
    if not diff.changed.height:
        return None
    every = [one for one in diff.cells(_CELLS) if one.column in sight.dataset.by_name]
    caption = french.count(diff.changed.height, "ligne modifiée", "lignes modifiées")
    body = cells_table(sight.dataset, every[:_CELLS], caption=caption, row_history=lambda key: sight.here(ligne=key))
    partial = diff.changed.height > _CELLS or len(every) > _CELLS
    more = note(f"Les {_CELLS} premières cellules sont montrées.") if partial else None
    return tag("div", heading(caption, 3), body, more)


def _names(sight: Sight, rows: Any, singular: str, plural: str) -> Any:
    if rows is None or not rows.height:
        return None
    caption = french.count(rows.height, singular, plural)
    items = [tag("li", link(key, sight.here(ligne=key), quiet=True)) for key in rows[KEY].head(_ROWS)]
    more = note(f"Les {_ROWS} premières sont montrées.") if rows.height > _ROWS else None
    return fold(caption, tag("ul", items, class_="row-names"), more, opened=rows.height <= 12)


def _undo(sight: Sight, one: Deposit, revision: int, diff: Diff) -> None:
    if one.undone_by is not None or one.action == UPGRADE:
        return
    show(heading("Annuler ce dépôt", 2), tag("p", _foreseen(diff), class_="prose"))
    if st.button("Annuler ce dépôt", key=sight.key(f"annuler-{one.number}")):
        context = sight.context
        sight.take_back(
            lambda: submissions.undo(context.registry, context.store, revision, actor=sight.actor, at=context.now)
        )


def _foreseen(diff: Diff) -> str:
    """What the undo will do, before it is done."""
    removed = 0 if diff.missing is None else diff.missing.height
    told = [
        french.count(number, singular, plural)
        for number, singular, plural in (
            (diff.added.height, "ligne sera retirée", "lignes seront retirées"),
            (diff.changed.height, "ligne reprendra sa valeur d’avant", "lignes reprendront leur valeur d’avant"),
            (removed, "ligne reviendra", "lignes reviendront"),
        )
        if number
    ]
    start = french.sentence(french.listing(told) or "La déclaration sera annulée")
    return (
        f"{start} Ce qui a été fait depuis n’est pas touché ; une ligne changée depuis arrête tout, et vous est dite."
    )
