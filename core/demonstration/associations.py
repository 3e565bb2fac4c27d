"""What each association hands in over the fictitious year, step by step."""

from __future__ import annotations

from datetime import date, timedelta

from core.demonstration import buildings, lead, machines, receivers, story
from core.demonstration.people import StatementPart, Step, StoryDeposit, at, dated, months_of, named, quarter, statement
from core.demonstration.receivers import Holdings, ReceivedUnit
from core.demonstration.story import (
    AGREEMENTS,
    ANONYMAL,
    ARSENIC,
    CT2,
    CT3,
    CT6,
    FRAIS_VALLON,
    IFAC,
    LINES_OF,
    PLAN_D_AOU,
    POINT_FORMATION,
    QUARTERS,
    RECHERCHE,
)
from core.domain.dataset import RowDict

_TOLD: dict[str, tuple[tuple[str, date, str, str, int], ...]] = {
    "anonymal": (
        ("COM-01", date(2021, 9, 20), "aix", "affichage", 120),
        ("COM-02", date(2021, 10, 13), "gardanne", "réunion", 24),
        ("COM-03", date(2021, 11, 24), "salon", "affichage", 90),
        ("COM-04", date(2022, 1, 19), "pertuis", "presse", 300),
        ("COM-05", date(2022, 3, 9), "salon", "réunion", 31),
        ("COM-06", date(2022, 5, 18), "aix", "porte-à-porte", 64),
    ),
    "ifac": (
        ("COM-01", date(2021, 9, 14), "frais-vallon", "affichage", 150),
        ("COM-02", date(2021, 10, 6), "plan-d-aou", "affichage", 80),
        ("COM-03", date(2021, 11, 17), "frais-vallon", "porte-à-porte", 96),
        ("COM-04", date(2022, 3, 3), "frais-vallon", "porte-à-porte", 118),
        ("COM-05", date(2022, 5, 20), "plan-d-aou", "réunion", 22),
    ),
    "point-formation": (
        ("COM-01", date(2021, 11, 9), "martigues", "affichage", 60),
        ("COM-02", date(2022, 2, 16), "port-de-bouc", "en ligne", 45),
    ),
    "arsenic": (
        ("COM-01", date(2021, 9, 28), "13055", "en ligne", 210),
        ("COM-02", date(2021, 12, 2), "13005", "réunion", 38),
        ("COM-03", date(2022, 3, 22), "13047", "presse", 400),
        ("COM-04", date(2022, 6, 9), "13117", "réunion", 27),
    ),
}


def rows(association: str) -> list[RowDict]:
    """The year's actions of one association."""
    return [
        {"code_action": code, "date": day, "lieu": place, "canal": channel, "personnes_touchees": people}
        for code, day, place, channel, people in _TOLD[association]
    ]


# --- What each association says that it spent on its line, and the accounts that the story tells ----


YEARS = {"anonymal-ct2": 2022, "point-formation": 2022, "arsenic-equiper-connecter": 2021, "arsenic-accompagner": 2021}
"""The year in which the accounting year ends."""


def spent(association: str, quarter: int) -> list[RowDict]:
    """The expenses to the end of quarter 1 to 4, one row per line, in cents."""
    return [
        {"ligne_subvention": line, "date": QUARTERS[quarter - 1].end, "montant": story.SPENT[line][quarter - 1]}
        for line in story.LINES_OF[association]
        if quarter <= len(story.SPENT[line])
    ]


def spent_live() -> list[RowDict]:
    """The last figure of Point Formation, brought by the live deposit."""
    return [{"ligne_subvention": "point-formation", "date": QUARTERS[3].end, "montant": story.SPENT_LIVE}]


def accounts(line: str) -> list[RowDict]:
    """The balanced budget of one line, and what was done of it when its year is over; in cents, account by account."""
    done = story.ACTUALS.get(line, {})
    return [
        {
            "ligne_subvention": line,
            "exercice": YEARS[line],
            "compte": account,
            "prevision": cents,
            "realisation": done.get(account),
        }
        for account, cents in story.BUDGETS[line].items()
    ]


