"""How much a figure moved, since when, and what of it came late: « +91 depuis le comité n° 3, dont 6 en retard ».

Every page and every document writes changes through here.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.domain import french
from core.domain.calendar import Period
from core.domain.observation import Cell, ChangeReference, Missing, Observation

NOTHING_RECEIVED = "rien de reçu"
"""What is said of a figure that only repeats the one before."""
_LEAST = 0.05


def is_carried(now: Observation, before: Observation | None) -> bool:
    """Whether a figure only repeats the one before: nothing speaks of the days since, so nobody knows that it held.

    What was awaited never came, or the data stop before the day shown.
    """
    if before is None or (now.freshness.expected_since is None and now.older is None):
        return False
    return now.freshness.covers_until == before.freshness.covers_until


def change_text(cell: Cell, *, headline: str = "value") -> str:
    """« +12 », « −3 », « stable », « rien de reçu » since the figure before; empty when one of the two is missing."""
    gap = change(cell, headline=headline)
    if gap is not None:
        return moved(gap, points=_in_points(cell, headline))
    first, last = _leading(cell.before, headline), _leading(cell.observation, headline)
    return "" if first is None or last is None else NOTHING_RECEIVED


def has_moved(cell: Cell, *, headline: str = "value") -> bool:
    """Whether the number written large is another one than before."""
    gap = change(cell, headline=headline)
    return gap is not None and abs(gap) >= _LEAST


def change(cell: Cell, *, headline: str = "value") -> float | None:
    """How much the number written large moved since the figure before; None when one is missing, or carried."""
    return gap_between(cell.before, cell.observation, headline=headline)


def gap_between(before: Observation | None, after: Observation | None, *, headline: str = "value") -> float | None:
    """How much the number written large moved from one figure to the other; None when one is missing, or carried."""
    first, last = _leading(before, headline), _leading(after, headline)
    if first is None or last is None or after is None:
        return None
    return None if first == last and is_carried(after, before) else last - first


def since_text(cell: Cell, *, headline: str = "value") -> str:
    """What a change is counted from, and what of it came late; empty for a figure without a reference.

    « depuis le 31 mars 2022 », « depuis le comité n° 3, dont 6 arrivés en retard pour le 1er trimestre 2022 ou avant ».
    """
    if cell.reference is None:
        return ""
    late = late_text(cell, headline=headline)
    return ", ".join(part for part in (reference_text(cell.reference), late) if part)


def reference_text(reference: ChangeReference) -> str:
    """« depuis le 31 mars 2022 », « depuis le comité n° 3 », « par rapport au 1er trimestre 2022 »."""
    if reference.period is not None:
        name = reference.period.label
        return f"par rapport {f'au {name}' if reference.period.is_quarter else f'à {name}'}"
    if reference.committee is None:
        return f"depuis le {french.day(reference.day)}"
    return f"depuis le comité n°{french.NBSP}{reference.committee}"


def late_text(cell: Cell, *, headline: str = "value") -> str:
    """« dont 6 arrivés en retard pour le 1er trimestre 2022 ou avant », or nothing.

    What came late is what the day of the reference shows now and did not show then.
    """
    late = gap_between(cell.before, cell.then, headline=headline)
    if cell.reference is None or late is None or abs(late) < _LEAST or change(cell, headline=headline) is None:
        return ""
    day = cell.reference.day
    quarter = Period.quarter_of(day)
    when = f"pour le {quarter.label} ou avant" if quarter.end == day else f"jusqu’au {french.day(day)}"
    if late < 0 or _in_points(cell, headline):
        return f"dont {moved(late, points=_in_points(cell, headline))} en corrigeant ce qui était dit {when}"
    size = french.number(late, 0 if late >= 1 else 1)
    return f"dont {size} {'arrivé' if late < 2 else 'arrivés'} en retard {when}"


def _in_points(cell: Cell, headline: str) -> bool:
    """Whether a change is one of a rate: of percentage points."""
    return cell.observation.unit == "%" and headline == "value"


def moved(gap: float, *, points: bool = False) -> str:
    """« +34 », « −3 points » (of a rate), « stable »."""
    if abs(gap) < _LEAST:
        return "stable"
    size = french.number(abs(gap), 0 if abs(gap) >= 1 else 1)
    several = size != "1" and abs(gap) >= 1
    unit = f"{french.NBSP}{'points' if several else 'point'}" if points else ""
    return f"{'+' if gap > 0 else '−'}{size}{unit}"


def _leading(observation: Observation | None, headline: str) -> float | None:
    """The number that a change is counted on: the numerator when it leads, else the value."""
    if observation is None or not observation.expected_here or observation.missing_because is Missing.ERROR:
        return None
    return observation.numerator if headline == "numerator" else observation.value


def nothing_changed(found: Iterable[Observation]) -> str:
    """What is said when none of these figures moved: what was not received may have changed all the same."""
    known = [one for one in found if one.expected_here]
    waits = [one.freshness.expected_since for one in known if one.freshness.expected_since]
    if not waits:
        return "Aucun chiffre n’a changé."
    if len(waits) < len(known):
        return "Aucun des chiffres reçus n’a changé ; les autres sont attendus."
    return f"On ne sait pas ce qui a changé : les données sont attendues depuis le {french.day(min(waits))}."
