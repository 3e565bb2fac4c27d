"""The slides: the figures of an experiment as the room may see them, and those of the whole programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core import disclosure
from core.committee import FrozenTrend, Snapshot, hushed
from core.deliberation import ASSOCIATIONS, COMMITMENTS
from core.domain import french
from core.domain.figure_text import (
    DRAFT_SIGN,
    MISSING_MARKS,
    NOT_FINAL,
    PROGRESS_MARKS,
    is_draft,
    lacking_text,
    marked,
    sentence,
    shown_cell,
    signed,
    target_number,
    target_text,
)
from core.domain.indicator import Indicator
from core.domain.meeting import Meeting
from core.domain.observation import Cell, Missing, Observation, Progress, title_of
from core.domain.plugin_phrases import known, written
from core.domain.programme import METROPOLE, Experiment
from core.figures.commitments import PROMISE_MARKS, Kept
from core.figures.park import Park
from core.figures.sentences import SPEAKING, SUBJECTS, axis_of, axis_states, card_codes, delays, parts_of
from core.money.ledger import Ledger, LineState, advance_sentence, serves
from dashboard.components import expected_aside, mark, target_bar, with_marks
from dashboard.components.html import Html, join, tag
from dashboard.components.pictures import line_path, park_marks, park_swatch, picture, themed


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in two parts, « 84 » and « sur 149 (56 %) · objectif 100 »; why it is missing, whether it is hidden.

    ``wait`` says that it is of an older day, or not everybody’s; one that is not final bears its sign.
    """

    main: str
    rest: str = ""
    missing: Missing | None = None
    hidden: bool = False
    wait: str = ""


@dataclass(frozen=True, slots=True)
class Projected:
    """Figures as the room sees them; ``hidden`` says what stands in place of the small ones."""

    figures: Snapshot
    hidden: Mapping[tuple[str, str | None], str] = field(default_factory=dict)

    def cell(self, code: str, experiment: str | None) -> Cell | None:
        """The cell, None where there is none."""
        return self.figures.cells.get((code, experiment))

    def said(self, indicator: Indicator, experiment: str | None) -> Said:
        """How a figure is said to the room."""
        cell = self.figures.cells[indicator.code, experiment]
        hidden = self.hidden.get((indicator.code, experiment))
        goal = target_text(cell, headline=indicator.headline)
        wait = lacking_text(cell.observation)
        if hidden is not None:
            return Said(hidden, goal, hidden=True, wait=wait)
        what = shown_cell(cell, headline=indicator.headline, parts=parts_of(indicator))
        main = signed(what.main, cell.observation)
        return Said(main, " · ".join(part for part in (what.rest, goal) if part), what.missing, wait=wait)


@dataclass(frozen=True, slots=True)
class Deck:
    """What the slides of a committee are made from; ``old`` are the figures of the committee before, ``last``."""

    meeting: Meeting
    every: Sequence[Meeting]
    now: Projected
    old: Projected | None = None
    last: Meeting | None = None


def masked(found: Snapshot, below: int, earlier: Projected | None = None) -> Projected:
    """The figures without the counts of people under ``below``; their standing is hidden with them.

    Nor the changes of what is hidden in ``earlier``.
    """
    figures = disclosure.masked(found, below)
    figures = hushed(figures, earlier.figures, below) if earlier else figures
    hidden = {key: one.observation.hidden for key, one in figures.cells.items() if one.observation.hidden}
    return Projected(figures, hidden)


# --- Figures as large as a room needs: three per experiment, the six side by side, the one a point is about ----


_ROWS = tuple(code for codes in SPEAKING.values() for code in codes)
_LEGEND: tuple[Progress | Missing, ...] = (
    Progress.AHEAD,
    Progress.ON_TIME,
    Progress.LATE,
    Progress.BLOCKED,
    Missing.NOT_REPORTED,
    Missing.NOT_APPLICABLE,
    Missing.NOT_FOLLOWED,
)
_WIDTH, _HEIGHT = 640.0, 150.0


def experiment_body(found: Projected, one: Experiment, *, warning: str = "") -> Html:
    """Where it stands by axis, three figures with their line, and what stops it or what the association says."""
    states = [tag("li", mark(state.progress, about=SUBJECTS[state.axis])) for state in axis_states(found.figures, one)]
    codes = card_codes(one, found.figures.indicators_of(one.code))
    shown = [_figure(found, found.figures.indicator[code], one) for code in codes if found.cell(code, one.code)]
    return join(
        [
            tag("p", warning, class_="slide__warning") if warning else None,
            tag("ul", states, class_="slide__states"),
            tag("ul", shown, class_="slide__figures"),
            _voice(found, one),
        ]
    )


