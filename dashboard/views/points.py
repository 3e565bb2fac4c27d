"""« Points à traiter »: all of them, or one in full with the form of who treats it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import alerts
from core.alerts import AlertFollowUp, AlertType, Followed, Hand, Status
from core.alerts.alert import HANDS, KINDS
from core.alerts.follow_up import Words, history
from core.domain import access, french
from core.domain.access import Action
from core.errors import UnknownName
from dashboard.addresses import address
from dashboard.components import (
    ChooserLink,
    Html,
    choices,
    empty,
    facts,
    heading,
    lead,
    link,
    page_title,
    second_section,
    section,
    show,
    table,
    tag,
)
from dashboard.components.forms import form
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.point_list import STATUSES, experiment_link, followed_points, may_read, point_item, status_mark
from dashboard.views.way_back import DoneAct


def draw_point(context: Context, code: str, found: Sequence[Followed]) -> None:
    """The point that the address names; of a risk just put aside, that it was.

    Raises UnknownName when it is no point any more.
    """
    one = next((one for one in found if one.alert.code == code), None)
    if one is None:
        if way_back.is_told(PATH):
            show(page_title(TITLE, aside=_back()))
            way_back.tell(context, PATH)
            return
        raise UnknownName("Ce point n’existe plus : ce qui le causait a été corrigé.")
    alert = one.alert
    show(
        page_title(alert.title, kicker=KINDS[alert.kind].name, aside=_back()),
        lead(alert.why),
        facts(
            {
                "État": status_mark(one),
                "Que faire": alert.remedy,
                "Expérimentation": experiment_link(context, alert.experiment),
                "Association": _name(context, alert.association),
                "Depuis": french.day(alert.since) if alert.since else "",
            }
        ),
    )
    if alert.subjects and may_read(context, one):
        show(section("Ce qui est concerné", tag("p", ", ".join(alert.concerned))))
    if access.allowed(context.visitor, Action.TREAT):
        _form(context, one)
    _history(context, code)


def draw_risk(context: Context) -> None:
    """The form of a new risk."""
    access.check(context.actor, Action.TREAT)
    show(page_title("Écrire un risque", aside=_back()), lead("Ce qui pourrait arriver, et à quelle expérimentation."))
    way_back.tell(context, PATH)
    with form("risque", border=False):
        title = st.text_input("En quelques mots")
        why = st.text_area("Pourquoi, et ce que l’on verrait")
        codes = [None, *(one.code for one in context.registry.experiments)]
        experiment = st.selectbox(
            "Expérimentation",
            codes,
            format_func=lambda code: context.registry.experiment(code).title if code else "Tout le programme",
        )
        sent = st.form_submit_button("Écrire ce risque", type="primary")
    if sent:
        way_back.do(
            lambda: alerts.add_risk(context.scope, title, why, experiment),
            lambda code: DoneAct("Le risque est écrit : il figure parmi les points à traiter.", _without(code)),
        )


def _without(code: str) -> way_back.Undo:
    reason = "Écrit par erreur, annulé aussitôt."
    return lambda now: alerts.drop_risk(now.scope, code, reason)


def _told(said: str, words: Words) -> DoneAct:
    return DoneAct(said, lambda now: alerts.take_back(now.scope, words))


def _form(context: Context, one: Followed) -> None:
    said = one.follow_up
    show(heading("Suivi", 2))
    way_back.tell(context, PATH)
    with form("suivi", border=False):
        owner = st.text_input("Responsable", said.owner, help="La personne ou l’équipe qui s’en occupe.")
        note = st.text_area("Note", said.note, help="Ce qui a été fait, décidé, ou ce qui bloque.")
        due = st.date_input("Échéance", said.due, format="DD/MM/YYYY", help="Vide : pas de date.")
        closed = st.checkbox("Clore ce point", said.closed and not one.reopened)
        sent = st.form_submit_button("Enregistrer le suivi", type="primary")
    if sent:
        way_back.do(
            lambda: alerts.treat(context.scope, one.alert, owner=owner, note=note, due=due, closed=closed),
            lambda words: _told("Le suivi est enregistré.", words),
        )
    if one.alert.kind is AlertType.RISK:
        _drop(context, one)


def draw_batch(context: Context, found: Sequence[Followed]) -> None:
    """The form that gives several points to one person."""
    access.check(context.actor, Action.TREAT)
    waiting = {one.alert.code: one for one in found if one.status is not Status.CLOSED}
    show(page_title("Confier plusieurs points", aside=_back()), lead("Les points choisis auront le même responsable."))
    way_back.tell(context, PATH)
    with form("lot", border=False):
        codes = st.multiselect(
            "Points à confier",
            list(waiting),
            format_func=lambda code: plain_label(waiting[code].alert.title),
            placeholder="Choisissez un ou plusieurs points",
        )
        owner = st.text_input("Responsable", help="La personne ou l’équipe qui s’en occupe.")
        due = st.date_input("Échéance", None, format="DD/MM/YYYY", help="Vide : la date de chacun ne change pas.")
        sent = st.form_submit_button("Confier ces points", type="primary")
    chosen = [waiting[code] for code in codes]
    if sent:
        count = french.count(len(codes), "point est confié", "points sont confiés")
        way_back.do(
            lambda: alerts.assign(context.scope, chosen, owner=owner, due=due),
            lambda words: _told(f"{count} à {owner.strip()}.", words),
        )


def _drop(context: Context, one: Followed) -> None:
    with form("ecarter", border=False):
        reason = st.text_input("Pourquoi ce risque est écarté")
        sent = st.form_submit_button("Écarter ce risque")
    if sent:
        code = one.alert.code
        way_back.do(
            lambda: alerts.drop_risk(context.scope, code, reason),
            DoneAct(
                "Le risque est écarté ; il reste dans l’historique.", lambda now: alerts.restore_risk(now.scope, code)
            ),
        )


def _history(context: Context, code: str) -> None:
    found = history(context.store, code)
    if found:
        rows = [[_when(one), one.actor, one.owner, one.note, _until(one)] for one in reversed(found)]
        headings = ["Quand", "Écrit par", "Responsable", "Note", "Échéance ou fin"]
        show(section("Ce qui a été dit", table("Ce qui a été dit", headings, rows)))


def _when(one: AlertFollowUp) -> str:
    return french.moment(one.at) if one.at else ""


def _until(one: AlertFollowUp) -> str:
    if one.closed:
        return "✓ Clos"
    return french.day(one.due) if one.due else ""


def _back() -> Html:
    return link("Tous les points à traiter", address("points"))


def _name(context: Context, code: str | None) -> str:
    return context.registry.association(code).name if code else ""


# --- « Points à traiter »: what demands an action, who treats it and until when; and the risks written down ----


TITLE = "Points à traiter"
PATH = "points"
NEW_RISK, BATCH = "nouveau", "plusieurs"
OPEN, CLOSED = "ouverts", "clos"


def draw(context: Context) -> None:
    """The list, or one point when the address names it."""
    asked = st.query_params.get("point")
    if asked == NEW_RISK:
        draw_risk(context)
        return
    found = followed_points(context)
    if asked == BATCH:
        draw_batch(context, found)
        return
    if asked is not None:
        draw_point(context, asked, found)
        return
    _draw_list(context, found)


def _draw_list(context: Context, found: Sequence[Followed]) -> None:
    shown, kept = st.query_params.get("etat", OPEN), st.query_params.get("experience")
    mine = [one for one in found if kept is None or one.alert.experiment == kept]
    listed = [one for one in mine if (one.status is Status.CLOSED) == (shown == CLOSED)]
    show(
        page_title(TITLE, aside=_risk_link(context)),
        lead(points_sentence(context, found)),
        _choices(context, shown, kept),
        _groups(context, listed),
        _legend(),
    )


def points_sentence(context: Context, found: Sequence[Followed]) -> str:
    """« Au 5 juillet 2022, 18 points demandent une action ; aucun n’a encore de responsable. »."""
    day = french.day(context.today)
    waiting = [one for one in found if one.status is not Status.CLOSED]
    if not waiting:
        return f"Au {day}, aucun point ne demande d’action."
    owned = sum(one.status is Status.TAKEN for one in waiting)
    late = sum(one.overdue(context.today) for one in waiting)
    count = french.count(len(waiting), "point demande une action", "points demandent une action")
    who = f"{owned} {'a' if owned == 1 else 'ont'} un responsable" if owned else "aucun n’a encore de responsable"
    when = f" et {late} {'a' if late == 1 else 'ont'} dépassé la date fixée" if late else ""
    return french.sentence(f"Au {day}, {count} ; {who}{when}")


def _choices(context: Context, shown: str, kept: str | None) -> Html:
    states = [
        ChooserLink("À traiter", address(PATH, experience=kept), shown != CLOSED),
        ChooserLink("Clos", address(PATH, etat=CLOSED, experience=kept), shown == CLOSED),
    ]
    whom = [ChooserLink("Toutes", address(PATH, etat=shown), kept is None)]
    whom += [
        ChooserLink(one.short_title, address(PATH, etat=shown, experience=one.code), kept == one.code)
        for one in context.registry.experiments
    ]
    return tag("div", choices("État", states), choices("Expérimentation", whom), class_="filters")


def _groups(context: Context, listed: Sequence[Followed]) -> Html | list[Html]:
    if not listed:
        return empty("Rien ici", "Aucun point ne correspond à ce choix.")
    groups = [(hand, found) for hand in Hand if (found := [one for one in listed if one.alert.hand is hand])]
    mine = next((hand for hand, _ in groups if hand is _hand_of(context)), groups[0][0])
    return [_group(context, hand, found, opened=hand is mine) for hand, found in groups]


def _hand_of(context: Context) -> Hand:
    """What the visitor came for: what she can do herself, or what a committee must see."""
    return Hand.ASSOCIATION if context.actor.association else Hand.COMMITTEE


def _group(context: Context, hand: Hand, members: Sequence[Followed], *, opened: bool) -> Html:
    """What one hand can do; on a phone, what is another’s waits behind its button."""
    title, intro = f"{HANDS[hand][0]} ({len(members)})", HANDS[hand][1]
    if opened:
        return section(title, *_by_experiment(context, members), intro=intro)
    return second_section(title, *_by_experiment(context, members), first=tag("p", intro, class_="section__intro"))


def _by_experiment(context: Context, members: Sequence[Followed]) -> list[Html]:
    """The points of each experiment under its name, in the order of the columns; those of none come last."""
    names: list[tuple[str | None, str]] = [(one.code, one.short_title) for one in context.registry.experiments]
    return [
        tag("div", heading(name, 3), _list(context, mine), class_="points-of")
        for code, name in [*names, (None, "Tout le programme")]
        if (mine := [one for one in members if one.alert.experiment == code])
    ]


def _list(context: Context, members: Sequence[Followed]) -> Html:
    return tag("ul", [tag("li", point_item(context, one), class_="point") for one in members], class_="points")


def _legend() -> Html:
    pairs = [tag("div", tag("dt", f"{shape} {word}"), tag("dd", meaning)) for shape, word, meaning in STATUSES.values()]
    return tag("dl", pairs, class_="legend")


def _risk_link(context: Context) -> Html | None:
    """Where the project lead gives several points to somebody, and writes a risk down."""
    if not access.allowed(context.visitor, Action.TREAT):
        return None
    batch = link("Confier plusieurs points", address(PATH, point=BATCH))
    return tag("p", batch, " · ", link("Écrire un risque", address(PATH, point=NEW_RISK)))
