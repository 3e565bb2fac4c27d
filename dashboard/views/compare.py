"""« Comparer »: experiments, indicators and two dates side by side; the address holds all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.deliberation import ACT, AXIS_NAMES
from core.disclosure import Hidden, words
from core.domain import french
from core.domain.change import NOTHING_RECEIVED
from core.domain.figure_text import counted, lacking_text, signed, target_number
from core.domain.indicator import Indicator
from core.domain.meeting import Freeze
from core.domain.observation import Cell, Missing, Observation, Progress, Standing, tells_few
from core.figures.definitions import held_by_lead
from core.figures.sentences import TRANSVERSE, axis_of
from core.money.fairness import FairMeasure
from dashboard.components import (
    Html,
    Option,
    Panel,
    checkboxes,
    chooser_form,
    day_field,
    download_table,
    fold,
    freshness_text,
    join,
    lead,
    link,
    marked,
    multiples,
    not_there,
    note,
    page_title,
    plain_mark,
    section,
    select,
    sentence,
    show,
    table,
    tag,
)
from dashboard.components.pictures import Point
from dashboard.components.text import opener
from dashboard.context import Context
from dashboard.views.comparison import (
    DAY,
    KNOWN_THEN,
    SINCE,
    WITHIN,
    Figures,
    Sides,
    comparison_sentence,
    day_name,
    days_told,
    freeze_code,
    freezes,
    frozen_figures_of,
    frozen_snapshot,
    gap,
    gap_text,
    is_known_then,
    offered,
    read_sides,
    rise_conclusion,
)
from dashboard.views.fair_comparison import NAMES, fair_section, measure_field
from dashboard.views.shared import (
    TODAY,
    ReportingDate,
    discreet,
    label_of,
    least,
    to_cell,
    to_definition,
    to_experiment,
)

TITLE = "Comparer"
Cells = Mapping[tuple[str, str | None], Cell]


def draw(context: Context) -> None:
    """The choices, the sentence, the curves, the tables."""
    sides = read_sides(context)
    leaving = _leaving(context, sides)
    whole = (_figures(context, sides, moment) for moment in (sides.before, sides.after))
    before, after = leaving if context.discreet else whole
    total = sides.measure is FairMeasure.TOTAL
    said = comparison_sentence(sides, before, after) if total else f"Mesure : {NAMES[sides.measure].lower()}."
    told = days_told(sides)
    show(page_title(TITLE), lead(said), _form(context, sides), note(told) if told else None)
    for indicator in sides.indicators:
        if sides.measure is FairMeasure.TOTAL:
            codes = [one.code for one in sides.experiments]
            cells = _cells(context, sides, indicator, codes, after)
            show(_curves(context, sides, indicator, after, cells), _beside(sides, indicator, before, after, cells))
        else:
            show(fair_section(context, sides, indicator))
    _file(sides, *leaving)


def _cells(context: Context, sides: Sides, indicator: Indicator, codes: Sequence[str], after: Figures) -> Cells:
    """The cells at the end, with their targets."""
    held = frozen_snapshot(context, sides.after)
    if held is None:
        return context.monitor.compare([indicator.code], codes, **sides.after.asked).cells
    there = {code: held.cells.get((indicator.code, code)) for code in codes}
    bare = Standing(Progress.NO_TARGET)
    return {(indicator.code, code): cell or Cell(after[indicator.code, code], bare) for code, cell in there.items()}


def _leaving(context: Context, sides: Sides) -> tuple[Figures, Figures]:
    """Both sides as they may leave, each masked over all experiments; a change of few people hides where it began."""
    before, after = (_side_leaving(context, sides, moment) for moment in (sides.before, sides.after))
    few = {
        key: replace(one, numerator=None, denominator=None, value=None, hidden=words(Hidden.GIVES_AWAY, 0))
        for key, one in before.items()
        if one.people and key in after and tells_few(one, after[key], least(context))
    }
    return {**before, **few}, after


def _side_leaving(context: Context, sides: Sides, moment: ReportingDate) -> Figures:
    held = frozen_snapshot(context, moment, leaving=True)
    if held is not None:
        return frozen_figures_of(held, sides.indicators, sides.experiments)
    found = context.monitor.observe([one.code for one in sides.indicators], **sides.asked(moment))
    return discreet(context, {(one.indicator, one.experiment): one for one in found})


def _figures(context: Context, sides: Sides, moment: ReportingDate) -> Figures:
    held = frozen_snapshot(context, moment)
    if held is not None:
        return frozen_figures_of(held, sides.indicators, sides.experiments)
    codes = [one.code for one in sides.indicators]
    experiments = [one.code for one in sides.experiments]
    found = context.monitor.observe(codes, experiments, **sides.asked(moment))
    return {(one.indicator, one.experiment): one for one in found}


# --- the choices ----------------------------------------------------------------------------


def _form(context: Context, sides: Sides) -> Html:
    chosen = {one.code for one in sides.experiments}
    experiments = [Option(one.code, one.short_title, one.code in chosen) for one in context.registry.experiments]
    return chooser_form(
        "comparer",
        checkboxes("Expérimentations", "experience", experiments),
        _indicators(context, sides),
        _moments(context, "Départ", "a", sides.before),
        _moments(context, "Arrivée", "b", sides.after),
        select(
            "Lecture",
            "lecture",
            [
                Option(SINCE, "Total depuis le début", not sides.within),
                Option(WITHIN, "Chaque période seule", sides.within),
            ],
        ),
        measure_field(sides),
        hidden={"revision": st.query_params.get("revision")},
    )


def _indicators(context: Context, sides: Sides) -> Html:
    chosen = {one.code for one in sides.indicators}
    known = offered(context)
    groups: list[Html] = []
    titles: list[tuple[int | None, str]] = [*AXIS_NAMES.items(), (None, TRANSVERSE)]
    for axis, title in titles:
        options = [Option(one.code, one.label, one.code in chosen) for one in known if axis_of(one) == axis]
        if options:
            groups.append(checkboxes(title, "indicateur", options))
    names = french.listing(one.label for one in sides.indicators)
    listed = fold(f"Indicateurs ({len(chosen)}) : {names}", *groups, opened="deplie" in st.query_params)
    return tag("div", listed, class_="field field--wide")


def _moments(context: Context, label: str, name: str, shown: ReportingDate) -> Html:
    """The ends of periods, today, the figures frozen for each committee, and a day of one's own."""
    free = shown.freeze is None and shown.day is None
    periods = [
        Option(one.code, label_of(one), free and shown.period == one) for one in shown.periods if one.end <= shown.today
    ]
    frozen = [Option(freeze_code(one), _frozen_name(one), shown.freeze == one.number) for one in freezes(context)]
    live = [*periods, Option(TODAY, "Aujourd’hui", free and shown.period is None)]
    groups: list[tuple[str, Sequence[Option]]] = [("Telles que connues aujourd’hui", live)]
    if not context.discreet:  # two days side by side would give the small counts back
        live.append(Option(DAY, "Un autre jour…", shown.day is not None and not is_known_then(shown)))
    groups += [("Arrêtées pour un comité", frozen)] if frozen else []
    if not context.discreet:
        groups.append(("Telles que connues alors", [Option(KNOWN_THEN, "Un jour passé…", is_known_then(shown))]))
    chosen = select(label, name, groups if len(groups) > 1 else live)
    if shown.day is None:
        return chosen
    first = min((one.start for one in shown.periods), default=ACT.session)
    field = day_field(f"{label}, le jour", day_name(name), shown.day, first=first, last=shown.today)
    return join([chosen, field])


