"""A snapshot as it may leave: small counts of people are hidden, with what would give them away."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TypedDict, TypeVar

from core.catalogue import CATALOGUE
from core.committee import FrozenPage, FrozenTrend, Snapshot, SnapshotNumbers
from core.disclosure.observed import Concealed, Elsewhere, conceal
from core.disclosure.pages import Audience, hidden_numbers, page_text
from core.disclosure.table import Hidden
from core.domain import french
from core.domain.indicator import AnyMeasure, Computed, Indicator, Measure
from core.domain.observation import Cell, Observation, Progress, Standing, tells_few
from core.domain.report import Block, Callout, Heading, KeyFigures
from core.figures.sentences import experiment_sentence, overview_sentence

TYPED = 2
"""The first contract whose blocks say which of their numbers count people."""
WITHHELD = (
    "Le texte de cette page n’est pas repris ici : l’extension n’indique pas quels nombres comptent des personnes."
)
_ROUNDS = 8
Side = TypeVar("Side", AnyMeasure | Computed, AnyMeasure | None)
"""The numerator or the denominator of an indicator."""


class Sentences(TypedDict):
    """The sentences of a snapshot: the one of the programme, and those of its experiments."""

    sentence: str
    sentences: dict[str, str]


def known_today(found: Snapshot | SnapshotNumbers) -> dict[str, Indicator]:
    """The indicators of a freeze; what is known today to count people does in the figures of former days too."""
    return {code: _as_known_today(one) for code, one in found.indicator.items()}


def concealed(
    found: Snapshot | SnapshotNumbers, below: int, elsewhere: Elsewhere | None = None
) -> tuple[Concealed, ...]:
    """The figures of one freeze, as they may leave: totals, then parts by place of the first screen."""
    seen = [*(cell.observation for cell in found.figures), *found.places]
    return conceal(seen, known_today(found), below, elsewhere)


def masked(found: Snapshot, below: int) -> Snapshot:
    """The same figures without the counts of people under ``below``, nor what gives them away.

    The standing of what is hidden is hidden with it, sentences are written again from what is shown, and the
    pages of plugins are written for a reader who may not see small counts; those that do not say which of
    their numbers count people keep their figures only.
    """
    shown, told = _together(found, below)
    figures, places = shown[: len(found.figures)], tuple(one.observation for one in shown[len(found.figures) :])
    people = {code for code, one in known_today(found).items() if one.people}
    cells = tuple(
        quiet_cell(cell, one.observation, one.observation.indicator in people, below)
        for cell, one in zip(found.figures, figures, strict=True)
    )
    unsaid = {one.observation.indicator for one in shown if one.hidden}
    trends = tuple(
        one
        for one in found.trends
        if one.indicator not in unsaid and not (one.indicator in people and _small_step(one, below))
    )
    points = tuple(one.masked(below) for one in found.points)
    made = replace(found, figures=cells, places=places, trends=trends, points=points, masked_below=below)
    made = replace(made, pages={code: _page(made, code, page, told, below) for code, page in found.pages.items()})
    return replace(made, **_sentences(made)) if unsaid else made


def note(shown: Snapshot, below: int) -> str:
    """What a document says when something is hidden in ``shown``; nothing when all is there."""
    if not _hides(shown):
        return ""
    return french.typeset(
        f"« moins de {below} » : ce nombre de personnes pourrait faire reconnaître quelqu’un ; "
        "« non montré » : avec les totaux, il le ferait retrouver."
    )


def elsewhere_of(found: Snapshot | SnapshotNumbers, below: int) -> Elsewhere:
    """By experiment, the numbers of people that the documents made of these figures hide, and why."""
    shown, told = _together(found, below)
    return _both(told, _numbers_gone([*(cell.observation for cell in found.figures), *found.places], shown))


def known_elsewhere(whole: Iterable[Observation], shown: Iterable[Concealed], told: Elsewhere) -> Elsewhere:
    """The same with the numbers that ``shown`` hides of ``whole``."""
    return _both(told, _numbers_gone(whole, shown))


def _both(one: Elsewhere, other: Elsewhere) -> Elsewhere:
    """What either hides; « non montré » wins, it says less."""
    made: dict[str | None, dict[float, Hidden]] = {}
    for found in (one, other):
        for whom, numbers in found.items():
            here = made.setdefault(whom, {})
            here |= {number: why for number, why in numbers.items() if here.get(number) is not Hidden.GIVES_AWAY}
    return made


def _together(found: Snapshot | SnapshotNumbers, below: int) -> tuple[tuple[Concealed, ...], Elsewhere]:
    """The figures, and the numbers that each page hides: what one hides, the other does not tell."""
    told: Elsewhere = {}
    for _ in range(_ROUNDS):
        shown = concealed(found, below, told)
        gone = _numbers_gone([*(cell.observation for cell in found.figures), *found.places], shown)
        before, told = (
            told,
            {
                code: hidden_numbers(page.blocks, below, gone.get(code))
                for code, page in found.pages.items()
                if page.contract >= TYPED
            },
        )
        if told == before:
            break
    return shown, told


def _numbers_gone(whole: Iterable[Observation], shown: Iterable[Concealed]) -> dict[str | None, dict[float, Hidden]]:
    """The numbers of people that the figures of each experiment hide, and why: « non montré » wins, it says less."""
    gone: dict[str | None, dict[float, Hidden]] = {}
    for was, one in zip(whole, shown, strict=True):
        for part in ("numerator", "denominator"):
            number, why = getattr(was, part), getattr(one, part)
            if why is not None and number is not None:
                here = gone.setdefault(was.experiment, {})
                here[number] = Hidden.GIVES_AWAY if here.get(number) is Hidden.GIVES_AWAY else why
    return gone


def _as_known_today(one: Indicator) -> Indicator:
    """A frozen indicator whose measures count people when those of the same code do today."""
    today = CATALOGUE.get(one.code)
    if today is None:
        return one
    top, bottom = _counting(one.numerator, today.numerator), _counting(one.denominator, today.denominator)
    return replace(one, numerator=top, denominator=bottom)


def _counting(was: Side, now: AnyMeasure | Computed | None) -> Side:
    """A frozen measure, which counts people when the one of today does."""
    if isinstance(was, Measure) and isinstance(now, Measure) and now.people and type(was) is type(now):
        return replace(was, people=True, part_of=now.part_of)
    return was


def _page(shown: Snapshot, code: str, page: FrozenPage, told: Elsewhere, below: int) -> FrozenPage:
    """A page for who may not see small counts."""
    if page.contract < TYPED:
        return replace(page, blocks=tuple(_withheld(page.blocks)))
    reader = Audience(partial(_figure_of, shown, code), told[code], below)
    return replace(page, blocks=page_text(page.blocks, reader), hides=bool(told[code]))


def _withheld(blocks: Iterable[Block]) -> Iterable[Block]:
    """Figures are told by their codes; of the rest, nobody knows what its numbers count."""
    kept = [one for one in blocks if isinstance(one, KeyFigures)]
    yield from kept
    if any(not isinstance(one, KeyFigures | Heading) for one in blocks):
        yield Callout(french.typeset(WITHHELD))


def _figure_of(shown: Snapshot, experiment: str, code: str) -> Cell:
    return shown.cells[code, experiment]


def _hides(shown: Snapshot) -> bool:
    figures = (*(cell.observation for cell in shown.figures), *shown.places)
    return (
        any(one.hidden for one in figures)
        or any(one.hidden for one in shown.points)
        or any(one.hides for one in shown.pages.values())
    )


def _small_step(one: FrozenTrend, below: int) -> bool:
    """Whether a month adds few people to the one before."""
    known = [0.0, *(value for _, value in one.points if value is not None)]
    return any(0 < abs(after - before) < below for before, after in itertools.pairwise(known))


def quiet_cell(cell: Cell, seen: Observation, counts_people: bool, below: int) -> Cell:
    """A cell whose figure is ``seen``: of what is hidden no standing is said, nor a change of few people."""
    if seen.hidden:
        bare = replace(cell.standing, done=None, gap=None, progress=_quiet(cell.standing))
        return Cell(seen, bare, None)
    if counts_people and cell.before is not None and tells_few(cell.before, seen, below):
        return replace(cell, before=None)
    return replace(cell, observation=seen)


def _quiet(standing: Standing) -> Progress:
    """A state that follows from a hidden number is not said either; one that an outside cause explains is."""
    if standing.progress is Progress.BLOCKED:
        return Progress.BLOCKED
    return Progress.NO_DATA if standing.target else Progress.NO_TARGET


def _sentences(made: Snapshot) -> Sentences:
    told = {one.code: experiment_sentence(made, one) for one in made.experiments}
    return Sentences(sentence=overview_sentence(made), sentences=told)
