"""Needs, actors, training and support in the story: counts per place and month."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from core.demonstration import story
from core.demonstration.people import days_over, months_of, shares
from core.demonstration.story import CT2, CT6, DIAGNOSTICS, QUARTERS, RECHERCHE, SESSIONS, Diagnosed, TrainingSession
from core.domain.dataset import RowDict

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
            "13055",
            "13005",
            "13047",
            "13117",
            "13028",
            "13063",
            "aix",
            "salon",
            "martigues",
            "13054",
            "pertuis",
            "13014",
            "13110",
            "13007",
        ),
        start=1,
    )
)
"""Name and place: Marseille, Aubagne, Istres, Vitrolles, La Ciotat, Miramas, Aix…, by INSEE code."""
ACTIVE = (0, 8, story.RELAY_STRUCTURES, story.RELAY_STRUCTURES - story.RELAY_STRUCTURES_SILENT_IN_T4)
"""How many relay structures sent their counts, quarter after quarter."""


def rows(rng: random.Random, experiment: str) -> list[RowDict]:
    """The year's diagnostics of one experiment, live deposit left out."""
    return _rows(rng, DIAGNOSTICS[experiment], [_slots(experiment, n) for n in range(4)])


def live_rows(rng: random.Random) -> list[RowDict]:
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


def _rows(rng: random.Random, told: Diagnosed, slots: list[list[tuple[Slot, float]]]) -> list[RowDict]:
    counted: list[tuple[Slot, int]] = []
    for total, here in zip(told.quarters, slots, strict=True):
        if total:
            parts = shares(total, [weight * rng.uniform(0.7, 1.3) for _, weight in here])
            counted += [(slot, part) for (slot, _), part in zip(here, parts, strict=True) if part]
    numbers = [part for _, part in counted]
    wanted = (told.equipment, told.connection, told.accompaniment)
    needs = zip(*(shares(total, numbers) for total in wanted), strict=True)
    return [_row(slot, part, need) for (slot, part), need in zip(counted, needs, strict=True)]


def _row(slot: Slot, number: int, needs: tuple[int, ...]) -> RowDict:
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


# --- Axis 3: the places of mediation, the training sessions, the support given by the relays -------


MODULES = {
    1: "Repérer les besoins",
    2: "Repérer les besoins|Aider aux démarches",
    3: "Repérer les besoins|Aider aux démarches|Animer un atelier",
}
SERVICES = (
    "Aide aux démarches administratives",
    "Maîtrise des outils numériques du quotidien",
    "Accès internet et matériel informatique",
)
TOWNS = ("13055", "aix", "martigues", "salon", "13005", "13047", "13117")
POSTPONED = date(2022, 3, 15)
"""The January session, cancelled by the epidemic, was held on this day."""


def actors(rng: random.Random) -> list[RowDict]:
    """The 164 places of mediation, in the order in which they were listed."""
    days = _listed_on(rng)
    towns = _towns(rng)
    kinds = _shuffled(rng, story.ACTORS_BY_TYPE.items())
    relays = _shuffled(rng, story.ACTORS_BY_RELAY.items())
    complete = _shuffled(rng, ((True, story.ACTORS_COMPLETE), (False, len(days) - story.ACTORS_COMPLETE)))
    return [
        _actor(rng, number, *described)
        for number, described in enumerate(zip(days, towns, kinds, relays, complete, strict=True), start=1)
    ]


def sessions(rng: random.Random) -> list[RowDict]:
    """The fourteen training sessions."""
    days: list[date] = []
    for number, quarter in enumerate(QUARTERS, start=1):
        held = sum(session.quarter == number for session in SESSIONS)
        days += days_over(rng, held, quarter.start + timedelta(days=10), quarter.end - timedelta(days=10))
    days = [POSTPONED if day.year == 2022 and day.month == 1 else day for day in days]
    days = _apart(sorted(days))
    return [_session(n, day, told) for n, (day, told) in enumerate(zip(days, SESSIONS, strict=True), start=1)]


