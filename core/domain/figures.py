"""An observation as French text: « 84 sur 149 (56 %) », « Non renseigné », « 12 jours ».

A rate never stands alone, « — » is never zero. Every page and every document writes its figures through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from core.domain import french
from core.domain.local_time import day_in_france
from core.domain.marks import MISSING_MARKS
from core.domain.observation import Cell, Freshness, Missing, Observation, Standing

NOT_FINAL = "non définitif"
"""What is said of a figure that counts data which the Métropole has not accepted yet."""


_AWAITED, _UNSENT, _COVERED = map(attrgetter, ("expected_since", "unsent_since", "covers_until"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure ready to be read: the big part, the small part after it, and why it is missing."""

    main: str
    rest: str = ""
    missing: Missing | None = None
    reason: str = ""

    @property
    def text(self) -> str:
        """Both parts on one line."""
        return f"{self.main} {self.rest}".strip()


def shown(
    observation: Observation, *, headline: str = "value", unit: bool = False, parts: str = ""
) -> Shown:  # fmt: skip
    """How ``observation`` reads.

    ``headline`` is the indicator's: « value » puts the rate first (« 56 % », « 84 sur 149 »),
    « numerator » the number (« 84 », « sur 149 (56 %) »). ``unit`` writes the unit of a count;
    ``parts`` is « € » when the two numbers of a rate are euros.
    """
    if observation.hidden:
        return Shown(observation.hidden)
    if _stands_alone(observation, headline):
        return Shown(french.number(observation.numerator or 0, 1), "" if observation.numerator else "sur 0")
    if observation.missing_because is not None:
        return _missing(observation)
    if observation.value is None:
        return Shown(MISSING_MARKS[Missing.NOT_REPORTED][1], missing=Missing.NOT_REPORTED)
    if observation.denominator is not None:
        return _rate(observation, headline, parts)
    return Shown(_count(observation), _unit(observation.unit, observation.value) if unit else "")


def counted(observation: Observation, *, headline: str = "value") -> float | None:
    """The number that ``shown`` writes large, None when it is not known; « 0 » when nobody was ready yet."""
    if observation.missing_because is not None and not _stands_alone(observation, headline):
        return None
    return observation.numerator if headline == "numerator" else observation.value


def sentence(observation: Observation, *, parts: str = "") -> str:
    """The figure in full on one line: « 84 sur 149 (56 %) », « 84 ordinateurs », « Sans objet »."""
    if observation.value is not None and observation.denominator is not None:
        return f"{_out_of(observation, parts)} ({_value(observation)})"
    return shown(observation, headline="numerator", unit=True).text


def target_text(cell: Cell, *, headline: str = "value") -> str:
    """« objectif 100 », or nothing when none was set; a target is read on what ``headline`` shows first."""
    target = cell.standing.target
    if target is None:
        return ""
    rate = cell.observation.unit == "%" and headline == "value"
    value = french.percent(target.value) if rate else french.number(target.value, 1)
    return f"objectif{french.NBSP}{value}"


def is_carried(now: Observation, before: Observation | None) -> bool:
    """Whether a figure only repeats the one before: what was awaited since never came, so nobody knows that it held."""
    awaited, known = now.freshness.expected_since, now.freshness.covers_until
    return awaited is not None and before is not None and known == before.freshness.covers_until


def change_text(cell: Cell, *, headline: str = "value") -> str:
    """« +12 », « −3 », « stable » since the figure before; empty when one of the two is missing, or carried."""
    now, before = _leading(cell.observation, headline), _leading(cell.before, headline)
    if now is None or before is None:
        return ""
    if now == before and is_carried(cell.observation, cell.before):
        return ""
    return moved(now - before, points=cell.observation.unit == "%" and headline == "value")


def moved(gap: float, *, points: bool = False) -> str:
    """« +34 », « −3 points » (of a rate), « stable »."""
    if abs(gap) < 0.05:
        return "stable"
    size = french.number(abs(gap), 0 if abs(gap) >= 1 else 1)
    unit = f"{french.NBSP}{'point' if abs(gap) < 2 else 'points'}" if points else ""
    return f"{'+' if gap > 0 else '−'}{size}{unit}"


def _leading(observation: Observation | None, headline: str) -> float | None:
    """The number that a change is counted on: the numerator when it leads, else the value."""
    if observation is None or observation.missing_because in (Missing.NOT_APPLICABLE, Missing.ERROR):
        return None
    return observation.numerator if headline == "numerator" else observation.value


