"""The documents that anybody who may take files away can ask for: what each is for, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor
from core.domain.meeting import Decision, Meeting
from core.domain.words import fold
from core.errors import Refused
from core.exports.dossier.choosing import frozen, live
from core.exports.dossier.material import Material
from core.exports.seen import discreet, discreet_words
from core.registry import Registry
from core.services.meetings import meetings, readable
from core.storage import Store

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
PPTX, XLSX, DOCX = (
    f"{_OFFICE}.{kind}" for kind in ("presentationml.presentation", "spreadsheetml.sheet", "wordprocessingml.document")
)


@dataclass(frozen=True, slots=True)
class Order:
    """Who asks for a document, when, and about which figures.

    ``freeze`` is a number of frozen figures, None for those of now up to ``until`` (None: ``today``);
    ``committee`` the number of a committee, for what is about one. ``present`` is who was there.
    ``subject`` is a subsidy line, a convention or an association, ``year`` an accounting year,
    ``extension`` the form wanted when there are several; ``below`` the first count of people that may be
    shown, ``licence`` the one chosen for them.
    """

    registry: Registry
    store: Store
    actor: Actor
    at: datetime
    today: date
    until: date | None = None
    freeze: int | None = None
    committee: int | None = None
    fictitious: bool = False
    present: str = ""
    subject: str | None = None
    year: int | None = None
    extension: str = ""
    below: int = 5
    licence: str | None = None

    @property
    def material(self) -> Material:
        """The figures asked for, without small counts of people. Raises Forbidden, UnknownName."""
        access.check(self.actor, Action.EXPORT)
        if self.freeze is not None:
            return frozen(self.store, self.freeze, actor=self.actor).masked(self.below)
        found = live(
            self.registry, self.store, actor=self.actor, at=self.at, today=self.today, until=self.until,
            fictitious=self.fictitious,
        )  # fmt: skip
        return found.masked(self.below)

    @property
    def meeting(self) -> Meeting:
        """The committee asked for, else the last one; raises Forbidden, UnknownName, Refused when there is none."""
        access.check(self.actor, Action.EXPORT)
        known = readable(self.actor, meetings(self.store))
        asked = [one for one in known if self.committee in (None, one.number)]
        return asked[-1] if asked else _none()


@dataclass(frozen=True, slots=True)
class Kind:
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
    from core.exports.dossier.paper import dossier_pdf

    return dossier_pdf(order.material)


def _pptx(order: Order) -> bytes:
    from core.exports.slides.deck import deck

    return deck(order.material)


def _xlsx(order: Order) -> bytes:
    from core.exports.workbook import workbook

    return workbook(order.material, made_by=order.actor.name)


def _minutes(order: Order) -> bytes:
    from core.exports.minutes import minutes

    found = order.meeting
    words = discreet_words(order.store, meetings(order.store), order.below)
    return minutes(
        replace(found, decisions=discreet(found.decisions, words)), at=order.at,
        before=discreet(_still_to_do(order, found), words), present=order.present, fictitious=order.fictitious,
    )  # fmt: skip


def _still_to_do(order: Order, found: Meeting) -> list[Decision]:
    """The decisions of the committees before ``found`` that still ask for something."""
    earlier = [one for one in meetings(order.store) if one.number < found.number]
    return [decision for one in earlier for decision in one.decisions if decision.to_do]


def _none() -> Any:
    raise Refused(
        french.typeset("Aucun comité ne peut être relevé : préparez-en un, ou attendez que celui-ci soit clos.")
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        "pdf", "Dossier du comité",
        "À envoyer avant la séance : une page de synthèse, une page par expérimentation, ce qui est demandé.",
        "pdf", PDF, "Télécharger le dossier (PDF)", _pdf,
    ),
    Kind(
        "pptx", "Diaporama du comité",
        "À projeter ou à reprendre : une page par expérimentation, des graphiques qui restent modifiables.",
        "pptx", PPTX, "Télécharger le diaporama (PowerPoint)", _pptx,
    ),
    Kind(
        "xlsx", "Tableau des indicateurs",
        "À vérifier ou à recalculer : chaque chiffre, ses deux termes, son objectif et sa définition.",
        "xlsx", XLSX, "Télécharger les indicateurs (Excel)", _xlsx,
    ),
    Kind(
        "minutes", "Relevé de décisions",
        "À compléter et à signer : ordre du jour, propositions, décisions, responsables et dates.",
        "docx", DOCX, "Télécharger le relevé de décisions (Word)", _minutes, about="committee",
    ),
)  # fmt: skip
"""In the order of the page; the command finds them by their code."""
