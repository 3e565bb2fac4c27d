"""The four agreements: their money from the vote to what is left, and their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.deliberation import ASSOCIATIONS, CONVENTIONS
from core.domain import french
from core.domain.observation import Missing
from core.services.ledger import Ledger
from core.services.settlement import Agreement, Settled, settle, settle_lines
from dashboard.components import mark, section, table
from dashboard.context import Context
from dashboard.views.parts.kept import kept
from dashboard.views.parts.moment import Moment

_NOTE = (
    "Justifié : charges réalisées inscrites aux comptes de l’action, dans la limite de la somme votée. "
    "Versé et non dépensé : toutes les lignes de la convention ensemble. Part non dépensée : ce que la convention "
    "en prévoit."
)


def settled_lines(context: Context, state: Ledger, moment: Moment) -> Sequence[Settled]:
    """Each line to its end, read once while nothing new is deposited."""
    return kept(
        context,
        ("settled", moment.until),
        moment.revision,
        lambda: settle_lines(context.store, state, **moment.asked),
    )


def agreements(context: Context, state: Ledger, moment: Moment) -> Any:
    """Two tables: the money of each agreement, then its days."""
    found = settle(context.store, settled_lines(context, state, moment), **moment.asked)
    return section("Les quatre conventions d’objectifs", _money(found), _days(found, moment.until))


def amount(cents: int | None) -> Any:
    """The sum, or « Non renseigné »."""
    return mark(Missing.NOT_REPORTED) if cents is None else french.euros(cents)


def _money(found: Sequence[Agreement]) -> Any:
    rows = [
        [
            ASSOCIATIONS[one.money.code].name,
            french.euros(one.money.voted),
            *(amount(cents) for cents in (one.money.agreed, one.money.paid, one.money.spent, one.money.justified)),
            amount(one.money.to_pay),
            amount(one.money.unspent),
            one.money.leftover or mark(Missing.NOT_REPORTED),
            CONVENTIONS[one.money.code].source.where,
        ]
        for one in found
    ]
    headings = ["Association", "Voté", "Conventionné", "Versé", "Dépensé", "Justifié", "Reste à verser",
                "Versé et non dépensé", "Part non dépensée", "Source du vote"]  # fmt: skip
    return table(
        "L’argent de chaque convention", headings, rows, numeric=range(1, 8), hide_caption=True, note=_NOTE, wide=True
    )


def _days(found: Sequence[Agreement], until: date) -> Any:
    rows = [
        [
            ASSOCIATIONS[one.money.code].name,
            _day(one.signed),
            _paid(one),
            _day(one.year_end),
            _day(one.report_due),
            _received(one, until),
        ]
        for one in found
    ]
    headings = ["Association", "Convention signée le", "Premier versement", "Fin de l’exercice",
                "Compte rendu financier attendu le", "Compte rendu financier"]  # fmt: skip
    return table("Les dates de chaque convention", headings, rows, hide_caption=True, wide=True)


def _paid(one: Agreement) -> Any:
    if one.first_paid is None:
        return mark(Missing.NOT_REPORTED)
    wait = f", {french.count(one.wait, 'jour')} après la signature" if one.wait is not None else ""
    return f"{french.day(one.first_paid)}{wait}"


def _received(one: Agreement, until: date) -> Any:
    if one.report_received:
        return f"Reçu le {french.day(one.report_received)}"
    if one.report_due is None:
        return mark(Missing.NOT_REPORTED)
    if one.report_due > until:
        return "Pas encore dû"
    since = "depuis le" if one.report_due < until else "le"
    return f"Attendu {since} {french.day(one.report_due)}, pas reçu"


def _day(found: date | None) -> Any:
    return french.day(found) if found else mark(Missing.NOT_REPORTED)
