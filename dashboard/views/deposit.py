"""One table of an association: its template, its file to hand in, « rien à déclarer »; step by step, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.local_time import FRANCE
from core.domain.programme import Association
from core.errors import FabriqueError
from core.exports.description import Described
from core.exports.prefilled import prefilled_template
from core.exports.template import file_name
from core.services import submissions
from core.services.intake import TableStanding, handed_in
from dashboard.components import bullets, callout, download, heading, join, lead, link, note, page_title, show, strong
from dashboard.components.plain_label import plain_label
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.deposited import draw_deposited
from dashboard.views.parts.draft import Draft, draft_of
from dashboard.views.parts.headings_asked import remembered_headings
from dashboard.views.parts.looked import draw_looked
from dashboard.views.parts.whose import association_of

TITLE = "Déposer un fichier"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_PASTED = 2_000_000  # characters: more than that is a file


def draw(context: Context) -> None:
    """What is in hand decides what is shown: nothing yet, a sheet to choose, a file looked at, a deposit made."""
    association = association_of(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE), _choose_table(context, association))
        return
    draft = draft_of(context, association, context.registry.dataset(association.code, asked))
    show(page_title(draft.dataset.title, kicker=f"{TITLE} – {association.name}", aside=_back(association)))
    _draw_alert(draft)
    if draft.done is not None:
        draw_deposited(draft)
    elif draft.looked is not None:
        draw_looked(draft)
    elif draft.file is not None:
        _draw_sheets(draft)
    else:
        _draw_waiting(draft)


def _back(association: Association) -> Any:
    return link("Mes données", address("mes-donnees", association=association.code))


def _choose_table(context: Context, association: Association) -> Any:
    tables = context.registry.datasets(association.code)
    links = [link(one.title, address("deposer", association=association.code, jeu=one.code)) for one in tables]
    return join([lead("Choisissez d’abord le tableau à déposer."), bullets(links)])


def _draw_alert(draft: Draft) -> None:
    if draft.alert:
        details = bullets(draft.details) if draft.details else None
        show(callout(join([note(draft.alert), details]) if details else draft.alert, tone="attention"))
    if draft.said:
        show(callout(draft.said, title="C’est fait"))


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
        if one.dataset.cadence == "trimestre":
            show(heading("Ou bien : rien à transmettre", 2))
            if st.button("Rien à déclarer ce trimestre", key=draft.key("rien")):
                draft.declaring, draft.alert, draft.said = True, "", ""
                st.rerun()
        remembered_headings(draft)


def _standing(draft: Draft) -> tuple[TableStanding, Any]:
    context = draft.context
    state = handed_in(context.registry, context.store, draft.association.code, today=context.today)
    return next(one for one in state.tables if one.dataset.code == draft.dataset.code), state.period


def _where(one: TableStanding) -> Sequence[Any]:
    if one.last is None:
        return ("Ce tableau n’a ", strong("encore rien reçu"), ".")
    day = french.day(one.last.at.astimezone(FRANCE).date())
    rows = french.count(one.rows, "ligne enregistrée", "lignes enregistrées")
    return (strong(rows), f" ; dernier dépôt le {day}.")


def _draw_template(draft: Draft) -> None:
    context, dataset = draft.context, draft.dataset
    show(
        heading("1. Remplir", 2),
        note("Le modèle a les bons titres, des listes et un exemple. Votre propre tableur convient aussi."),
    )
    about = Described.of(context.registry, draft.association.code, dataset.code)
    download(
        "Télécharger le modèle",
        lambda: prefilled_template(
            context.registry,
            context.store,
            draft.association.code,
            dataset.code,
            created=context.now.replace(tzinfo=None),
        ),
        file_name(about),
        mime=_XLSX,
        key=draft.key("modele"),
    )


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
            "Copiez les cellules dans votre tableur, titres compris, puis collez-les ici", draft.pasted or "",
            key=draft.key("colle"), height=180, max_chars=_MOST_PASTED,
        )  # fmt: skip
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
        "Onglet à lire",
        draft.sheets,
        index=_likely(draft),
        format_func=plain_label,
        key=draft.key("onglet"),
    )
    with st.container(horizontal=True, key=draft.key("onglets")):
        if st.button("Lire cet onglet", type="primary", key=draft.key("lire"), disabled=chosen is None) and chosen:
            draft.choose(chosen)
            st.rerun()
        if st.button("Choisir un autre fichier", key=draft.key("rechoisir")):
            draft.again()
            st.rerun()


def _likely(draft: Draft) -> int | None:
    """The sheet that bears the name of the table, if one does."""
    title = draft.dataset.title.casefold()
    alike = (at for at, name in enumerate(draft.sheets) if title.startswith(name.strip().casefold()[:12]))
    return next(alike, None)


def _draw_declaring(draft: Draft, period: Any) -> None:
    """« Rien à déclarer » asks once more: it writes a true zero, in one's name."""
    label = period.label
    show(
        callout(
            f"Vous déclarez qu’il n’y a rien à transmettre dans « {draft.dataset.title} » pour le {label}. "
            "Les chiffres compteront un vrai zéro, à la date du jour et à votre nom. Un dépôt ultérieur le remplace.",
            tone="question", title="Rien à déclarer ?",
        )
    )  # fmt: skip
    with st.container(horizontal=True, key=draft.key("declarer")):
        if st.button(
            plain_label(f"Déclarer qu’il n’y a rien pour le {label}"), type="primary", key=draft.key("oui")
        ):  # fmt: skip
            _declare(draft, period)
            st.rerun()
        if st.button("Revenir au dépôt", key=draft.key("non")):
            _leave_declaring(draft)
            st.rerun()


def _declare(draft: Draft, period: Any) -> None:
    context = draft.context
    try:
        submissions.declare_nothing(
            context.registry, context.store, draft.association.code, draft.dataset.code, period.code,
            actor=draft.actor, at=context.now,
        )  # fmt: skip
    except FabriqueError as error:
        draft.complain(error)
        return
    draft.said = french.typeset(f"« Rien à déclarer » est inscrit pour le {period.label}, à votre nom.")
    _leave_declaring(draft)


def _leave_declaring(draft: Draft) -> None:
    draft.declaring = False
    if "rien" in st.query_params:
        del st.query_params["rien"]
