"""« Déposer un fichier »: one table or a whole workbook, looked at first, then stored."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.depositing import TableStanding, handed_in, submit
from core.domain import french
from core.domain.calendar import Period, day_in_france
from core.domain.programme import METROPOLE
from core.errors import FabriqueError
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    answer,
    bullets,
    callout,
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
)
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.shared import association_of, tables_link
from dashboard.views.upload_draft import Draft, Whole, draft_of, whole_of
from dashboard.views.upload_preview import draw_expected, draw_looked, remembered_headings
from dashboard.views.upload_receipt import download_acknowledgement, draw_deposited, moved_figures, onwards
from dashboard.views.workbook_deposit import draw_sheets, draw_whole


def draw_stored(whole: Whole) -> None:
    """What was stored, then what to do next."""
    show(lead(*_sentence(whole)), _tables(whole))
    if whole.undone:
        _again(whole)
        return
    if whole.revision is not None:
        show(moved_figures(whole.drafts[0], whole.revision))
    _waiting(whole)
    with st.container(horizontal=True, key=whole.key("apres")):
        if whole.revision is not None and st.button("Annuler ce dépôt", key=whole.key("annuler")):
            _undo(whole, whole.revision)
            st.rerun()
        _again(whole)
    _papers(whole)
    show(onwards(whole.drafts[0]))


def _sentence(whole: Whole) -> tuple[Child, ...]:
    if whole.undone:
        return (strong("Ce dépôt est annulé."), " Toutes vos données sont comme avant, rien d’autre n’a changé.")
    outcomes = whole.done.values()
    rows = sum(one.added + one.changed + one.unchanged for one in outcomes)
    if whole.revision is None:
        return (strong("Rien n’a changé"), " : toutes ces lignes étaient déjà enregistrées. Votre dépôt est noté.")
    tables = french.count(len(whole.done), "tableau", "tableaux")
    return (strong(french.count(rows, "ligne est enregistrée", "lignes sont enregistrées")), f" dans {tables}.")


def _tables(whole: Whole) -> Html | None:
    if whole.undone:
        return None
    titles = {one.code: one.title for one in whole.datasets}
    body = [
        [titles[code], *(french.number(number) for number in (one.added, one.changed, one.unchanged, one.removed))]
        for code, one in whole.done.items()
    ]
    headings = ["Tableau", "Nouvelles", "Modifiées", "Inchangées", "Supprimées"]
    return table("Ce qui est enregistré", headings, body, numeric=(1, 2, 3, 4), wide=True)


def _waiting(whole: Whole) -> None:
    left = sum(one.rejected for one in whole.done.values())
    if left:
        told = french.count(left, "ligne attend d’être corrigée", "lignes attendent d’être corrigées")
        show(note(f"{told} : vous les retrouvez sur ", tables_link(whole.association), "."))


def _papers(whole: Whole) -> None:
    """One acknowledgement for each table."""
    show(heading("Accusés de réception", 2))
    context = whole.context
    titles = {one.code: one.title for one in whole.datasets}
    made = {one.dataset: one for one in context.store.deposits(association=whole.association.code)}
    with st.container(key=whole.key("accuses")):
        for code in whole.done:
            download_acknowledgement(
                context, made[code], whole.actor, key=whole.key(f"accuse-{code}"), about=titles[code]
            )


def _again(whole: Whole) -> None:
    if st.button("Déposer un autre fichier", key=whole.key("encore")):
        whole.again()
        st.rerun()


def _undo(whole: Whole, revision: int) -> None:
    try:
        submit.undo(whole.scope, revision)
    except FabriqueError as error:
        whole.complain(error)
        return
    whole.undone, whole.alert, whole.details = True, "", ()


# --- Handing in: a whole file, or one table with its template, its paste, « rien à déclarer »; nothing is lost ----


TITLE = "Déposer un fichier"
_MOST_PASTED = 2_000_000  # characters: more than that is a file


def draw(context: Context) -> None:
    """What is in hand decides what is shown: nothing yet, a sheet to choose, a file looked at, a deposit made."""
    association = association_of(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE, kicker=association.name, aside=tables_link(association)))
        _draw_whole(whole_of(context, association))
        return
    draft = draft_of(context, association, context.registry.dataset(association.code, asked))
    show(page_title(draft.dataset.title, kicker=f"{TITLE} – {association.name}", aside=tables_link(association)))
    _draw_alert(draft)
    if draft.done is not None:
        draw_deposited(draft)
    elif draft.looked is not None:
        draw_looked(draft)
    elif draft.file is not None:
        _draw_sheets(draft)
    else:
        _draw_waiting(draft)


def _draw_whole(whole: Whole) -> None:
    """A whole file: each sheet goes to the table that its headings tell."""
    _say_alert(whole.alert, whole.details)
    if whole.done:
        draw_stored(whole)
    elif whole.drafts:
        draw_whole(whole)
    elif whole.file is not None:
        draw_sheets(whole)
    else:
        _draw_empty_hands(whole)


def _draw_empty_hands(whole: Whole) -> None:
    show(
        lead(
            "Déposez votre fichier tel qu’il est. ",
            strong("Chaque onglet va dans le tableau que disent ses titres"),
            ", et vous vérifiez tout avant d’enregistrer.",
        )
    )
    with st.container(key=f"depot-{whole.key('vide')}"):
        sent = st.file_uploader(
            "Fichier CSV, Excel (.xlsx, .xls) ou LibreOffice (.ods). Rien n’est enregistré avant votre accord.",
            key=whole.key("fichier"),
        )
    if sent is not None:
        alone = whole.take(sent.getvalue(), sent.name)
        if alone is not None:
            st.query_params["association"], st.query_params["jeu"] = whole.association.code, alone.dataset.code
        st.rerun()
    links = [
        link(one.title, address("deposer", association=whole.association.code, jeu=one.code)) for one in whole.datasets
    ]
    intro = "Pour en voir les titres attendus, prendre le modèle, coller des cellules ou dire qu’il n’y a rien."
    show(section("Ou bien un seul tableau", bullets(links), intro=intro))


def _draw_alert(draft: Draft) -> None:
    _say_alert(draft.alert, draft.details)
    if draft.said:
        show(answer(draft.said))


def _say_alert(alert: str, details: Sequence[str]) -> None:
    if alert:
        told = bullets(details) if details else None
        show(answer(join([note(alert), told]) if told else alert, "attention"))


def _draw_waiting(draft: Draft) -> None:
    """Empty hands: the template, the file, the paste, or nothing to declare."""
    one, period = _standing(draft)
    show(lead(*_where(one)))
    if draft.declaring or st.query_params.get("rien"):
        _draw_declaring(draft, period)
        return
    with st.container(key=draft.key("depot")):
        _draw_template(draft)
        _draw_uploader(draft)
        _draw_paste(draft)
        if one.dataset.cadence == "trimestre" and draft.association.code != METROPOLE:
            show(heading("Ou bien : rien à transmettre", 2))
            if st.button("Rien à déclarer ce trimestre", key=draft.key("rien")):
                draft.declaring, draft.alert, draft.said = True, "", ""
                st.rerun()
        remembered_headings(draft)


def _standing(draft: Draft) -> tuple[TableStanding, Period]:
    context = draft.context
    state = handed_in(context.registry, context.store, draft.association.code, today=context.today)
    return next(one for one in state.tables if one.dataset.code == draft.dataset.code), state.period


def _where(one: TableStanding) -> Sequence[Child]:
    if one.last is None:
        return ("Ce tableau n’a ", strong("encore rien reçu"), ".")
    day = french.day(day_in_france(one.last.at))
    rows = french.count(one.rows, "ligne enregistrée", "lignes enregistrées")
    return (strong(rows), f" ; dernier dépôt le {day}.")


def _draw_template(draft: Draft) -> None:
    show(heading("1. Remplir", 2))
    draw_expected(draft)


def _draw_uploader(draft: Draft) -> None:
    show(heading("2. Déposer", 2))
    sent = st.file_uploader(
        "Fichier CSV, Excel (.xlsx, .xls) ou LibreOffice (.ods). Rien n’est enregistré avant votre accord.",
        key=draft.key("fichier"),
    )
    if sent is not None:
        draft.take(sent.getvalue(), sent.name)
        st.rerun()


def _draw_paste(draft: Draft) -> None:
    with st.expander("Coller depuis un tableur", expanded=draft.pasted is not None):
        pasted = st.text_area(
            "Copiez les cellules dans votre tableur, titres compris, puis collez-les ici",
            draft.pasted or "",
            key=draft.key("colle"),
            height=180,
            max_chars=_MOST_PASTED,
        )
        if st.button("Vérifier ces lignes", key=draft.key("verifier")):
            if pasted and pasted.strip():
                draft.paste(pasted)
            else:
                draft.alert = "Rien n’est collé. Copiez les cellules dans votre tableur, puis collez-les ici."
                draft.pasted = ""
            st.rerun()


def _draw_sheets(draft: Draft) -> None:
    """Which sheet to read; the others are never kept."""
    count = french.in_words(len(draft.sheets))
    show(
        lead(
            f"Votre fichier a {count} onglets. ", strong("Lequel faut-il lire ?"), " Les autres ne sont pas conservés."
        )
    )
    chosen = st.radio(
        "Onglet à lire", draft.sheets, index=_likely(draft), format_func=plain_label, key=draft.key("onglet")
    )
    with st.container(horizontal=True, key=draft.key("onglets")):
        if st.button("Lire cet onglet", type="primary", key=draft.key("lire"), disabled=chosen is None) and chosen:
            draft.choose(chosen)
            st.rerun()
        if st.button("Choisir un autre fichier", key=draft.key("rechoisir")):
            draft.again()
            st.rerun()


def _likely(draft: Draft) -> int | None:
    """The sheet that holds the headings of the table; else the one that bears its name, if one does."""
    if draft.likely in draft.sheets:
        return draft.sheets.index(draft.likely)
    title = draft.dataset.title.casefold()
    alike = (at for at, name in enumerate(draft.sheets) if title.startswith(name.strip().casefold()[:12]))
    return next(alike, None)


def _draw_declaring(draft: Draft, period: Period) -> None:
    """« Rien à déclarer » asks once more: it writes a true zero, in one's name."""
    label = period.label
    show(
        callout(
            f"Vous déclarez qu’il n’y a rien à transmettre dans « {draft.dataset.title} » pour le {label}. "
            "Les chiffres compteront un vrai zéro, à la date du jour et à votre nom. Un dépôt ultérieur le remplace.",
            tone="question",
            title="Rien à déclarer ?",
        )
    )
    with st.container(horizontal=True, key=draft.key("declarer")):
        if st.button(plain_label(f"Déclarer qu’il n’y a rien pour le {label}"), type="primary", key=draft.key("oui")):
            _declare(draft, period)
            st.rerun()
        if st.button("Revenir au dépôt", key=draft.key("non")):
            _leave_declaring(draft)
            st.rerun()


def _declare(draft: Draft, period: Period) -> None:
    try:
        submit.declare_nothing(draft.scope, draft.association.code, draft.dataset.code, period.code)
    except FabriqueError as error:
        draft.complain(error)
        return
    draft.said = french.typeset(f"« Rien à déclarer » est inscrit pour le {period.label}, à votre nom.")
    _leave_declaring(draft)


def _leave_declaring(draft: Draft) -> None:
    draft.declaring = False
    if "rien" in st.query_params:
        del st.query_params["rien"]
