"""The machines that the vote cedes, each at the one place where it is: handed over, ready, in the workshop, gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.catalogue.equiper_figures import (
    EQ1A,
    EQ5A,
    EQ11,
    ON_THE_ROAD,
    RECYCLED,
    TO_BE_REPAIRED,
    TO_BE_TESTED,
)
from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.figure_text import counted, lacking_text, marked, part_text
from core.domain.observation import Cell, Observation
from core.domain.report import Chart, Series
from core.figures.coverage import merged

_STOCK = (ON_THE_ROAD, TO_BE_TESTED, TO_BE_REPAIRED)
SOURCE = "données des associations, jeu « matériel » ; délibération du 4 juin 2021 pour les 455 votés"


@dataclass(frozen=True, slots=True)
class ParkPart:
    """One place of the machines: its name, the figure with its marks, and the indicator whose rows it is, if one."""

    name: str
    seen: Observation
    indicator: str | None = None

    @property
    def number(self) -> int:
        """How many machines."""
        return round(self.seen.numerator or 0)

    @property
    def text(self) -> str:
        """The same as every medium writes it."""
        return part_text(self.seen, "numerator")


@dataclass(frozen=True, slots=True)
class Park:
    """The computers voted, part by part in the order of the bar; ``received`` is the figure that the whole rests on."""

    parts: tuple[ParkPart, ...]
    received: Observation

    @property
    def whole(self) -> int:
        """The sum of the parts: what was voted, and more when machines came from elsewhere."""
        return sum(one.number for one in self.parts)

    @property
    def beyond(self) -> str:
        """Why the parts make more than what was voted; empty when they do not."""
        more = self.whole - EQUIPMENT.computers
        if more <= 0:
            return ""
        came = french.count(more, "ordinateur vient", "ordinateurs viennent")
        return french.typeset(f"{came} d’ailleurs que de la Métropole : les parts font {french.number(self.whole)}.")

    @property
    def conclusion(self) -> str:
        """« 179 ordinateurs sur 455 sont remis ; 126 attendent, 46 ne sont pas cédés, incomplet »."""
        given, ready, moving, shop, _gone, kept = self.parts
        waiting = ready.number + moving.number + shop.number
        verb = "est remis" if given.number < 2 else "sont remis"
        said = f"{given.text} sur {french.number(EQUIPMENT.computers)} ordinateurs {verb}"
        attend = french.count(waiting, "attend", "attendent")
        left = f"{kept.text} {'n’est pas cédé' if kept.number < 2 else 'ne sont pas cédés'}"
        return french.typeset(marked(f"{said} ; {attend}, {left}", given.seen))

    @property
    def chart(self) -> Chart:
        """The same as one bar, for documents."""
        told = ", ".join(f"{one.text} {one.name}" for one in self.parts)
        lacking = lacking_text(self.parts[0].seen)
        return Chart(
            "stacked",
            ("Ordinateurs",),
            tuple(Series(one.name, (float(one.number),), hue) for one, hue in zip(self.parts, _HUES, strict=True)),
            self.conclusion,
            french.typeset(
                f"Sur {EQUIPMENT.computers} ordinateurs votés : {told}{f' ({lacking})' if lacking else ''}."
            ),
            "ordinateurs, chacun compté à un seul endroit",
            french.typeset(SOURCE),
        )


_HUES = ("axis1", "axis1_soft", "line_strong", "axis2_soft", "line", "sunken")
"""The colour of each part, as on the screen: the numbers are written on them in ink."""


def park_of(cells: Mapping[tuple[str, str | None], Cell]) -> Park | None:
    """The same, from the cells of a comparison or of frozen figures."""
    return park({code: cell.observation for (code, whom), cell in cells.items() if whom is None})


def park(figures: Mapping[str, Observation]) -> Park | None:
    """Where the computers voted are, from the programme's figures by code; None while one of them is not known."""
    codes = (EQ1A.code, EQ5A.code, EQ11.code, *(one.computers.code for one in _STOCK), RECYCLED.computers.code)
    found = {code: figures[code] for code in codes if code in figures}
    if len(found) < len(codes) or any(_known(one) is None for one in found.values()):
        return None
    received, given, ready, moving, *shop = (found[code] for code in codes[:-1])
    gone = found[codes[-1]]
    return Park(
        (
            ParkPart("remis", given, EQ5A.code),
            ParkPart("prêts", _counting(ready, (_known(ready) or 0) - (_known(moving) or 0), moving)),
            ParkPart("en transit", moving, ON_THE_ROAD.computers.code),
            ParkPart("à l’atelier", _counting(shop[0], sum(_known(one) or 0 for one in shop), *shop)),
            ParkPart("recyclés", gone, RECYCLED.computers.code),
            ParkPart("pas cédés", _counting(received, max(0.0, EQUIPMENT.computers - (_known(received) or 0)))),
        ),
        received,
    )


def _known(found: Observation) -> float | None:
    return counted(found, headline="numerator")


def _counting(first: Observation, number: float, *others: Observation) -> Observation:
    """A number made of several figures, with the marks of all: it lacks what they lack."""
    fresh = merged(one.freshness for one in (first, *others))
    return replace(first, numerator=number, value=number, denominator=None, freshness=fresh, apart=())
