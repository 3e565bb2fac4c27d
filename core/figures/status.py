"""Why a figure is missing, and how it stands: by which target, on which clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.deliberation import AXES
from core.domain import french, observation
from core.domain.calendar import Period
from core.domain.dataset import Row
from core.domain.figure_text import counted, missed_text
from core.domain.indicator import Direction, Indicator
from core.domain.observation import BLOCKED, Clock, Observation, Progress, Standing
from core.domain.programme import SubsidyLine
from core.figures.known import Goal, StateAtRevision

NOT_FOLLOWED = "L’axe est prévu ici, mais cette association ne donne pas ce chiffre."
NOT_BY_PLACE = "Ce chiffre n’est pas suivi par lieu."
NOT_BY_MONTH = "Ce chiffre n’est pas daté\u202f: il ne se répartit pas par mois."
NOTHING_AT_ALL = "L’association n’a encore rien déposé."
FOR_THE_PROGRAMME = "Ce chiffre ne se lit qu’au niveau du programme."
OF_NOBODY = "rattaché à aucune expérimentation"
TWICE, ELSEWHERE = "compté par deux expérimentations", "hors des expérimentations montrées"
SILENT, SEVERAL_SILENT = "expérimentation n’a rien transmis", "expérimentations n’ont rien transmis"
LEFT_BLANK = "Ce nombre est facultatif, et aucune ligne ne le donne."
NO_LINE = "Aucune ligne de subvention ne finance cela pour cette expérimentation."


def axis_not_tried(axes: Iterable[int], at_place: bool) -> str:
    """The axis is not tried there."""
    named = french.listing(f"{axis} ({AXES[axis].name})" for axis in axes)
    here = "à ce lieu" if at_place else "pour cette expérimentation"
    return f"L’axe {named} n’est pas prévu {here}."


def not_started(start: date) -> str:
    """The experiment had not begun."""
    return f"L’expérimentation n’avait pas commencé\u202f: elle débute le {french.day(start)}."


def ended(end: date) -> str:
    """The experiment was over."""
    return f"L’expérimentation est terminée depuis le {french.day(end)}."


def not_handed_in(association: str, titles: Iterable[str], period: Period | None) -> str:
    """Nothing came for these datasets."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    when = f" pour {_the_period(period)}" if period else ""
    never = "n’a rien transmis" if period else "n’a encore rien transmis"
    return f"{association} {never}{when} ({named})."


def not_among(association: str, titles: Iterable[str]) -> str:
    """The association does not hand in these datasets."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    return f"{association} ne transmet pas {named}."


def nobody(titles: Iterable[str], period: Period | None) -> str:
    """No association handed it in."""
    return not_handed_in("Aucune association", titles, period)


def lead_has_not(titles: Iterable[str]) -> str:
    """The project lead has recorded nothing yet."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    return f"La Métropole n’a encore rien saisi ({named})."


def not_divided(lines: Iterable[SubsidyLine]) -> str:
    """The sum waits for its key."""
    named = french.listing(f"«\u00a0{line.code}\u00a0» ({french.euros(line.cents)})" for line in lines)
    return (
        f"Somme non ventilée\u202f: la ligne {named} couvre plusieurs expérimentations, "
        "et aucune clé de répartition n’est enregistrée."
    )


def _the_period(period: Period) -> str:
    return f"le {period.label}" if period.is_quarter else period.label


def own_to(associations: Iterable[str]) -> str:
    """One association alone gives the figure."""
    return f"Propre à {french.listing(associations)}"


def no_total(own: str) -> str:
    """Why a figure of one association alone has no total."""
    return f"{own}\u202f: ce chiffre n’a pas de total."


# --- Where a figure stands against its target, at the day that its data cover ----------------------
# The share expected is the elapsed part of the experiment's own dates (the programme's, for its own
# targets) on the last day that the data speak of, never on the page's. What judges a day is what was
# decided by then: a target decided later is told, and judges nothing.


@dataclass(frozen=True, slots=True)
class _Way:
    """From where to where a figure goes, and on which clock; ``base`` None: from nothing."""

    clock: Clock | None
    base: float | None = None


