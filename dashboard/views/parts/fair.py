"""« Comparer » on equal terms: per euro voted, per household, against one's own target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.domain import french
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.services.fairness import EUROS, HOUSEHOLDS, Fair, Measure, of_target, per_euro, per_household
from dashboard.components import Option, bar, callout, heading, join, link, mark, note, select, table, tag
from dashboard.context import Context
from dashboard.views.parts.groups import axis_of
from dashboard.views.parts.kept import ledger
from dashboard.views.parts.links import to_definition
from dashboard.views.parts.moment import Moment
from dashboard.views.parts.sides import Sides

NAMES: Mapping[Measure, str] = {
    Measure.TOTAL: "Nombre total",
    Measure.OF_TARGET: "Part de son objectif",
    Measure.PER_EURO: f"Pour {french.number(EUROS)}{french.NBSP}€ votés",
    Measure.PER_HOUSEHOLD: f"Pour {HOUSEHOLDS} foyers",
}
_MEANS: Mapping[Measure, str] = {
    Measure.OF_TARGET: "En pour cent de l’objectif que le comité a fixé à chaque expérimentation.",
    Measure.PER_EURO: "Rapporté à la somme votée pour l’expérimentation et pour cet axe, par le texte ou par une clé.",
    Measure.PER_HOUSEHOLD: "Rapporté aux logements des immeubles diagnostiqués, seuls foyers que les données comptent.",
}
Fairs = Sequence[tuple[str, Fair, Fair]]
"""(name of the experiment, before, after)."""


def measure_field(sides: Sides) -> Any:
    """The choice of how figures are read."""
    return select("Mesure", "mesure", [Option(one.value, name, sides.measure is one) for one, name in NAMES.items()])


def fair_section(context: Context, sides: Sides, indicator: Indicator) -> Any:
    """One indicator on equal terms: its conclusion, a bar each, the parts of each quotient, what cannot be compared."""
    sides_of = [_fairs(context, sides, indicator, moment) for moment in (sides.before, sides.after)]
    found = [(one.short_title, *both) for one, *both in zip(sides.experiments, *sides_of, strict=True)]
    known = any(after.value is not None for _, _, after in found)
    return tag(
        "section",
        heading(conclusion(indicator, sides.measure, found), 2),
        note(f"{indicator.unit[:1].upper()}{indicator.unit[1:]}. {_MEANS[sides.measure]}"),
        _table(sides, indicator, found) if known else None,
        [callout(said, title="Ce qui ne se compare pas") for said in _reasons(found)],
        tag("p", link("Définition", to_definition(indicator)), class_="note"),
        class_="section",
    )


def conclusion(indicator: Indicator, measure: Measure, found: Fairs) -> str:
    """« Ordinateurs remis : Pays d’Aix au plus haut (84 %), Plan d’Aou au plus bas (52 %) »."""
    known = [(name, after.value) for name, _, after in found if after.value is not None]
    if not known:
        return f"{indicator.label} : pas de comparaison possible « {_lower(NAMES[measure])} »"
    if len(known) == 1:
        return f"{indicator.label} : {known[0][0]}, {_said(measure, known[0][1])}"
    (top, most), (low, least) = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    return (
        f"{indicator.label} : {top} au plus haut ({_said(measure, most)}), {low} au plus bas ({_said(measure, least)})"
    )


def _reasons(found: Fairs) -> list[str]:
    """Each reason not to compare, with the experiments that it concerns when not all of them."""
    names: dict[str, list[str]] = {}
    for name, _, after in found:
        if after.reason and after.missing is None:
            names.setdefault(after.reason, []).append(name)
    every = sum(after.missing is None for _, _, after in found)
    return [
        reason if len(whose) == every else f"{french.listing(whose)} : {reason[:1].lower()}{reason[1:]}"
        for reason, whose in names.items()
    ]


def _fairs(context: Context, sides: Sides, indicator: Indicator, moment: Moment) -> list[Fair]:
    codes = [one.code for one in sides.experiments]
    asked = sides.asked(moment)
    cells = context.monitor.compare([indicator.code], codes, **asked).cells
    if sides.measure is Measure.OF_TARGET:
        return [of_target(cells[indicator.code, code]) for code in codes]
    found = [cells[indicator.code, code].observation for code in codes]
    if sides.measure is Measure.PER_EURO:
        money = ledger(context, **moment.asked)
        return [per_euro(one, indicator, money, axis_of(indicator)) for one in found]
    dwellings = _dwellings(context, codes, moment)
    return [per_household(one, indicator, dwellings.get(one.experiment)) for one in found]


def _dwellings(context: Context, codes: Sequence[str], moment: Moment) -> dict[str | None, Observation]:
    return {one.experiment: one for one in context.monitor.observe(["CO2"], codes, **moment.asked)}


def _table(sides: Sides, indicator: Indicator, found: Fairs) -> Any:
    largest = max((after.value or 0 for _, _, after in found), default=0) or 1
    whole = max(largest, 100) if sides.measure is Measure.OF_TARGET else largest
    hue = f"axis{axis_of(indicator)}" if axis_of(indicator) else "accent"
    rows = [
        [
            name,
            _value(sides.measure, before),
            join(
                [_value(sides.measure, after), bar(after.value / whole, hue=hue) if after.value is not None else None]
            ),
            _parts(sides.measure, after),
        ]
        for name, before, after in found
    ]
    headings = ["Expérimentation", sides.name(sides.before), sides.name(sides.after), "Calcul"]
    return table(f"{indicator.label}, {_lower(NAMES[sides.measure])}", headings, rows, numeric=(1,), hide_caption=True)


def _value(measure: Measure, found: Fair) -> Any:
    if found.missing is not None:
        return mark(found.missing)
    return tag("span", "ne se compare pas", class_="quiet") if found.value is None else _said(measure, found.value)


def _said(measure: Measure, value: float) -> str:
    return french.percent(value) if measure is Measure.OF_TARGET else french.number(value, 1)


def _parts(measure: Measure, found: Fair) -> str:
    if found.value is None or found.numerator is None or found.denominator is None:
        return ""
    number = french.number(found.numerator)
    if measure is Measure.PER_EURO:
        return f"{number} pour {french.euros(round(found.denominator * 100))}"
    if measure is Measure.PER_HOUSEHOLD:
        return f"{number} pour {french.count(found.denominator, 'logement')}"
    return f"{number} sur {french.number(found.denominator)}"


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