def _frozen_name(one: Freeze) -> str:
    return french.typeset(f"n° {one.number}, au {french.day(one.until)}")


# --- the picture and the table --------------------------------------------------------------


def _curves(context: Context, sides: Sides, indicator: Indicator, after: Figures, cells: Cells) -> Html:
    series = _series(context, sides, indicator)
    panels = []
    drawn = [one for one in sides.experiments if after[indicator.code, one.code].expected_here]
    if sides.after.freeze is not None:
        drawn = [one for one in drawn if one.code in series]  # the others were frozen without their line
    for one in drawn:
        target = cells[indicator.code, one.code].standing.target
        figure = after[indicator.code, one.code]
        panels.append(
            Panel(
                one.short_title,
                series.get(one.code, ()),
                target.value if target else None,
                to_experiment(one, sides.after),
                _no_line(figure),
                lacking_text(figure),
            )
        )
    title = rise_conclusion(sides, indicator, cells)
    if not panels:
        return section(title, tag("p", "Aucune courbe n’a été arrêtée pour ce chiffre ; le tableau a les deux dates."))
    if words(Hidden.GIVES_AWAY, 0) in {one.empty for one in panels} and not any(map(_is_drawn, panels)):
        return section(title, tag("p", _NO_CURVE))
    hue = f"axis{axis_of(indicator)}" if axis_of(indicator) else "accent"
    return tag(
        "section",
        multiples(
            panels,
            conclusion=title,
            unit=f"{_unit(indicator)}, cumul mois par mois, jusqu’au {french.day(sides.after.until)}",
            alternative=f"{title}. Une petite courbe par expérimentation, à la même échelle.",
            source=_given_by(indicator),
            hue=hue,
            level=2,
        ),
        class_="section",
    )


_NO_CURVE = (
    "Mois par mois, ces nombres feraient retrouver ceux de quelques personnes : il n’y a pas de courbe, "
    "et le tableau a ce qui peut être montré."
)


def _is_drawn(panel: Panel) -> bool:
    return any(value is not None for _, value in panel.points)


