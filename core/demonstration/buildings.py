"""Axis 2: the buildings, the residents' agreements month by month, and the meetings."""

from __future__ import annotations

import random
from datetime import date

from core.demonstration import story
from core.demonstration.people import days_over, month_end, shares
from core.demonstration.story import BUILDINGS, StoryBuilding
from core.domain.dataset import RowDict

LANDLORDS = {
    "frais-vallon": "bailleur A",
    "plan-d-aou": "bailleur B",
    "aix": "bailleur C",
    "salon": "bailleur C",
    "martigues": "bailleur C",
}
PROVIDER = "opérateur X"
SIGNED = {"frais-vallon": date(2022, 2, 17), "aix": date(2022, 3, 24), "salon": date(2022, 3, 24)}
"""When landlord and provider signed; at Plan d’Aou they have not."""
PASS_OPENED = date(2022, 3, 21)
VISITS = {
    "frais-vallon": (date(2021, 9, 6), date(2021, 9, 24)),
    "plan-d-aou": (date(2021, 9, 13), date(2021, 9, 28)),
    "salon": (date(2021, 11, 22), date(2021, 12, 10)),
    "martigues": (date(2021, 11, 4), date(2021, 11, 9)),
    "aix": (date(2022, 2, 7), date(2022, 2, 25)),
}
VOTES = {
    "FV-01": date(2022, 3, 8),
    "FV-02": date(2022, 3, 10),
    "FV-03": date(2022, 3, 15),
    "SA-01": date(2022, 4, 21),
    "AX-01": date(2022, 5, 12),
}
PRICES_BEFORE = {
    "FV-01": 2_190,
    "FV-02": 2_290,
    "FV-03": 2_400,
    "FV-04": 2_490,
    "FV-05": 2_400,
    "PA-01": 1_990,
    "PA-02": 2_590,
    "AX-01": 2_690,
    "AX-02": 2_400,
    "AX-03": 2_990,
    "SA-01": 2_290,
    "SA-02": 2_400,
    "MA-01": 2_090,
    "MA-02": 2_490,
}

AGREEING = {
    "frais-vallon": ((10, 3), (11, 5), (12, 4), (1, 5), (2, 4), (3, 3), (4, 2), (5, 1)),
    "plan-d-aou": ((10, 3), (11, 4), (5, 4), (6, 2)),
    "salon": ((12, 3), (1, 4), (2, 5), (3, 6), (4, 6), (5, 1)),
    "aix": ((3, 3), (4, 4), (5, 5), (6, 2)),
    "martigues": ((2, 1), (3, 1)),
}
"""Month and weight of the agreements; the building SA-01 reaches its threshold in April."""
CONNECTING = {
    "frais-vallon": ((3, 4), (4, 5), (5, 4), (6, 3)),
    "salon": ((5, 1), (6, 1)),
    "aix": ((5, 1), (6, 2)),
}
LIVE_AGREEING = ((4, 1), (5, 2), (6, 2))
LIVE_CONNECTING = ((5, 1), (6, 2))
UNDER_THRESHOLD = "FV-04"
"""Its two connections came in June, although the threshold was not reached."""


def at(place: str) -> tuple[StoryBuilding, ...]:
    """The buildings of one place."""
    return tuple(building for building in BUILDINGS if building.place == place)


def buildings(place: str, day: date) -> list[RowDict]:
    """The buildings of ``place`` as written on ``day``: those that a visit or a refusal made known."""
    first, last = VISITS[place]
    if day < first:
        return []
    here = at(place)
    visits = days_over(random.Random(place), len(here), first, last)
    return [_building(b, visit, day) for b, visit in zip(here, visits, strict=True)]


def connections(building: StoryBuilding, first: date, last: date) -> list[RowDict]:
    """The months of one building between two days, where something happened."""
    return _months(
        building.code,
        _calendar(building.agreements, AGREEING[building.place]),
        _calendar(building.in_service, _connecting(building)),
        first,
        last,
    )


