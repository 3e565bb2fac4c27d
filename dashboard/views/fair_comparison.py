"""« Comparer » on equal terms: per euro voted, per household, against one’s own target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.domain import french
from core.domain.figure_text import lacking_text, marked
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.figures.sentences import axis_of
from core.money.fairness import EUROS, HOUSEHOLDS, Fair, FairMeasure, of_target, per_euro, per_household
from dashboard.components import Html, Option, bar, callout, heading, join, link, mark, note, select, table, tag
from dashboard.context import Context
from dashboard.views.comparison import Sides
from dashboard.views.shared import ReportingDate, ledger, to_definition

NAMES: Mapping[FairMeasure, str] = {
    FairMeasure.TOTAL: "Nombre total",
    FairMeasure.OF_TARGET: "Part de son objectif",
    FairMeasure.PER_EURO: f"Pour {french.number(EUROS)}{french.NBSP}€ votés",
    FairMeasure.PER_HOUSEHOLD: f"Pour {HOUSEHOLDS} foyers",
}
_MEANS: Mapping[FairMeasure, str] = {
    FairMeasure.OF_TARGET: "En pour cent de l’objectif que le comité a fixé à chaque expérimentation.",
    FairMeasure.PER_EURO: "Rapporté à la somme votée pour l’expérimentation et pour cet axe, "
    "par le texte ou par une clé.",
    FairMeasure.PER_HOUSEHOLD: "Rapporté aux logements des immeubles diagnostiqués, "
    "seuls foyers que les données comptent.",
}
Fairs = Sequence[tuple[str, Fair, Fair]]
"""(name of the experiment, before, after)."""


def measure_field(sides: Sides) -> Html:
    """The choice of how figures are read."""
    return select("Mesure", "mesure", [Option(one.value, name, sides.measure is one) for one, name in NAMES.items()])


def fair_section(context: Context, sides: Sides, indicator: Indicator) -> Html:
    """One indicator on equal terms: its conclusion, a bar each, the parts of each quotient, what cannot be compared."""
    sides_of = [_fairs(context, sides, indicator, moment) for moment in (sides.before, sides.after)]
    found = [(one.short_title, *both) for one, *both in zip(sides.experiments, *sides_of, strict=True)]
    known = any(after.value is not None for _, _, after in found)
    return tag(
        "section",
        heading(fair_conclusion(indicator, sides.measure, found), 2),
        note(f"{french.capital(indicator.unit)}. {_MEANS[sides.measure]}"),
        _table(sides, indicator, found) if known else None,
        [callout(said, title="Ce qui ne se compare pas") for said in _reasons(found)],
        tag("p", link("Définition", to_definition(indicator)), class_="note"),
        class_="section",
    )


def fair_conclusion(indicator: Indicator, measure: FairMeasure, found: Fairs) -> str:
    """« Ordinateurs remis : Pays d’Aix au plus haut (84 %), Plan d’Aou au plus bas (52 %) »."""
    known = [(_dated(name, after), after.value) for name, _, after in found if after.value is not None]
    if not known:
        return f"{indicator.label} : pas de comparaison possible « {french.lower_first(NAMES[measure])} »"
    if len(known) == 1:
        return f"{indicator.label} : {known[0][0].removesuffix(',')}, {_fair_said(measure, known[0][1])}"
    top, low = french.extreme(known), french.extreme(known, lowest=True)
    highest, lowest = _fair_said(measure, top.value), _fair_said(measure, low.value)
    if top.value == low.value:
        return f"{indicator.label} : {highest} partout où le chiffre est connu"
    return f"{indicator.label} : {top.names} au plus haut ({highest}), {low.names} au plus bas ({lowest})"


def _dated(name: str, found: Fair) -> str:
    """« Pays de Martigues, au 31 mars 2022, »: an experiment, with what its figure lacks set aside."""
    return f"{marked(name, found.of)}," if found.of is not None and lacking_text(found.of) else name


def _reasons(found: Fairs) -> list[str]:
    """Each reason not to compare, with the experiments that it concerns when not all of them."""
    names: dict[str, list[str]] = {}
    for name, _, after in found:
        if after.reason and after.missing is None:
            names.setdefault(after.reason, []).append(name)
    every = sum(after.missing is None for _, _, after in found)
    return [
        reason if len(whose) == every else f"{french.listing(whose)} : {french.lower_first(reason)}"
        for reason, whose in names.items()
    ]


def _fairs(context: Context, sides: Sides, indicator: Indicator, moment: ReportingDate) -> list[Fair]:
    codes = [one.code for one in sides.experiments]
    asked = sides.asked(moment)
    cells = context.monitor.compare([indicator.code], codes, **asked).cells
    if sides.measure is FairMeasure.OF_TARGET:
        return [of_target(cells[indicator.code, code]) for code in codes]
    found = [cells[indicator.code, code].observation for code in codes]
    if sides.measure is FairMeasure.PER_EURO:
        money = ledger(context, **moment.asked)
        return [per_euro(one, indicator, money, axis_of(indicator)) for one in found]
    dwellings = _dwellings(context, codes, moment)
    return [per_household(one, indicator, dwellings.get(one.experiment)) for one in found]


def _dwellings(context: Context, codes: Sequence[str], moment: ReportingDate) -> dict[str | None, Observation]:
    return {one.experiment: one for one in context.monitor.observe(["CO2"], codes, **moment.asked)}


def _table(sides: Sides, indicator: Indicator, found: Fairs) -> Html:
    largest = max((after.value or 0 for _, _, after in found), default=0) or 1
    whole = max(largest, 100) if sides.measure is FairMeasure.OF_TARGET else largest
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
    return table(f"{indicator.label}, {french.lower_first(NAMES[sides.measure])}", headings, rows, numeric=(1,))


def _value(measure: FairMeasure, found: Fair) -> Html | str:
    if found.missing is not None:
        return mark(found.missing)
    if found.value is None:
        return tag("span", "ne se compare pas", class_="quiet")
    lacking = lacking_text(found.of) if found.of is not None else ""
    said = _fair_said(measure, found.value)
    return tag("span", said, " ", tag("span", lacking, class_="cell__wait")) if lacking else said


def _fair_said(measure: FairMeasure, value: float) -> str:
    return french.percent(value) if measure is FairMeasure.OF_TARGET else french.number(value, 1)


def _parts(measure: FairMeasure, found: Fair) -> str:
    if found.value is None or found.numerator is None or found.denominator is None:
        return ""
    number = french.number(found.numerator)
    if measure is FairMeasure.PER_EURO:
        return f"{number} pour {french.euros(round(found.denominator * 100))}"
    if measure is FairMeasure.PER_HOUSEHOLD:
        return f"{number} pour {french.count(found.denominator, 'logement')}"
    return f"{number} sur {french.number(found.denominator)}"
