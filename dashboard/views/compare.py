"""« Comparer »: experiments, indicators and two dates side by side; the address holds all of it."""

from __future__ import annotations

from typing import Any

from core.domain import french
from core.domain.figures import counted
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Missing, Observation, Progress, Standing
from core.services.fairness import Measure
from dashboard.components import (
    Option,
    Panel,
    checkboxes,
    chooser_form,
    download_table,
    fold,
    freshness_text,
    join,
    lead,
    link,
    mark,
    multiples,
    page_title,
    plain_mark,
    select,
    sentence,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.theme import AXIS_NAMES
from dashboard.views.parts.discreet import discreet
from dashboard.views.parts.fair import fair_section, measure_field
from dashboard.views.parts.formulas import held_by_lead
from dashboard.views.parts.groups import TRANSVERSE, axis_of
from dashboard.views.parts.links import to_cell, to_definition, to_experiment
from dashboard.views.parts.moment import TODAY, Moment, label_of
from dashboard.views.parts.rises import Figures, comparison_sentence, conclusion, gap, gap_text
from dashboard.views.parts.sides import SINCE, WITHIN, Sides, offered, read_sides

TITLE = "Comparer"


def draw(context: Context) -> None:
    """The choices, the sentence, the curves, the tables."""
    sides = read_sides(context)
    before, after = (_figures(context, sides, moment) for moment in (sides.before, sides.after))
    show(page_title(TITLE), lead(comparison_sentence(sides, before, after)), _form(context, sides))
    for indicator in sides.indicators:
        if sides.measure is Measure.TOTAL:
            show(_curves(context, sides, indicator, after), _table(sides, indicator, before, after))
        else:
            show(fair_section(context, sides, indicator))
    _file(sides, discreet(context, before), discreet(context, after))


def _figures(context: Context, sides: Sides, moment: Moment) -> Figures:
    codes = [one.code for one in sides.indicators]
    experiments = [one.code for one in sides.experiments]
    found = context.monitor.observe(codes, experiments, **sides.asked(moment))
    return {(one.indicator, one.experiment): one for one in found}


# --- the choices ----------------------------------------------------------------------------


def _form(context: Context, sides: Sides) -> Any:
    chosen = {one.code for one in sides.experiments}
    experiments = [Option(one.code, one.short_title, one.code in chosen) for one in context.registry.experiments]
    return chooser_form(
        "comparer",
        checkboxes("Expérimentations", "experience", experiments),
        _indicators(context, sides),
        _moments("Date de départ", "a", sides.before),
        _moments("Date d’arrivée", "b", sides.after),
        select("Lecture", "lecture", [
            Option(SINCE, "Total depuis le début", not sides.within),
            Option(WITHIN, "Chaque période seule", sides.within),
        ]),
        measure_field(sides),
        button="Comparer",
        hidden={"revision": sides.after.keep["revision"]},
    )  # fmt: skip


def _indicators(context: Context, sides: Sides) -> Any:
    chosen = {one.code for one in sides.indicators}
    known = offered(context)
    groups = []
    for axis, title in {**AXIS_NAMES, None: TRANSVERSE}.items():
        options = [Option(one.code, one.label, one.code in chosen) for one in known if axis_of(one) == axis]
        if options:
            groups.append(checkboxes(title, "indicateur", options))
    names = french.listing(one.label for one in sides.indicators)
    return tag("div", fold(f"Indicateurs ({len(chosen)}) : {names}", *groups), class_="field field--wide")


def _moments(label: str, name: str, shown: Moment) -> Any:
    periods = [Option(one.code, label_of(one), shown.period == one) for one in shown.periods if one.end <= shown.today]
    return select(label, name, [*periods, Option(TODAY, "Aujourd’hui", shown.period is None)])


# --- the picture and the table --------------------------------------------------------------


def _curves(context: Context, sides: Sides, indicator: Indicator, after: Figures) -> Any:
    codes = [one.code for one in sides.experiments]
    series = context.monitor.series(indicator.code, codes, **sides.after.asked)
    cells = context.monitor.compare([indicator.code], codes, **sides.after.asked).cells
    panels = []
    for one in sides.experiments:
        target = cells[indicator.code, one.code].standing.target
        figure = after[indicator.code, one.code]
        panels.append(Panel(
            one.short_title,
            tuple(series[one.code]) if figure.missing_because != "not_applicable" else (),
            target.value if target else None,
            to_experiment(one, sides.after),
            plain_mark(figure.missing_because) if figure.missing_because else "○ Non renseigné",
        ))  # fmt: skip
    title = conclusion(sides, indicator, cells)
    hue = f"axis{axis_of(indicator)}" if axis_of(indicator) else "accent"
    return tag(
        "section",
        multiples(
            panels,
            conclusion=title,
            unit=f"{_unit(indicator)}, cumul mois par mois, jusqu’au {french.day(sides.after.until)}",
            alternative=f"{title}. Une petite courbe par expérimentation, à la même échelle.",
            source=_given_by(indicator), hue=hue, level=2,
        ),
        class_="section",
    )  # fmt: skip


def _given_by(indicator: Indicator) -> str:
    return "registres de la Métropole" if held_by_lead(indicator) else "données déposées par les associations"


def _unit(indicator: Indicator) -> str:
    if indicator.headline == "numerator" or indicator.denominator is None:
        return indicator.unit[:1].upper() + indicator.unit[1:]
    return "%" if not indicator.is_money else indicator.unit


def _table(sides: Sides, indicator: Indicator, before: Figures, after: Figures) -> Any:
    rows = [
        [
            one.short_title,
            _figure(indicator, before[indicator.code, one.code]),
            _linked(sides, indicator, after[indicator.code, one.code]),
            _gap(indicator, before[indicator.code, one.code], after[indicator.code, one.code]),
            _data(after[indicator.code, one.code]),
        ]
        for one in sides.experiments
    ]
    headings = ["Expérimentation", sides.name(sides.before), sides.name(sides.after), "Écart", "Données"]
    body = table(indicator.label, headings, rows, numeric=(1, 2, 3), hide_caption=True)
    return join([body, tag("p", link("Définition", to_definition(indicator)), class_="note")])


def _figure(indicator: Indicator, found: Observation) -> Any:
    if found.missing_because is not None and counted(found, headline=indicator.headline) is None:
        return tag("span", mark(found.missing_because), title=found.reason or None)
    return sentence(found)


def _linked(sides: Sides, indicator: Indicator, found: Observation) -> Any:
    if found.missing_because is not None or sides.within:
        return _figure(indicator, found)
    cell = Cell(found, Standing(Progress.NO_TARGET))
    address = to_cell(indicator, found.experiment, cell, sides.after)
    return link(sentence(found), address, quiet=True) if address else sentence(found)


def _data(found: Observation) -> Any:
    """How recent the data are; a wait is marked."""
    if found.missing_because is Missing.NOT_APPLICABLE:
        return ""
    late = found.freshness.late
    return tag("span", freshness_text(found.freshness), class_="fresh fresh--late" if late else "fresh")


def _gap(indicator: Indicator, before: Observation, after: Observation) -> str:
    if before.hidden or after.hidden:
        return ""
    return gap_text(indicator, gap(indicator, before, after), after.unit)


def _file(sides: Sides, before: Figures, after: Figures) -> None:
    headings = ["Indicateur", "Expérimentation", sides.name(sides.before), sides.name(sides.after), "Écart"]
    rows = [
        [one.label, who.short_title, sentence(before[one.code, who.code]), sentence(after[one.code, who.code]),
         _gap(one, before[one.code, who.code], after[one.code, who.code])]
        for one in sides.indicators
        for who in sides.experiments
    ]  # fmt: skip
    download_table(headings, rows, "comparaison.csv", key="comparaison", label="Télécharger cette comparaison (CSV)")
