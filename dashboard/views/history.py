"""« Historique »: what was handed in and changed, deposit by deposit, row by row, and taking it back."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from core.checking import naming, waiting
from core.contract.registry import ONLY_READ
from core.depositing import editing, submit
from core.depositing.comments import About
from core.disclosure.reader import people_columns
from core.domain import access, french
from core.domain.access import Action, On, Role
from core.domain.programme import METROPOLE, Association
from core.errors import UnknownName
from core.reading import kept_name
from core.storage.deposits import IMPORT, UPGRADE, Deposit
from core.storage.history import ADDED, REMOVED, RowEvent
from core.storage.purge import PURGE, PURGES, PurgeSaid
from core.storage.rows import Diff
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    band,
    bullets,
    callout,
    choices,
    chooser_form,
    download,
    empty,
    fold,
    heading,
    join,
    lead,
    link,
    note,
    page_title,
    section,
    show,
    strong,
    table,
    tag,
)
from dashboard.components import heading as title
from dashboard.components.choosers import ChooserLink
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.history_parts import HistoryFilter, at, cells_table, counted, draw_comments, what, when, who
from dashboard.views.shared import hand_of
from dashboard.views.upload_receipt import download_acknowledgement

_CELLS, _ROWS = 200, 100


def draw_deposit(sight: HistoryFilter, asked: str) -> None:
    """The sentence, the file, the cells, the way back, what is said of it."""
    one = next((found for found in sight.deposits() if at(found) == asked), None)
    if one is None:
        raise UnknownName(f"Le dépôt n° {asked} n’est pas dans l’historique de ce tableau.")
    show(
        note(link("Tous les dépôts de ce tableau", sight.at_history())),
        lead(*_sentence(sight, one)),
        _facts(sight, one),
    )
    with st.container(horizontal=True, key=sight.key(f"papiers-{one.number}")):
        _file(sight, one)
        if sight.association.code != METROPOLE:
            key = sight.key(f"accuse-{one.number}")
            download_acknowledgement(sight.context, one, sight.actor, key=key)
    _kept(one)
    _left_behind(sight, one)
    if one.revision is not None:
        _changes(sight, one, one.revision)
    about = About(sight.association.code, sight.dataset.code, deposit=one.number)
    draw_comments(sight.context, about, sight.actor, key=sight.key(f"depot-{one.number}"))


def _sentence(sight: HistoryFilter, one: Deposit) -> tuple[Child, ...]:
    start = (strong(what(one)), f" par {who(sight.context, one)}, le {when(one)} : {counted(one)}.")
    if one.undone_by is None:
        return start
    words = french.typeset(f"Annulé par le dépôt n° {one.undone_by}")
    return (*start, " ", link(words, sight.at_history(depot=str(one.undone_by))), ".")


def _facts(sight: HistoryFilter, one: Deposit) -> Html:
    undoes = one.undoes
    return band(
        {
            "Numéro": str(one.revision) if one.revision is not None else "aucun : rien n’a changé",
            "Fichier": one.file_name,
            "Empreinte du fichier": tag("code", one.sha256[:16], "…", title=one.sha256) if one.sha256 else None,
            "Période": one.period,
            "Lignes inchangées": french.number(one.unchanged) if one.unchanged else None,
            "Annule": link(f"le dépôt n° {undoes}", sight.at_history(depot=str(undoes))) if undoes else None,
        }
    )


def _file(sight: HistoryFilter, one: Deposit) -> None:
    if one.sha256 is None or one.file_name is None:
        return
    sha256, name = one.sha256, one.file_name
    if any(sha256 in said.files for said in _purges(sight)):
        show(note("Le fichier lui-même a été supprimé à la fin de sa durée de conservation."))
        return
    kept = kept_name(name)
    download(
        plain_label(f"Télécharger « {kept} »"),
        partial(sight.context.store.file, sha256),
        kept,
        mime="text/csv",
        key=sight.key(f"fichier-{one.number}"),
    )


def _kept(one: Deposit) -> None:
    if one.action == IMPORT and one.sha256 is not None:
        show(note("Du fichier, l’onglet lu et ses colonnes demandées sont conservés ; le reste n’a pas été gardé."))


def _left_behind(sight: HistoryFilter, one: Deposit) -> None:
    """The rows of its file that were not stored, and that wait."""
    left = [
        row
        for row in waiting.waiting(sight.context.store, sight.association.code, sight.dataset.code)
        if row.deposit == one.number
    ]
    if left:
        onwards = link("Les corriger", sight.at_rows(facon="attente")) if sight.may_change else None
        lines = french.listing(str(row.line) for row in left[:12]) + (", …" if len(left) > 12 else "")
        told = f"{waiting.told_of(left)} (ligne{'s' if len(left) > 1 else ''} {lines} du fichier). "
        show(callout(tag("p", told, onwards), "attention", title="Restées à corriger"))


def _purges(sight: HistoryFilter) -> list[PurgeSaid]:
    """What was removed of this table at the end of its time, as the register tells it."""
    subject = f"{sight.association.code}/{sight.dataset.code}"
    return [PURGES.read(entry) for entry in sight.context.store.entries(PURGE, subject)]


def _changes(sight: HistoryFilter, one: Deposit, revision: int) -> None:
    _, diff = sight.context.store.changes(revision, one.dataset)
    if any(said.revision >= revision for said in _purges(sight)):
        show(callout("Une partie de ce détail a été supprimée à la fin de sa durée de conservation.", title="À savoir"))
    show(section("Ce qui a changé", *_parts(sight, diff)))
    if sight.may_change:
        _undo(sight, one, revision, diff)


def _parts(sight: HistoryFilter, diff: Diff) -> list[Child]:
    removed = 0 if diff.missing is None else diff.missing.height
    parts = [_cells(sight, diff), _names(sight, diff.added, "ligne ajoutée", "lignes ajoutées")]
    parts += [_names(sight, diff.missing, "ligne retirée", "lignes retirées")] if removed else []
    found: list[Child] = [part for part in parts if part is not None]
    return found or [tag("p", "Aucune ligne n’a changé.")]


def _cells(sight: HistoryFilter, diff: Diff) -> Html | None:
    if not diff.changed.height:
        return None
    every = [one for one in diff.cells(_CELLS) if one.column in sight.dataset.by_name]
    caption = french.count(diff.changed.height, "ligne modifiée", "lignes modifiées")
    body = cells_table(
        sight.context.registry,
        sight.dataset,
        every[:_CELLS],
        caption=caption,
        row_history=lambda key: sight.at_history(ligne=key),
    )
    partial = diff.changed.height > _CELLS or len(every) > _CELLS
    more = note(f"Les {_CELLS} premières cellules sont montrées.") if partial else None
    return tag("div", heading(caption, 3), body, more)


def _names(sight: HistoryFilter, rows: pl.DataFrame | None, singular: str, plural: str) -> Html | None:
    if rows is None or not rows.height:
        return None
    caption = french.count(rows.height, singular, plural)
    names = naming.keys_named(sight.context.registry, sight.dataset, rows.head(_ROWS))
    items = [tag("li", link(name, sight.at_history(ligne=key), quiet=True)) for key, name in names.items()]
    more = note(f"Les {_ROWS} premières sont montrées.") if rows.height > _ROWS else None
    return fold(caption, tag("ul", items, class_="row-names"), more, opened=rows.height <= 12)


def _undo(sight: HistoryFilter, one: Deposit, revision: int, diff: Diff) -> None:
    if one.undone_by is not None or one.action == UPGRADE:
        return
    show(heading("Annuler ce dépôt", 2), tag("p", _foreseen(diff), class_="prose"), _with_it(sight, one, revision))
    if st.button("Annuler ce dépôt", key=sight.key(f"annuler-{one.number}")):
        sight.take_back(lambda: submit.undo(sight.scope, revision))


def _with_it(sight: HistoryFilter, one: Deposit, revision: int) -> Html | None:
    """The other tables of the same workbook, which go back with this one."""
    others = [found.dataset for found in sight.context.store.deposits_of(revision) if found.dataset != one.dataset]
    if not others:
        return None
    named = (sight.context.registry.readable(sight.association.code, code).title for code in others)
    titles = french.listing(f"« {title} »" for title in named)
    return note(f"Ce dépôt est celui d’un classeur entier : l’annuler reprend aussi {titles}.")


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


# --- The deposits of a table, the newest first, and the way to the life of one row -----------------


PAGE = 30


def draw_list(sight: HistoryFilter) -> None:
    """The sentence, the search of a row, the deposits, what is said of the table."""
    found = sight.deposits()[::-1]
    show(_listing_sentence(found))
    if found:
        show(_find(sight), section("Tous les dépôts", _table(sight, found)))
    else:
        show(empty("Aucun dépôt", "Ce tableau n’a encore rien reçu : son histoire commence au premier dépôt."))
    about = About(sight.association.code, sight.dataset.code)
    draw_comments(sight.context, about, sight.actor, key=sight.key("jeu"))


def _listing_sentence(found: list[Deposit]) -> Html:
    if not found:
        return lead("Rien n’a encore été déposé.")
    same = sum(one.revision is None for one in found)
    beside = f", dont {french.number(same)} sans changement" if same else ""
    last = found[0]
    told = f"{beside} ; le dernier, le {when(last)} : {what(last).lower()}, {counted(last)}."
    return lead(strong(french.count(len(found), "dépôt")), told)


def _find(sight: HistoryFilter) -> Html:
    field = tag(
        "label",
        tag("span", "L’histoire d’une ligne", class_="field__label"),
        tag("input", type="search", name="ligne", autocomplete="off", placeholder=_called(sight)),
        class_="field field--one",
    )
    hidden = {"association": sight.association.code, "jeu": sight.dataset.code}
    return chooser_form("historique", field, button="Voir", hidden=hidden, boxed=False)


def _called(sight: HistoryFilter) -> str:
    """What names a row: « Lieu, mois, structure »."""
    first, *others = (sight.dataset.by_name[name].title for name in sight.dataset.key)
    return ", ".join([first, *(one.lower() for one in others)])


def _table(sight: HistoryFilter, found: list[Deposit]) -> Html:
    asked = st.query_params.get("page", "1")
    last = (len(found) - 1) // PAGE + 1
    page = min(max(int(asked) if asked.isdecimal() else 1, 1), last)
    rows = [_row(sight, one) for one in found[(page - 1) * PAGE : page * PAGE]]
    headings = ["Dépôt", "Quand", "Qui", "Lignes", "Origine", "Suite"]
    if not any(row[-1] for row in rows):  # nothing was taken back
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    body = table("Les dépôts, le plus récent d’abord", headings, rows, wide=True)
    steps = [link(f"Page {one}", sight.at_history(page=str(one))) for one in (page - 1, page + 1) if 0 < one <= last]
    return join([body, note(*[part for one in steps for part in (one, " ")]) if steps else None])


def _row(sight: HistoryFilter, one: Deposit) -> list[Child]:
    undone = None
    if one.undone_by is not None:
        onwards = link(f"dépôt n° {one.undone_by}", sight.at_history(depot=str(one.undone_by)), quiet=True)
        undone = join(["annulé par le ", onwards])
    return [
        link(french.sentence(f"{naming.deposit(one)} · {what(one)}").rstrip("."), sight.at_history(depot=at(one))),
        when(one),
        who(sight.context, one),
        counted(one),
        one.file_name or "à l’écran",
        undone,
    ]


# --- The whole life of one row: what happened to it, from which value to which, and taking one change back ----


_SHOWN = 50


def draw_row(sight: HistoryFilter, key: str) -> None:
    """The sentence, then each turn of its life, the newest first."""
    key = sight.meant(key)
    events = sight.context.store.history(sight.association.code, sight.dataset.code, key)[::-1]
    onwards: list[Child] = [link("Tous les dépôts de ce tableau", sight.at_history())]
    if events and events[0].what != REMOVED and sight.may_change:
        onwards += [" · ", link("Corriger cette ligne", sight.at_rows(facon="ligne", ligne=key))]
    show(note(*onwards), lead(*_row_sentence(sight.name(key), events)))
    if not events:
        show(empty("Aucune ligne de ce nom", "Vérifiez le nom : il s’écrit comme dans le tableau."))
        return
    for event in events[:_SHOWN]:
        _draw(sight, event)
    if len(events) > _SHOWN:
        show(note(f"Les {_SHOWN} derniers changements sont montrés, sur {french.number(len(events))}."))
    about = About(sight.association.code, sight.dataset.code, key)
    draw_comments(sight.context, about, sight.actor, key=sight.key(f"ligne-{key}"))


def _row_sentence(name: str, events: list[RowEvent]) -> tuple[Child, ...]:
    if not events:
        return (strong(f"« {name} »"), " n’a jamais été dans ce tableau.")
    state = "est aujourd’hui retirée" if events[0].what == REMOVED else "est dans les données d’aujourd’hui"
    count = french.count(len(events), "changement")
    return (strong(f"« {name} »"), f" {state} ; {count} depuis le {when(events[-1].deposit)}.")


def _draw(sight: HistoryFilter, event: RowEvent) -> None:
    done = event.deposit
    onwards = link(naming.deposit(done), sight.at_history(depot=at(done)), quiet=True)
    caption = f"Cellules de la ligne, {event.what} le {when(done)}"
    show(
        tag(
            "article",
            title(f"{event.what.capitalize()} le {when(done)}", 3),
            note(join([f"{who(sight.context, done)} · {what(done)}, ", onwards])),
            cells_table(sight.context.registry, sight.dataset, list(event.cells), caption=caption),
            class_="event",
        )
    )
    if not sight.may_change or done.action == UPGRADE:
        return
    if st.button(_words(event), key=sight.key(f"retour-{event.revision}-{event.key}")):
        sight.take_back(lambda: editing.undo_row(sight.scope, event.revision, event.key, dataset=sight.dataset.code))


def _words(event: RowEvent) -> str:
    if event.what == ADDED:
        return "Annuler cet ajout : retirer la ligne"
    if event.what == REMOVED:
        return "Annuler ce retrait : faire revenir la ligne"
    cells = [one for one in event.cells if not one.column.startswith("_")]
    return f"Annuler ce changement ({french.count(len(cells), 'cellule')})"


# --- « Historique »: everything that was handed in and changed in a table, deposit by deposit and row by row ----


TITLE = "Historique"


def draw(context: Context) -> None:
    """One row, one deposit, or the list of them."""
    association = _association(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE, kicker=association.name, aside=_chooser(context, association)))
        show(lead("Choisissez d’abord le tableau dont vous voulez l’histoire."), _tables(context, association))
        return
    dataset = context.registry.readable(association.code, asked)
    kept = dataset in context.registry.kept(association.code)  # nothing says any more which of its columns count people
    if kept or people_columns(context.registry.catalogue.values()).get(dataset.code):
        access.check(context.visitor, Action.READ_HISTORY, On(association.code))
    sight = HistoryFilter(context, association, dataset, hand_of(context, association))
    show(page_title(TITLE, kicker=f"{association.name} · {dataset.title}"))
    if sight.only_read:
        show(note(f"Ce tableau {ONLY_READ}"))
    sight.tell_done()
    row, deposit = st.query_params.get("ligne"), st.query_params.get("depot")
    if row:
        draw_row(sight, row)
    elif deposit:
        draw_deposit(sight, deposit)
    else:
        draw_list(sight)


def _association(context: Context) -> Association:
    visitor = context.actor
    code = st.query_params.get("association") or visitor.association or context.registry.associations[0].code
    access.check(visitor, Action.READ_ROWS, On(code))
    return context.registry.association(code)


def _chooser(context: Context, current: Association) -> Html | None:
    if context.actor.role is Role.ASSOCIATION:
        return None
    offered = [
        ChooserLink(one.name, address("historique", association=one.code), one.code == current.code)
        for one in (*context.registry.associations, *context.registry.kept_associations)
    ]
    return choices("Association", offered)


def _tables(context: Context, association: Association) -> Html:
    return bullets(
        link(one.title, address("historique", association=association.code, jeu=one.code))
        for one in (*context.registry.datasets(association.code), *context.registry.kept(association.code))
    )