def comparison_body(found: Projected) -> Html:
    """The figures that speak for each axis: large, their target, the shape of their state; its words stand below."""
    whom: list[str | None] = [*(one.code for one in found.figures.experiments), None]
    names = [*(one.short_title for one in found.figures.experiments), "Programme"]
    head = [tag("th", "Indicateur", scope="col"), *(tag("th", name, scope="col") for name in names)]
    rows = [
        tag("tr", tag("th", one.label, scope="row"), [tag("td", _cell(found, one, code)) for code in whom])
        for code in _ROWS
        if (one := found.figures.indicator.get(code)) is not None
    ]
    table = tag(
        "table",
        tag("caption", "Les expérimentations et le programme", class_="visually-hidden"),
        tag("thead", tag("tr", head)),
        tag("tbody", rows),
        class_="slide__table",
    )
    draft = any(is_draft(cell.observation) for code in _ROWS for whom_ in whom if (cell := found.cell(code, whom_)))
    words = tag(
        "ul",
        [tag("li", mark(state)) for state in _LEGEND],
        tag("li", f"{DRAFT_SIGN} {NOT_FINAL}") if draft else None,
        class_="slide__legend",
    )
    return join([tag("div", table, words, class_="slide__wide"), _in_lines(found)])


def _in_lines(found: Projected) -> Html:
    """In place of the table on a narrow window: each experiment on a line, its states in words, and why it is late."""
    return tag("ul", [tag("li", _in_a_line(found, one)) for one in found.figures.experiments], class_="slide__lines")


def _in_a_line(found: Projected, one: Experiment) -> Html:
    states = [mark(state.progress, about=SUBJECTS[state.axis]) for state in axis_states(found.figures, one)]
    told = _stopped(found, one) or next((delay for _, delay in delays(found.figures, one)), "")
    return join(
        [
            tag("strong", one.short_title),
            tag("span", states, class_="slide__states"),
            tag("span", clipped(told), class_="slide__why") if told else None,
        ]
    )


def figure_seen(found: Projected, experiment: str | None, indicator: str | None) -> str:
    """« Ordinateurs remis, Pays Salonais : 52 sur 113 (46 %) »; empty when nothing is tied or it is hidden."""
    cell = found.cell(indicator, experiment) if indicator else None
    if cell is None or indicator is None:
        return ""
    whom = found.figures.experiment(experiment) if experiment else None
    name = f"{found.figures.indicator[indicator].label}{f', {whom.short_title}' if whom else ''}"
    hidden = found.hidden.get((indicator, experiment))
    said = hidden or sentence(cell.observation, parts=parts_of(found.figures.indicator[indicator]))
    return f"{name} : {marked(said, cell.observation)}"


def _figure(found: Projected, indicator: Indicator, one: Experiment) -> Html:
    cell = found.figures.cells[indicator.code, one.code]
    what = found.said(indicator, one.code)
    axis = axis_of(indicator)
    return tag(
        "li",
        tag("p", indicator.label, class_="slide__label"),
        tag(
            "div",
            tag("p", mark(what.missing), class_="slide__missing")
            if what.missing
            else tag("p", what.main, class_="slide__number slide__number--words" if what.hidden else "slide__number"),
            tag("p", what.rest, class_="slide__rest") if what.rest else None,
            tag("p", what.wait, class_="slide__wait") if what.wait else None,
        ),
        tag(
            "div",
            target_bar(cell.standing, hue=f"axis{axis}" if axis else "ink"),
            None if what.hidden else expected_aside(cell.standing),
            _line(found, indicator, one),
        ),
    )


def _line(found: Projected, indicator: Indicator, one: Experiment) -> Html | None:
    """The line of the figure since the start, unless small numbers are hidden in it."""
    if any(code == indicator.code for code, _ in found.hidden):
        return None
    trend = next((t for t in found.figures.trends if (t.indicator, t.experiment) == (indicator.code, one.code)), None)
    if trend is None or len([value for _, value in trend.points if value is not None]) < 2:
        return None
    axis = axis_of(indicator)
    return _drawn(trend, f"axis{axis}" if axis else "accent", f"{indicator.label}, mois par mois")