# --- What Anonymal hands in: one spreadsheet per delivery, and the buildings of Aix and Salon ------


ANONYMAL_DAYS = (date(2021, 10, 5), date(2022, 1, 7), date(2022, 4, 8), date(2022, 7, 1))
RETURNED = date(2022, 4, 14)
"""When the third statement, returned for its three families outside a QPV, came back unchanged."""
PROOFS = date(2022, 4, 26)


def anonymal_steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(ANONYMAL_DAYS, start=1):
        found += statement(ANONYMAL, day, number, _parts(year, number))
    return [*found, *_budget(), *_third_statement_again(year), *_proofs_found(year)]


def _parts(year: Holdings, number: int) -> list[StatementPart]:
    end = quarter(number).end
    needs = [*year.diagnostics[CT2], *year.diagnostics[CT3]]
    meetings = [*year.meetings["aix"], *year.meetings["salon"]]
    return [
        *_deliveries(year, end),
        StatementPart("immeubles", f"Immeubles Aix et Salon {named(number)}", _homes(end)),
        StatementPart("raccordements", f"Accords Aix et Salon {named(number)}", _connections(number)),
        StatementPart("concertations", f"Réunions Aix et Salon {named(number)}", dated(meetings, number)),
        StatementPart("diagnostics", f"Diagnostics {named(number)}", dated(needs, number, "mois")),
        StatementPart("communication", f"Communication {named(number)}", dated(rows(ANONYMAL), number)),
        StatementPart("formations", f"Formations {named(number)}", ()),
        StatementPart("acteurs", f"Acteurs {named(number)}", ()),
        StatementPart("jalons", f"Jalons {named(number)}", lead.rows(ANONYMAL, end)),
        StatementPart("depenses_a_date", f"Dépenses {named(number)}", spent(ANONYMAL, number)),
    ]


def _deliveries(year: Holdings, end: date) -> list[StatementPart]:
    arrived = [delivery for delivery in story.DELIVERIES if delivery.day <= end]
    return [_delivery(year, delivery.lot, end) for delivery in arrived]


def _delivery(year: Holdings, lot: str, end: date) -> StatementPart:
    return StatementPart("materiel", f"Livraison {lot} au {end:%d-%m-%Y}", machines.rows(year.stock.of_lot(lot), end))


def _homes(end: date) -> list[RowDict]:
    return [*buildings.buildings("aix", end), *buildings.buildings("salon", end)]


def _connections(number: int) -> list[RowDict]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    return [
        row
        for place in ("aix", "salon")
        for building in buildings.at(place)
        if building.eligible
        for row in buildings.connections(building, first, last)
    ]


def _budget() -> list[Step]:
    rows = accounts("anonymal-ct2")
    return [StoryDeposit(at(ANONYMAL_DAYS[0], 11), ANONYMAL, "comptes", "Budget de l’action CT2", tuple(rows))]


def _third_statement_again(year: Holdings) -> list[Step]:
    """The same deliveries, sent again with a comment: nothing changes, and history says so."""
    end = quarter(3).end
    again = [part for part in _deliveries(year, end) if any(row["en_qpv"] is False for row in part.rows)]
    return statement(ANONYMAL, RETURNED, 3, again)


def _proofs_found(year: Holdings) -> list[Step]:
    late = [unit for unit in year.stock.units if unit.proof_known]
    rows = machines.rows(late, quarter(3).end, written=PROOFS)
    return statement(ANONYMAL, PROOFS, 3, [StatementPart("materiel", "Preuves d’effacement retrouvées", rows)])


# --- What ARSENIC hands in: the export of its fourteen relay structures, and its own line of support ----


ARSENIC_DAYS = (date(2021, 10, 7), date(2022, 1, 10), date(2022, 4, 11), date(2022, 7, 4))


