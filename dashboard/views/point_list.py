"""Points as a list: shape and word of their state, why, what to do, who treats them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from core import alerts
from core.alerts import Alert, AlertType, Followed, Status, still_open
from core.alerts.alert import KINDS
from core.alerts.attention import PointToTreat, points_to_treat
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.dataset import Row
from core.domain.observation import BLOCKED, STOPPED, title_of
from core.domain.programme import Experiment
from dashboard.addresses import address, experiment_path
from dashboard.components import Child, Html, callout, facts, fold, join, link, tag
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, kept

STATUSES = {
    Status.NEW: ("◇", "Nouveau", "Personne ne s’en occupe encore."),
    Status.TAKEN: ("◆", "Suivi", "Quelqu’un s’en occupe ; son nom et la date sont écrits."),
    Status.CLOSED: ("✓", "Clos", "Terminé ou décidé ; il s’ouvre de nouveau si d’autres lignes sont touchées."),
}
MOST_LISTED = 12


def followed_points(context: Context) -> Sequence[Followed]:
    """The points of today, each with what was said of it."""
    found = kept(
        context,
        ("alerts", context.store.last_entry()),
        None,
        lambda: alerts.find(
            context.registry,
            context.store,
            context.monitor,
            today=context.today,
            below=context.below if context.discreet else 0,
        ),
    )
    return alerts.followed(context.store, found)


def open_points(context: Context, experiment: str) -> list[Alert]:
    """What still demands an action today in one experiment."""
    found = followed_points(context)
    return [one.alert for one in found if one.alert.experiment == experiment and one.status is not Status.CLOSED]


def status_mark(one: Followed) -> Html:
    """« ◆ Suivi », said in a word too."""
    shape, word, _meaning = STATUSES[one.status]
    word = f"{word}, ouvert de nouveau" if one.reopened else word
    return tag(
        "span",
        tag("span", shape, class_="mark__shape", aria_hidden="true"),
        word,
        class_=f"mark mark--{one.status.value}",
    )


def point_item(context: Context, one: Followed) -> Html:
    """One point: what, why, what to do, which rows, who."""
    alert = one.alert
    title = link(alert.title, address("points", point=alert.code), quiet=True)
    return join(
        [
            tag("p", title, class_="point__count point__title"),
            tag("p", status_mark(one), f" · {KINDS[alert.kind].name}", whose(context, one), class_="point__state"),
            tag("p", alert.why),
            tag("p", alert.remedy, class_="note point__remedy") if alert.remedy else None,
            subjects(one) if alert.kind is AlertType.RULE and may_read(context, one) else None,
        ]
    )


def whose(context: Context, one: Followed) -> Html | str:
    """« · Karim, avant le 7 juillet 2022 »."""
    said = one.follow_up
    if one.status is Status.NEW:
        return ""
    parts = [_owner(context, said.owner)] if said.owner else []
    if said.due and one.status is not Status.CLOSED:
        parts.append(f"{'attendu depuis le' if one.overdue(context.today) else 'avant le'} {french.day(said.due)}")
    return f" · {', '.join(parts)}" if parts else ""


def _owner(context: Context, owner: str) -> str:
    """The owner, and that her account is closed: nobody follows the point any more."""
    return f"{owner} (compte fermé)" if alerts.is_closed(owner, alerts.closed_accounts(context.store)) else owner


def may_read(context: Context, one: Followed) -> bool:
    """Whether the visitor may read which rows are concerned: those of another association stay hers."""
    whose_rows = one.alert.association
    return one.alert.dataset is None or access.allowed(context.visitor, Action.READ_ROWS, On(whose_rows))


def subjects(one: Followed) -> Html | None:
    """Which rows, one click away; where an experiment has them, a link to its page."""
    listed = one.alert.concerned
    if not listed:
        return None
    more = len(listed) - MOST_LISTED
    said = (
        french.listing(listed[:MOST_LISTED])
        if more <= 0
        else f"{', '.join(listed[:MOST_LISTED])} et {french.number(more)} de plus"
    )
    return fold("Voir lesquelles", tag("p", said))


def experiment_link(context: Context, code: str | None) -> Html | None:
    """The experiment's page."""
    if code is None:
        return None
    found = context.registry.experiment(code)
    return link(found.title, address(experiment_path(code)), quiet=True)


# --- What the accepted rows still leave to look at, as a list --------------------------------------


MOST_CONCERNED = 12


def points_about(
    context: Context, moment: ReportingDate, *, datasets: Collection[str] = (), experiment: str | None = None
) -> list[PointToTreat]:
    """Those of some datasets, or of one experiment; of the rows as they stand, whatever the period."""
    found = kept(
        context,
        ("points", context.store.last_entry()),
        moment.revision,
        lambda: still_open(context.store, points_to_treat(context.registry, context.store, moment.revision)),
    )
    return [
        one.masked(context.below) if context.discreet else one
        for one in found
        if (not datasets or one.dataset in datasets) and (experiment is None or one.experiment == experiment)
    ]


def blocked(context: Context, experiment: Experiment, moment: ReportingDate) -> list[Child]:
    """The milestones that are stopped or late: their cause and the next action."""
    rows = kept(
        context,
        ("milestones", experiment.code),
        moment.revision,
        lambda: context.monitor.report(experiment.code, **moment.asked).rows("jalons"),
    )
    return [_milestone(row, moment.until) for row in rows if row["statut"] in STOPPED and row["date_reelle"] is None]


def _milestone(row: Row, day: date) -> Html:
    stopped = row["statut"] == BLOCKED
    said = facts(
        {
            "Prévu le": french.day(row["date_prevue"]) if row["date_prevue"] else "",
            "Cause": row["cause"] or "à écrire",
            "Prochaine action": row["prochaine_action"] or "à écrire",
        }
    )
    title = title_of(row["statut"], row["date_prevue"], day, row["libelle"])
    return callout(said, tone="blocked" if stopped else "attention", title=title)


def points_list(context: Context, found: Sequence[PointToTreat], *, named: bool = True) -> Html:
    """Each point: how many rows, what is expected, what to do, and which rows one click away."""
    names = {one.code: one.short_title for one in context.registry.experiments if named}
    return tag("ul", [tag("li", _point(one, names), class_="point") for one in found], class_="points")


def _point(one: PointToTreat, names: dict[str, str]) -> Html:
    parts = [part for part in (one.rows, names.get(one.experiment or "", "")) if part]
    listed = french.listing(one.concerned[:MOST_CONCERNED])
    more = len(one.concerned) - MOST_CONCERNED
    rows = f"{listed} et {more} de plus" if more > 0 else listed
    return join(
        [
            tag("p", tag("strong", one.title), " · ".join(["", *parts]), class_="point__count"),
            tag("p", one.expected if one.expected.endswith(".") else f"Attendu : {one.expected}"),
            tag("p", one.remedy, class_="note"),
            fold("Voir lesquelles", tag("p", rows)) if listed else None,
        ]
    )