def _drawn(trend: FrozenTrend, hue: str, alt: str) -> Html:
    top = 1.08 * max((value or 0 for _, value in trend.points), default=1.0) or 1.0
    line = line_path(trend.points, _WIDTH, _HEIGHT, top=top)
    body = (
        themed("line_strong", hue)
        + f'<path d="M0 {_HEIGHT:g}H{_WIDTH:g}" style="stroke:var(--line-strong);stroke-width:2"/>'
        + f'<path d="{line}" style="stroke:var(--{hue});stroke-width:5"/>'
    )
    ends = (french.short_month(trend.points[0][0]), french.short_month(trend.points[-1][0]))
    return join(
        [
            picture(body, _WIDTH, _HEIGHT, alt, class_="slide__line"),
            tag("p", *(tag("span", end) for end in ends), class_="slide__ends"),
        ]
    )


def _voice(found: Projected, one: Experiment) -> Html | None:
    """What stops it, else why it is late, else what the association says."""
    if stopped := _stopped(found, one):
        return tag("p", clipped(stopped), class_="slide__stop")
    late = delays(found.figures, one)
    if late:
        axis, delay = late[0]
        return tag("p", clipped(f"▼ En retard, {SUBJECTS[axis]} : {delay}"), class_="slide__stop")
    voice = found.figures.narratives.get(one.code)
    if voice is None or not voice.text:
        return None
    return tag(
        "blockquote",
        tag("p", f"« {clipped(voice.text).strip('« »')} »"),
        tag("cite", voice.said_by),
        class_="slide__voice",
    )


def _stopped(found: Projected, one: Experiment) -> str:
    """« ■ Bloqué : la convention. Le bailleur… Prochaine action : … »; nothing where nothing is stopped."""
    first = next(iter(found.figures.milestones.get(one.code, ())), None)
    if first is None:
        return ""
    name = title_of(first.state, first.due, found.figures.until, first.title)
    told = f"{name}. {first.cause}".rstrip(". ") + "."
    return f"{told} Prochaine action : {first.next_action.rstrip('.')}." if first.next_action else told