class Standings:
    """The targets and the milestones that are stopped, as of one revision."""

    def __init__(self, known: StateAtRevision, stopped: Iterable[Row]) -> None:
        self._known, self._held = known, known.held
        self._stopped: dict[str, list[Row]] = {}
        for row in stopped:
            if row["_experiment"]:
                self._stopped.setdefault(row["_experiment"], []).append(row)

    def of(self, indicator: Indicator, figure: Observation, until: date) -> Standing:
        """The standing on ``until`` of ``figure``, which is since the start when the indicator is cumulative."""
        goal = self._held.goal(figure.experiment, indicator.code, until)
        direction = (goal.direction if goal else None) or indicator.direction
        if goal is None:
            later = self._held.later(figure.experiment, indicator.code, until)
            found = replace(observation.standing(None, None, None), later=later)
        else:
            found = self._judged(indicator, figure, goal, direction, until)
        return self._explained(indicator, figure, self._blocked(indicator, figure, found, direction), until)

    def _judged(
        self, indicator: Indicator, figure: Observation, goal: Goal, direction: Direction, until: date
    ) -> Standing:
        way, target, over = self._way(indicator, figure, goal, until), goal.target, until > goal.target.until
        share = 1.0 if not indicator.cumulative else way.clock.expected if way.clock else 1.0 if over else None
        found = observation.standing(
            shown(indicator, figure), target, share, direction=direction, base=way.base, over=over
        )
        if found.done is None:
            return found
        if (over_before := self._ended(figure, goal, found, until)) is not None:
            return replace(found, progress=Progress.NO_DATA, expected=None, gap=None, missed=False, reason=over_before)
        if found.missed:
            reason = missed_text(target, figure.freshness.covers_until)
            return replace(found, reason=reason, clock=way.clock and replace(way.clock, day=target.until, expected=1.0))
        return replace(found, clock=way.clock)

    def _way(self, indicator: Indicator, figure: Observation, goal: Goal, until: date) -> _Way:
        """The clock runs over the experiment's own days, to the target's at the latest, from the starting value's.

        It stops on the last day that the data speak of; a figure that does not add up over time has none.
        """
        known = self._held.baselines.get((figure.experiment, indicator.code))
        since, base = known if known and known[0] <= until else (None, None)
        begins, ends = self._held.days(figure.experiment)
        start = max(filter(None, (begins, since)), default=None)
        end = min(filter(None, (ends, goal.target.until)))
        day = figure.freshness.covers_until
        if not indicator.cumulative or start is None or day is None or end < start:
            return _Way(None, base)
        return _Way(observation.clock_on(start, end, min(day, until, end)), base)

    def _ended(self, figure: Observation, goal: Goal, found: Standing, until: date) -> str | None:
        """Why nothing is judged any more: the experiment was over before its target fell due, and did not reach it."""
        end, due = self._held.ends.get(figure.experiment or ""), goal.target.until
        if end is None or until <= end or due <= end or (found.done or 0) >= 1:
            return None
        return f"Expérimentation terminée le {french.day(end)}, avant l’échéance du {french.day(due)}."

    def _blocked(self, indicator: Indicator, figure: Observation, found: Standing, direction: Direction) -> Standing:
        rows = [row for row in self._rows(indicator, figure) if row["statut"] == BLOCKED]
        reached = found.done is not None and found.done >= 1 and direction is Direction.UP
        if not rows or reached or (found.target is None and not indicator.axes):
            return found
        return replace(found, progress=Progress.BLOCKED, reason=_why(rows[0]))

    def _explained(self, indicator: Indicator, figure: Observation, found: Standing, until: date) -> Standing:
        """A delay with the cause that the association gives: of the figure's axis, of the period that it speaks of.

        Its narrative says it for the axis, else a milestone does, else the narrative for all axes; where nothing came
        for the day shown, the narrative of that day's period may say why.
        """
        if found.progress is not Progress.LATE:
            return found
        whose, day = figure.experiment, min(until, figure.freshness.covers_until or until)
        milestones = (row["cause"] for row in self._rows(indicator, figure) if row["cause"])
        told = self._known.cause(whose, day, indicator.axes) or next(milestones, "")
        everywhere = told or self._known.cause(whose, day, (None,))
        return replace(found, cause=everywhere or self._known.cause(whose, until, (*indicator.axes, None)))

    def _rows(self, indicator: Indicator, figure: Observation) -> list[Row]:
        """The milestones of the experiment that are stopped and concern the figure."""
        return [row for row in self._stopped.get(figure.experiment or "", ()) if _concerns(row, indicator)]


def shown(indicator: Indicator, figure: Observation) -> float | None:
    """The number that a target speaks of: the one that is shown large, None while none is."""
    return counted(figure, headline=indicator.headline)


def _concerns(row: Mapping[str, object], indicator: Indicator) -> bool:
    """Whether a milestone concerns the figure: one of its axis, or any axis when it names none."""
    axis = row.get("axe")
    return bool(indicator.axes) if axis is None else axis in indicator.axes


def _why(row: Row) -> str:
    cause = (row.get("cause") or row.get("libelle") or "").rstrip(".")
    after = (row.get("prochaine_action") or "").rstrip(".")
    return f"{cause}. Prochaine action\u202f: {after}." if after else f"{cause}."
