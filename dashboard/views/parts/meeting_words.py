"""What screens say of committees: states, verdicts, decisions as a table, points of the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import FOLLOW_MARKS, VERDICT_MARKS, Decision, Meeting, Point, Stage, Verdict
from core.services import meetings
from core.services.snapshots import Snapshot
from dashboard.components import Html, bullets, heading, join, link, table, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.kept import kept

PATH = "comites"
STAGE_MARKS = {
    Stage.PREPARED: ("◌", "En préparation"),
    Stage.FROZEN: ("◆", "Données arrêtées"),
    Stage.IN_SESSION: ("◉", "En séance"),
    Stage.CLOSED: ("✓", "Clos"),
}
NOT_SAID = ("○", "Suite non renseignée")


def readable_meetings(context: Context) -> tuple[Meeting, ...]:
    """The committees that the visitor may read."""
    name = ("meetings", context.store.last_entry())
    return meetings.readable(context.visitor, kept(context, name, None, lambda: meetings.meetings(context.store)))


def frozen_figures(context: Context, found: Meeting) -> Snapshot | None:
    """The figures frozen for a committee, None while none are."""
    return None if found.freeze is None else meetings.snapshot_of(context.store, found.freeze)


def may_convene(context: Context) -> bool:
    """Whether the visitor prepares committees and writes decisions down."""
    return access.allowed(context.visitor, Action.CONVENE)


def signed(shape: str, word: str, name: str) -> Html:
    """A shape and a word, like every state."""
    return tag(
        "span", tag("span", shape, class_="mark__shape", aria_hidden="true"), tag("span", word), class_=f"mark {name}"
    )


def stage_mark(found: Meeting) -> Html:
    """« ✓ Clos »."""
    return signed(*STAGE_MARKS[found.stage], f"stage--{found.stage.name.lower()}")


def verdict_mark(verdict: Verdict) -> Html:
    """« ✔ Validée »."""
    return signed(*VERDICT_MARKS[verdict], f"verdict verdict--{verdict.name.lower()}")


def follow_mark(decision: Decision) -> Html:
    """« ✓ Faite », « □ Pas encore faite », and the note; a rejected proposal has nothing to follow."""
    if decision.replaced_by:
        return tag("span", f"Remplacée par la décision n° {decision.replaced_by}")
    if decision.done is None and decision.verdict is Verdict.REJECTED:
        return tag("span", "Rien à faire")
    shape, word = NOT_SAID if decision.done is None else FOLLOW_MARKS[decision.done]
    note = decision.follow_ups[-1].note if decision.follow_ups else ""
    return tag("div", signed(shape, word, "follow"), tag("span", note, class_="follow__note") if note else None)


def decided_table(found: Meeting, caption: str) -> Html:
    """The decisions of a committee: what, word, who, when, seen on which figure, done or not."""
    rows = [
        [
            f"n° {one.number}",
            _what(found, one),
            verdict_mark(one.verdict),
            _who(one),
            follow_mark(one),
        ]
        for one in found.decisions
    ]
    headings = ["Décision", "Ce qui est décidé", "Issue", "Responsable, échéance", "Suite"]
    return table(caption, headings, rows, hide_caption=True)


def _what(found: Meeting, one: Decision) -> Html:
    point = found.point(one.point)
    replaces = f"Remplace la décision n° {one.replaces}. " if one.replaces else ""
    figures = f"données n°{french.NBSP}{one.freeze}"
    seen = f"Au vu de : {one.seen} ({figures})" if one.seen else f"Au vu des {figures}"
    return tag(
        "div",
        tag("strong", point.title) if point else None,
        tag("span", f"{replaces}{one.text}", class_="decision__text"),
        tag("span", seen, class_="decision__seen"),
    )


def _who(one: Decision) -> str:
    due = f"pour le {french.day(one.due)}" if one.due else ""
    return ", ".join(part for part in (one.owner, due) if part) or "—"


def last_decided(found: Sequence[Meeting]) -> Meeting | None:
    """The last closed committee that decided something."""
    return next((one for one in reversed(found) if one.stage is Stage.CLOSED and one.decisions), None)


def before(found: Sequence[Meeting], one: Meeting) -> Meeting | None:
    """The last committee before ``one`` whose figures were frozen."""
    return next((other for other in reversed(found) if other.number < one.number and other.freeze), None)


def asked_sentence(context: Context, found: Sequence[Meeting]) -> str:
    """« Le comité n° 4 se réunit le 7 juillet 2022 : trois points ; deux décisions attendent encore leur suite. »."""
    last = found[-1]
    waiting = sum(one.to_do for one in meetings.all_decisions(found).values())
    told = _waiting(waiting)
    if last.stage is Stage.CLOSED:
        return french.sentence(f"Le {last.full_title.lower()} est clos{told}")
    points = french.in_words(len(last.points)) + (" point" if len(last.points) < 2 else " points")
    verb = "se réunit" if last.day >= context.today else "était prévu"
    return french.sentence(
        f"Le {last.title.lower()} {verb} le {french.day(last.day)} : {points} à l’ordre du jour{told}"
    )


def _waiting(count: int) -> str:
    if not count:
        return ""
    words = f"{french.in_words(count, feminine=True)} {'décision attend' if count < 2 else 'décisions attendent'}"
    return f" ; {words} encore {'sa' if count < 2 else 'leur'} suite"


def points_asked(found: Meeting) -> Html | None:
    """The points of the agenda in one line each: what is asked."""
    if not found.points:
        return None
    return tag(
        "ol",
        [
            tag("li", tag("strong", one.title), tag("span", one.question, class_="asked__question"))
            for one in found.points
        ],
        class_="asked",
    )


def point_in_full(found: Meeting, point: Point, rank: int, figure: Any, edit: str | None = None) -> Html:
    """One point: question, context, options and the statu quo, the figure it is about, what was decided."""
    decided = [
        tag("p", verdict_mark(one.verdict), f" n° {one.number} : {one.text}", class_="agenda__decided")
        for one in found.decisions_on(point.code)
    ]
    return tag(
        "article",
        heading(f"{rank}. {point.title}", 3),
        tag("p", point.question, class_="agenda__question"),
        tag("p", point.context) if point.context else None,
        bullets([*point.options, join([tag("strong", "Statu quo : "), point.status_quo])]),
        tag("p", "Le chiffre : ", tag("strong", figure), class_="note") if figure else None,
        decided,
        tag("p", link("Modifier ce point", edit)) if edit else None,
        class_="agenda",
    )


def step_address(found: Meeting, step: str | None = None, **more: str) -> str:
    """The address of a committee, at one step of its preparation or session."""
    return address(PATH, comite=str(found.number), etape=step, **more)
