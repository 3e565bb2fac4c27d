"""« Besoins et niveaux »: what the diagnostics found, beside what was done for it; by place and over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalogue import places
from core.domain import french
from core.domain.calendar import Period
from core.domain.figure_text import aside, common_day, counted, lacking_text, wait_text
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.domain.plugin_phrases import said
from dashboard.components import (
    Child,
    Html,
    Panel,
    bar,
    columns,
    draft_note,
    fold,
    join,
    lead,
    link,
    multiples,
    not_there,
    note,
    page_title,
    section,
    show,
    shown,
    table,
    tag,
    with_marks,
)
from dashboard.context import Context
from dashboard.views.shared import (
    ReportingDate,
    kept_at,
    label_of,
    moment_chooser,
    read_moment,
    to_definition,
    to_figure,
    to_place,
)
from dashboard.views.territory_map import ByPlace, at_place

TITLE = "Besoins et niveaux"
PATH = "besoins"
DIAGNOSED = "AC6"
LEVELS = ("NI1", "NI2", "NI3")


@dataclass(frozen=True, slots=True)
class Answer:
    """A need that the diagnostics count, what is done for it, and their axis."""

    title: str
    need: str
    done: str
    axis: int


ANSWERS = (
    Answer("Équipement", "BE1", "EQ5a", 1),
    Answer("Connexion", "CO1", "CO5", 2),
    Answer("Accompagnement", "BE2", "AC3a", 3),
)
_TOLD = (DIAGNOSED, *(code for one in ANSWERS for code in (one.need, one.done)), LEVELS[0])
Found = Mapping[str, Observation]


def draw(context: Context) -> None:
    """The sentence, needs beside answers, levels, places, quarters: drawn once until something is written."""
    moment = read_moment(context)
    show(kept_at(context, "needs", moment, lambda: _page(context, moment)))


def _page(context: Context, moment: ReportingDate) -> Html:
    found = _observed(context, moment)
    head = [page_title(TITLE, aside=moment_chooser(PATH, moment)), lead(needs_sentence(found, moment))]
    if counted(found[DIAGNOSED]) is None and not found[DIAGNOSED].hidden:
        return join([*head, note("Les diagnostics se déposent dans « Mes données », tableau « Diagnostics ».")])
    return join(
        [
            *head,
            columns(
                section("Le besoin, et ce qui a été fait", _answers(context, found, moment)),
                section("Le niveau avec le numérique", _levels(context, found, moment)),
                wide="left",
            ),
            section("Lieu par lieu", _by_place(context, moment)),
            section("Trimestre par trimestre", _over_time(context, moment)),
            draft_note(found.values()),
        ]
    )


def _observed(context: Context, moment: ReportingDate) -> Found:
    """The programme's figures that the page tells."""
    codes = [*_TOLD, *LEVELS[1:]]
    return {one.indicator: one for one in context.monitor.observe(codes, [None], **moment.asked)}


def needs_sentence(found: Found, moment: ReportingDate) -> str:
    """« Au 30 juin 2022, 888 diagnostics réalisés (incomplet) : 434 besoins d’équipement, 286 de connexion… »."""
    first = found[DIAGNOSED]
    day = common_day([first], moment.until)
    beside = aside(first, day)
    words = said(first, "diagnostic réalisé", "diagnostics réalisés")
    if counted(first) is None and not first.hidden:
        return french.sentence(f"Au {french.day(day)}, aucun diagnostic n’est encore connu")
    needs = french.listing(
        said(found[one.need], f"besoin {_of(one.title)}", f"besoins {_of(one.title)}") for one in ANSWERS
    )
    return french.sentence(f"Au {french.day(day)}, {words}{f' ({beside})' if beside else ''} : {needs}")


def _of(title: str) -> str:
    return f"d’{title.lower()}" if title[0] in "ÉA" else f"de {title.lower()}"


def _number(found: Observation) -> float:
    return found.numerator or 0


# --- the needs beside what was done -----------------------------------------------------------


def _answers(context: Context, found: Found, moment: ReportingDate) -> Html:
    top = max((_number(found[code]) for one in ANSWERS for code in (one.need, one.done)), default=0) or 1
    rows = [
        [
            one.title,
            _measured(context, found[one.need], top, one.axis, moment),
            context.registry.indicator(one.done).label,
            _measured(context, found[one.done], top, one.axis, moment),
        ]
        for one in ANSWERS
    ]
    told = (
        "Une même échelle pour toutes les barres. Ce sont des comptes séparés : aucune personne n’est suivie, et une "
        "réponse peut aller à quelqu’un qui n’a pas été diagnostiqué."
    )
    headings = ["Besoin", "Diagnostics qui le disent", "Ce qui a été fait", "Combien"]
    return table("Les besoins et ce qui a été fait", headings, rows, wide=True, note=told)


