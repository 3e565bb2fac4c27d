"""A figure in words: its value, its day, what it lacks, its mark; on screen, on paper, on slides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import TypeVar

from core.domain import french
from core.domain.calendar import day_in_france
from core.domain.observation import Apart, Cell, Freshness, Missing, Observation, Progress, Standing, Target

T = TypeVar("T")
PROGRESS_MARKS = {
    Progress.AHEAD: ("▲", "En avance"),
    Progress.ON_TIME: ("●", "Dans les temps"),
    Progress.LATE: ("▼", "En retard"),
    Progress.BLOCKED: ("■", "Bloqué"),
    Progress.NO_TARGET: ("", "Sans objectif"),
    Progress.NO_DATA: ("", "À comparer"),
}
"""Shape and word of the advancement, as the glossary writes them."""

MISSING_MARKS = {
    Missing.NOT_REPORTED: ("○", "Non renseigné"),
    Missing.NOT_APPLICABLE: ("—", "Sans objet"),
    Missing.NOT_FOLLOWED: ("·", "Non suivi"),
    Missing.ERROR: ("", "Calcul impossible"),
}
"""Shape and word of a value that is not there."""

MEANINGS = {
    Progress.AHEAD: "Au-dessus de ce qui est attendu à cette date.",
    Progress.ON_TIME: "À moins de dix points de ce qui est attendu à cette date.",
    Progress.LATE: "Plus de dix points sous ce qui est attendu à cette date, ou objectif non atteint à son jour.",
    Progress.BLOCKED: "Arrêté par une cause extérieure ; la cause et la prochaine action sont écrites.",
    Progress.NO_TARGET: "Le chiffre existe, mais le comité n’a pas fixé de nombre à atteindre.",
    Progress.NO_DATA: "Un nombre à atteindre est fixé ; aucun chiffre connu, ou montré, ne s’y compare encore.",
    Missing.NOT_REPORTED: "On ne sait pas encore. Ce n’est pas zéro.",
    Missing.NOT_APPLICABLE: "La question ne se pose pas ici (axe non prévu à ce lieu).",
    Missing.NOT_FOLLOWED: "L’axe est prévu ici, mais cette association ne donne pas ce chiffre.",
    Missing.ERROR: "Des données existent mais ne permettent pas le calcul ; la raison est donnée.",
}
"""What each word means, as the glossary says it."""


def plain_mark(state: Progress | Missing) -> str:
    """The same in plain text, « ▼ En retard », for a table's cell or a file."""
    shape, word = PROGRESS_MARKS[state] if isinstance(state, Progress) else MISSING_MARKS[state]
    return f"{shape} {word}".strip()


# --- An observation as French text: « 84 sur 149 (56 %) », « Non renseigné », « 12 jours » ---------
# A rate never stands alone, « — » is never zero. Every page and every document writes its figures through here.


NOT_FINAL = "non définitif"
"""What is said of a figure that counts data which the Métropole has not accepted yet."""
INCOMPLETE = "incomplet"
"""What is said of a total to which somebody's data are missing."""
DRAFT_SIGN = "°"
"""What stands beside a figure that is not final, where its words have no room: see ``is_draft``."""
DRAFT_NOTE = "° Non définitif : compte un relevé que la Métropole n’a pas encore accepté."
"""What is written under figures of which one at least bears ``DRAFT_SIGN``."""


def beside_meanings(below: int) -> dict[str, str]:
    """What may stand beside a figure or in its place, and what it means; ``below``: the first count that is shown."""
    return {
        "°": "Non définitif : compte un relevé que la Métropole n’a pas encore accepté.",
        "incomplet": "Il manque les données d’une expérimentation au moins, ou un relevé qui n’est pas transmis.",
        "au 31 mars 2022": "Les données s’arrêtent à ce jour ; de la suite, on ne sait rien.",
        f"moins de {below}": "Ce nombre de personnes pourrait faire reconnaître quelqu’un.",
        "non montré": "Avec les totaux ou avec un autre jour, il ferait retrouver un nombre caché.",
    }


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


def shown(observation: Observation, *, headline: str = "value", unit: bool = False, parts: str = "") -> Shown:
    """How ``observation`` reads.

    ``headline`` is the indicator's: « value » puts the rate first (« 56 % », « 84 sur 149 »),
    « numerator » the number (« 84 », « sur 149 (56 %) »). ``unit`` writes the unit of a count;
    ``parts`` is « € » when the two numbers of a rate are euros.
    """
    if observation.hidden:
        return Shown(observation.hidden)
    if _stands_alone(observation, headline):
        return Shown(french.number(observation.numerator or 0, 1))
    if observation.missing_because is not None:
        return _missing(observation)
    if observation.value is None:
        return Shown(MISSING_MARKS[Missing.NOT_REPORTED][1], missing=Missing.NOT_REPORTED)
    if observation.denominator is not None:
        return _rate(observation, headline, parts)
    if observation.unit.startswith("€ "):
        return Shown(french.euros(round(100 * observation.value)), observation.unit[2:])
    return Shown(_count(observation), _unit(observation.unit, observation.value) if unit else "")


