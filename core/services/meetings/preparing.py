"""A committee is convened: its day and its agenda, each point with its options and the statu quo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor
from core.domain.meeting import Meeting, Point, Stage
from core.errors import Refused
from core.services.meetings.folding import PREPARED, fold, one_of, point_told, subject
from core.storage import Store

LONGEST = 2000
"""How many characters a text of the agenda may have."""


def convene(registry: Any, store: Store, day: date, points: Sequence[Point] = (), *, actor: Actor, at: datetime) -> int:
    """Prepare the next committee; return its number.

    Raises Forbidden, Refused when the one before is not closed or a point is not complete.
    """
    access.check(actor, Action.CONVENE)
    with store.writing(actor, at) as writing:
        before = fold(writing.entries)
        if before and before[-1].stage is not Stage.CLOSED:
            raise Refused(french.typeset(f"Le {before[-1].title.lower()} n’est pas clos : clôturez-le d’abord."))
        if before and day < before[-1].day:
            raise Refused(
                french.typeset(f"Le {before[-1].full_title} est déjà passé : choisissez un jour qui le suit.")
            )
        number = before[-1].number + 1 if before else 1
        _write(registry, writing, Meeting(number, day), day, points)
        return number


def prepare(
    registry: Any, store: Store, number: int, day: date, points: Sequence[Point], *, actor: Actor, at: datetime
) -> None:
    """Write the day and the whole agenda of a committee again; a point without ``code`` is new.

    Raises Forbidden, UnknownName, Refused when it is closed, when a point is not complete or when
    one is taken out although it was decided upon.
    """
    access.check(actor, Action.CONVENE)
    with store.writing(actor, at) as writing:
        _write(registry, writing, one_of(fold(writing.entries), number), day, points)


def _write(registry: Any, writing: Any, found: Meeting, day: date, points: Sequence[Point]) -> None:
    if found.stage is Stage.CLOSED:
        raise Refused(french.typeset(f"Le {found.title.lower()} est clos : son ordre du jour ne change plus."))
    kept = _numbered(found, [_checked(registry, one) for one in points])
    lost = {one.point for one in found.decisions if one.point} - {one.code for one in kept}
    if lost:
        title = next(one.title for one in found.points if one.code in lost)
        raise Refused(french.typeset(f"« {title} » a déjà sa décision : ce point reste à l’ordre du jour."))
    told = {"numero": found.number, "jour": day.isoformat(), "points": [point_told(one) for one in kept]}
    writing.enter(PREPARED, subject(found.number), told)


def _numbered(found: Meeting, points: Sequence[Point]) -> list[Point]:
    """Each new point gets the next number; one that was taken out keeps its own for itself."""
    ranks = [int(one.code[1:]) for one in (*found.points, *points) if one.code]
    following = iter(range(max(ranks, default=0) + 1, max(ranks, default=0) + 1 + len(points)))
    return [one if one.code else replace(one, code=f"p{next(following)}") for one in points]


def _checked(registry: Any, point: Point) -> Point:
    """The point, trimmed; raises Refused when something that the committee needs is missing."""
    options = tuple(text.strip() for text in point.options if text.strip())
    said = replace(
        point, title=point.title.strip(), question=point.question.strip(), context=point.context.strip(),
        options=options, status_quo=point.status_quo.strip(),
    )  # fmt: skip
    if not said.title or not said.question:
        raise Refused("Un point de l’ordre du jour a un titre et la question posée au comité.")
    if not options:
        raise Refused(french.typeset(f"« {said.title} » : écrivez au moins une option, en plus du statu quo."))
    if not said.status_quo:
        raise Refused(french.typeset(f"« {said.title} » : écrivez le statu quo, ce qui se passe si rien n’est décidé."))
    if any(len(text) > LONGEST for text in (said.title, said.question, said.context, said.status_quo, *options)):
        raise Refused(french.typeset(f"« {said.title[:60]} » : {LONGEST} caractères au plus par texte."))
    if said.experiment:
        registry.experiment(said.experiment)
    if said.indicator:
        registry.indicator(said.indicator)
    return said
