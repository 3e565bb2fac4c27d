"""One committee: what was decided before, what is asked, what changed, the frozen figures; and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.meeting import Meeting, Stage
from core.errors import UnknownName
from core.services import meetings
from core.services.snapshots import Snapshot, changes
from dashboard.components import (
    Choice,
    Html,
    band,
    choices,
    heading,
    join,
    lead,
    link,
    page_title,
    section,
    show,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts import meeting_forms
from dashboard.views.parts.frozen import changes_section, figures_section, frozen_band
from dashboard.views.parts.kept import kept
from dashboard.views.parts.meeting_words import (
    PATH,
    before,
    decided_table,
    frozen_figures,
    last_decided,
    may_convene,
    point_in_full,
    stage_mark,
    step_address,
)

READ = "lire"


def draw_meeting(context: Context, found: Meeting, every: Sequence[Meeting]) -> None:
    """The committee, at the step that the address names."""
    step = st.query_params.get("etape", READ) if may_convene(context) else READ
    figures = frozen_figures(context, found)
    show(_head(context, found, step))
    if step in meeting_forms.STEPS:
        meeting_forms.draw_step(context, found, every, step)
        return
    show(_sentence(found, figures), _last_time(found, every), _agenda(context, found))
    if figures is not None:
        show(_changes(context, found, every, figures))
        key = ("frozen figures", figures.sha256)
        show(kept(context, key, figures.revision, lambda: figures_section(figures)))


def _head(context: Context, found: Meeting, step: str) -> Html:
    deck = link("Projeter", address("projection", comite=str(found.number), diapo="1"))
    links = [link("Tous les comités", f"/{PATH}")]
    if found.freeze is not None or may_convene(context):
        links.append(deck)
    if found.freeze is not None:
        links.append(link("Documents", address("documents", arrete=str(found.freeze.number))))
    aside = tag("span", links, class_="links")
    return join([
        page_title(found.full_title, kicker="Comités", aside=aside),
        _steps(found, step) if may_convene(context) else None,
        band({
            "État": stage_mark(found),
            "Ordre du jour": french.count(len(found.points), "point"),
            "Décisions": french.number(len(found.decisions)),
        }),
        frozen_band(found.freeze) if found.freeze else None,
    ])  # fmt: skip


def _steps(found: Meeting, step: str) -> Html:
    offered = [Choice("Lire", step_address(found), step not in meeting_forms.STEPS)]
    offered += [
        Choice(title, step_address(found, name), step == name)
        for name, (title, stages) in meeting_forms.STEPS.items()
        if found.stage in stages
    ]
    return choices("Étape", offered)


def _sentence(found: Meeting, figures: Snapshot | None) -> Html:
    if figures is not None:
        return lead(figures.sentence)
    return lead("Les données de ce comité ne sont pas encore arrêtées : aucune décision ne peut être écrite.")


def _last_time(found: Meeting, every: Sequence[Meeting]) -> Any:
    if found.stage is Stage.CLOSED:
        return section("Ce qui a été décidé", decided_table(found, "Décisions")) if found.decisions else None
    last = last_decided([one for one in every if one.number < found.number])
    parts = [section("Décidé pendant cette séance", decided_table(found, "Décisions"))] if found.decisions else []
    if last is not None:
        title = f"Décidé la dernière fois, le {french.day(last.day)}"
        parts.append(section(title, decided_table(last, f"Décisions du {last.full_title}")))
    return parts


def _agenda(context: Context, found: Meeting) -> Html:
    if not found.points:
        return section("Ordre du jour", tag("p", "Aucun point n’est encore inscrit."))
    may_edit = may_convene(context) and found.stage is not Stage.CLOSED
    points = [
        point_in_full(
            found, one, rank, figure_of(context, found, one),
            step_address(found, "preparer", point=one.code) if may_edit else None,
        )
        for rank, one in enumerate(found.points, start=1)
    ]  # fmt: skip
    return join([heading("Ordre du jour"), tag("div", points, class_="agendas")])


def figure_of(context: Context, found: Meeting, point: Any) -> str:
    """The figure that a point is about, frozen; empty while nothing is frozen or tied."""
    if found.freeze is None or not point.indicator:
        return ""
    try:
        return meetings.seen(context.store, found.freeze, point.experiment, point.indicator)
    except UnknownName:  # the point was tied to it after the figures were frozen without it
        return ""


def _changes(context: Context, found: Meeting, every: Sequence[Meeting], figures: Snapshot) -> Any:
    last = before(every, found)
    old = frozen_figures(context, last) if last else None
    if last is None or old is None:
        return section("Ce qui a changé", tag("p", "C’est le premier comité dont les données sont arrêtées."))
    return changes_section(changes(old, figures), last.title.lower())