def shown_cell(cell: Cell, *, headline: str = "value", unit: bool = False, parts: str = "") -> Shown:
    """How a figure reads on a card: one number to relate a count to, its target where there is one.

    What it is a share of is then one click away, with the rows and the definition. A number that was judged
    is shown, even when there is nothing yet to relate it to: who counts the delays counts those that are seen.
    """
    seen = cell.observation
    seen = replace(seen, stands=seen.stands or cell.standing.done is not None)
    found = shown(seen, headline=headline, unit=unit, parts=parts)
    told = headline == "numerator" and cell.standing.target is not None and found.missing is None
    return replace(found, rest="") if told else found


def apart_text(observation: Observation, *, parts: str = "") -> str:
    """What a total counts and no experiment does: « dont 14 en transit », « parmi les 262, 14 en transit ».

    Or whom it could not count: « 1 expérimentation n’a rien transmis ».
    """
    beside = [one for one in observation.apart if one.beside]
    if beside:
        return french.listing(_apart(one, one.numerator, None, "") for one in beside)
    own = [one for one in observation.apart if one.numerator]
    if own:
        return f"dont {french.listing(_apart(one, one.numerator, one.denominator, parts) for one in own)}"
    base = [one for one in observation.apart if one.denominator]
    if not base or observation.denominator is None:
        return ""
    told = french.listing(_apart(one, one.denominator or 0, None, parts) for one in base)
    return f"parmi les {_part(observation.denominator, parts)}, {told}"


def _apart(one: Apart, number: float, base: float | None, parts: str) -> str:
    of = f" sur {_part(base, parts)}" if base else ""
    return f"{_part(number, parts)}{of} {one.words}"


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


def part_text(observation: Observation, part: str, *, parts: str = "") -> str:
    """The « numerator » or the « denominator » alone: « 84 », « 17 150 € » when ``parts`` is « € »."""
    number = observation.numerator if part == "numerator" else observation.denominator
    return _part(number, parts)


def target_text(cell: Cell, *, headline: str = "value") -> str:
    """« objectif 100 », or nothing when none was set; a target is read on what ``headline`` shows first.

    One that was decided after the day shown says so: « objectif 100, fixé le 20 janvier 2022 ».
    """
    goal = target_number(cell, headline=headline)
    later = cell.standing.later
    if not goal:
        return ""
    said = f"objectif{french.NBSP}{goal}"
    if cell.standing.target is None and later is not None and later.decided:
        return f"{said}, fixé le {french.day(later.decided)}"
    return said


def target_number(cell: Cell, *, headline: str = "value") -> str:
    """« 100 », « 60 % », or nothing when no target was set."""
    target = cell.standing.target or cell.standing.later
    if target is None:
        return ""
    rate = cell.observation.unit == "%" and headline == "value"
    return french.percent(target.value) if rate else french.number(target.value, 1)


def wait_text(observation: Observation, *, day: Callable[[date], str] = french.day) -> str:
    """What a figure rests on, when that is not all of its day, or not final.

    « au 31 mars 2022 » when its data stop before the day asked for; « incomplet » for a total that some who owe it
    have not told, and for a period of which rows came and nothing was sent; « attendu » when nothing ever came;
    « non définitif » while a relevé that it counts is not accepted; else nothing. Every medium that shows the figure
    shows this beside it; ``day`` writes the dates (a narrow cell has no room for « 31 décembre 2021 »).
    """
    freshness = observation.freshness
    if observation.missing_because not in (None, Missing.NOT_REPORTED):
        return ""
    known = freshness.covers_until if freshness.expected_since else observation.older
    dated = f"au {day(known)}" if known else ""
    if is_incomplete(observation):
        older = f"au {day(observation.older)}" if observation.older else ""
        return ", ".join(part for part in (INCOMPLETE, older) if part)
    if dated or freshness.expected_since:
        return dated or "attendu"
    return NOT_FINAL if freshness.provisional_since else ""


def is_incomplete(observation: Observation) -> bool:
    """Whether a figure lacks data: a total somebody's, another one the rest of a period that was not sent."""
    freshness = observation.freshness
    if observation.experiment is not None:
        return freshness.unsent_since is not None and freshness.expected_since is None
    return not freshness.complete or freshness.expected_since is not None


def is_draft(observation: Observation) -> bool:
    """Whether a figure that is shown counts data which the Métropole has not accepted yet: ``DRAFT_SIGN`` marks it."""
    return observation.value is not None and wait_text(observation) == NOT_FINAL


def signed(text: str, observation: Observation) -> str:
    """A figure in words with ``DRAFT_SIGN`` when it is not final: « 24 ° »."""
    return f"{text}{french.NBSP}{DRAFT_SIGN}" if is_draft(observation) else text


