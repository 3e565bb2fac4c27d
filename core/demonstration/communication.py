"""How each association told residents about the programme; modest, invented counts."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]

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


def rows(association: str) -> list[Row]:
    """The year's actions of one association."""
    return [
        {"code_action": code, "date": day, "lieu": place, "canal": channel, "personnes_touchees": people}
        for code, day, place, channel, people in _TOLD[association]
    ]