def arsenic_steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(ARSENIC_DAYS, start=1):
        found += statement(ARSENIC, day, number, _arsenic_parts(year, number))
    return [*found, _accounts()]


def _arsenic_parts(year: Holdings, number: int) -> list[StatementPart]:
    listed = [row for row in year.actors if row["date_maj"] <= quarter(number).end]
    return [
        StatementPart("acteurs", f"Acteurs {named(number)}", listed),
        StatementPart(
            "diagnostics", f"Diagnostics {named(number)}", dated(year.diagnostics[RECHERCHE], number, "mois")
        ),
        StatementPart("formations", f"Formations {named(number)}", dated(year.sessions, number)),
        StatementPart("accompagnements", f"Accompagnements {named(number)}", dated(year.supports, number, "mois")),
        StatementPart("appuis", f"Appuis {named(number)}", dated(year.relay_support, number)),
        StatementPart("communication", f"Communication {named(number)}", dated(rows(ARSENIC), number)),
        StatementPart("jalons", f"Jalons {named(number)}", lead.rows(ARSENIC, quarter(number).end)),
        StatementPart("depenses_a_date", f"Dépenses {named(number)}", spent(ARSENIC, number)),
    ]


def _accounts() -> Step:
    """What the intermediate financial report says, on the day it reached the Métropole."""
    received = AGREEMENTS[ARSENIC].account_received or ARSENIC_DAYS[-1]
    rows = [row for line in LINES_OF[ARSENIC] for row in accounts(line)]
    return StoryDeposit(at(received, 10), ARSENIC, "comptes", "Comptes 2021 des deux actions", tuple(rows))


# --- What IFAC hands in: a spreadsheet per building, for Frais Vallon and Plan d’Aou together ------


IFAC_DAYS = (date(2021, 10, 6), date(2022, 1, 21), date(2022, 4, 11), date(2022, 7, 4))
"""The second statement came eleven days late."""
IFAC_CORRECTED = date(2022, 4, 12)
PLACES = ("frais-vallon", "plan-d-aou")


def ifac_steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(IFAC_DAYS, start=1):
        found += statement(IFAC, day, number, _ifac_parts(year, number))
    return [*found, _correction(year)]


def _ifac_parts(year: Holdings, number: int) -> list[StatementPart]:
    end = quarter(number).end
    needs = [*year.diagnostics[FRAIS_VALLON], *year.diagnostics[PLAN_D_AOU]]
    meetings = [row for place in PLACES for row in year.meetings[place]]
    return [
        StatementPart(
            "immeubles",
            f"Immeubles {named(number)}",
            [row for place in PLACES for row in buildings.buildings(place, end)],
        ),
        *_building_by_building(number),
        StatementPart("concertations", f"Réunions {named(number)}", dated(meetings, number)),
        StatementPart("materiel", f"Matériel reçu et remis {named(number)}", _machines(year, number)),
        StatementPart("diagnostics", f"Diagnostics {named(number)}", dated(needs, number, "mois")),
        StatementPart("communication", f"Communication {named(number)}", dated(rows(IFAC), number)),
        StatementPart("formations", f"Formations {named(number)}", ()),
        StatementPart("acteurs", f"Acteurs {named(number)}", ()),
        StatementPart("jalons", f"Jalons {named(number)}", lead.rows(IFAC, end)),
        StatementPart("depenses_a_date", f"Dépenses {named(number)}", spent(IFAC, number)),
    ]


def _building_by_building(number: int) -> list[StatementPart]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    every = [building for place in PLACES for building in buildings.at(place) if building.eligible]
    found = [
        StatementPart("raccordements", f"{b.code} {named(number)}", buildings.connections(b, first, last))
        for b in every
    ]
    return [part for part in found if part.rows] or [StatementPart("raccordements", f"Accords {named(number)}", ())]


