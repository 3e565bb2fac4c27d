"""On « Documents »: what the law asks for and what is opened to everybody; each says what it still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.deliberation import ASSOCIATIONS, CONVENTIONS, LINES
from core.domain import access, french
from core.domain.access import Action, On
from core.errors import FabriqueError
from core.exports.documents import PDF, XLSX, Order
from core.exports.legal import subsidies
from core.exports.legal.documents import CSV, LEGAL, ZIP, open_freeze, places_of, published_before
from core.exports.open_data.package import TO_CONFIRM
from core.exports.publishing import Gap
from core.services.financial_report import financial_report, refuse_unbalanced, scope_of
from dashboard.components import join, link
from dashboard.context import Context
from dashboard.views.parts.offered import Offered, Section

_SUBJECT = "documents-subvention"


def sections(context: Context, chosen: Order) -> list[Section]:
    """The legal and open documents that this person may take away."""
    settings = context.settings
    order = replace(chosen, below=getattr(settings, "mask_below", 5), licence=getattr(settings, "open_licence", None))
    publishes = access.allowed(context.actor, Action.READ_ROWS)
    return [*_reports(context, order), *([_law(order)] if publishes else []), _opened(order)]


def _reports(context: Context, order: Order) -> list[Section]:
    """The financial report and the payment statement of one line or convention, chosen above them."""
    offered = [code for code in _subjects() if access.allowed(context.actor, Action.READ_ROWS, On(scope_of(code)[0]))]
    if not offered:
        return []
    kept = st.session_state.get(_SUBJECT)
    subject = replace(order, subject=kept if kept in offered else offered[0])
    lacking = _report_lacks(subject)
    documents = [
        _document("compte-rendu", replace(subject, extension="pdf"), "PDF", PDF, lacking,
                  "À compléter et à signer : le tableau du Cerfa 15059, les objectifs, les écarts à expliquer."),
        _document("compte-rendu", replace(subject, extension="xlsx"), "Excel", XLSX, lacking,
                  "Le même, en trois feuilles, pour recopier ligne à ligne."),
        _document("versements", subject, "PDF", PDF, "",
                  "La lettre qui dit ce qui est voté, versé, et ce que le solde attend."),
    ]  # fmt: skip
    return [Section("Pour chaque subvention", documents, ask=lambda: _ask_subject(offered))]


def _subjects() -> dict[str, str]:
    """Every line and convention, with its words; one that carries a single line is that line."""
    several = {
        code: f"{ASSOCIATIONS[code].name}, toute la convention ({french.euros(one.cents)})"
        for code, one in CONVENTIONS.items()
        if sum(line.association == code for line in LINES.values()) > 1
    }
    alone = {
        code: f"{ASSOCIATIONS[line.association].name}, {line.purpose} ({french.euros(line.cents)})"
        for code, line in LINES.items()
    }
    return {**alone, **several}


def _ask_subject(offered: list[str]) -> None:
    words = _subjects()
    st.selectbox(
        "Ligne de subvention ou convention", offered, key=_SUBJECT, format_func=lambda code: french.typeset(words[code])
    )


def _report_lacks(order: Order) -> str:
    try:
        refuse_unbalanced(financial_report(order.store, order.subject or ""))
    except FabriqueError as error:
        return str(error)
    return ""


def _law(order: Order) -> Section:
    """The essential data, due three months after each signature."""
    found = subsidies.subsidies(order.store)
    purpose = "Une ligne par association, aux colonnes attendues sur le site de la Métropole ou sur data.gouv.fr."
    due = " ; ".join(f"{day} pour {name}" for name, day in published_before(order))
    intro = "Les données essentielles de chaque convention se publient dans les trois mois de sa signature."
    return Section(
        "Ce que la loi demande de publier",
        [
            _document("subventions", order, "CSV", CSV, _told(subsidies.gaps(found)), purpose),
            _document("subventions-reglementaire", order, "CSV", CSV, _told(subsidies.gaps(found, regulatory=True)),
                      "Les mêmes, aux 14 colonnes de l’arrêté du 17 novembre 2017."),
        ],
        intro=f"{intro} Au plus tard : {due}." if due else intro,
    )  # fmt: skip


def _told(gaps: Sequence[Gap]) -> str:
    """What is missing, thing by thing, and where to write it: names only where some lack it and others do not."""
    if not gaps:
        return ""
    registers: dict[str, dict[str, list[str]]] = {}
    for gap in gaps:
        register = gap.where.partition(", colonne")[0]
        registers.setdefault(register, {}).setdefault(gap.what, []).append(gap.about)
    listed = [
        f"dans {register}, {french.listing(_lacking(what, names) for what, names in things.items())}"
        for register, things in registers.items()
    ]
    return f"Ce document ne peut pas encore être publié. Il manque : {' ; '.join(listed)}."


def _lacking(what: str, names: Sequence[str]) -> str:
    everybody = len(names) == len(CONVENTIONS) or names == ["Métropole"]
    return what if everybody else f"{what} (pour {french.listing(names)})"


def _opened(order: Order) -> Section:
    licence = order.licence or f"{TO_CONFIRM[:1].lower()}{TO_CONFIRM[1:]}"
    frozen = open_freeze(order)
    what = frozen.mark if frozen else "Données du jour, non arrêtées : aucun comité n’est encore clos"
    purpose = (
        f"{what}. Indicateurs, définitions et lignes de subvention ; nombres de personnes inférieurs à "
        f"{order.below} masqués ; {licence}."
    )
    return Section(
        "Données ouvertes",
        [_document("open-data", order, "ZIP", ZIP, "", purpose), *_places(order)],
        intro=join(["Les mêmes chiffres se lisent aussi par un programme : ", link("comment faire", "/api"), "."]),
    )


def _places(order: Order) -> list[Offered]:
    """The national file, and the list of what it leaves out; nothing for who lists no place."""
    mine = order.actor.association
    if mine is not None and not any(one.code == "acteurs" for one in order.registry.datasets(mine)):
        return []
    found = places_of(order)
    kept = french.count(len(found.rows), "fiche complète", "fiches complètes")
    lacking = _told(found.gaps)
    if not lacking and found.left and not found.rows:
        lacking = f"Aucune fiche n’est complète. Par exemple : {found.left[0].said}"
    purpose = f"Les acteurs recensés, au standard national : {kept}."
    offered = [_document("mediation", order, "CSV", CSV, lacking, purpose)]
    if found.left:
        said = french.count(
            len(found.left), "fiche que le standard refuse, et pourquoi", "fiches que le standard refuse, et pourquoi"
        )
        offered.append(_document("mediation-a-completer", order, "CSV", CSV, "", f"{said}."))
    return offered


def _document(code: str, order: Order, form: str, mime: str, lacking: str, purpose: str) -> Offered:
    kind = LEGAL[code]
    return Offered(
        title=kind.title,
        purpose=french.typeset(purpose),
        format=form,
        button=f"Télécharger ({form})",
        file_name="" if lacking else kind.name(order),
        mime=mime,
        key="-".join(filter(None, (code, order.subject, order.extension, str(order.freeze or order.until or "")))),
        make=lambda: kind.make(order),
        unavailable=french.typeset(lacking),
    )