def marked(text: str, observation: Observation, *, day: Callable[[date], str] = french.day) -> str:
    """A figure in words with what it lacks: « 6 sur 12 (50 %), au 31 mars 2022 », « 179 sur 262 (68 %), incomplet »."""
    wait = lacking_text(observation, day=day)
    return f"{text}, {wait}" if wait else text


def lacking_text(observation: Observation, *, day: Callable[[date], str] = french.day) -> str:
    """What no medium may leave out: an older day than the one asked for, or that somebody's data are missing."""
    wait = wait_text(observation, day=day)
    return "" if wait == NOT_FINAL else wait


def by_day(found: Iterable[tuple[T, Observation]], day: date) -> dict[date, list[tuple[T, Observation]]]:
    """What is told on ``day``, by the day that each figure speaks of, the first one first: a sentence has one day."""
    told: dict[date, list[tuple[T, Observation]]] = {}
    for name, one in found:
        told.setdefault(one.older or day, []).append((name, one))
    return told


def common_day(found: Iterable[Observation], day: date) -> date:
    """The day of a sentence that tells these figures on ``day``: the one that the first of them speaks of."""
    return next((one.older or day for one in found), day)


def aside(observation: Observation, day: date) -> str:
    """What a sentence that begins « Au … » with ``day`` still has to say of a figure, in brackets after it."""
    spoken = observation.older or observation.day
    other = f"données au {french.day(spoken)}" if spoken is not None and spoken != day else ""
    return ", ".join(filter(None, (other, INCOMPLETE if is_incomplete(observation) else "")))


def expected_text(standing: Standing) -> str:
    """Where a figure stands on its way, on which clock; the one place where a share expected is written.

    « 24 % de l’objectif, 39 % attendus au 31 mars 2022 (du 4 octobre 2021 au 31 décembre 2022) »,
    « 80 % de l’objectif : objectif du 31 décembre 2022 non atteint (données au 30 juin 2022) ». Empty
    when nothing can be compared.
    """
    if standing.done is None:
        return ""
    done = f"{french.percent(100 * standing.done)} {_of_the_way(standing)}"
    if standing.missed:
        return f"{done} : {french.lower_first(standing.reason).rstrip('.')}"
    if not standing.progress.judged and standing.reason:
        return f"{done}. {standing.reason.rstrip('.')}"
    share = share_expected(standing)
    return f"{done}, {share}" if share else done


def share_expected(standing: Standing) -> str:
    """« 39 % attendus au 31 mars 2022 (du 4 octobre 2021 au 31 décembre 2022) », or nothing without a share."""
    clock = standing.clock
    if standing.expected is None:
        return ""
    if clock is None and standing.expected < 1:  # frozen before clocks were kept
        return f"{french.percent(100 * standing.expected)} attendus à cette date"
    if clock is None:
        return "attendu en entier à tout moment"
    share = f"{french.percent(100 * standing.expected)} attendus au {french.day(clock.day)}"
    return f"{share} (du {french.day(clock.start)} au {french.day(clock.end)})"


def missed_text(target: Target, known: date | None) -> str:
    """« Objectif du 31 décembre 2022 non atteint (données au 30 juin 2022). »"""
    when = f" (données au {french.day(known)})" if known else ""
    return f"Objectif du {french.day(target.until)} non atteint{when}."


def cause_text(standing: Standing) -> str:
    """What stands beside « En retard »: the cause that the association gives, « Cause non donnée », or nothing."""
    if standing.cause is None or standing.progress is not Progress.LATE:
        return ""
    return f"Cause : {standing.cause}" if standing.cause else "Cause non donnée."


def delay_text(standing: Standing) -> str:
    """How far a figure is, on which clock, and why: what a point, a card and a slide say of « En retard »."""
    said = [text for text in (expected_text(standing), cause_text(standing)) if text]
    return " ".join(french.sentence(text) for text in said)


def _of_the_way(standing: Standing) -> str:
    if standing.base is None or standing.target is None:
        return "de l’objectif"
    return f"du chemin de {french.number(standing.base, 1)} à {french.number(standing.target.value, 1)}"


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
    known += f", dont une partie au {french.day(freshness.oldest)}" if known and freshness.oldest else ""
    if freshness.expected_since:
        waiting = f"Attendu depuis le {french.day(freshness.expected_since)}"
        return f"{waiting} ; {known}" if known else waiting
    if known and freshness.unsent_since:
        known = f"{known}, relevé attendu depuis le {french.day(freshness.unsent_since)}"
    elif known and freshness.provisional_since:
        known = f"{known}, pas encore acceptées"
    if known:
        return french.capital(known)
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
    if observation.own:
        return Shown(observation.own, "", because, observation.reason)
    rest = ""
    if because is Missing.NOT_REPORTED and observation.numerator is not None and observation.denominator:
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
