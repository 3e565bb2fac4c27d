"""What the law asks to hand out or publish, by kind: reports, statements, subsidies, mediation places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.committee.meetings import meetings, readable, snapshot_of
from core.deliberation import CONVENTIONS, LINES
from core.domain import access, french
from core.domain.access import Action, On, Role
from core.domain.calendar import is_published, publication_due
from core.domain.meeting import Freeze, Stage
from core.errors import Forbidden, Refused
from core.exports import csv, financial_workbook, legal_report, mediation_places, open_data, subsidies
from core.exports.documents import Order
from core.exports.legal_report import action_of
from core.exports.mediation_places import Places
from core.exports.open_data import PublishedFigures
from core.figures import Monitor
from core.money.financial_report import financial_report, scope_of

# --- What the law asks for and what is opened to everybody, as documents that the page and the command offer ----


CSV, ZIP = "text/csv", "application/zip"


@dataclass(frozen=True, slots=True)
class Legal:
    """One document: its ``code`` in the command, its name, how it is made and under which name it leaves.

    ``extensions`` are the forms that it takes, the first one by default.
    """

    code: str
    title: str
    make: Callable[[Order], bytes]
    name: Callable[[Order], str]
    extensions: tuple[str, ...] = ("csv",)


def places_of(order: Order) -> Places:
    """The mediation places that this person may publish: one association's, or all.

    Raises Forbidden for another association's.
    """
    code = order.subject or order.actor.association
    if code is not None:
        order.registry.association(code)
        access.check(order.actor, Action.READ_ROWS, On(code))
    elif order.actor.role not in (Role.LEAD, Role.COMMITTEE, Role.SYSTEM):
        raise Forbidden(access.OTHERS)
    names = {one.code: one.name for one in order.registry.associations}
    return mediation_places.places(order.store, [code] if code else list(names), names)


def open_freeze(order: Order) -> Freeze | None:
    """The frozen figures that are opened: those asked for, else the last ones that a closed committee looked at.

    None when no committee is closed yet. Raises Refused for a number that cannot be read.
    """
    known = readable(order.actor, meetings(order.store))
    if order.freeze is None:
        closed = [found.freeze for found in known if found.stage is Stage.CLOSED and found.freeze]
        return max(closed, key=lambda one: one.number, default=None)
    frozen = next((one for found in known for one in found.freezes if one.number == order.freeze), None)
    if frozen is None:
        raise Refused(f"Les données arrêtées n° {order.freeze} ne se lisent pas.")
    return frozen


def open_source(order: Order) -> PublishedFigures:
    """The figures opened: frozen ones; those of the day, marked so, only while no committee is closed."""
    access.check(order.actor, Action.EXPORT)
    frozen = open_freeze(order)
    if frozen is not None:
        return PublishedFigures.frozen(snapshot_of(order.store, frozen), order.below)
    monitor = Monitor(order.registry, order.store, today=order.today)
    until = order.until or order.today
    return PublishedFigures.live(
        order.registry, order.store, monitor, until=until, below=order.below, fictitious=order.fictitious
    )


def published_before(order: Order) -> Sequence[tuple[str, str]]:
    """Each convention signed whose essential data the law asks to publish, with the day by which."""
    return [
        (one.name, french.day(publication_due(one.signed)))
        for one in subsidies.subsidies(order.store)
        if one.signed is not None and is_published(one.cents)
    ]


def _subsidies(make: Callable[..., bytes]) -> Callable[[Order], bytes]:
    def made(order: Order) -> bytes:
        access.check(order.actor, Action.EXPORT)
        return make(order.store, fictitious=order.fictitious)

    return made


def _mediation(order: Order) -> bytes:
    access.check(order.actor, Action.EXPORT)
    return mediation_places.csv(places_of(order))


def _report(order: Order) -> bytes:
    """The report in the form asked for: a spreadsheet for « xlsx », else a paper."""
    subject = _subject(order)
    report = financial_report(order.store, subject, order.year)
    monitor = Monitor(order.registry, order.store, today=order.today)
    until = min(report.year_end, order.until or order.today)
    action = action_of(order.registry, order.store, monitor, report.lines, until=until, below=order.below)
    if order.extension == "xlsx":
        return financial_workbook.workbook(report, action, made=order.now, fictitious=order.fictitious)
    return legal_report.report_pdf(report, action, at=order.now, fictitious=order.fictitious)


def _statement(order: Order) -> bytes:
    association, _ = scope_of(_subject(order))
    return legal_report.statement_pdf(
        order.store, association, today=order.today, at=order.now, fictitious=order.fictitious
    )


def _subject(order: Order) -> str:
    """The line or convention asked for. Raises Refused when none is named, Forbidden for another association's."""
    access.check(order.actor, Action.EXPORT)
    if order.subject is None:
        named = french.listing((*LINES, *(code for code in CONVENTIONS if code not in LINES)), "ou")
        raise Refused(f"De quelle ligne ou convention ? Nommez-la par « --subject » : {named}.")
    association, _ = scope_of(order.subject)
    access.check(order.actor, Action.READ_ROWS, On(association))
    return order.subject


def _open_data(order: Order) -> bytes:
    return open_data.package(open_source(order), at=order.now, licence=order.licence)


def _to_complete(order: Order) -> bytes:
    """The actors that the national file leaves out, each with its reasons."""
    access.check(order.actor, Action.EXPORT)
    columns = ("association", "id", "nom", "a_completer")
    rows = [(one.association, one.id, one.name, " ; ".join(one.reasons)) for one in places_of(order).left]
    return csv.table(columns, [dict(zip(columns, row, strict=True)) for row in rows])


def _package_name(order: Order) -> str:
    frozen = open_freeze(order)
    which = f"donnees-{frozen.number}" if frozen else (order.until or order.today).isoformat()
    return f"fabrique-donnees-ouvertes-{which}.zip"


def _dated(stem: str, extension: str) -> Callable[[Order], str]:
    def named(order: Order) -> str:
        fictitious = "-donnees-fictives" if order.fictitious else ""
        return f"{stem}-{order.today.isoformat()}{fictitious}.{extension}"

    return named


LEGAL = {
    one.code: one
    for one in (
        Legal(
            "subventions",
            "Données essentielles des subventions (SCDL 2.1.1)",
            _subsidies(subsidies.scdl),
            _dated("subventions-scdl", "csv"),
        ),
        Legal(
            "subventions-reglementaire",
            "Données essentielles des subventions (format réglementaire)",
            _subsidies(subsidies.regulatory),
            _dated("subventions", "csv"),
        ),
        Legal(
            "mediation",
            "Lieux de médiation numérique (standard national 1.0.2)",
            _mediation,
            lambda order: places_of(order).name(order.today),
        ),
        Legal(
            "mediation-a-completer",
            "Fiches de médiation à compléter",
            _to_complete,
            _dated("fiches-a-completer", "csv"),
        ),
        Legal(
            "compte-rendu",
            "Compte rendu financier (Cerfa 15059)",
            _report,
            lambda order: f"compte-rendu-financier-{order.subject}.{order.extension or 'pdf'}",
            ("pdf", "xlsx"),
        ),
        Legal(
            "versements",
            "État de versement",
            _statement,
            lambda order: f"etat-de-versement-{order.subject}.pdf",
            ("pdf",),
        ),
        Legal("open-data", "Données ouvertes", _open_data, _package_name, ("zip",)),
    )
}
"""By their code, in the order of the page."""
