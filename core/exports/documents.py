"""The documents of a committee, by kind and format, and the figures as who asks for them may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from core.committee.deciding import seen_in
from core.committee.meetings import meetings, readable, snapshot_of
from core.contract.scope import Scope
from core.disclosure import masked
from core.domain import access
from core.domain.access import Action
from core.domain.french import fold
from core.domain.meeting import Decision, Meeting
from core.errors import Refused
from core.exports.dossier import Material, frozen, live
from core.storage import Store


def discreet_words(store: Store, known: Sequence[Meeting], below: int) -> Mapping[str, str]:
    """For each figure seen that may not be repeated, as it was written, what is written instead."""
    cited = {one.freeze for meeting in known for one in meeting.decisions if one.seen}
    freezes = [one for meeting in known for one in meeting.freezes if one.number in cited]
    found: dict[str, str] = {}
    for freeze in freezes:
        whole = snapshot_of(store, freeze)
        shown = masked(whole, below)
        for (code, whom), cell in shown.cells.items():
            if cell.observation.hidden:
                found[seen_in(whole, whom, code)] = seen_in(shown, whom, code)
    return found


def discreet(found: Sequence[Decision], words: Mapping[str, str]) -> tuple[Decision, ...]:
    """The decisions, each with the figure that it may repeat."""
    return tuple(replace(one, seen=words.get(one.seen, one.seen)) for one in found)


# --- The documents that anybody who may take files away can ask for: what each is for, and how it is made ----


PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
PPTX, XLSX, DOCX = (
    f"{_OFFICE}.{kind}" for kind in ("presentationml.presentation", "spreadsheetml.sheet", "wordprocessingml.document")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Scope):
    """Who asks for a document, when, and about which figures.

    ``freeze`` is a number of frozen figures, None for those of now up to ``until`` (None: today);
    ``committee`` the number of a committee, for what is about one. ``present`` is who was there.
    ``subject`` is a subsidy line, a convention or an association, ``year`` an accounting year,
    ``extension`` the form wanted when there are several.
    """

    until: date | None = None
    freeze: int | None = None
    committee: int | None = None
    fictitious: bool = False
    present: str = ""
    subject: str | None = None
    year: int | None = None
    extension: str = ""

    @property
    def licence(self) -> str | None:
        """The one under which data are opened, once the Métropole chose it."""
        return None if self.settings is None else self.settings.open_licence

    @property
    def material(self) -> Material:
        """The figures asked for, without small counts of people. Raises Forbidden, UnknownName."""
        access.check(self.actor, Action.EXPORT)
        if self.freeze is not None:
            return frozen(self.store, self.freeze, actor=self.actor).masked(self.below)
        return live(self, until=self.until, fictitious=self.fictitious).masked(self.below)

    @property
    def meeting(self) -> Meeting:
        """The committee asked for, else the last one; raises Forbidden, UnknownName, Refused when there is none."""
        access.check(self.actor, Action.EXPORT)
        known = readable(self.actor, meetings(self.store))
        asked = [one for one in known if self.committee in (None, one.number)]
        return asked[-1] if asked else _none()


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One document: its ``code`` in the command, its name, what it is for in one sentence, how it is made.

    ``about`` is « figures » (of a moment) or « committee ».
    """

    code: str
    title: str
    purpose: str
    extension: str
    mime: str
    button: str
    make: Callable[[Order], bytes]
    about: str = "figures"

    @property
    def extensions(self) -> tuple[str, ...]:
        """The forms that it takes: one."""
        return (self.extension,)

    def file_name(self, order: Order) -> str:
        """« dossier-donnees-4.pdf », « dossier-2022-07-05.pdf »: plain letters, whatever the machine."""
        if self.about == "committee":
            which = f"comite-{order.committee}" if order.committee else "comite"
        elif order.freeze is not None:
            which = f"donnees-{order.freeze}"
        else:
            which = (order.until or order.today).isoformat()
        return f"{fold(self.title).replace(' ', '-')}-{which}.{self.extension}"


def _pdf(order: Order) -> bytes:
    from core.exports.dossier_paper import dossier_pdf

    return dossier_pdf(order.material)


def _pptx(order: Order) -> bytes:
    from core.exports.slides_deck import deck

    return deck(order.material)


def _xlsx(order: Order) -> bytes:
    from core.exports.workbook import workbook

    return workbook(order.material, made_by=order.actor.name)


def _minutes(order: Order) -> bytes:
    from core.exports.docx import minutes

    found = order.meeting
    words = discreet_words(order.store, meetings(order.store), order.below)
    return minutes(
        replace(found, decisions=discreet(found.decisions, words)),
        at=order.now,
        before=discreet(_still_to_do(order, found), words),
        present=order.present,
        fictitious=order.fictitious,
    )


def _still_to_do(order: Order, found: Meeting) -> list[Decision]:
    """The decisions of the committees before ``found`` that still ask for something."""
    earlier = [one for one in meetings(order.store) if one.number < found.number]
    return [decision for one in earlier for decision in one.decisions if decision.to_do]


def _none() -> NoReturn:
    raise Refused("Aucun comité ne peut être relevé : préparez-en un, ou attendez que celui-ci soit clos.")


KINDS: tuple[DocumentType, ...] = (
    DocumentType(
        "pdf",
        "Dossier du comité",
        "À envoyer avant la séance : une page de synthèse, une page par expérimentation, ce qui est demandé.",
        "pdf",
        PDF,
        "Télécharger le dossier (PDF)",
        _pdf,
    ),
    DocumentType(
        "pptx",
        "Diaporama du comité",
        "À projeter ou à reprendre : une page par expérimentation, des graphiques qui restent modifiables.",
        "pptx",
        PPTX,
        "Télécharger le diaporama (PowerPoint)",
        _pptx,
    ),
    DocumentType(
        "xlsx",
        "Tableau des indicateurs",
        "À vérifier ou à recalculer : chaque chiffre, ses deux termes, son objectif et sa définition.",
        "xlsx",
        XLSX,
        "Télécharger les indicateurs (Excel)",
        _xlsx,
    ),
    DocumentType(
        "minutes",
        "Relevé de décisions",
        "À compléter et à signer : ordre du jour, propositions, décisions, responsables et dates.",
        "docx",
        DOCX,
        "Télécharger le relevé de décisions (Word)",
        _minutes,
        about="committee",
    ),
)
"""In the order of the page; the command finds them by their code."""