def supports(rng: random.Random) -> list[RowDict]:
    """What nine relay structures counted: one row per structure and month, from October."""
    chosen = STRUCTURES[: story.RELAY_STRUCTURES_ACCOMPANYING]
    months = [month for quarter in QUARTERS[1:] for month in months_of(quarter)]
    slots = [(name, town, month) for name, town in chosen for month in months]
    weights = [rng.uniform(0.5, 1.5) for _ in slots]
    alone = shares(story.ACCOMPANIED_ALONE, weights)
    workshops = shares(story.WORKSHOPS, weights)
    people = shares(story.WORKSHOP_PARTICIPATIONS, workshops)
    return [
        {
            "lieu": town,
            "mois": month,
            "structure": name,
            "individuels": individual,
            "participations_ateliers": participations,
            "ateliers": held,
        }
        for (name, town, month), individual, held, participations in zip(slots, alone, workshops, people, strict=True)
    ]


def relay_support(rng: random.Random) -> list[RowDict]:
    """What ARSENIC's line « équiper et connecter » did: technical visits and relay depots."""
    places = ("frais-vallon",) * 5 + ("aix",) * 4 + ("salon",) * 3
    days = days_over(rng, story.TECHNICAL_VISITS, date(2021, 9, 20), date(2022, 6, 17))
    visits = [
        _support(n, day, place, 2, "visite technique")
        for n, (day, place) in enumerate(zip(days, places, strict=True), 1)
    ]
    depots = zip((date(2022, 2, 9), date(2022, 4, 6), date(2022, 6, 8)), ("aix", "martigues", "salon"), strict=True)
    return visits + [_support(100 + n, day, place, 1, "dépôt relais") for n, (day, place) in enumerate(depots, 1)]


# --- actors -------------------------------------------------------------------------------


def _listed_on(rng: random.Random) -> list[date]:
    new = [total - before for total, before in zip(story.ACTORS_CUMULATED, (0, *story.ACTORS_CUMULATED), strict=False)]
    return [
        day
        for number, quarter in zip(new, QUARTERS, strict=True)
        for day in days_over(rng, number, max(quarter.start, date(2021, 9, 7)), quarter.end)
    ]


def _towns(rng: random.Random) -> list[RowDict]:
    """One town per actor: 41 of the 92, the larger ones more often, each at least once."""
    with (files("core") / "data" / "communes.csv").open(encoding="utf-8") as stream:
        known = list(csv.DictReader(stream))
    known.sort(key=lambda town: -int(town["population_municipale"]))
    chosen = known[: story.ACTORS_COMMUNES]
    larger_first = [1 / (rank + 2) for rank in range(len(chosen))]
    more = rng.choices(chosen, larger_first, k=story.ACTORS_CUMULATED[-1] - len(chosen))
    found = chosen + more
    rng.shuffle(found)
    return found


def _shuffled(rng: random.Random, counts: Iterable[tuple[object, int]]) -> list[Any]:
    found = [value for value, number in counts for _ in range(number)]
    rng.shuffle(found)
    return found


def _actor(
    rng: random.Random, number: int, listed: date, town: RowDict, kind: str, relay: str, complete: bool
) -> RowDict:
    row: RowDict = {
        "id": f"fictif-{number:03d}",
        "pivot": f"W000{number:06d}",  # the form of an RNA number, for a département that does not exist
        "nom": f"Lieu fictif {number:03d}",
        "commune": town["nom"],
        "code_postal": town["codes_postaux"].split("|")[0],
        "code_insee": town["code_insee"],
        "adresse": f"{number} rue Inventée",
        "source": "ARSENIC (données fictives)",
        "date_maj": listed,
        "services": "|".join(rng.sample(SERVICES, 2)),
        "type_acteur": kind,
        "relais": relay,
    }
    return row if complete else row | {rng.choice(("pivot", "adresse")): None}


# --- sessions and support -----------------------------------------------------------------


def _apart(days: Sequence[date]) -> list[date]:
    return [day + timedelta(days=days[:index].count(day)) for index, day in enumerate(days)]


def _session(number: int, day: date, told: TrainingSession) -> RowDict:
    return {
        "code_session": f"F-{number:02d}",
        "date": day,
        "duree_jours": told.days,
        "commune": TOWNS[number % len(TOWNS)],
        "inscrits_professionnels": told.enrolled[0],
        "inscrits_benevoles": told.enrolled[1],
        "termine_professionnels": told.finished[0],
        "termine_benevoles": told.finished[1],
        "modules": MODULES[told.days],
    }


def _support(number: int, day: date, place: str, axis: int, action: str) -> RowDict:
    return {"code_appui": f"A-{number:03d}", "date": day, "lieu": place, "axe": axis, "action": action}
