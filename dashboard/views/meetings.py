"""« Comités »: all of them, or one: what is asked, what changed, the frozen figures, its steps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.committee import Snapshot, changes, counted_from, deciding, hushed, meetings
from core.disclosure import masked
from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import AgendaPoint, Decision, Meeting, Stage
from core.errors import Forbidden, UnknownName
from dashboard.addresses import address
from dashboard.components import (
    ChooserLink,
    Html,
    band,
    bullets,
    choices,
    empty,
    heading,
    join,
    lead,
    link,
    page_title,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views import meeting_forms, way_back
from dashboard.views.frozen import changes_section, figures_section, frozen_band
from dashboard.views.meeting_agenda import (
    PATH,
    asked_sentence,
    before,
    decided_table,
    frozen_figures,
    last_decided,
    may_convene,
    point_in_full,
    points_asked,
    readable_meetings,
    seen_snapshot,
    stage_mark,
    step_address,
)
from dashboard.views.meeting_forms import draw_convene
from dashboard.views.shared import kept

READ = "lire"
SINCE = "depuis"


def draw_meeting(context: Context, found: Meeting, every: Sequence[Meeting]) -> None:
    """The committee, at the step that the address names."""
    step = st.query_params.get("etape", READ) if may_convene(context) else READ
    figures = frozen_figures(context, found)
    show(_head(context, found, step))
    if step in meeting_forms.STEPS:
        meeting_forms.draw_step(context, found, every, step)
        return
    show(
        _sentence(found, figures and seen_snapshot(context, figures)),
        _meeting_page_last_time(found, every),
        _agenda(context, found),
    )
    if figures is not None:
        _draw_figures(context, found, every, figures)


def _head(context: Context, found: Meeting, step: str) -> Html:
    deck = link("Projeter", address("projection", comite=str(found.number), diapo="1"))
    links = [link("Tous les comités", f"/{PATH}")]
    if found.freeze is not None or may_convene(context):
        links += [deck, link("Télécommande", address("telecommande", comite=str(found.number)))]
    if found.freeze is not None:
        links.append(link("Documents", address("documents", arrete=str(found.freeze.number))))
    aside = tag("span", links, class_="links")
    return join(
        [
            page_title(found.full_title, kicker="Comités", aside=aside),
            _steps(found, step) if may_convene(context) else None,
            band(
                {
                    "État": stage_mark(found),
                    "Ordre du jour": french.count(len(found.points), "point"),
                    "Décisions": french.number(len(found.decisions)),
                }
            ),
            frozen_band(found.freeze) if found.freeze else None,
        ]
    )


def _steps(found: Meeting, step: str) -> Html:
    offered = [ChooserLink("Lire", step_address(found), step not in meeting_forms.STEPS)]
    offered += [
        ChooserLink(title, step_address(found, name), step == name)
        for name, (title, stages) in meeting_forms.STEPS.items()
        if found.stage in stages
    ]
    return choices("Étape", offered)


def _sentence(found: Meeting, figures: Snapshot | None) -> Html:
    if figures is not None:
        return lead(figures.sentence)
    return lead("Les données de ce comité ne sont pas encore arrêtées : aucune décision ne peut être écrite.")


def _meeting_page_last_time(found: Meeting, every: Sequence[Meeting]) -> Html | list[Html] | None:
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
            found,
            one,
            rank,
            figure_of(context, found, one),
            step_address(found, "preparer", point=one.code) if may_edit else None,
        )
        for rank, one in enumerate(found.points, start=1)
    ]
    return join([heading("Ordre du jour"), tag("div", points, class_="agendas")])


def figure_of(context: Context, found: Meeting, point: AgendaPoint) -> str:
    """The figure that a point is about, frozen; empty while nothing is frozen or tied."""
    if found.freeze is None or not point.indicator:
        return ""
    try:
        shown = seen_snapshot(context, meetings.snapshot_of(context.store, found.freeze))
        return deciding.seen_in(shown, point.experiment, point.indicator)
    except KeyError:  # the point was tied to it after the figures were frozen without it
        return ""


def _draw_figures(context: Context, found: Meeting, every: Sequence[Meeting], figures: Snapshot) -> None:
    """What changed and the comparison, both counted from one committee: the one before, else the one chosen."""
    last = _counted_from(every, found)
    old = frozen_figures(context, last) if last else None
    if last is None or old is None:
        show(section("Ce qui a changé", tag("p", "C’est le premier comité dont les données sont arrêtées.")))
        counted = seen_snapshot(context, figures)
    else:
        old, counted = _as_seen(context, old, counted_from(figures, old, last.number))
        show(changes_section(changes(old, counted), _chooser(every, found, last)))
    key = ("frozen figures", figures.sha256, last.number if last else None)
    show(kept(context, key, figures.revision, lambda: figures_section(counted)))


def _as_seen(context: Context, old: Snapshot, counted: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Both sides of what changed as the visitor may see them."""
    if not context.discreet:
        return old, counted
    shown = seen_snapshot(context, old)
    return shown, hushed(masked(counted, context.below), shown, context.below)