def _series(context: Context, sides: Sides, indicator: Indicator) -> Mapping[str, tuple[Point, ...]]:
    """Month by month, as known at the end; of frozen figures, the lines that were frozen with them."""
    held = frozen_snapshot(context, sides.after)
    if held is not None:
        return {str(one.experiment): one.points for one in held.trends if one.indicator == indicator.code}
    codes = [one.code for one in sides.experiments]
    found = context.monitor.series(indicator.code, codes, **sides.after.asked)
    return {str(code): tuple(points) for code, points in found.items()}


def _no_line(figure: Observation) -> str:
    """What stands in place of a line without any point: why the figure is missing, or that few people are in it."""
    if figure.missing_because:
        return plain_mark(figure.missing_because)
    shown = figure.hidden or figure.value is not None
    return words(Hidden.GIVES_AWAY, 0) if figure.people and shown else plain_mark(Missing.NOT_REPORTED)


def _given_by(indicator: Indicator) -> str:
    return "registres de la Métropole" if held_by_lead(indicator) else "données déposées par les associations"


def _unit(indicator: Indicator) -> str:
    if indicator.headline == "numerator" or indicator.denominator is None:
        return french.capital(indicator.unit)
    return "%" if not indicator.is_money else indicator.unit


def _beside(sides: Sides, indicator: Indicator, before: Figures, after: Figures, cells: Cells) -> Html:
    """The table, one touch away on a phone."""
    body = tag("div", _table(sides, indicator, before, after, cells), class_="second")
    return tag("div", opener(f"le tableau, {indicator.label}"), body, data_folds="closed")


def _table(sides: Sides, indicator: Indicator, before: Figures, after: Figures, cells: Cells) -> Html:
    goals = [_goal(indicator, cells[indicator.code, one.code]) for one in sides.experiments]
    rows = [
        [
            one.short_title,
            _figure(indicator, before[indicator.code, one.code]),
            _linked(sides, indicator, after[indicator.code, one.code]),
            _gap(indicator, before[indicator.code, one.code], after[indicator.code, one.code]),
            *([goal] if any(goals) else []),
            _data(after[indicator.code, one.code]),
        ]
        for one, goal in zip(sides.experiments, goals, strict=True)
    ]
    aimed = ["Objectif"] if any(goals) else []
    headings = ["Expérimentation", sides.name(sides.before), sides.name(sides.after), "Écart", *aimed, "Données"]
    body = table(indicator.label, headings, rows, numeric=(1, 2, 3), note=_related(indicator, aimed))
    return join([body, tag("p", link("Définition", to_definition(indicator)), class_="note")])


def _goal(indicator: Indicator, cell: Cell) -> str:
    """« 100 au 31 décembre 2022 », or nothing: the number to reach, with its day."""
    target = cell.standing.target or cell.standing.later
    number = target_number(cell, headline=indicator.headline)
    return f"{number} au {french.day(target.until)}" if target and number else ""


def _related(indicator: Indicator, aimed: Sequence[str]) -> str:
    """What the number after « sur » is, beside another that must be reached."""
    if indicator.denominator is None:
        return ""
    said = f"Ce qui suit « sur » est ce jour-là le second nombre de la définition : {indicator.definition}"
    return f"{said} L’objectif, fixé par le comité, n’est pas ce nombre." if aimed else said


def _figure(indicator: Indicator, found: Observation) -> Html | str:
    if found.missing_because is not None and counted(found, headline=indicator.headline) is None:
        return not_there(found)
    return _told(found)


def _linked(sides: Sides, indicator: Indicator, found: Observation) -> Html | str:
    elsewhere = sides.within or sides.after.freeze is not None or sides.after.day is not None
    if found.missing_because is not None or elsewhere:
        return _figure(indicator, found)
    cell = Cell(found, Standing(Progress.NO_TARGET))
    address = to_cell(indicator, found.experiment, cell, sides.after)
    said = _told(found)
    return link(said, address, quiet=True) if address else said


def _data(found: Observation) -> Html | str:
    """How recent the data are; a wait is marked."""
    if not found.expected_here:
        return ""
    late = found.freshness.late
    return tag("span", freshness_text(found.freshness), class_="fresh fresh--late" if late else "fresh")


def _gap(indicator: Indicator, before: Observation, after: Observation) -> str:
    if before.hidden or after.hidden:
        return ""
    moved = gap(indicator, before, after)
    if moved is None and before.value is not None and after.value is not None:
        return NOTHING_RECEIVED
    return gap_text(indicator, moved, after.unit)


def _told(found: Observation) -> str:
    return marked(signed(sentence(found), found), found)


def _file(sides: Sides, before: Figures, after: Figures) -> None:
    headings = ["Indicateur", "Expérimentation", sides.name(sides.before), sides.name(sides.after), "Écart"]
    rows = [
        [
            one.label,
            who.short_title,
            _told(before[one.code, who.code]),
            _told(after[one.code, who.code]),
            _gap(one, before[one.code, who.code], after[one.code, who.code]),
        ]
        for one in sides.indicators
        for who in sides.experiments
    ]
    download_table(headings, rows, "comparaison.csv", key="comparaison", label="Télécharger cette comparaison (CSV)")
