"""What Anonymal hands in: one spreadsheet per delivery, and the buildings of Aix and Salon."""

from __future__ import annotations

from datetime import date

from core.demonstration import buildings, communication, equipment, expenses, milestones, story
from core.demonstration.holdings import Holdings
from core.demonstration.quarters import Part, dated, quarter, statement
from core.demonstration.spread import months_of
from core.demonstration.steps import Deposit, Step, at
from core.demonstration.story import ANONYMAL, CT2, CT3

DAYS = (date(2021, 10, 5), date(2022, 1, 7), date(2022, 4, 8), date(2022, 7, 1))
RETURNED = date(2022, 4, 14)
"""When the third statement, returned for its three families outside a QPV, came back unchanged."""
PROOFS = date(2022, 4, 26)


def steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(DAYS, start=1):
        found += statement(ANONYMAL, day, number, _parts(year, number))
    return [*found, *_budget(), *_third_statement_again(year), *_proofs_found(year)]


def _parts(year: Holdings, number: int) -> list[Part]:
    end = quarter(number).end
    needs = [*year.diagnostics[CT2], *year.diagnostics[CT3]]
    meetings = [*year.meetings["aix"], *year.meetings["salon"]]
    return [
        *_deliveries(year, end),
        Part("immeubles", f"Immeubles Aix et Salon T{number}", _homes(end)),
        Part("raccordements", f"Accords Aix et Salon T{number}", _connections(number)),
        Part("concertations", f"Réunions Aix et Salon T{number}", dated(meetings, number)),
        Part("diagnostics", f"Diagnostics T{number}", dated(needs, number, "mois")),
        Part("communication", f"Communication T{number}", dated(communication.rows(ANONYMAL), number)),
        Part("formations", f"Formations T{number}", ()),
        Part("acteurs", f"Acteurs T{number}", ()),
        Part("jalons", f"Jalons T{number}", milestones.rows(ANONYMAL, end)),
        Part("depenses_a_date", f"Dépenses T{number}", expenses.spent(ANONYMAL, number)),
    ]


def _deliveries(year: Holdings, end: date) -> list[Part]:
    arrived = [delivery for delivery in story.DELIVERIES if delivery.day <= end]
    return [_delivery(year, delivery.lot, end) for delivery in arrived]


def _delivery(year: Holdings, lot: str, end: date) -> Part:
    return Part("materiel", f"Livraison {lot} au {end:%d-%m-%Y}", equipment.rows(year.stock.of_lot(lot), end))


def _homes(end: date) -> list[dict]:
    return [*buildings.buildings("aix", end), *buildings.buildings("salon", end)]


def _connections(number: int) -> list[dict]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    return [
        row
        for place in ("aix", "salon")
        for building in buildings.at(place)
        if building.eligible
        for row in buildings.connections(building, first, last)
    ]


def _budget() -> list[Step]:
    rows = expenses.accounts("anonymal-ct2")
    return [Deposit(at(DAYS[0], 11), ANONYMAL, "comptes", "Budget de l’action CT2", tuple(rows))]


def _third_statement_again(year: Holdings) -> list[Step]:
    """The same deliveries, sent again with a comment: nothing changes, and history says so."""
    end = quarter(3).end
    again = [part for part in _deliveries(year, end) if any(row["en_qpv"] is False for row in part.rows)]
    return statement(ANONYMAL, RETURNED, 3, again)


def _proofs_found(year: Holdings) -> list[Step]:
    late = [unit for unit in year.stock.units if unit.proof_known]
    rows = equipment.rows(late, quarter(3).end, written=PROOFS)
    return statement(ANONYMAL, PROOFS, 3, [Part("materiel", "Preuves d’effacement retrouvées", rows)])