def _machines(year: Holdings, number: int) -> list[RowDict]:
    every: list[ReceivedUnit] = [*year.held[FRAIS_VALLON], *year.held[PLAN_D_AOU]]
    rows = receivers.rows(every, quarter(number).end)
    if number != 3:
        return rows
    found = receivers.february(year)
    return [
        row | {"numero_inventaire": found.wrong} if row["numero_inventaire"] == found.right else row for row in rows
    ]


def _correction(year: Holdings) -> Step:
    found = receivers.february(year)
    every = [item for item in year.held[FRAIS_VALLON] if item.unit.number == found.right]
    rows = receivers.rows(every, quarter(3).end)
    when = at(IFAC_CORRECTED, 10) + timedelta(minutes=12)
    title = f"Matériel numéro corrigé {named(3)}"
    return StoryDeposit(when, IFAC, "materiel", title, tuple(rows), (found.wrong,), quarter(3).code)


# --- What Point Formation hands in: an old workbook, late; its first quarter is not due, its last not yet come ----


POINT_FORMATION_DAYS = {2: date(2022, 1, 10), 3: date(2022, 4, 23)}
"""The third statement came twelve days late."""
POINT_FORMATION_CORRECTED = date(2022, 1, 24)


def point_formation_steps(year: Holdings) -> list[Step]:
    """The two statements, the first of them returned (days and months swapped) and corrected."""
    second, third = _point_formation_parts(year, 2), _point_formation_parts(year, 3)
    return [
        *statement(POINT_FORMATION, POINT_FORMATION_DAYS[2], 2, [_swapped(part) for part in second]),
        *statement(POINT_FORMATION, POINT_FORMATION_CORRECTED, 2, [part for part in second if _swapped(part) != part]),
        *statement(POINT_FORMATION, POINT_FORMATION_DAYS[3], 3, third),
        _point_formation_budget(),
    ]


def _point_formation_parts(year: Holdings, number: int) -> list[StatementPart]:
    end = quarter(number).end
    return [
        StatementPart("immeubles", f"Immeubles {named(number)}", buildings.buildings("martigues", end)),
        StatementPart("raccordements", f"Accords {named(number)}", _point_formation_connections(number)),
        StatementPart("concertations", f"Réunions {named(number)}", dated(year.meetings["martigues"], number)),
        StatementPart("materiel", f"Matériel {named(number)}", receivers.rows(year.held[CT6], end)),
        StatementPart("diagnostics", f"Diagnostics {named(number)}", dated(year.diagnostics[CT6], number, "mois")),
        StatementPart("communication", f"Communication {named(number)}", dated(rows(POINT_FORMATION), number)),
        StatementPart("formations", f"Formations {named(number)}", ()),
        StatementPart("acteurs", f"Acteurs {named(number)}", ()),
        StatementPart("jalons", f"Jalons {named(number)}", lead.rows(POINT_FORMATION, end)),
        StatementPart("depenses_a_date", f"Dépenses {named(number)}", spent(POINT_FORMATION, number)),
    ]


def _point_formation_connections(number: int) -> list[RowDict]:
    first, last = months_of(quarter(number))[0], quarter(number).end
    return [row for building in buildings.at("martigues") for row in buildings.connections(building, first, last)]


def _swapped(part: StatementPart) -> StatementPart:
    """The same rows as first written, days and months exchanged in the dates of visits and meetings."""
    if part.dataset not in ("immeubles", "concertations"):
        return part
    return StatementPart(part.dataset, part.title, [_exchanged(row, "date_diagnostic", "date") for row in part.rows])


def _exchanged(row: RowDict, *columns: str) -> RowDict:
    swaps = {name: row[name] for name in columns if row.get(name)}
    return row | {name: day.replace(day=day.month, month=day.day) for name, day in swaps.items()}


def _point_formation_budget() -> Step:
    rows = accounts("point-formation")
    return StoryDeposit(
        at(POINT_FORMATION_CORRECTED, 11), POINT_FORMATION, "comptes", "Budget de l’action CT6", tuple(rows)
    )
