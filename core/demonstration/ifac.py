"""What IFAC hands in: a spreadsheet per building, for Frais Vallon and Plan d’Aou together."""

from __future__ import annotations

from datetime import date, timedelta

from core.demonstration import buildings, communication, expenses, milestones, receivers, slips
from core.demonstration.equipment import Row
from core.demonstration.holdings import Holdings
from core.demonstration.quarters import Part, dated, quarter, statement
from core.demonstration.receivers import Held
from core.demonstration.spread import months_of
from core.demonstration.steps import Deposit, Step, at
from core.demonstration.story import FRAIS_VALLON, IFAC, PLAN_D_AOU

DAYS = (date(2021, 10, 6), date(2022, 1, 21), date(2022, 4, 11), date(2022, 7, 4))
"""The second statement came eleven days late."""
CORRECTED = date(2022, 4, 12)
PLACES = ("frais-vallon", "plan-d-aou")


def steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(DAYS, start=1):
        found += statement(IFAC, day, number, _parts(year, number))
    return [*found, _correction(year)]


def _parts(year: Holdings, number: int) -> list[Part]:
    end = quarter(number).end
    needs = [*year.diagnostics[FRAIS_VALLON], *year.diagnostics[PLAN_D_AOU]]
    meetings = [row for place in PLACES for row in year.meetings[place]]
    return [
        Part("immeubles", f"Immeubles T{number}", [row for place in PLACES for row in buildings.buildings(place, end)]),
        *_building_by_building(number),
        Part("concertations", f"Réunions T{number}", dated(meetings, number)),
        Part("materiel", f"Matériel reçu et remis T{number}", _machines(year, number)),
        Part("diagnostics", f"Diagnostics T{number}", dated(needs, number, "mois")),
        Part("communication", f"Communication T{number}", dated(communication.rows(IFAC), number)),
        Part("formations", f"Formations T{number}", ()),
        Part("acteurs", f"Acteurs T{number}", ()),
        Part("jalons", f"Jalons T{number}", milestones.rows(IFAC, end)),
        Part("depenses_a_date", f"Dépenses T{number}", expenses.spent(IFAC, number)),
    ]


def _building_by_building(number: int) -> list[Part]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    every = [building for place in PLACES for building in buildings.at(place) if building.eligible]
    found = [Part("raccordements", f"{b.code} T{number}", buildings.connections(b, first, last)) for b in every]
    return [part for part in found if part.rows] or [Part("raccordements", f"Accords T{number}", ())]


def _machines(year: Holdings, number: int) -> list[Row]:
    every: list[Held] = [*year.held[FRAIS_VALLON], *year.held[PLAN_D_AOU]]
    rows = receivers.rows(every, quarter(number).end)
    if number != 3:
        return rows
    found = slips.february(year)
    return [
        row | {"numero_inventaire": found.wrong} if row["numero_inventaire"] == found.right else row for row in rows
    ]


def _correction(year: Holdings) -> Step:
    found = slips.february(year)
    every = [item for item in year.held[FRAIS_VALLON] if item.unit.number == found.right]
    rows = receivers.rows(every, quarter(3).end)
    when = at(CORRECTED, 10) + timedelta(minutes=12)
    title = "Matériel T3 numéro corrigé"
    return Deposit(when, IFAC, "materiel", title, tuple(rows), (found.wrong,), quarter(3).code)
