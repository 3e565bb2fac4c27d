"""The territory and the places of the experiments: a picture, names over it, the same as a table.

No tile server: the 92 communes are outlines shipped with the product (``core/data/outlines.json``);
without that file the places stand on a schematic ground.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from core.domain.palette import DARK, LIGHT
from dashboard.components.html import Child, Html, classes, join, tag
from dashboard.components.tables import table
from dashboard.components.text import axis_chip, fold, link
from dashboard.theme import css_variables

_BOX = (4.70, 43.14, 5.83, 43.79)
"""West, south, east, north of the Métropole, with a margin (degrees)."""

_WIDTH = 1000.0
_SQUEEZE = math.cos(math.radians((_BOX[1] + _BOX[3]) / 2))
_HEIGHT = _WIDTH * (_BOX[3] - _BOX[1]) / ((_BOX[2] - _BOX[0]) * _SQUEEZE)
_MAP_URL = "/habillage/territoire.svg"
_TURNS = 6
_LABEL = 360.0
"""The widest that a label is (11rem), on a map 480 px wide."""


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place to show: where it is (degrees), the axes tried there, whose it is, a figure if any."""

    name: str
    latitude: float
    longitude: float
    axes: tuple[int, ...]
    experiment: str
    address: str | None = None
    figure: str = ""
    short: str = ""

    @property
    def seen(self) -> str:
        """The figure as the map has room for; the table has it whole."""
        return self.short or self.figure


@dataclass(frozen=True, slots=True)
class MapCommune:
    """A commune that is pressed: its page, its tint (0: none, to 4), and the figure that the tint says."""

    insee: str
    name: str
    address: str
    tint: int
    told: Child = None


@dataclass(frozen=True, slots=True)
class MapDot:
    """Something at a point of its own: a small mark, and what it is when one points at it or goes to it by the keys."""

    name: str
    told: str
    latitude: float
    longitude: float

    @property
    def is_here(self) -> bool:
        """Whether the map shows that point."""
        x, y = _project((self.longitude, self.latitude))
        return 0 <= x <= _WIDTH and 0 <= y <= _HEIGHT


@cache
def outlines() -> dict[str, Any]:
    """The shipped outlines (``source``, ``licence``, ``communes``), or empty when the file is not there."""
    found = files("core").joinpath("data/outlines.json")
    if not found.is_file():
        return {"source": "", "licence": "", "communes": []}
    return json.loads(found.read_text(encoding="utf-8"))


