"""What the first page says to who has just come in: what is asked today, what waits, what is late since last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.committee import Snapshot, meetings
from core.domain import french
from core.domain.access import Role
from core.domain.meeting import Decision, Meeting, Stage
from core.figures import Comparison
from core.figures.sentences import SUBJECTS, late_since
from dashboard.addresses import address
from dashboard.components import Child, Html, link, tag
from dashboard.context import Context
from dashboard.views.meeting_agenda import PATH, frozen_figures, point_anchor, readable_meetings, seen_snapshot
from dashboard.views.shared import ReportingDate, releves_of, to_experiment

MOST = 4
"""The lines under an answer; the page that it leads to has them all."""


def is_member(context: Context) -> bool:
    """Whether a member of the committee looks at the page."""
    return context.visitor is not None and context.visitor.role is Role.COMMITTEE


def member_strip(context: Context, compared: Comparison, moment: ReportingDate) -> Html | None:
    """The next meeting, what is asked, the decisions open, what is late since the last one; None before any."""
    every = readable_meetings(context)
    if not every:
        return None
    last = every[-1]
    parts = [_next(context, last), _asked(last), _open(every), _late(context, compared, every, moment)]
    return strip("Pour le comité", [one for one in parts if one is not None])


def _next(context: Context, last: Meeting) -> StripPart:
    """The meeting to come; of a programme between two of them, the one that is closed."""
    where = address(PATH, comite=str(last.number))
    if last.stage is Stage.CLOSED:
        return StripPart("Dernier comité", last.full_title, where, ("Le prochain n’a pas encore de jour.",))
    figures = last.freeze.mark if last.freeze else "Données pas encore arrêtées."
    return StripPart(
        "Prochain comité", f"{french.day(last.day)}{_in_days(context, last)}", where, (last.title, figures)
    )


def _in_days(context: Context, meeting: Meeting) -> str:
    days = (meeting.day - context.today).days
    if days < 0:
        return ", pas encore clos"
    return {0: ", aujourd’hui", 1: ", demain"}.get(days, f", dans {french.count(days, 'jour')}")


def _asked(last: Meeting) -> StripPart | None:
    if last.stage is Stage.CLOSED:
        return None
    where = address(PATH, comite=str(last.number))
    lines = [link(one.title, f"{where}#{point_anchor(one)}", quiet=True) for one in last.points]
    count = french.count(len(last.points), "question", "questions") if last.points else "Aucune question inscrite"
    return StripPart("Ce qui est demandé", count, where, _few(lines))


def _open(every: Sequence[Meeting]) -> StripPart:
    waiting = [one for one in meetings.all_decisions(every).values() if one.to_do]
    lines = [link(_decision(every, one), address(PATH, comite=str(one.committee)), quiet=True) for one in waiting]
    count = french.count(len(waiting), "décision attend sa suite", "décisions attendent leur suite")
    return StripPart("Ce qui a été décidé", count if waiting else "Aucune suite en attente", f"/{PATH}", _few(lines))


def _decision(every: Sequence[Meeting], one: Decision) -> str:
    """What a decision is about, and for when it is due."""
    point = next((held.point(one.point) for held in every if held.number == one.committee), None)
    due = f", pour le {french.day(one.due)}" if one.due else ""
    return f"{point.title if point else one.text.rstrip('.')}{due}"


def _late(context: Context, compared: Comparison, every: Sequence[Meeting], moment: ReportingDate) -> StripPart:
    before = next((one for one in reversed(every) if one.stage is Stage.CLOSED and one.freeze), None)
    old = frozen_figures(context, before) if before else None
    lines = [*_newly_late(compared, old and seen_snapshot(context, old), moment), *_awaited(context)]
    count = french.count(len(lines), "nouveau retard", "nouveaux retards") if lines else "Rien de nouveau"
    since = f"En retard depuis le {before.title.lower()}" if before else "En retard"
    return StripPart(since, count, address("points"), _few(lines))


def _newly_late(compared: Comparison, old: Snapshot | None, moment: ReportingDate) -> list[Child]:
    return [
        link(f"{one.short_title} : {SUBJECTS[axis]}", to_experiment(one, moment), quiet=True)
        for one, axis in late_since(compared, old)
    ]


def _awaited(context: Context) -> list[Child]:
    """The relevés whose day is over and that were not sent."""
    return [
        link(f"{context.registry.experiment(one.experiment).short_title} : relevé", "/echeances", quiet=True)
        for one in releves_of(context)
        if one.awaited
    ]


def _few(lines: Sequence[Child]) -> tuple[Child, ...]:
    more = len(lines) - MOST
    return tuple(lines) if more <= 0 else (*lines[: MOST - 1], f"et {french.number(more + 1)} de plus")


# --- A strip of short parts, each of which leads to its page --------------------------------------


@dataclass(frozen=True, slots=True)
class StripPart:
    """A part: what it is about, its answer, which leads to ``address``, and a few lines under it."""

    title: str
    answer: str
    address: str
    lines: tuple[Child, ...] = ()


def strip(name: str, parts: Sequence[StripPart]) -> Html:
    """The parts side by side, one under the other on a phone; ``name`` calls the whole."""
    return tag("section", tag("ul", [tag("li", _part(one)) for one in parts]), class_="strip", aria_label=name)


def _part(part: StripPart) -> Html:
    return tag(
        "div",
        tag("p", part.title, class_="strip__title"),
        tag("p", link(part.answer, part.address), class_="strip__answer"),
        tag("ul", [tag("li", line) for line in part.lines]) if part.lines else None,
    )
