"""Two moments side by side: what the address names, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from core.committee import Snapshot, meetings
from core.disclosure import masked
from core.domain import french
from core.domain.calendar import Period
from core.domain.change import gap_between, moved
from core.domain.figure_text import lacking_text, marked, value_text
from core.domain.indicator import Computed, Indicator
from core.domain.meeting import Freeze
from core.domain.observation import Cell, Missing, Observation
from core.domain.programme import Experiment
from core.errors import Refused, UnknownName
from core.figures.sentences import NOUNS, first_screen, the_rest
from core.money.fairness import FairMeasure
from dashboard.context import Context
from dashboard.views.meeting_agenda import readable_meetings
from dashboard.views.shared import TODAY, During, ReportingDate, kept, read_moment

DEFAULT = ("EQ5a", "CO5", "AC6", "AC3a")
SINCE, WITHIN = "depuis-le-debut", "pendant"
_FROZEN = "arret-"
DAY, KNOWN_THEN = "jour", "jour-connu"
"""A day of one's own, with all that is known of it now, or with what was known on it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: experiments, indicators, two moments, and how periods are read.

    ``within``: the figures of each period alone, instead of the totals at its end. ``measure``:
    totals, or figures related to money, households or targets.
    """

    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    before: ReportingDate
    after: ReportingDate
    within: bool
    measure: FairMeasure = FairMeasure.TOTAL

    def asked(self, moment: ReportingDate) -> During:
        """What monitoring is asked for one side."""
        return During(**moment.asked, period=moment.quarter if self.within else None)

    def name(self, moment: ReportingDate) -> str:
        """« Au 31 mars 2022 », « 1er trimestre 2022 », « Données n° 3, au 31 mars 2022 », « …, connu ce jour-là »."""
        if moment.freeze is not None:
            return french.typeset(f"Données n° {moment.freeze}, au {french.day(moment.until)}")
        if is_known_then(moment):
            return f"Au {french.day(moment.until)}, connu ce jour-là"
        return moment.quarter.label if self.within else f"Au {french.day(moment.until)}"


def read_sides(context: Context) -> Sides:
    """The comparison of the address; by default the last period that is over and the one before.

    Figures frozen for a committee, or of a day that ends no period, are totals since the start: they are read as such
    only.
    """
    params = st.query_params
    now = read_moment(context)
    frozen = freezes(context)
    after = _side(context, now, "b", _last(now), frozen)
    before = _side(context, now, "a", _before(now, after), frozen)
    held = before.freeze is not None or after.freeze is not None
    within = params.get("lecture") == WITHIN and not held and before.day is None and after.day is None
    return Sides(
        _experiments(context, params.get_all("experience")),
        _indicators(context, params.get_all("indicateur")),
        before,
        after,
        within,
        FairMeasure.TOTAL if held else _measure(params.get("mesure")),
    )


def offered(context: Context) -> list[Indicator]:
    """The indicators that may be compared, those of the first screen first."""
    known = tuple(context.registry.catalogue.values())
    return [
        one
        for one in [*first_screen(known), *the_rest(known), *(x for x in known if x.shortlist != "socle")]
        if not isinstance(one.numerator, Computed)
    ]


def _measure(code: str | None) -> FairMeasure:
    if code is None:
        return FairMeasure.TOTAL
    if code not in set(FairMeasure):
        raise UnknownName(f"Mesure « {code} » inconnue. Choisissez parmi : {', '.join(FairMeasure)}.")
    return FairMeasure(code)


def _experiments(context: Context, codes: Sequence[str]) -> tuple[Experiment, ...]:
    chosen = {context.registry.experiment(code).code for code in codes}
    return tuple(one for one in context.registry.experiments if not chosen or one.code in chosen)


def _indicators(context: Context, codes: Sequence[str]) -> tuple[Indicator, ...]:
    if codes:
        return tuple(context.registry.indicator(code) for code in dict.fromkeys(codes))
    catalogue = context.registry.catalogue
    return tuple(catalogue[code] for code in DEFAULT if code in catalogue)


def freezes(context: Context) -> list[Freeze]:
    """The figures frozen for the committees that the visitor may read, the oldest first."""
    return [one for meeting in readable_meetings(context) for one in meeting.freezes]


def freeze_code(one: Freeze) -> str:
    """« arret-3 »: how the address names frozen figures."""
    return f"{_FROZEN}{one.number}"


def frozen_snapshot(context: Context, moment: ReportingDate, *, leaving: bool = False) -> Snapshot | None:
    """The figures frozen under the number of a side, never computed again; None of a side that is not frozen.

    Without the small counts for who may not see them and, ``leaving``, for the files of everybody.
    """
    if moment.freeze is None:
        return None
    one = next(found for found in freezes(context) if found.number == moment.freeze)
    below = context.below if leaving or context.discreet else 0

    def read() -> Snapshot:
        found = meetings.snapshot_of(context.store, one)
        return masked(found, below) if below else found

    return kept(context, ("side", one.sha256, below), None, read)


def frozen_figures_of(snapshot: Snapshot, indicators: Sequence[Indicator], whom: Sequence[Experiment]) -> Figures:
    """The figures of a side; one that was not there on that day is « non suivi »."""
    return {
        (one.code, who.code): cell.observation
        if (cell := snapshot.cells.get((one.code, who.code)))
        else _not_there(one, who)
        for one in indicators
        for who in whom
    }


def _not_there(one: Indicator, who: Experiment) -> Observation:
    return Observation(
        one.code,
        one.label,
        one.unit,
        who.code,
        missing_because=Missing.NOT_FOLLOWED,
        reason="Ce chiffre n’était pas suivi quand les données ont été arrêtées.",
    )


def _frozen(now: ReportingDate, one: Freeze) -> ReportingDate:
    """The day of frozen figures, and their number."""
    quarter = Period.quarter_of(one.until)
    known = (period for period in now.periods if period.end == one.until)
    period = next(known, Period(quarter.start, one.until, quarter.code))
    # Links lead to the page of that day as it is known now: what was known then may not be shown to everybody.
    return ReportingDate(now.today, now.periods, period, None, one.number)


def _side(
    context: Context, now: ReportingDate, name: str, otherwise: Period | None, frozen: Sequence[Freeze]
) -> ReportingDate:
    """The moment of one side: a day typed by hand, or one of the list."""
    code = st.query_params.get(name)
    if code not in (DAY, KNOWN_THEN):
        return _moment(now, code, otherwise, frozen)
    if context.discreet:
        raise Refused(
            "Un jour quelconque ne se compare pas quand les petits nombres de personnes sont cachés : deux jours "
            "voisins les donneraient. Choisissez la fin d’une période, ou des données arrêtées."
        )
    day = _day(now, st.query_params.get(day_name(name)))
    revision = context.store.revision_at(day) if code == KNOWN_THEN else None
    return ReportingDate(now.today, now.periods, None, revision, day=day)


def day_name(side: str) -> str:
    """How the address names the day of a side, « a-jour »."""
    return f"{side}-jour"


def is_known_then(moment: ReportingDate) -> bool:
    """Whether a free day is looked at with what was known on it."""
    return moment.day is not None and moment.revision is not None


def _day(now: ReportingDate, text: str | None) -> date:
    """The day of the address; the last one of the page while none is chosen."""
    if not text:
        return now.until
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UnknownName(f"Jour « {text} » inconnu. Écrivez-le comme 2022-05-15.") from error
    if found > now.today:
        raise UnknownName(f"Le {french.day(found)} n’est pas encore passé : choisissez un jour jusqu’à aujourd’hui.")
    return found


def _moment(now: ReportingDate, code: str | None, otherwise: Period | None, frozen: Sequence[Freeze]) -> ReportingDate:
    if code is not None and code.startswith(_FROZEN):
        held = next((one for one in frozen if freeze_code(one) == code), None)
        if held is None:
            raise UnknownName(f"Données arrêtées « {code} » inconnues. Choisissez-les dans la liste.")
        return _frozen(now, held)
    if code == TODAY:
        return ReportingDate(now.today, now.periods, None, now.revision)
    found = next((one for one in now.periods if one.code == code), None) if code else otherwise
    return ReportingDate(now.today, now.periods, found or (Period.parse(code) if code else None), now.revision)


def _last(now: ReportingDate) -> Period | None:
    return next((one for one in reversed(now.periods) if one.end < now.today), None)


def _before(now: ReportingDate, after: ReportingDate) -> Period | None:
    return next((one for one in reversed(now.periods) if one.end < after.quarter.start), None)


# --- What a comparison says in words: who moved most, from where to where --------------------------


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
    return gap_between(before, after, headline=indicator.headline)


def gap_text(indicator: Indicator, value: float | None, unit: str) -> str:
    """« +34 », « −3 points », « stable »."""
    return "" if value is None else moved(value, points=unit == "%" and indicator.headline != "numerator")


def comparison_sentence(sides: Sides, before: Figures, after: Figures) -> str:
    """The first indicator, all the chosen experiments together when they add up."""
    indicator = sides.indicators[0]
    if _same(sides.before) == _same(sides.after):
        return f"Au {french.day(sides.after.until)} : choisissez deux dates différentes pour voir ce qui a bougé."
    moves = _moves(sides, indicator, before, after)
    when = f"Entre {_end(sides.before)} et {_end(sides.after)}"
    if not moves:
        return f"{when}, aucun des deux côtés n’est connu pour « {indicator.label} »."
    first = french.extreme(moves)
    if first.value <= 0:
        return f"{when}, « {indicator.label} » ne progresse dans aucune des expérimentations choisies."
    words = f"{_more(indicator, first.value)}{first.verb('', ' pour chacune')}"
    return french.sentence(f"{when}, « {indicator.label} » progresse le plus pour {first.names} : {words}")


def _same(moment: ReportingDate) -> tuple[date, int | None, int | None]:
    """Two sides that are alike in it show the same figures."""
    return moment.until, moment.freeze, moment.revision


def _end(moment: ReportingDate) -> str:
    """« le 31 mars 2022 », « les données n° 3 du 31 mars 2022 », « ce que l’on savait le 15 mai 2022 »."""
    day = french.day(moment.until)
    if is_known_then(moment):
        return f"ce que l’on savait le {day}"
    return f"le {day}" if moment.freeze is None else french.typeset(f"les données n° {moment.freeze} du {day}")


def days_told(sides: Sides) -> str:
    """What a figure of a free day is made of; nothing when no side has one."""
    said = [_made_of(one) for one in (sides.before, sides.after) if one.day is not None]
    if not said:
        return ""
    older = "Une association qui n’a rien déposé jusque-là garde son dernier jour connu, écrit à côté de son chiffre."
    return " ".join([*dict.fromkeys(said), older])


def _made_of(moment: ReportingDate) -> str:
    day = french.day(moment.until)
    known = f"telles que les associations les avaient déposées ce jour-là (dépôt n° {moment.revision})"
    return f"Au {day} : les lignes datées jusqu’à ce jour, {known if is_known_then(moment) else _NOW}."


_NOW = "telles qu’elles sont connues aujourd’hui, même déposées depuis"


def rise_conclusion(sides: Sides, indicator: Indicator, cells: Mapping[tuple[str, str | None], Cell]) -> str:
    """The title of a chart: nearest to and furthest from its own target, else from how much to how much.

    Experiments of different sizes are not ranked by their numbers.
    """
    cells_of = [(one, cells[indicator.code, one.code]) for one in sides.experiments]
    found = [(marked(one.short_title, cell.observation), cell) for one, cell in cells_of]
    aimed = [
        (f"{name}," if lacking_text(cell.observation) else name, cell.standing.done)  # what is set aside is closed
        for name, cell in found
        if cell.standing.done is not None
    ]
    if len(aimed) > 1:
        return f"{indicator.label} : {_nearest(aimed)}"
    known = [(name, value) for name, cell in found if (value := number(indicator, cell.observation)) is not None]
    return f"{indicator.label} : {_range(indicator, known)}"


def _nearest(aimed: list[tuple[str, float]]) -> str:
    told = [(name, round(100 * done)) for name, done in aimed]  # equal as they are written
    top, low = french.extreme(told), french.extreme(told, lowest=True)
    if top.value == low.value:
        return f"toutes à {french.percent(top.value)} de leur objectif"
    near = top.verb("est au plus près de son objectif", "sont au plus près de leur objectif")
    return f"{top.names} {near} ({french.percent(top.value)}), {low.names} au plus loin ({french.percent(low.value)})"


def _range(indicator: Indicator, known: list[tuple[str, float]]) -> str:
    if not known:
        return "aucun chiffre n’est encore renseigné"
    top, low = french.extreme(known), french.extreme(known, lowest=True)
    if len(known) == 1:
        return f"{_said(indicator, top.value)}, {top.names}"
    if top.value == low.value:
        return f"{_said(indicator, top.value)} partout où le chiffre est connu"
    return f"de {_said(indicator, low.value)} ({low.names}) à {_said(indicator, top.value)} ({top.names})"


def _moves(sides: Sides, indicator: Indicator, before: Figures, after: Figures) -> list[tuple[str, float]]:
    found = []
    for one in sides.experiments:
        key = (indicator.code, one.code)
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
    rate = indicator.headline != "numerator" and indicator.denominator is not None
    return value_text(value, "€" if indicator.is_money else "%" if rate else "")
