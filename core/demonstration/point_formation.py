"""What Point Formation hands in: an old workbook, late; its first quarter is not due, its last not yet come."""

from __future__ import annotations

from datetime import date

from core.demonstration import buildings, communication, expenses, milestones, receivers
from core.demonstration.equipment import Row
from core.demonstration.holdings import Holdings
from core.demonstration.quarters import Part, dated, quarter, statement
from core.demonstration.spread import months_of
from core.demonstration.steps import Deposit, Step, at
from core.demonstration.story import CT6, POINT_FORMATION

DAYS = {2: date(2022, 1, 10), 3: date(2022, 4, 23)}
"""The third statement came twelve days late."""
CORRECTED = date(2022, 1, 24)


def steps(year: Holdings) -> list[Step]:
    """The two statements, the first of them returned (days and months swapped) and corrected."""
    second, third = _parts(year, 2), _parts(year, 3)
    return [
        *statement(POINT_FORMATION, DAYS[2], 2, [_swapped(part) for part in second]),
        *statement(POINT_FORMATION, CORRECTED, 2, [part for part in second if _swapped(part) != part]),
        *statement(POINT_FORMATION, DAYS[3], 3, third),
        _budget(),
    ]


def _parts(year: Holdings, number: int) -> list[Part]:
    end = quarter(number).end
    return [
        Part("immeubles", f"Immeubles T{number}", buildings.buildings("martigues", end)),
        Part("raccordements", f"Accords T{number}", _connections(number)),
        Part("concertations", f"Réunions T{number}", dated(year.meetings["martigues"], number)),
        Part("materiel", f"Matériel T{number}", receivers.rows(year.held[CT6], end)),
        Part("diagnostics", f"Diagnostics T{number}", dated(year.diagnostics[CT6], number, "mois")),
        Part("communication", f"Communication T{number}", dated(communication.rows(POINT_FORMATION), number)),
        Part("formations", f"Formations T{number}", ()),
        Part("acteurs", f"Acteurs T{number}", ()),
        Part("jalons", f"Jalons T{number}", milestones.rows(POINT_FORMATION, end)),
        Part("depenses_a_date", f"Dépenses T{number}", expenses.spent(POINT_FORMATION, number)),
    ]


def _connections(number: int) -> list[Row]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    return [row for building in buildings.at("martigues") for row in buildings.connections(building, first, last)]


def _swapped(part: Part) -> Part:
    """The same rows as first written, days and months exchanged in the dates of visits and meetings."""
    if part.dataset not in ("immeubles", "concertations"):
        return part
    return Part(part.dataset, part.title, [_exchanged(row, "date_diagnostic", "date") for row in part.rows])


def _exchanged(row: Row, *columns: str) -> Row:
    swaps = {name: row[name] for name in columns if row.get(name)}
    return row | {name: day.replace(day=day.month, month=day.day) for name, day in swaps.items()}


def _budget() -> Step:
    rows = expenses.accounts("point-formation")
    return Deposit(at(CORRECTED, 11), POINT_FORMATION, "comptes", "Budget de l’action CT6", tuple(rows))
