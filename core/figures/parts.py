"""The two parts of an indicator, and the total of the programme made of those of its experiments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from core.domain.indicator import APART, AnyMeasure, Computed, Constant, CountDistinct, Indicator, Measure
from core.domain.observation import Apart, Missing, Observation
from core.domain.programme import METROPOLE, Experiment
from core.figures import status
from core.figures.coverage import Coverage, TablesAsked
from core.figures.lines import Keys
from core.figures.observations import CountedSpan, FigureReading, MeasuredTerm
from core.figures.queries import Subject, columns_of
from core.figures.reader import BrokenMeasure, Figures
from core.figures.sources import Pair, SourceDescription, Sources
from core.figures.window import Window


class Parts:
    """The parts of figures as of one revision."""

    def __init__(self, keys: Keys, sources: Sources, figures: Figures, coverage: Coverage) -> None:
        self._keys, self._sources = keys, sources
        self._figures, self._coverage = figures, coverage
        self._pairs: dict[tuple[int, str | None], list[Pair]] = {}

    def part(self, measure: AnyMeasure, who: Sequence[Experiment], subject: Subject, span: CountedSpan) -> MeasuredTerm:
        """The number of ``measure``; ``who`` are the experiments whose associations must have reported."""
        if isinstance(measure, Constant):
            return MeasuredTerm(self._figures.number(measure, subject, span.counted))
        try:
            described = self._figures.described(measure)
            number = _plain(self._figures, measure, subject, span)
            money = is_money(measure, described)
            certain = number and span.counted == span.told
            missing = None if certain else self._unknown(measure, described, who, subject, span)
            missing = self._not_by_experiment(measure, described, subject[0]) or missing
            missing = missing or self._left_blank(measure, number, subject, span)
        except BrokenMeasure as problem:
            return MeasuredTerm(None, Missing.ERROR, f"Calcul impossible. {problem}")
        if missing is not None:
            return MeasuredTerm(None, *missing, money=money)
        return MeasuredTerm(number, money=money)

    def pairs(self, measure: Measure, experiment: Experiment | None) -> list[Pair]:
        """The datasets that must be handed in for ``experiment`` (None: those of the project lead)."""
        asked = (id(measure), experiment.code if experiment else None)
        if asked not in self._pairs:
            self._pairs[asked] = self._find_pairs(measure, experiment)
        return self._pairs[asked]

    def asked(self, measure: Measure, experiment: Experiment | None) -> TablesAsked:
        """The tables behind a measure, as the question whether a period is told is put."""
        return self.asking(experiment, self.pairs(measure, experiment))

    def asking(self, experiment: Experiment | None, pairs: Iterable[Pair]) -> TablesAsked:
        """The same for the tables behind a whole figure."""
        found = tuple(pairs)
        return TablesAsked(experiment.code if experiment else None, found, self._owed(found))

    def _find_pairs(self, measure: Measure, experiment: Experiment | None) -> list[Pair]:
        try:
            told = self._figures.described(measure).told
        except BrokenMeasure:
            return []
        held, asked = [], []
        for code in told:
            holders = self._sources.holders(code)
            if METROPOLE in holders:
                held.append((METROPOLE, code))
            elif experiment is not None and experiment.association.code in holders:
                asked.append((experiment.association.code, code))
        return asked or ([] if any(METROPOLE not in self._sources.holders(code) for code in told) else held)

    def _owed(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        """Those for which a relevé is due each period."""
        return frozenset(pair for pair in pairs if pair[0] != METROPOLE and self._is_owed(pair))

    def _is_owed(self, pair: Pair) -> bool:
        dataset = self._sources.holders(pair[1])[pair[0]]
        return dataset.cadence == "trimestre" and not dataset.optional

    def told_by_period(self, measure: Measure, experiment: Experiment) -> bool:
        """Whether an association tells it period by period, and not the Métropole as things happen."""
        return any(
            association != METROPOLE and self._sources.holders(code)[association].cadence == "trimestre"
            for association, code in self.pairs(measure, experiment)
        )

    # --- why a part is unknown ----------------------------------------------------------

    def _unknown(
        self,
        measure: Measure,
        described: SourceDescription,
        who: Sequence[Experiment],
        subject: Subject,
        span: CountedSpan,
    ) -> tuple[Missing, str] | None:
        """Why « 0 » cannot be said: nothing was handed in that would say so."""
        if not described.told:
            return None
        told = span.told if measure.date else Window(None, span.told.end)
        # Rows of one dataset say that it was handed in; rows of a derived one, that one of them was.
        alone = len(described.told) == 1 or told.period
        if alone and self._figures.rows(measure, (subject[0], None), told):
            return None
        return self._not_reported(measure, described, who, subject[0], told)

    def _not_reported(
        self,
        measure: Measure,
        described: SourceDescription,
        who: Sequence[Experiment],
        experiment: str | None,
        told: Window,
    ) -> tuple[Missing, str] | None:
        asked = [(one, self.asked(measure, one)) for one in who]
        if any(self._coverage.reported(found, told) for _, found in asked):
            return None
        if not who and self._coverage.reported(self.asked(measure, None), told):
            return None
        titles = self._titles(described)
        if all(METROPOLE in self._sources.holders(code) for code in described.told):
            return Missing.NOT_REPORTED, status.lead_has_not(titles)
        if experiment is None:
            return Missing.NOT_REPORTED, status.nobody(titles, told.period)
        (one, found), *_ = asked
        if not found.pairs:
            return Missing.NOT_FOLLOWED, status.not_among(one.association.name, titles)
        return Missing.NOT_REPORTED, status.not_handed_in(one.association.name, titles, told.period)

    def _titles(self, described: SourceDescription) -> list[str]:
        titles = []
        for code in described.told:
            holders = self._sources.holders(code)
            if METROPOLE not in holders or len(described.told) == 1:
                titles.append(next(iter(holders.values())).title)
        return titles

    def _not_by_experiment(
        self, measure: Measure, described: SourceDescription, experiment: str | None
    ) -> tuple[Missing, str] | None:
        """A sum that no key divides, or that no line of this experiment pays for."""
        if experiment is None or not described.by_line or not is_money(measure, described):
            return None
        kept = self._figures.lines_kept(measure)
        waiting = [line for line in self._keys.undivided(experiment) if line.code in kept]
        if waiting:
            return Missing.NOT_REPORTED, status.not_divided(waiting)
        if not any(experiment in shares for code, shares in self._keys.shares.items() if code in kept):
            return Missing.NOT_APPLICABLE, status.NO_LINE
        return None

    def _left_blank(
        self, measure: Measure, number: object, subject: Subject, span: CountedSpan
    ) -> tuple[Missing, str] | None:
        """A sum of optional columns that nobody filled is not zero."""
        if number or measure.known_if is None or self._figures.number(measure.known_if, subject, span.counted):
            return None
        return Missing.NOT_REPORTED, status.LEFT_BLANK


def is_money(measure: Measure, described: SourceDescription) -> bool:
    """Whether the measure's number is in cents: its expression is made of amounts."""
    expression = getattr(measure, "expression", None)
    if expression is None or isinstance(measure, CountDistinct):
        return False
    return bool(described.money & columns_of(expression))


