"""What the project lead writes down over the year, each thing on its day."""

from __future__ import annotations

from datetime import date, timedelta

from core.demonstration import lead, story
from core.demonstration.holdings import Holdings
from core.demonstration.steps import Entry, Step, at
from core.demonstration.story import AGREEMENTS, ASSOCIATIONS, COMMITTEES, DELIVERIES, END, FIRST_END


def steps(year: Holdings) -> list[Step]:
    """The whole year."""
    return [
        *_opening(year),
        *(step for association in ASSOCIATIONS for step in _agreement(association)),
        *(_entry(delivery.day, 17, "lots_cession", lead.cession(delivery.lot)) for delivery in DELIVERIES),
        *_first_committee(),
        *_second_committee(),
        *_thresholds(),
    ]


def _opening(year: Holdings) -> list[Step]:
    day = date(2021, 7, 5)
    return [
        _entry(day, 9, "periodes", lead.periods()),
        _entry(day, 10, "dates_experimentations", lead.dates(FIRST_END)),
        _entry(date(2021, 9, 10), 9, "annexe_materiel", lead.annex(year.stock)),
    ]


def _agreement(association: str) -> list[Step]:
    """Signed, paid, and the financial report that follows."""
    agreement = AGREEMENTS[association]
    eve = agreement.signed + timedelta(days=1)
    found: list[Step] = [
        _entry(eve, 14, "conventions", lead.convention(association)),
        _entry(eve, 15, "pieces", lead.document(association, eve)),
        _entry(agreement.paid_on, 16, "versements", lead.payments(association)),
    ]
    received = agreement.account_received
    return [*found, _entry(received, 16, "pieces", lead.document(association, received))] if received else found


def _first_committee() -> list[Step]:
    return [_entry(COMMITTEES[0], 17, "objectifs", lead.targets(FIRST_END, 1))]


def _second_committee() -> list[Step]:
    """The follow-up goes on to the end of 2022; IFAC's line gets its key."""
    replaced = tuple(lead.outdated_targets())
    return [
        _entry(COMMITTEES[1], 16, "dates_experimentations", lead.dates(END)),
        Entry(at(COMMITTEES[1], 17), "objectifs", tuple(lead.targets(END, 2)), replaced),
        _entry(story.KEY_DECIDED, 18, "cles", lead.keys()),
    ]


def _thresholds() -> list[Step]:
    return [
        _entry(day + timedelta(days=1), 9, "seuils", lead.thresholds(place))
        for place, day in lead.THRESHOLDS_ENTERED.items()
    ]


def _entry(day: date, hour: int, dataset: str, rows: list[dict]) -> Entry:
    return Entry(at(day, hour), dataset, tuple(rows))
