"""What a comparison says in words: who moved most, from where to where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.figures import is_carried, moved
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Observation
from dashboard.views.parts.sentences import NOUNS
from dashboard.views.parts.sides import Sides

Figures = Mapping[tuple[str, str | None], Observation]


def number(indicator: Indicator, found: Observation | None) -> float | None:
    """The number on which a change is counted."""
    if found is None:
        return None
    if indicator.headline == "numerator":
        return found.numerator
    return found.value


def gap(indicator: Indicator, before: Observation | None, after: Observation | None) -> float | None:
    """How much it moved; None when one side is missing, or nothing came since."""
    first, last = number(indicator, before), number(indicator, after)
    if first is None or last is None or after is None:
        return None
    return None if last == first and is_carried(after, before) else last - first


def gap_text(indicator: Indicator, value: float | None, unit: str) -> str:
    """« +34 », « −3 points », « stable »."""
    return "" if value is None else moved(value, points=unit == "%" and indicator.headline != "numerator")


def comparison_sentence(sides: Sides, before: Figures, after: Figures) -> str:
    """The first indicator, all the chosen experiments together when they add up."""
    indicator = sides.indicators[0]
    if sides.before.until == sides.after.until:
        return f"Au {french.day(sides.after.until)} : choisissez deux dates différentes pour voir ce qui a bougé."
    moves = _moves(sides, indicator, before, after)
    when = f"Entre le {french.day(sides.before.until)} et le {french.day(sides.after.until)}"
    if not moves:
        return f"{when}, aucun des deux côtés n’est connu pour « {indicator.label} »."
    name, largest = max(moves, key=lambda move: move[1])
    if largest <= 0:
        return f"{when}, « {indicator.label} » ne progresse dans aucune des expérimentations choisies."
    words = _more(indicator, largest)
    return french.sentence(f"{when}, « {indicator.label} » progresse le plus pour {name} : {words}")


def conclusion(sides: Sides, indicator: Indicator, cells: Mapping[tuple[str, str | None], Cell]) -> str:
    """The title of a chart: nearest to and furthest from its own target, else from how much to how much.

    Experiments of different sizes are not ranked by their numbers.
    """
    found = [(one.short_title, cells[indicator.code, one.code]) for one in sides.experiments]
    aimed = [(name, cell.standing.done) for name, cell in found if cell.standing.done is not None]
    if len(aimed) > 1:
        return f"{indicator.label} : {_nearest(aimed)}"
    known = [(name, value) for name, cell in found if (value := number(indicator, cell.observation)) is not None]
    return f"{indicator.label} : {_range(indicator, known)}"


def _nearest(aimed: list[tuple[str, float]]) -> str:
    (top, most), (low, least) = max(aimed, key=lambda one: one[1]), min(aimed, key=lambda one: one[1])
    if round(100 * most) == round(100 * least):
        return f"toutes à {french.percent(100 * most)} de leur objectif"
    return (
        f"{top} est au plus près de son objectif ({french.percent(100 * most)}), "
        f"{low} au plus loin ({french.percent(100 * least)})"
    )


def _range(indicator: Indicator, known: list[tuple[str, float]]) -> str:
    if not known:
        return "aucun chiffre n’est encore renseigné"
    (top, most), (low, least) = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    if len(known) == 1:
        return f"{_said(indicator, most)}, {top}"
    if most == least:
        return f"{_said(indicator, most)} partout où le chiffre est connu"
    return f"de {_said(indicator, least)} ({low}) à {_said(indicator, most)} ({top})"


def _moves(sides: Sides, indicator: Indicator, before: Figures, after: Figures) -> list[tuple[str, float]]:
    found = []
    for one in sides.experiments:
        key: Any = (indicator.code, one.code)
        moved = gap(indicator, before.get(key), after.get(key))
        if moved is not None:
            found.append((_where(one), moved))
    return found


def _where(experiment: Experiment) -> str:
    return f"« {experiment.short_title} »"


def _more(indicator: Indicator, value: float) -> str:
    if (indicator.code in NOUNS and indicator.headline == "numerator") or indicator.denominator is None:
        one, several = NOUNS.get(indicator.code, (indicator.label.lower(), indicator.label.lower()))
        return f"{french.count(value, one, several)} de plus"
    return f"{indicator.label.lower()}, {french.number(value, 1)} points de plus"


def _said(indicator: Indicator, value: float) -> str:
    if indicator.headline != "numerator" and indicator.denominator is not None and not indicator.is_money:
        return french.percent(value)
    if indicator.is_money:
        return french.euros(round(100 * value))
    return french.number(value, 1)