def clipped(text: str, most: int = 400) -> str:
    """The text, cut at a word: a slide is not read, it is looked at."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(',;:. ')}…"


def _cell(found: Projected, indicator: Indicator, whom: str | None) -> Html | None:
    cell = found.cell(indicator.code, whom)
    if cell is None:
        return None
    what = found.said(indicator, whom)
    lacking = lacking_text(cell.observation, day=french.short_day)
    wait = tag("span", lacking, class_="slide__wait") if lacking else None
    if what.missing is not None:
        return join([_shape(*MISSING_MARKS[what.missing], what.missing), wait])
    goal = None if what.hidden else target_number(cell, headline=indicator.headline)
    return join(
        [
            tag("strong", what.main, class_="slide__words" if what.hidden else None),
            tag("span", f" / {goal}") if goal else None,
            _shape(*PROGRESS_MARKS[cell.standing.progress], cell.standing.progress),
            wait,
        ]
    )


def _shape(shape: str, word: str, state: Progress | Missing) -> Html | None:
    """The shape; its word is in the legend, and read out."""
    if not shape:
        return None
    sign = tag("span", shape, class_="mark__shape", aria_hidden="true")
    return tag("span", sign, tag("span", word, class_="visually-hidden"), class_=f"mark mark--{state.value}")


# --- The slides of the whole programme: the computers voted, the money, the commitments, the communes --


def park_body(found: Park) -> Html:
    """One bar, and the six numbers under it as large as a room needs."""
    parts = [
        tag(
            "li",
            tag("strong", french.number(one.number), class_="slide__number"),
            tag("span", park_swatch(rank), with_marks(one.name, one.seen)),
        )
        for rank, one in enumerate(found.parts, 1)
    ]
    more = tag("p", found.beyond, class_="slide__context") if found.beyond else None
    return join([park_marks(found), tag("ul", parts, class_="slide__park"), more])


def money_body(figures: Snapshot) -> Html:
    """What the associations advanced, then each line: voted, paid, spent."""
    ledger = figures.ledger
    advance = advance_sentence(ledger)
    return join(
        [
            tag("p", advance, class_="slide__stop") if advance else None,
            tag(
                "table", _head(), tag("tbody", [_money_line(one) for one in ledger.lines]), _foot(ledger), class_=_DRESS
            ),
        ]
    )


_DRESS = "slide__table slide__table--money"
_UNKNOWN = "non renseigné"


_SUMS = ("Voté", "Versé", "Dépensé")


def _head() -> Html:
    return tag("thead", tag("tr", [tag("th", one, scope="col") for one in ("Ligne de subvention", *_SUMS)]))


def _money_line(one: LineState) -> Html:
    whose = ASSOCIATIONS[one.line.association].name
    older = tag("span", f" au {french.short_day(one.spent_older)}", class_="slide__wait") if one.spent_older else None
    return tag(
        "tr",
        tag("th", f"{whose}, {serves(one)}", scope="row"),
        [tag("td", _amount(cents), data_label=name) for name, cents in zip(_SUMS, (one.voted, one.paid), strict=False)],
        tag("td", _amount(one.spent), older, data_label=_SUMS[-1]),
    )


def _foot(ledger: Ledger) -> Html:
    sums: Sequence[int | None] = (ledger.voted, ledger.paid, ledger.spent)
    cells = [tag("td", _amount(one), data_label=name) for name, one in zip(_SUMS, sums, strict=True)]
    return tag("tfoot", tag("tr", tag("th", "Ensemble", scope="row"), cells))


def _amount(cents: int | None) -> Html:
    return tag("strong", french.euros(cents)) if cents is not None else tag("span", _UNKNOWN)


# --- The eight commitments, experiment by experiment; the places, one a row ------------------------


def commitments_body(figures: Snapshot) -> Html:
    """A shape for each commitment and experiment; its word is in the legend, and read out."""
    names = [tag("th", one.short_title, scope="col") for one in figures.experiments]
    rows = [
        tag(
            "tr",
            tag("th", f"{rank}. {one.title}", scope="row"),
            [tag("td", _kept(figures, one.code, whose.code)) for whose in figures.experiments],
        )
        for rank, one in enumerate(COMMITMENTS, 1)
    ]
    legend = [tag("li", f"{shape} {word}") for shape, word in PROMISE_MARKS.values() if shape]
    head = tag("thead", tag("tr", tag("th", "Engagement", scope="col"), names))
    dress = "slide__table slide__table--promised"
    whole = tag("table", _caption("Les engagements"), head, tag("tbody", rows), class_=dress)
    return join([whole, tag("ul", legend, class_="slide__legend")])


def _kept(figures: Snapshot, commitment: str, experiment: str) -> Html | None:
    found = figures.commitments.get((commitment, experiment))
    if found is None:
        return None
    shape, word = PROMISE_MARKS[found.state]
    strong = "strong" if found.state is Kept.SHOWN else "span"
    return tag(strong, tag("span", shape, aria_hidden="true"), tag("span", word, class_="visually-hidden"))


AT_PLACES = ("EQ5a", "CO5", "AC6")
"""What a slide tells of a place."""


def places_body(figures: Snapshot) -> Html:
    """One row for each place of an experiment: computers, homes connected, diagnostics, and their day."""
    told = [figures.indicator[code] for code in AT_PLACES if code in figures.indicator]
    seen = {(one.indicator, one.experiment, one.place): one for one in figures.places}
    rows = [
        tag(
            "tr",
            tag("th", place.name, tag("span", f" {whose.association.name}"), scope="row"),
            [tag("td", _there(seen.get((one.code, whose.code, place.code))), data_label=one.label) for one in told],
        )
        for whose in figures.experiments
        for place in whose.places
        if place.code != METROPOLE
    ]
    head = tag("tr", tag("th", "Lieu", scope="col"), [tag("th", one.label, scope="col") for one in told])
    dress = "slide__table slide__table--places"
    return tag("table", _caption("Les lieux"), tag("thead", head), tag("tbody", rows), class_=dress)


def places_title(figures: Snapshot) -> str:
    """« 8 lieux, 4 associations »: how many places the experiments have."""
    whose = [one for one in figures.experiments if any(place.code != METROPOLE for place in one.places)]
    places = sum(place.code != METROPOLE for one in whose for place in one.places)
    bodies = len({one.association.code for one in whose})
    return f"{french.count(places, 'lieu', 'lieux')}, {french.count(bodies, 'association')} : où en est chacun"


def _there(found: Observation | None) -> Html | None:
    if found is None:
        return _missing(Missing.NOT_APPLICABLE)
    if found.hidden:
        return tag("span", found.hidden, class_="slide__words")
    if found.missing_because is not None:
        return _missing(found.missing_because)
    lacking = lacking_text(found, day=french.short_day)
    wait = tag("span", f" {lacking}", class_="slide__wait") if lacking else None
    return tag("span", tag("strong", written(known(found))), wait)


def _missing(because: Missing) -> Html:
    shape, word = MISSING_MARKS[because]
    return tag("span", f"{shape} {word}".strip(), class_="slide__words")


def _caption(text: str) -> Html:
    return tag("caption", text, class_="visually-hidden")
