"""What ARSENIC hands in: the export of its fourteen relay structures, and its own line of support."""

from __future__ import annotations

from datetime import date

from core.demonstration import communication, expenses, milestones
from core.demonstration.holdings import Holdings
from core.demonstration.quarters import Part, dated, quarter, statement
from core.demonstration.steps import Deposit, Step, at
from core.demonstration.story import AGREEMENTS, ARSENIC, LINES_OF, RECHERCHE

DAYS = (date(2021, 10, 7), date(2022, 1, 10), date(2022, 4, 11), date(2022, 7, 4))


def steps(year: Holdings) -> list[Step]:
    """The whole year."""
    found: list[Step] = []
    for number, day in enumerate(DAYS, start=1):
        found += statement(ARSENIC, day, number, _parts(year, number))
    return [*found, _accounts()]


def _parts(year: Holdings, number: int) -> list[Part]:
    listed = [row for row in year.actors if row["date_maj"] <= quarter(number).end]
    return [
        Part("acteurs", f"Acteurs T{number}", listed),
        Part("diagnostics", f"Diagnostics T{number}", dated(year.diagnostics[RECHERCHE], number, "mois")),
        Part("formations", f"Formations T{number}", dated(year.sessions, number)),
        Part("accompagnements", f"Accompagnements T{number}", dated(year.supports, number, "mois")),
        Part("appuis", f"Appuis T{number}", dated(year.relay_support, number)),
        Part("communication", f"Communication T{number}", dated(communication.rows(ARSENIC), number)),
        Part("jalons", f"Jalons T{number}", milestones.rows(ARSENIC, quarter(number).end)),
        Part("depenses_a_date", f"Dépenses T{number}", expenses.spent(ARSENIC, number)),
    ]


def _accounts() -> Step:
    """What the intermediate financial report says, on the day it reached the Métropole."""
    received = AGREEMENTS[ARSENIC].account_received or DAYS[-1]
    rows = [row for line in LINES_OF[ARSENIC] for row in expenses.accounts(line)]
    return Deposit(at(received, 10), ARSENIC, "comptes", "Comptes 2021 des deux actions", tuple(rows))
