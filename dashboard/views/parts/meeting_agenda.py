"""The agenda is written point by point: question, context, options, statu quo, the figure it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.domain.meeting import Meeting, Point
from core.services import meetings
from dashboard.components import heading, join, link, show, tag
from dashboard.context import Context
from dashboard.views.parts.meeting_words import step_address

NEW = "nouveau"
Done = Callable[[Callable[[], Any], str], None]


def draw_agenda(context: Context, found: Meeting, done: Done) -> None:
    """The day and the list of points, or the form of the one that the address names."""
    asked = st.query_params.get("point")
    if asked == NEW or (asked and found.point(asked)):
        _draw_point(context, found, found.point(asked) or Point("", ""), done)
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
    with st.container(key="formulaire-jour"), st.form("jour", border=False):
        day = st.date_input("Jour du comité", found.day, format="DD/MM/YYYY")
        sent = st.form_submit_button("Changer le jour")
    if sent and isinstance(day, date):
        done(lambda: _write(context, found, day, found.points), "Le jour du comité est changé.")


def _draw_point(context: Context, found: Meeting, one: Point, done: Done) -> None:
    back = link("Revenir à l’ordre du jour", step_address(found, "preparer"))
    show(join([heading(one.title or "Nouveau point"), tag("p", back)]))
    with st.container(key="formulaire-point"), st.form("point", border=False):
        written = Point(
            code=one.code,
            title=st.text_input("Titre", one.title, help="Quelques mots, tels qu’ils seront projetés."),
            question=st.text_input("Question posée au comité", one.question),
            context=st.text_area("Contexte", one.context, help="Deux ou trois phrases : ce qu’il faut savoir."),
            options=tuple(
                _lines(st.text_area("Options proposées", "\n".join(one.options), help="Une option par ligne."))
            ),
            status_quo=st.text_input("Statu quo", one.status_quo, help="Ce qui se passe si rien n’est décidé."),
            experiment=pick_experiment(context, one.experiment),
            indicator=pick_indicator(context, one.indicator),
        )
        sent = st.form_submit_button("Enregistrer ce point", type="primary")
    if sent:
        others = [written if kept.code == one.code else kept for kept in found.points]
        points = others if one.code else [*found.points, written]
        done(lambda: _write(context, found, found.day, points), "Le point est enregistré.")
    if one.code and st.button("Retirer ce point"):
        left = [kept for kept in found.points if kept.code != one.code]
        done(lambda: _write(context, found, found.day, left), "Le point est retiré.")


def pick_experiment(context: Context, chosen: str | None) -> str | None:
    """The experiment that something is about, or the whole programme."""
    codes = [None, *(one.code for one in context.registry.experiments)]
    return st.selectbox(
        "Expérimentation concernée", codes, index=codes.index(chosen) if chosen in codes else 0,
        format_func=lambda code: context.registry.experiment(code).short_title if code else "Tout le programme",
    )  # fmt: skip


def pick_indicator(context: Context, chosen: str | None) -> str | None:
    """The indicator whose figure will be shown and kept."""
    codes = [None, *context.registry.catalogue]
    return st.selectbox(
        "Chiffre à montrer", codes, index=codes.index(chosen) if chosen in codes else 0,
        format_func=lambda code: context.registry.indicator(code).label if code else "Aucun",
    )  # fmt: skip


def _write(context: Context, found: Meeting, day: date, points: Sequence[Point]) -> None:
    meetings.prepare(
        context.registry, context.store, found.number, day, points, actor=context.actor, at=context.now
    )  # fmt: skip
    st.query_params.pop("point", None)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