def wait_text(observation: Observation) -> str:
    """What a figure rests on, when that is not final.

    « au 31 mars 2022 » while a later deposit is waited for, « incomplet » for a total,
    « non définitif » while a relevé that it counts is not accepted; else nothing.
    """
    freshness = observation.freshness
    if not freshness.expected_since:
        return NOT_FINAL if freshness.provisional_since else ""
    if observation.experiment is None:
        return "incomplet"
    return f"au {french.day(freshness.covers_until)}" if freshness.covers_until else "attendu"


def expected_text(standing: Standing) -> str:
    """« 84 % de l’objectif, 67 % attendus à cette date », or nothing."""
    if standing.done is None:
        return ""
    done = f"{french.percent(100 * standing.done)} de l’objectif"
    if standing.expected is None:
        return done
    return f"{done}, {french.percent(100 * standing.expected)} attendus à cette date"


def value_text(value: float | None, unit: str) -> str:
    """A value of a chart, with what its unit asks for; « Non renseigné » when it is not known."""
    if value is None:
        return "Non renseigné"
    if unit.startswith("%"):
        return french.percent(value)
    if unit.startswith("€"):
        return french.euros(round(100 * value))
    return french.number(value, 1)


def freshness_text(freshness: Freshness) -> str:
    """« Données au 30 juin 2022 », « Attendu depuis le 4 juillet 2022 ; données au 31 mars 2022 »."""
    known = f"données au {french.day(freshness.covers_until)}" if freshness.covers_until else ""
    if known and freshness.unsent_since:
        known = f"{known}, relevé attendu depuis le {french.day(freshness.unsent_since)}"
    elif known and freshness.provisional_since:
        known = f"{known}, pas encore acceptées"
    if freshness.expected_since:
        waiting = f"Attendu depuis le {french.day(freshness.expected_since)}"
        return f"{waiting} ; {known}" if known else waiting
    if known:
        return known[:1].upper() + known[1:]
    if freshness.deposited:
        return f"Dernier dépôt le {french.day(day_in_france(freshness.deposited))}"
    return "Rien n’a encore été déposé"


def foremost(found: Iterable[Freshness]) -> Freshness:
    """What one line says of several: the oldest deposit awaited, else the oldest relevé, else the latest data."""
    known = list(found)
    for since in (_AWAITED, _UNSENT):
        if waiting := [one for one in known if since(one)]:
            return min(waiting, key=since)
    told = [one for one in known if one.covers_until]
    return max(told, key=_COVERED, default=next(iter(known), Freshness()))


def _stands_alone(observation: Observation, headline: str) -> bool:
    """A number that is known although there is nothing yet to relate it to: « 0 », nobody being ready."""
    known = observation.numerator is not None and observation.denominator == 0
    return known and observation.stands and headline == "numerator"


def _missing(observation: Observation) -> Shown:
    because = observation.missing_because or Missing.NOT_REPORTED
    rest = ""
    if because is Missing.NOT_REPORTED and observation.numerator is not None and observation.denominator is not None:
        rest = f"({french.out_of(observation.numerator, observation.denominator)})"
    return Shown(MISSING_MARKS[because][1], rest, because, observation.reason)


def _rate(observation: Observation, headline: str, parts: str) -> Shown:
    if headline == "numerator":
        top, bottom = _part(observation.numerator, parts), _part(observation.denominator, parts)
        return Shown(top, f"sur {bottom} ({_value(observation)})")
    return Shown(_value(observation), _out_of(observation, parts))


def _out_of(observation: Observation, parts: str) -> str:
    return f"{_part(observation.numerator, parts)} sur {_part(observation.denominator, parts)}"


def _part(number: float | None, parts: str) -> str:
    return french.euros(round(100 * (number or 0))) if parts == "€" else french.number(number or 0, 1)


def _count(observation: Observation) -> str:
    name = observation.unit
    if name.startswith("€") or name == "%" or name == "jours":
        return _value(observation)
    return french.number(observation.value or 0, 1)


def _value(observation: Observation) -> str:
    value, unit = observation.value or 0, observation.unit
    if unit == "%":
        return french.percent(value)
    if unit.startswith("€"):
        return f"{french.euros(round(value * 100))}{unit[1:]}"
    if unit == "jours":
        return french.count(value, "jour")
    return french.number(value, 1)


def _unit(unit: str, value: float) -> str:
    """The unit after the number of a count; amounts, rates and days already carry theirs."""
    return "" if unit.startswith("€") or unit in ("%", "jours") else french.unit_of(value, unit)
