"""Of one place: what happens there, what waits, which decision touched it, what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from core import reporting
from core.alerts import AlertType
from core.domain import french
from core.domain.dataset import RowDict
from core.domain.meeting import Decision, Meeting, Stage
from core.domain.programme import Experiment
from dashboard.addresses import address
from dashboard.components import Child, Html, bullets, columns, join, link, section, tag
from dashboard.context import Context
from dashboard.views.meeting_agenda import PATH, follow_mark, readable_meetings, verdict_mark
from dashboard.views.point_list import open_points
from dashboard.views.shared import ReportingDate, kept, releves_of, to_experiment

MOST = 4
"""The lines under each question; the page that they lead to has them all."""


def place_story(context: Context, working: Sequence[Experiment], code: str, moment: ReportingDate) -> Html | None:
    """The four answers side by side, as they stand today; None where nobody works."""
    mine = [one for one in working if not one.covers_everything]
    if not mine or moment.revision is not None:
        return None
    every = readable_meetings(context)
    codes = {one.code for one in mine}
    here = [row for one in mine for row in _milestones(context, one, code, moment)]
    parts = [
        section("Ce qui s’y passe", _lines(_happening(context, mine, moment), "Rien n’est encore raconté.")),
        section("Ce qui attend", _lines(_waiting(context, mine), "Rien n’attend.")),
        section("Ce qui a été décidé", _lines(_decided(every, codes), "Aucune décision n’y a touché.")),
        section("Ce qui vient", _lines(_coming(context, every, mine, here), "Rien n’est encore daté.")),
    ]
    return columns(join(parts[:2]), join(parts[2:]))


def _lines(found: Iterator[Child], none: str) -> Html:
    lines = list(found)
    more = len(lines) - MOST
    rest = f"Et {french.number(more)} de plus, sur la page de l’expérimentation."
    shown = lines if more <= 0 else [*lines[:MOST], rest]
    return bullets(shown) if shown else tag("p", none)


def _happening(context: Context, mine: Sequence[Experiment], moment: ReportingDate) -> Iterator[Child]:
    """What each association last told of its period."""
    for one in mine:
        told = [found for found in releves_of(context) if found.experiment == one.code]
        written = next(
            (
                text
                for found in reversed(told)
                if found.period.start <= moment.until
                and (text := reporting.narrative(context.store, one.code, found.period.code)) is not None
            ),
            None,
        )
        if written is not None and written.text:
            who = link(one.association.name, to_experiment(one, moment))
            yield join([who, f" : « {written.text.strip('« »')} »"])


def _waiting(context: Context, mine: Sequence[Experiment]) -> Iterator[Child]:
    """The relevés that did not come, then the points that demand an action."""
    for one in mine:
        for found in releves_of(context):
            if found.experiment == one.code and found.awaited:
                yield link(f"Relevé du {found.period.label}, attendu depuis le {french.day(found.due)}", "/echeances")
        for alert in open_points(context, one.code):
            if alert.kind is not AlertType.LATE_DATA:
                yield link(alert.title, address("points", point=alert.code))


def _decided(every: Sequence[Meeting], codes: Collection[str]) -> Iterator[Child]:
    """The decisions about the experiments there, the last first."""
    for meeting in reversed(every):
        for one in reversed(meeting.decisions):
            point = meeting.point(one.point)
            if {one.experiment, point.experiment if point else None} & set(codes):
                yield _decision(meeting, one)


def _decision(meeting: Meeting, one: Decision) -> Html:
    where = link(f"{meeting.title} du {french.day(meeting.day)}", address(PATH, comite=str(meeting.number)))
    return join([verdict_mark(one.verdict), f" {one.text} ", where, follow_mark(one)])


def _coming(
    context: Context, every: Sequence[Meeting], mine: Sequence[Experiment], here: Sequence[RowDict]
) -> Iterator[Child]:
    """The milestones to come, with what is done next about them; the next committee, the next relevé."""
    for row in here:
        action = f" Prochaine action : {row['prochaine_action']}" if row["prochaine_action"] else ""
        yield f"{row['libelle']}, prévu le {french.day(row['date_prevue'])} ({row['statut'].lower()}).{action}"
    for meeting in every:
        if meeting.stage is not Stage.CLOSED:
            yield link(f"{meeting.title}, le {french.day(meeting.day)}", address(PATH, comite=str(meeting.number)))
    codes = {one.code for one in mine}
    mine_due = [one for one in releves_of(context) if one.experiment in codes and one.due >= context.today]
    due = sorted({(one.due, one.period.label) for one in mine_due})
    yield from (f"Relevé du {label}, pour le {french.day(day)}" for day, label in due)


def _milestones(context: Context, one: Experiment, place: str, moment: ReportingDate) -> list[RowDict]:
    """The milestones that are not over, of the place or of the whole experiment, the nearest first."""
    rows = kept(
        context,
        ("milestones", one.code),
        moment.revision,
        lambda: context.monitor.report(one.code, **moment.asked).rows("jalons"),
    )
    open_ones = [row for row in rows if row["date_reelle"] is None and row["statut"] not in ("Terminé", "Abandonné")]
    return sorted((row for row in open_ones if row["lieu"] in (None, place)), key=lambda row: row["date_prevue"])
