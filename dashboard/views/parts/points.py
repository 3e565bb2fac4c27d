"""What the accepted rows still leave to look at, as a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.services.attention import Point, points_to_treat
from dashboard.components import callout, facts, fold, join, tag
from dashboard.context import Context
from dashboard.views.parts.kept import kept
from dashboard.views.parts.moment import Moment

MOST = 12


def points_about(
    context: Context, moment: Moment, *, datasets: Collection[str] = (), experiment: str | None = None
) -> list[Point]:
    """Those of some datasets, or of one experiment; of the rows as they stand, whatever the period."""
    found = kept(
        context,
        "points",
        moment.revision,
        lambda: points_to_treat(context.registry, context.store, moment.revision),
    )
    return [
        one
        for one in found
        if (not datasets or one.dataset in datasets) and (experiment is None or one.experiment == experiment)
    ]


def blocked(context: Context, experiment: Experiment, moment: Moment) -> list[Any]:
    """The milestones that are stopped or late: their cause and the next action."""
    rows = kept(
        context,
        ("milestones", experiment.code),
        moment.revision,
        lambda: context.monitor.report(experiment.code, **moment.asked).rows("jalons"),
    )
    return [_milestone(row) for row in rows if row["statut"] in ("Bloqué", "En retard") and row["date_reelle"] is None]


def _milestone(row: Mapping[str, Any]) -> Any:
    stopped = row["statut"] == "Bloqué"
    said = facts(
        {
            "Prévu le": french.day(row["date_prevue"]) if row["date_prevue"] else "",
            "Cause": row["cause"] or "à écrire",
            "Prochaine action": row["prochaine_action"] or "à écrire",
        }
    )
    title = f"{'■ Bloqué' if stopped else '▼ En retard'} : {row['libelle']}"
    return callout(said, tone="blocked" if stopped else "attention", title=title)


def points_list(context: Context, found: Sequence[Point], *, named: bool = True) -> Any:
    """Each point: how many rows, what is expected, what to do, and which rows one click away."""
    names = {one.code: one.short_title for one in context.registry.experiments if named}
    return tag("ul", [tag("li", _point(one, names), class_="point") for one in found], class_="points")


def _point(one: Point, names: dict[str, str]) -> Any:
    parts = [part for part in (french.count(one.count, "ligne"), names.get(one.experiment or "", "")) if part]
    listed = french.listing(one.subjects[:MOST])
    more = len(one.subjects) - MOST
    rows = f"{listed} et {more} de plus" if more > 0 else listed
    return join(
        [
            tag("p", tag("strong", one.title), " · ".join(["", *parts]), class_="point__count"),
            tag("p", one.expected if one.expected.endswith(".") else f"Attendu : {one.expected}"),
            tag("p", one.remedy, class_="note"),
            fold("Voir lesquelles", tag("p", rows)),
        ]
    )