def _earlier(every: Sequence[Meeting], found: Meeting) -> list[Meeting]:
    """The committees before this one whose figures were frozen, the last first."""
    return [one for one in reversed(every) if one.number < found.number and one.freeze]


def _counted_from(every: Sequence[Meeting], found: Meeting) -> Meeting | None:
    """The committee from which changes are counted: that of the address, else the one before."""
    asked = st.query_params.get(SINCE)
    if not asked:
        return before(every, found)
    chosen = next((one for one in _earlier(every, found) if str(one.number) == asked), None)
    if chosen is None:
        raise UnknownName(f"Comité « {asked} » inconnu. Choisissez un comité d’avant celui-ci.")
    return chosen


def _chooser(every: Sequence[Meeting], found: Meeting, chosen: Meeting) -> Html | None:
    """Any committee before this one may be the one that changes are counted from."""
    offered = _earlier(every, found)
    if len(offered) < 2:
        return None
    return choices(
        "Compter depuis",
        [
            ChooserLink(one.title, step_address(found, **{SINCE: str(one.number)}), one.number == chosen.number)
            for one in offered
        ],
    )


# --- « Comités »: opens on what was decided last time, done or not, and on what is asked of the committee now ----


TITLE = "Comités"


def draw(context: Context) -> None:
    """The list, or the committee that the address names."""
    found = readable_meetings(context)
    asked = st.query_params.get("comite")
    if asked is None:
        _draw_list(context, found)
        return
    draw_meeting(context, chosen(context, asked, found), found)


def _draw_list(context: Context, found: Sequence[Meeting]) -> None:
    if not found:
        show(page_title(TITLE), lead("Aucun comité n’est encore préparé."), _nothing(context))
        draw_convene(context)
        return
    show(page_title(TITLE))
    way_back.tell(context, PATH)
    show(lead(asked_sentence(context, found)), _last_time(found), _asked(found), _all(found))
    if found[-1].stage is Stage.CLOSED:
        draw_convene(context)


def _nothing(context: Context) -> Html:
    if access.allowed(context.visitor, Action.CONVENE):
        return empty("Préparer le premier comité", "Choisissez son jour ; l’ordre du jour s’écrit ensuite.")
    return empty("Rien à lire", "Les comités se lisent ici une fois préparés par la Métropole.")


def _last_time(found: Sequence[Meeting]) -> Html | None:
    before = last_decided(found)
    if before is None:
        return None
    waiting = [one for one in meetings.all_decisions(found).values() if one.to_do and one.committee != before.number]
    body = [decided_table(before, f"Décisions du {before.full_title}")]
    if waiting:
        count = french.count(len(waiting), "décision plus ancienne attend", "décisions plus anciennes attendent")
        body.append(tag("p", f"{count} encore {'sa' if len(waiting) == 1 else 'leur'} suite :", class_="note"))
        body.append(bullets(_waiting(one) for one in waiting))
    return section(f"Décidé la dernière fois, le {french.day(before.day)}", *body)


def _waiting(one: Decision) -> Html:
    """« Comité n° 3, décision n° 2 : … Responsable, pour le 30 septembre 2022 », with its committee one click away."""
    where = link(f"Comité n° {one.committee}, décision n° {one.number}", address(PATH, comite=str(one.committee)))
    due = f"pour le {french.day(one.due)}" if one.due else "sans date"
    who = ", ".join(part for part in (one.owner, due) if part)
    return join([where, f" : {one.text.rstrip('.')} ({who})."])


def _asked(found: Sequence[Meeting]) -> Html | None:
    last = found[-1]
    if last.stage is Stage.CLOSED:
        return None
    title = f"Demandé au {last.full_title.lower()}"
    to_it = tag("p", link(f"Ouvrir le {last.title.lower()}", address(PATH, comite=str(last.number))))
    return section(title, points_asked(last) or tag("p", "L’ordre du jour est encore vide."), to_it)


def _all(found: Sequence[Meeting]) -> Html:
    rows = [
        [
            link(one.full_title, address(PATH, comite=str(one.number))),
            stage_mark(one),
            one.freeze.mark if one.freeze else "non arrêtées",
            str(len(one.points)),
            str(len(one.decisions)),
        ]
        for one in reversed(found)
    ]
    headings = ["Comité", "État", "Données", "Points", "Décisions"]
    return section("Tous les comités", table("Tous les comités", headings, rows, numeric=(3, 4)))


def chosen(context: Context, asked: str, found: Sequence[Meeting]) -> Meeting:
    """The committee of the address, which this person may read."""
    if not (asked.isascii() and asked.isdecimal()):
        raise UnknownName(f"Comité « {asked} » inconnu. Écrivez un nombre, par exemple 4.")
    known = {one.number: one for one in found}
    if int(asked) in known:
        return known[int(asked)]
    meetings.meeting(context.store, int(asked))
    raise Forbidden("Accès refusé : un comité se lit ici une fois clos.")