# --- What the programme shows beside its experiments: sums of their figures, and what none of them counts ----


Both = tuple[MeasuredTerm, MeasuredTerm | None]
"""A numerator and its denominator, None where there is none."""


def over_the_same(found: Mapping[str, Both]) -> dict[str, Both]:
    """The experiments that a rate of the programme is made of: those that have both of its sides.

    One whose denominator is 0 has no rate: it is left out.
    """
    known: dict[str, Both] = {
        code: (top, bottom)
        for code, (top, bottom) in found.items()
        if bottom is not None and None not in (top.number, bottom.number)
    }
    rated: dict[str, Both] = {code: (top, bottom) for code, (top, bottom) in known.items() if bottom and bottom.number}
    return rated or known


def added(found: Iterable[Both]) -> Both:
    """Both sides, summed."""
    kept = list(found)
    return _sum(top for top, _ in kept), _sum(bottom for _, bottom in kept if bottom is not None)


def summed(found: Iterable[Observation]) -> Both | None:
    """Figures made from other figures, added up; None when none of them is known."""
    known = [one for one in found if one.numerator is not None]
    if not known:
        return None
    rated = all(one.denominator is not None for one in known)
    bottom = MeasuredTerm(sum(one.denominator or 0 for one in known)) if rated else None
    return MeasuredTerm(sum(one.numerator or 0 for one in known)), bottom


def worst(owing: Iterable[Observation]) -> Both | None:
    """The oldest figure of those who owe; None when none of them is known."""
    ages = [one.value for one in owing if one.value is not None]
    return (MeasuredTerm(max(ages)), None) if ages else None


def silent(owing: Iterable[Observation]) -> tuple[Apart, ...]:
    """Those who owe and never gave anything: no age says how late they are, so they are named beside the oldest."""
    count = sum(one.missing_because is Missing.NOT_REPORTED for one in owing)
    if not count:
        return ()
    return (Apart(status.SILENT if count == 1 else status.SEVERAL_SILENT, count, beside=True),)


def apart(
    figures: Figures, indicator: Indicator, read: FigureReading, experiments: Sequence[Experiment], place: str | None
) -> tuple[Apart, ...]:
    """What the total counts and no experiment does, in words: with the parts, it makes the total."""
    tops = _left(figures, read.numerator, experiments, place, read.span.counted)
    bottoms = _left(figures, read.denominator, experiments, place, read.span.counted)
    rated = isinstance(read.denominator, Measure)
    return tuple(
        Apart(word or indicator.apart or status.OF_NOBODY, tops.get(word, 0), bottoms.get(word, 0) if rated else None)
        for word in dict.fromkeys([*tops, *bottoms])
    )


def _left(
    figures: Figures,
    measure: AnyMeasure | Computed | None,
    experiments: Sequence[Experiment],
    place: str | None,
    window: Window,
) -> dict[str, float]:
    """By its words, what is neither nothing nor an experiment’s."""
    if not isinstance(measure, Measure):
        return {}
    try:
        total = figures.number(measure, (None, place), window) or 0
        found = {
            name.removeprefix(APART): figures.number(measure, (name, place), window) or 0
            for name in figures.apart(measure, window)
        }
        parts = sum(figures.number(measure, (one.code, place), window) or 0 for one in experiments)
        money = is_money(measure, figures.described(measure))
    except BrokenMeasure:
        return {}
    rest = total - parts - sum(found.values())
    if rest:
        found[status.TWICE if rest < 0 else status.ELSEWHERE] = rest
    return {word: number / 100 if money else number for word, number in found.items() if number}


def _sum(parts: Iterable[MeasuredTerm]) -> MeasuredTerm:
    found = list(parts)
    return MeasuredTerm(sum(one.number or 0 for one in found), money=any(one.money for one in found))


def _plain(figures: Figures, measure: AnyMeasure, subject: Subject, span: CountedSpan) -> float | None:
    """The number of a measure, that can be written. Raises BrokenMeasure for what is no number."""
    try:
        number = figures.number(measure, subject, span.counted)
    except TypeError as problem:
        raise BrokenMeasure("Une médiane lit des nombres, et cette colonne tient des textes.") from problem
    if number is not None and not isfinite(number):
        raise BrokenMeasure("Le nombre est trop grand pour être écrit.")
    return number
