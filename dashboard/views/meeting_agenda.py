"""The agenda of a committee and its words: states, verdicts, decisions as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from core.committee import Snapshot, meetings
from core.committee.meetings import LONGEST
from core.disclosure import masked
from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import FOLLOW_MARKS, VERDICT_MARKS, AgendaPoint, Decision, Meeting, Stage, Verdict
from core.exports.documents import discreet, discreet_words
from dashboard.addresses import address
from dashboard.components import Child, Html, bullets, heading, join, link, show, table, tag
from dashboard.components.forms import form
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.shared import kept
from dashboard.views.way_back import DoneAct

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
    return meetings.readable(context.visitor, kept(context, name, None, lambda: _meetings(context)))


def _meetings(context: Context) -> tuple[Meeting, ...]:
    """Every committee; of the figures that decisions cite, what the visitor may see."""
    found = meetings.meetings(context.store)
    if not context.discreet:
        return found
    words = discreet_words(context.store, found, context.below)
    return tuple(replace(one, decisions=discreet(one.decisions, words)) for one in found)


def seen_snapshot(context: Context, found: Snapshot) -> Snapshot:
    """Frozen figures as the visitor may see them on a page."""
    if not context.discreet:
        return found
    name = ("seen", found.sha256, context.below)
    return kept(context, name, None, lambda: masked(found, context.below))


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
        [f"n° {one.number}", _what(found, one), verdict_mark(one.verdict), _who(one), follow_mark(one)]
        for one in found.decisions
    ]
    headings = ["Décision", "Ce qui est décidé", "Issue", "Responsable, échéance", "Suite"]
    return table(caption, headings, rows)


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


def point_in_full(found: Meeting, point: AgendaPoint, rank: int, figure: Child, edit: str | None = None) -> Html:
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
        id=point_anchor(point),
        tabindex="-1",
    )


def point_anchor(point: AgendaPoint) -> str:
    """The name of a point within the page of its committee."""
    return f"point-{point.code}"


def step_address(found: Meeting, step: str | None = None, **more: str) -> str:
    """The address of a committee, at one step of its preparation or session."""
    return address(PATH, comite=str(found.number), etape=step, **more)


# --- The agenda is written point by point: question, context, options, statu quo, the figure it is about ----


NEW = "nouveau"


def draw_agenda(context: Context, found: Meeting) -> None:
    """The day and the list of points, or the form of the one that the address names."""
    asked = st.query_params.get("point")
    if asked == NEW or (asked and found.point(asked)):
        _draw_point(context, found, found.point(asked) or AgendaPoint("", ""))
        return
    rows = [
        tag("li", link(one.title, step_address(found, "preparer", point=one.code)), tag("span", one.question))
        for one in found.points
    ]
    show(
        heading("Ordre du jour"),
        tag("ol", rows, class_="asked") if rows else tag("p", "Aucun point n’est encore inscrit."),
        tag("p", link("Ajouter un point", step_address(found, "preparer", point=NEW))),
    )
    with st.container(key="formulaire-jour"), form("jour", border=False):
        day = st.date_input("Jour du comité", found.day, format="DD/MM/YYYY")
        sent = st.form_submit_button("Changer le jour")
    if sent and isinstance(day, date):
        _change(context, found, day, found.points, "Le jour du comité est changé.")


def _draw_point(context: Context, found: Meeting, one: AgendaPoint) -> None:
    back = link("Revenir à l’ordre du jour", step_address(found, "preparer"))
    show(join([heading(one.title or "Nouveau point"), tag("p", back)]))
    with st.container(key="formulaire-point"), form("point", border=False):
        written = AgendaPoint(
            code=one.code,
            title=st.text_input(
                "Titre", one.title, max_chars=LONGEST["title"], help="Quelques mots, tels qu’ils seront projetés."
            ),
            question=st.text_input("Question posée au comité", one.question, max_chars=LONGEST["question"]),
            context=st.text_area(
                "Contexte",
                one.context,
                max_chars=LONGEST["context"],
                help="Deux ou trois phrases : ce qu’il faut savoir.",
            ),
            options=tuple(
                _lines(st.text_area("Options proposées", "\n".join(one.options), help="Une option par ligne."))
            ),
            status_quo=st.text_input(
                "Statu quo",
                one.status_quo,
                max_chars=LONGEST["status_quo"],
                help="Ce qui se passe si rien n’est décidé.",
            ),
            experiment=pick_experiment(context, one.experiment),
            indicator=pick_indicator(context, one.indicator),
        )
        sent = st.form_submit_button("Enregistrer ce point", type="primary")
    if sent:
        others = [written if kept.code == one.code else kept for kept in found.points]
        points = others if one.code else [*found.points, written]
        _change(context, found, found.day, points, "Le point est enregistré.")
    if one.code and st.button("Retirer ce point"):
        left = [kept for kept in found.points if kept.code != one.code]
        _change(context, found, found.day, left, "Le point est retiré.")


def _change(context: Context, found: Meeting, day: date, points: Sequence[AgendaPoint], said: str) -> None:
    """Write the agenda again; « Annuler » writes it as it was."""
    way_back.do(
        lambda: _write(context, found, day, points),
        DoneAct(said, lambda now: _write(now, found, found.day, found.points)),
    )


def pick_experiment(context: Context, chosen: str | None) -> str | None:
    """The experiment that something is about, or the whole programme."""
    codes = [None, *(one.code for one in context.registry.experiments)]
    return st.selectbox(
        "Expérimentation concernée",
        codes,
        index=codes.index(chosen) if chosen in codes else 0,
        format_func=lambda code: context.registry.experiment(code).short_title if code else "Tout le programme",
    )


def pick_indicator(context: Context, chosen: str | None) -> str | None:
    """The indicator whose figure will be shown and kept."""
    codes = [None, *context.registry.catalogue]
    return st.selectbox(
        "Chiffre à montrer",
        codes,
        index=codes.index(chosen) if chosen in codes else 0,
        format_func=lambda code: context.registry.indicator(code).label if code else "Aucun",
    )


def _write(context: Context, found: Meeting, day: date, points: Sequence[AgendaPoint]) -> None:
    meetings.prepare(context.scope, found.number, day, points)
    st.query_params.pop("point", None)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
