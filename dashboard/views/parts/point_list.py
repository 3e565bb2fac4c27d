"""Points as a list: shape and word of their state, why, what to do, who treats them."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import access, french
from core.domain.access import Action, On
from core.services import alerts
from core.services.alerts import Followed, Kind, Status
from dashboard.components import Html, fold, join, link, tag
from dashboard.context import Context
from dashboard.navigation import address, experiment_path
from dashboard.views.parts.kept import kept

STATUSES = {
    Status.NEW: ("◇", "Nouveau", "Personne ne s’en occupe encore."),
    Status.TAKEN: ("◆", "Suivi", "Quelqu’un s’en occupe ; son nom et la date sont écrits."),
    Status.CLOSED: ("✓", "Clos", "Terminé ou décidé ; il s’ouvre de nouveau si d’autres lignes sont touchées."),
}
MOST = 12


def followed_points(context: Context) -> Sequence[Followed]:
    """The points of today, each with what was said of it."""
    found = kept(
        context,
        ("alerts", context.store.last_entry()),
        None,
        lambda: alerts.find(context.registry, context.store, context.monitor, today=context.today),
    )
    return alerts.followed(context.store, found)


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
    return join([
        tag("p", title, class_="point__count point__title"),
        tag("p", status_mark(one), whose(context, one)),
        tag("p", alert.why),
        tag("p", alert.remedy, class_="note") if alert.remedy else None,
        subjects(one) if alert.kind is Kind.RULE and may_read(context, one) else None,
    ])  # fmt: skip


def whose(context: Context, one: Followed) -> Html | str:
    """« · Karim, avant le 7 juillet 2022 »."""
    said = one.follow_up
    if one.status is Status.NEW:
        return ""
    parts = [said.owner] if said.owner else []
    if said.due and one.status is not Status.CLOSED:
        parts.append(f"{'attendu depuis le' if one.overdue(context.today) else 'avant le'} {french.day(said.due)}")
    return f" · {', '.join(parts)}" if parts else ""


def may_read(context: Context, one: Followed) -> bool:
    """Whether the visitor may read which rows are concerned: those of another association stay hers."""
    whose_rows = one.alert.association
    return one.alert.dataset is None or access.allowed(context.visitor, Action.READ_ROWS, On(whose_rows))


def subjects(one: Followed) -> Html | None:
    """Which rows, one click away; where an experiment has them, a link to its page."""
    listed = one.alert.subjects
    if not listed:
        return None
    more = len(listed) - MOST
    said = (
        french.listing(listed[:MOST]) if more <= 0 else f"{', '.join(listed[:MOST])} et {french.number(more)} de plus"
    )
    return fold("Voir lesquelles", tag("p", said))


def experiment_link(context: Context, code: str | None) -> Html | None:
    """The experiment's page."""
    if code is None:
        return None
    found = context.registry.experiment(code)
    return link(found.title, address(experiment_path(code)), quiet=True)
