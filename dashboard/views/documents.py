"""« Documents »: what a committee, the law and the public are handed, each made at the click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.committee.meetings import meetings, readable
from core.deliberation import ASSOCIATIONS, CONVENTIONS, LINES
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.calendar import AGREEMENT_THRESHOLD, is_published
from core.domain.meeting import Freeze, Meeting
from core.errors import FabriqueError, UnknownName
from core.exports import subsidies
from core.exports.csv import Gap
from core.exports.documents import KINDS, PDF, XLSX, DocumentType, Order
from core.exports.dossier import freezes
from core.exports.legal_documents import CSV, LEGAL, ZIP, open_freeze, places_of, published_before
from core.exports.open_data import TO_CONFIRM
from core.money.financial_report import financial_report, refuse_unbalanced, scope_of
from dashboard.addresses import address
from dashboard.components import (
    ChooserLink,
    Html,
    Made,
    callout,
    choices,
    download,
    heading,
    join,
    lead,
    link,
    page_title,
    show,
    tag,
)
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, read_moment

_MOST = 500
_sizes: dict[str, int] = {}
"""How large each document was when it was last made, by its key."""


@dataclass(frozen=True, slots=True)
class OfferedDocument:
    """One document: ``make`` is called at the click; ``unavailable`` says why it cannot be, instead of a button.

    ``key`` tells it from every other one, its figures included. ``format`` is « PDF ».
    """

    title: str
    purpose: str
    format: str
    button: str
    file_name: str
    mime: str
    key: str
    make: Made
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Documents under one title; ``ask`` draws what is typed before they are made."""

    title: str
    documents: Sequence[OfferedDocument]
    intro: str | Html = ""
    ask: Callable[[], None] | None = None


def show_section(found: Section) -> None:
    """Draw the title, then each document with its button."""
    show(join([heading(found.title, 2), tag("p", found.intro, class_="section__intro") if found.intro else None]))
    if found.ask is not None:
        found.ask()
    for one in found.documents:
        show_document(one)