def town_hall(insee: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of the « mairie » of a commune; None when it is not one of the Métropole."""
    found = next((one["mairie"] for one in outlines()["communes"] if one["code"] == insee), None)
    return (found[1], found[0]) if found else None


@cache
def territory_picture() -> bytes:
    """The ground of the map: communes, tinted where an experiment has a place."""
    # Those that try something are drawn last, so that no neighbour covers their outline.
    body = "".join(_commune(commune) for commune in sorted(outlines()["communes"], key=_is_tried))
    style = (
        f"<style>:root{{{css_variables(LIGHT)}}}@media (prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
        "path{fill:var(--sunken);stroke:var(--surface);stroke-width:1.5;stroke-linejoin:round}"
        ".t{fill:var(--accent-soft);stroke:var(--accent);stroke-width:1.2}</style>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}">{style}{body}</svg>'
    ).encode()


def territory_map(
    places: Sequence[MapPlace],
    *,
    caption: str,
    alternative: str,
    everywhere: Child = None,
    figure_name: str = "",
    communes: Sequence[MapCommune] = (),
    dots: Sequence[MapDot] = (),
    dots_name: str = "",
) -> Html:
    """The map of ``places`` with its table; ``everywhere`` tells what runs over the whole territory.

    Names and ``communes`` are pressed with a finger or a mouse; the table and the lists lead to the same pages for
    who goes by the keyboard or by ear. The ``dots`` are one choice, called ``dots_name``: one stop of the keyboard,
    then the arrows go from one to the next.
    """
    base = tag("img", src=_MAP_URL, alt=alternative, class_="map__ground")
    pressed = [_pressed(one, clip) for one in communes for clip in _clips().get(one.insee, ())]
    pins = [_pin(place, side) for place, side in zip(places, _sides(places), strict=True)]
    known = outlines()
    credit = f"Contours : {known['source']}, {known['licence']}." if known["source"] else "Schéma sans contours."
    return tag(
        "figure",
        tag(
            "div",
            base,
            tag("div", pressed, pins, aria_hidden="true"),
            _dots(dots, dots_name),
            class_="map__box",
            style=f"--ratio:{_WIDTH / _HEIGHT:.4f}",
        ),
        tag("p", everywhere, class_="map__everywhere") if everywhere else None,
        tag("p", [axis_chip(number) for number in (1, 2, 3)], class_="map__key"),
        tag("p", credit, class_="note"),
        fold("Lire la carte en tableau", places_table(places, caption=caption, figure_name=figure_name)),
        class_="map",
    )


def places_table(places: Sequence[MapPlace], *, caption: str, figure_name: str = "") -> Html:
    """The content of the map as a table."""
    rows = [
        [
            link(place.name, place.address) if place.address else place.name,
            place.experiment,
            tag("span", [axis_chip(axis) for axis in place.axes], class_="chips"),
            *([place.figure] if figure_name else []),
        ]
        for place in places
    ]
    headings = ["Lieu", "Expérimentation", "Axes", *([figure_name] if figure_name else [])]
    return table(caption, headings, rows)


def _commune(commune: dict[str, Any]) -> str:
    rings = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(_project, ring)) + "Z" for ring in commune["rings"]
    )
    tried = ' class="t"' if _is_tried(commune) else ""
    return f'<path{tried} d="{rings}"/>'


def _is_tried(commune: dict[str, object]) -> bool:
    return commune["code"] in _tried()


@cache
def _tried() -> frozenset[str]:
    """The communes that hold a place of an experiment, by the deliberation; Marseille for its quartiers."""
    from core.deliberation import EXPERIMENTS

    codes = {place.insee or "" for found in EXPERIMENTS.values() for place in found.places}
    return frozenset("13055" if code.startswith("132") else code for code in codes)


@cache
def _clips() -> dict[str, tuple[str, ...]]:
    """The outline of each commune over the picture, ring by ring, as CSS cuts it out."""
    return {one["code"]: tuple(_clip(ring) for ring in one["rings"]) for one in outlines()["communes"]}


def _clip(ring: Sequence[Iterable[float]]) -> str:
    return ",".join(f"{100 * x / _WIDTH:.1f}% {100 * y / _HEIGHT:.1f}%" for x, y in map(_project, ring))


def _pressed(one: MapCommune, clip: str) -> Html:
    return tag(
        "a",
        href=one.address,
        target="_self",
        tabindex="-1",
        title=join([one.name, " : ", one.told]).striptags() if one.told is not None else one.name,
        class_=f"commune tint--{one.tint}",
        style=f"clip-path:polygon({clip})",
    )


def _project(point: Iterable[float]) -> tuple[float, float]:
    longitude, latitude = point
    x = _WIDTH * (longitude - _BOX[0]) / (_BOX[2] - _BOX[0])
    return x, _HEIGHT * (_BOX[3] - latitude) / (_BOX[3] - _BOX[1])


def _dots(found: Sequence[MapDot], name: str) -> Html | None:
    if not found:
        return None
    marks = [_dot(one, rank) for rank, one in enumerate(found)]
    return tag("fieldset", tag("legend", name, class_="visually-hidden"), marks, class_="dots")


def _dot(one: MapDot, rank: int) -> Html:
    """A choice that only tells: what it is stands beside it once pointed at, reached or touched."""
    x, y = _project((one.longitude, one.latitude))
    told = tag("span", tag("strong", one.name), f", {one.told}", class_="dot__told")
    return tag(
        "label",
        tag("input", type="radio", name="point-de-la-carte", value=rank, class_="visually-hidden"),
        tag("span", class_="dot__mark"),
        told,
        class_=classes("dot", "dot--left" if x > _WIDTH / 2 else None),
        style=f"left:{100 * x / _WIDTH:.2f}%;top:{100 * y / _HEIGHT:.2f}%",
    )


def _pin(place: MapPlace, side: str) -> Html:
    x, y = _project((place.longitude, place.latitude))
    label = tag(
        "a" if place.address else "span",
        tag("span", place.name, class_="pin__name"),
        tag("span", [tag("span", class_=f"axis__sign axis__sign--{axis}") for axis in place.axes], class_="pin__axes"),
        tag("span", place.seen, class_="pin__figure") if place.seen else None,
        class_=classes("pin__label", f"pin__label--{side}", "pin__label--two" if _length(place) > _LABEL else None),
        href=place.address,
        target="_self" if place.address else None,
        tabindex="-1" if place.address else None,
    )
    style = f"left:{100 * x / _WIDTH:.2f}%;top:{100 * y / _HEIGHT:.2f}%"
    return tag("span", tag("span", class_="pin__dot"), label, class_="pin", style=style)


def _sides(places: Sequence[MapPlace]) -> list[str]:
    """On which side of its point each name goes so that none is cut and the fewest overlap, on a map 480 px wide.

    Each name in turn takes its best side beside the others, until none moves.
    """
    boxes = [{side: _label_box(place, side) for side in ("right", "left", "above", "below")} for place in places]
    dots = [_label_box(place, "dot") for place in places]
    chosen = ["right"] * len(places)
    for _ in range(_TURNS):
        before = list(chosen)
        for rank, mine in enumerate(boxes):
            others = [one[chosen[at]] for at, one in enumerate(boxes) if at != rank]
            taken = [*others, *(dot for at, dot in enumerate(dots) if at != rank)]
            chosen[rank] = min((_cost(box, taken), at, side) for at, (side, box) in enumerate(mine.items()))[2]
        if chosen == before:
            break
    return chosen


def _cost(box: tuple[float, float, float, float], taken: Iterable[tuple[float, float, float, float]]) -> float:
    return _outside(box) + sum(_shared(box, other) for other in taken)


def _length(place: MapPlace) -> float:
    """Of what a label says, on one line: over ``_LABEL`` its figure stands under its name."""
    return 15.0 * len(place.name) + 38 * len(place.axes) + 14 * len(place.seen) + 20


def _label_box(place: MapPlace, side: str) -> tuple[float, float, float, float]:
    x, y = _project((place.longitude, place.latitude))
    long = _length(place)
    width, height = min(long, _LABEL), 38.0 * math.ceil(long / _LABEL) + 4
    corners = {
        "right": (x + 14, y - height / 2),
        "left": (x - 14 - width, y - height / 2),
        "above": (x - width / 2, y - 14 - height),
        "below": (x - width / 2, y + 14),
    }
    if side == "dot":
        return (x - 10, y - 10, x + 10, y + 10)
    left, top = corners[side]
    return (left, top, left + width, top + height)


def _outside(box: tuple[float, float, float, float]) -> float:
    """How much of a label the edge of the map would cut; a cut name is worse than two that touch."""
    whole = (box[2] - box[0]) * (box[3] - box[1])
    return 10 * (whole - _shared(box, (0, 0, _WIDTH, _HEIGHT)))


def _shared(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> float:
    """The surface that two boxes have in common."""
    width, height = min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1])
    return max(0.0, width) * max(0.0, height)