def live_connections(building: StoryBuilding) -> list[RowDict]:
    """The months that the live deposit brings for one building."""
    agreed = _calendar(building.live_agreements, LIVE_AGREEING)
    return _months(building.code, agreed, _calendar(building.live_in_service, LIVE_CONNECTING), date.min, date.max)


def meetings(rng: random.Random, place: str) -> list[RowDict]:
    """The residents' meetings of ``place`` over the year."""
    number, participants = story.MEETINGS[place]
    days = _meeting_days(rng, place, number)
    met = shares(participants, [rng.uniform(2, 4) for _ in days])
    codes = [b.code for b in at(place) if b.eligible]
    return [
        {
            "code_reunion": f"R-{codes[0][:2]}-{index + 1:02d}",
            "date": day,
            "lieu": place,
            "code_immeuble": codes[index % len(codes)],
            "participants": people,
        }
        | ({"voisins_relais": 1 + index % 3} if place == "frais-vallon" else {})
        for index, (day, people) in enumerate(zip(days, met, strict=True))
    ]


def _building(building: StoryBuilding, visit: date, day: date) -> RowDict:
    visited = building.eligible is not None and visit <= day
    signed = _signed(building, day)
    vote = VOTES.get(building.code)
    return {
        "code_immeuble": building.code,
        "lieu": building.place,
        "bailleur": LANDLORDS[building.place],
        "nb_logements": building.dwellings,
        "date_diagnostic": visit if visited else None,
        "eligible_cable": building.eligible if visited else None,
        "mode": _mode(building) if visited and building.eligible else None,
        "fai": PROVIDER if signed else None,
        "date_convention": signed if building.has_threshold else None,
        "date_vote": vote if vote and vote <= day else None,
        "prix_mensuel_avant": PRICES_BEFORE.get(building.code) if visited else None,
        "prix_mensuel_apres": _price_after(building) if signed else None,
    }


def _mode(building: StoryBuilding) -> str:
    return "pass-connexion" if building.place == "martigues" else "convention bailleur-FAI"


def _signed(building: StoryBuilding, day: date) -> date | None:
    when = PASS_OPENED if building.place == "martigues" else SIGNED.get(building.place)
    return when if building.eligible and when and when <= day else None


def _price_after(building: StoryBuilding) -> int:
    return story.PRICE_PASS if building.place == "martigues" else story.PRICE_CONVENTION


def _connecting(building: StoryBuilding) -> tuple[tuple[int, int], ...]:
    if building.code == UNDER_THRESHOLD:
        return ((6, 1),)
    return CONNECTING.get(building.place, ((6, 1),))


def _calendar(total: int, weights: tuple[tuple[int, int], ...]) -> dict[date, int]:
    """The total spread over its months; a month from July on belongs to 2021."""
    parts = shares(total, [weight for _, weight in weights])
    return {date(2021 if m >= 7 else 2022, m, 1): part for (m, _), part in zip(weights, parts, strict=True)}


def _months(code: str, agreed: dict[date, int], served: dict[date, int], first: date, last: date) -> list[RowDict]:
    return [
        {
            "code_immeuble": code,
            "mois": month,
            "foyers_contactes": 2 * agreed.get(month, 0) + 1,
            "accords": agreed.get(month, 0),
            "mises_en_service": served.get(month, 0),
        }
        for month in sorted({*agreed, *served})
        if first <= month and month_end(month) <= last and agreed.get(month, 0) + served.get(month, 0)
    ]


def _meeting_days(rng: random.Random, place: str, number: int) -> list[date]:
    if place == "martigues":
        return [date(2021, 11, 12), date(2022, 3, 10)]
    if place == "plan-d-aou":  # the landlord stops the talks from December to April
        return [date(2021, 10, 12), date(2021, 10, 26), date(2021, 11, 16), date(2022, 5, 24)]
    first = max(VISITS[place][1], date(2021, 10, 4))
    return days_over(rng, number, first, date(2022, 6, 10))