def show_document(one: OfferedDocument) -> None:
    """One document: its name, what it is for and its size on the left, its button on the right."""
    with st.container(key=f"document-{one.key}"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            show(tag("div", heading(one.title, 3), tag("p", one.purpose), _size(one), class_="document"))
        with right:
            if one.unavailable:
                show(callout(one.unavailable))
            else:
                download(
                    french.typeset(one.button),
                    partial(_measured, one.key, one.make),
                    one.file_name,
                    mime=one.mime,
                    key=one.key,
                )


def _size(one: OfferedDocument) -> Html | None:
    """How large it is, once it was made: its form is on the button."""
    known = _sizes.get(one.key)
    return tag("p", f"{one.format}, {french.number(max(1, known / 1000))} ko", class_="note") if known else None


def _measured(key: str, make: Made) -> bytes:
    """The document when it is asked for; its size is told on the page from then on."""
    made = make()
    if len(_sizes) > _MOST:
        _sizes.clear()
    _sizes[key] = len(made)
    return made


# --- « Documents »: everything that leaves for the committee, the law or the room, from figures of now or frozen ones


TITLE = "Documents"
PATH = "documents"
FORMATS = {"pdf": "PDF", "pptx": "PowerPoint", "xlsx": "Excel", "docx": "Word"}


def draw(context: Context) -> None:
    """Which figures, then each document."""
    known = readable(context.actor, meetings(context.store))
    moment, freeze = read_moment(context), _asked(known)
    chosen = _order(context, moment, freeze, known)
    show(page_title(TITLE), lead(_sentence(moment, freeze)), _chooser(known, moment, freeze))
    for one in sections(context, chosen):
        show_section(one)


def sections(context: Context, chosen: Order) -> list[Section]:
    """Every document on offer, section by section; ``chosen`` says of which figures."""
    before, after = ([kind for kind in KINDS if kind.about == about] for about in ("figures", "committee"))
    found = [
        Section("Pour la séance", [_offered(kind, chosen) for kind in before]),
        Section("Après la séance", [_offered(kind, chosen) for kind in after], ask=lambda: _ask_present(chosen)),
    ]
    return [*found, *legal_sections(context, chosen)]


def _order(context: Context, moment: ReportingDate, freeze: Freeze | None, known: Sequence[Meeting]) -> Order:
    committee = freeze.committee if freeze else (known[-1].number if known else None)
    return Order(
        context.registry,
        context.store,
        context.actor,
        context.now,
        context.settings,
        until=moment.until,
        freeze=freeze.number if freeze else None,
        committee=committee,
        fictitious=context.demonstration,
        present=st.session_state.get(_present_key(committee), "") if committee else "",
    )


def _asked(known: Sequence[Meeting]) -> Freeze | None:
    """The frozen figures that the address names; raises UnknownName for a number that cannot be read."""
    asked = st.query_params.get("arrete")
    if not asked:
        return None
    found = next((one for one in freezes(known) if str(one.number) == asked), None)
    if found is None:
        raise UnknownName(f"Les données arrêtées n° {asked} ne se lisent pas. Choisissez-en d’autres.")
    return found


def _sentence(moment: ReportingDate, freeze: Freeze | None) -> str:
    if freeze is not None:
        return (
            f"{freeze.mark} : chaque document reprend exactement ces chiffres, et le dit sur chaque page. "
            "Il se fait au moment où vous le demandez."
        )
    return (
        f"Données au {french.day(moment.until)}, qui peuvent encore changer : chaque document le dit. "
        "Celles qui sont arrêtées ne bougent plus."
    )


def _chooser(known: Sequence[Meeting], moment: ReportingDate, freeze: Freeze | None) -> Html:
    """The figures of now, then each set of frozen ones, the last one first."""
    now = ChooserLink(f"Au {french.day(moment.until)}", address(PATH, periode=moment.code), freeze is None)
    stopped = [
        ChooserLink(
            f"Arrêtées au {french.day(one.until)} (n°{french.NBSP}{one.number})",
            address(PATH, arrete=str(one.number)),
            one == freeze,
        )
        for one in reversed(freezes(known))
    ]
    return choices("Données", [now, *stopped])


def _ask_present(chosen: Order) -> None:
    """Who was there, typed at the meeting and written in the minutes."""
    if chosen.committee is not None:
        st.text_area(
            french.typeset(f"Présents au comité n° {chosen.committee}"),
            key=_present_key(chosen.committee),
            max_chars=2000,
            height=80,
            help=french.typeset("Repris en tête du relevé de décisions : noms et fonctions. Rien n’est enregistré."),
        )


def _present_key(committee: int) -> str:
    return f"presents-{committee}"


def _offered(kind: DocumentType, chosen: Order) -> OfferedDocument:
    about = chosen.committee if kind.about == "committee" else (chosen.freeze or chosen.until)
    return OfferedDocument(
        title=kind.title,
        purpose=kind.purpose,
        format=FORMATS[kind.extension],
        button=kind.button,
        file_name=kind.file_name(chosen),
        mime=kind.mime,
        key=f"{kind.code}-{about}",
        make=partial(kind.make, chosen),
        unavailable=_unavailable(kind, chosen),
    )


def _unavailable(kind: DocumentType, chosen: Order) -> str:
    if kind.about == "committee" and chosen.committee is None:
        return "Aucun comité n’est encore préparé : il n’y a rien à relever."
    return ""


# --- On « Documents »: what the law asks for and what is opened to everybody; each says what it still lacks ----


_SUBJECT = "documents-subvention"


def legal_sections(context: Context, chosen: Order) -> list[Section]:
    """The legal and open documents that this person may take away."""
    publishes = access.allowed(context.actor, Action.READ_ROWS)
    return [*_reports(context, chosen), *([_law(chosen)] if publishes else []), _opened(chosen)]


def _reports(context: Context, order: Order) -> list[Section]:
    """The financial report and the payment statement of one line or convention, chosen above them."""
    offered = [code for code in _subjects() if access.allowed(context.actor, Action.READ_ROWS, On(scope_of(code)[0]))]
    if not offered:
        return []
    kept = st.session_state.get(_SUBJECT)
    subject = replace(order, subject=kept if kept in offered else offered[0])
    lacking = _report_lacks(subject)
    documents = [
        _document(
            "compte-rendu",
            replace(subject, extension="pdf"),
            "PDF",
            PDF,
            lacking,
            "À compléter et à signer : le tableau du Cerfa 15059, les objectifs, les écarts à expliquer.",
        ),
        _document(
            "compte-rendu",
            replace(subject, extension="xlsx"),
            "Excel",
            XLSX,
            lacking,
            "Le même, en trois feuilles, pour recopier ligne à ligne.",
        ),
        _document(
            "versements",
            subject,
            "PDF",
            PDF,
            "",
            "La lettre qui dit ce qui est voté, versé, et ce que le solde attend.",
        ),
    ]
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
    """The essential data, due three months after the signature of those above the threshold of the law."""
    found = subsidies.subsidies(order.store)
    purpose = "Une ligne par association, aux colonnes attendues sur le site de la Métropole ou sur data.gouv.fr."
    due = " ; ".join(f"{day} pour {name}" for name, day in published_before(order))
    threshold = french.euros(AGREEMENT_THRESHOLD)
    intro = (
        "Les données essentielles d’une convention se publient dans les trois mois de sa signature, pour une "
        f"subvention de plus de {threshold} (décrets 2001-495 et 2017-779)."
    )
    free = [one.name for one in found if not is_published(one.cents)]
    left = f" En dessous, la publication est libre : {french.listing(free)}." if free else ""
    return Section(
        "Ce que la loi demande de publier",
        [
            _document("subventions", order, "CSV", CSV, _told(subsidies.gaps(found)), purpose),
            _document(
                "subventions-reglementaire",
                order,
                "CSV",
                CSV,
                _told(subsidies.gaps(found, regulatory=True)),
                "Les mêmes, aux 14 colonnes de l’arrêté du 17 novembre 2017.",
            ),
        ],
        intro=f"{intro} Au plus tard : {due}.{left}" if due else f"{intro}{left}",
    )


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
    licence = order.licence or french.lower_first(TO_CONFIRM)
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


def _places(order: Order) -> list[OfferedDocument]:
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


def _document(code: str, order: Order, form: str, mime: str, lacking: str, purpose: str) -> OfferedDocument:
    kind = LEGAL[code]
    return OfferedDocument(
        title=kind.title,
        purpose=french.typeset(purpose),
        format=form,
        button=f"Télécharger ({form})",
        file_name="" if lacking else kind.name(order),
        mime=mime,
        key="-".join(filter(None, (code, order.subject, order.extension, str(order.freeze or order.until or "")))),
        make=partial(kind.make, order),
        unavailable=french.typeset(lacking),
    )
