"""The facts that the product carries: communes, places, outlines, the rows of the Cerfa form."""

from __future__ import annotations

import csv
import json
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

DATA = files("core").joinpath("data")
Ring = list[list[float]]


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(DATA.joinpath(name).read_text(encoding="utf-8").splitlines()))


def outlines() -> dict[str, Any]:
    return json.loads(DATA.joinpath("outlines.json").read_text(encoding="utf-8"))


def inside(point: tuple[float, float], ring: Ring) -> bool:
    """Even-odd rule: how many edges a line to the east of the point crosses."""
    x, y = point
    crossed = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossed += 1
    return crossed % 2 == 1


def test_communes_are_the_92_of_six_territories() -> None:
    communes = rows("communes.csv")
    assert len({commune["code_insee"] for commune in communes}) == len(communes) == 92
    assert Counter(commune["ct"] for commune in communes) == {
        "CT1": 18,
        "CT2": 36,
        "CT3": 17,
        "CT4": 12,
        "CT5": 6,
        "CT6": 3,
    }


def test_communes_reach_beyond_the_department() -> None:
    beyond = {row["nom"] for row in rows("communes.csv") if row["departement"] != "13"}
    assert beyond == {"Pertuis", "Saint-Zacharie"}


def test_every_commune_has_its_outline() -> None:
    drawn = {(commune["code"], commune["nom"], commune["ct"]) for commune in outlines()["communes"]}
    assert drawn == {(row["code_insee"], row["nom"], row["ct"]) for row in rows("communes.csv")}


def test_outlines_are_closed_and_near_marseille() -> None:
    rings = [ring for commune in outlines()["communes"] for ring in commune["rings"]]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    assert all(4.7 < lon < 5.9 and 43.1 < lat < 43.8 for ring in rings for lon, lat in ring)


def test_neighbours_share_the_points_of_their_border() -> None:
    """A border drawn twice differently would show as a gap: hardly a point belongs to one commune only."""
    owners = Counter(
        point
        for commune in outlines()["communes"]
        for point in {tuple(point) for ring in commune["rings"] for point in ring}
    )
    assert sum(count > 1 for count in owners.values()) > len(owners) / 2


def test_outlines_stay_light_and_say_their_source() -> None:
    assert len(DATA.joinpath("outlines.json").read_bytes()) < 120_000
    assert "IGN" in outlines()["source"]
    assert "Licence Ouverte" in outlines()["licence"]


@pytest.mark.parametrize("place", rows("places.csv"), ids=lambda place: place["code"])
def test_place_lies_in_its_commune(place: dict[str, str]) -> None:
    commune = next(one for one in outlines()["communes"] if one["code"] == place["code_insee"])
    point = (float(place["lon"]), float(place["lat"]))
    near = [(point[0] + east, point[1] + north) for east in (-0.002, 0, 0.002) for north in (-0.002, 0, 0.002)]
    assert any(inside(spot, ring) for spot in near for ring in commune["rings"])
    assert place["ct"] == commune["ct"]


def test_places_say_how_exact_they_are() -> None:
    assert len(rows("places.csv")) == 8
    assert all(place["precision"] for place in rows("places.csv"))


def test_cerfa_codes_are_unique_and_ordered() -> None:
    lines = rows("cerfa_15059.csv")
    codes = [line["code"] for line in lines if line["code"]]
    assert len(codes) == len(set(codes))
    assert [int(line["ordre"]) for line in lines] == list(range(1, len(lines) + 1))
