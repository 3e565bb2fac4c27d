"""What people said they needed: counts per place and month, for every association."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from core.demonstration import story
from core.demonstration.spread import months_of, shares
from core.demonstration.story import CT2, CT6, DIAGNOSTICS, QUARTERS, RECHERCHE, Diagnosed

Row = dict[str, Any]
Slot = tuple[str, date, str | None]
"""A place, a month, and the relay structure that counted (None: the association itself)."""

PLACES = {
    story.CT2: ("aix", "gardanne", "pertuis"),
    story.CT3: ("salon",),
    story.CT6: ("martigues", "port-de-bouc"),
    story.FRAIS_VALLON: ("frais-vallon",),
    story.PLAN_D_AOU: ("plan-d-aou",),
}
WEIGHTS = {CT2: ((3, 1, 0), (3, 2, 0), (3, 2, 2), (3, 2, 2)), CT6: ((2, 1),) * 4}
STRUCTURES = tuple(
    (f"Structure relais fictive {number:02d}", place)
    for number, place in enumerate(
        (
            "13055", "13005", "13047", "13117", "13028", "13063", "aix",
            "salon", "martigues", "13054", "pertuis", "13014", "13110", "13007",
        ),
        start=1,
    )
)  # fmt: skip
"""Name and place: Marseille, Aubagne, Istres, Vitrolles, La Ciotat, Miramas, Aix…, by INSEE code."""
ACTIVE = (0, 8, story.RELAY_STRUCTURES, story.RELAY_STRUCTURES - story.RELAY_STRUCTURES_SILENT_IN_T4)
"""How many relay structures sent their counts, quarter after quarter."""


def rows(rng: random.Random, experiment: str) -> list[Row]:
    """The year's diagnostics of one experiment, live deposit left out."""
    return _rows(rng, DIAGNOSTICS[experiment], [_slots(experiment, n) for n in range(4)])


def live_rows(rng: random.Random) -> list[Row]:
    """The diagnostics that the live deposit brings."""
    return _rows(rng, story.DIAGNOSTICS_LIVE, [_slots(CT6, n) for n in range(4)])


def _slots(experiment: str, quarter: int) -> list[tuple[Slot, float]]:
    months = months_of(QUARTERS[quarter])
    if experiment == RECHERCHE:
        chosen = STRUCTURES[: ACTIVE[quarter]]
        return [((commune, month, name), 1.0) for name, commune in chosen for month in months]
    places = PLACES[experiment]
    weights = WEIGHTS.get(experiment, ((1,) * len(places),) * 4)[quarter]
    return [((place, month, None), w) for place, w in zip(places, weights, strict=True) if w for month in months]


def _rows(rng: random.Random, told: Diagnosed, slots: list[list[tuple[Slot, float]]]) -> list[Row]:
    counted: list[tuple[Slot, int]] = []
    for total, here in zip(told.quarters, slots, strict=True):
        if total:
            parts = shares(total, [weight * rng.uniform(0.7, 1.3) for _, weight in here])
            counted += [(slot, part) for (slot, _), part in zip(here, parts, strict=True) if part]
    numbers = [part for _, part in counted]
    wanted = (told.equipment, told.connection, told.accompaniment)
    needs = zip(*(shares(total, numbers) for total in wanted), strict=True)
    return [_row(slot, part, need) for (slot, part), need in zip(counted, needs, strict=True)]


def _row(slot: Slot, number: int, needs: tuple[int, ...]) -> Row:
    place, month, structure = slot
    weak, middle, strong = shares(number, (5, 3, 1))
    return {
        "lieu": place,
        "mois": month,
        "structure": structure,
        "diagnostics": number,
        "besoin_equipement": needs[0],
        "besoin_connexion": needs[1],
        "besoin_accompagnement": needs[2],
        "niveau_faible": weak,
        "niveau_moyen": middle,
        "niveau_autonome": strong,
    }