def _measured(context: Context, found: Observation, top: float, axis: int, moment: ReportingDate) -> Html:
    """A figure that leads to its rows, and its bar; no bar for what is not shown."""
    indicator = context.registry.indicator(found.indicator)
    drawn = bar(_number(found) / top, hue=f"axis{axis}") if found.numerator is not None else None
    return tag("div", _figure(found, indicator, moment), drawn)


def _figure(found: Observation, indicator: Indicator, moment: ReportingDate) -> Html:
    if found.missing_because is not None and not found.hidden:
        return not_there(found)
    words = shown(found, headline=indicator.headline).text
    where = to_figure(indicator, None, moment) if found.numerator else None
    return with_marks(link(words, where, quiet=True) if where else words, found)


def _levels(context: Context, found: Found, moment: ReportingDate) -> Html:
    top = max((_number(found[code]) for code in LEVELS), default=0) or 1
    rows = [
        [
            link(context.registry.indicator(code).label, to_definition(context.registry.indicator(code)), quiet=True),
            _measured(context, found[code], top, 3, moment),
        ]
        for code in LEVELS
    ]
    return table("Le niveau avec le numérique", ["Niveau", "Diagnostics"], rows)


# --- by place, over time ----------------------------------------------------------------------


def _by_place(context: Context, moment: ReportingDate) -> Html:
    told = [context.registry.indicator(code) for code in _TOLD]
    found = ByPlace(context, told, moment)
    own = [place.code for one in context.registry.experiments for place in one.places if place.code != places.METROPOLE]
    others = sorted(found.named() - set(own), key=lambda code: french.fold(places.name(code)))
    rows = [
        [
            link(places.name(code), to_place(code, moment), quiet=True),
            *(at_place(one, found.figure(one, None, code)) for one in told),
        ]
        for code in (*own, *others)
    ]
    headings = ["Lieu", *(one.label for one in told)]
    return table("Besoins et réponses par lieu", headings, rows, numeric=range(1, len(headings)))


def _over_time(context: Context, moment: ReportingDate) -> Html:
    """The figures at the end of each period, since the start; a line each where nothing of it is hidden."""
    ends = [one for one in moment.periods if one.end <= moment.until]
    if len(ends) < 2:
        return tag("p", "Une seule période est connue : il n’y a encore rien à comparer.")
    told = [context.registry.indicator(code) for code in _TOLD]
    seen = {one: _at_the_end(context, one, moment) for one in ends}
    rows: list[list[Child]] = [
        [label_of(period), *(_brief(found[one.code], one) for one in told)] for period, found in seen.items()
    ]
    headings = ["À la fin de", *(one.label for one in told)]
    body = table("Trimestre par trimestre", headings, rows, numeric=range(1, len(headings)))
    lines = _lines(context, seen)
    return join([lines, fold("Les mêmes chiffres, et leurs marques", body)]) if lines else body


def _at_the_end(context: Context, period: Period, moment: ReportingDate) -> Found:
    asked = context.monitor.observe(list(_TOLD), [None], until=period.end, revision=moment.revision)
    return {one.indicator: one for one in asked}


def _brief(found: Observation, indicator: Indicator) -> Html:
    """The number alone: what it is a share of is told above."""
    if found.missing_because is not None and not found.hidden:
        return not_there(found)
    return with_marks(shown(found, headline=indicator.headline).main, found)


def _lines(context: Context, seen: Mapping[Period, Found]) -> Html | None:
    """The needs, then what was done for each: what is hidden at one of the ends has no line."""
    codes = [*(one.need for one in ANSWERS), *(one.done for one in ANSWERS)]
    shown_ones = [code for code in codes if not any(found[code].hidden for found in seen.values())]
    panels = [_panel(context.registry.indicator(code), seen) for code in shown_ones]
    if not panels:
        return None
    first, last = min(seen), max(seen)
    told = context.registry.indicator(shown_ones[0])  # a title is about what is drawn under it
    ends = [seen[one][told.code] for one in (first, last)]
    words = [shown(one, headline=told.headline).main for one in ends]
    conclusion = f"{told.label} : de {words[0]} fin {label_of(first)} à {words[1]} fin {label_of(last)}"
    lacking = wait_text(ends[1])
    return multiples(
        panels,
        conclusion=f"{conclusion}, {lacking}" if lacking else conclusion,
        unit="depuis le début, à la fin de chaque trimestre ; une même échelle",
        alternative=" ".join(f"{one.name} : {_last(one)}." for one in panels),
        source="données des associations",
        hue="axis3",
    )


def _panel(indicator: Indicator, seen: Mapping[Period, Found]) -> Panel:
    points = tuple((one.end, _point(found[indicator.code], indicator)) for one, found in seen.items())
    last = seen[max(seen)][indicator.code]
    return Panel(indicator.label, points, address=to_definition(indicator), lacking=lacking_text(last))


def _point(found: Observation, indicator: Indicator) -> float | None:
    return counted(found, headline=indicator.headline)


def _last(panel: Panel) -> str:
    known = [value for _, value in panel.points if value is not None]
    return french.number(known[-1]) if known else panel.empty
