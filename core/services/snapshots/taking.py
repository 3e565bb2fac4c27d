"""A snapshot is taken: each figure asked once of monitoring, the ledger and the commitments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.domain.experiment import Experiment
from core.domain.local_time import day_in_france
from core.domain.observation import Observation
from core.errors import PluginProblem
from core.services import commitments
from core.services.attention import points_to_treat
from core.services.groups import card_codes, first_screen
from core.services.ledger import read_ledger
from core.services.monitoring import Monitor
from core.services.overview import overview_sentence
from core.services.releves import Releve, board, narrative
from core.services.sentences import experiment_sentence
from core.services.snapshots.formula import Formula
from core.services.snapshots.snapshot import (
    Decided,
    Milestone,
    Narrative,
    Page,
    PluginVersion,
    Promised,
    Snapshot,
    Trend,
)
from core.storage import Store

STOPPED = ("Bloqué", "En retard")


def take(
    registry: Any,
    store: Store,
    *,
    until: date,
    at: datetime,
    today: date | None = None,
    fictitious: bool = False,
    decisions: Iterable[Decided] = (),
) -> Snapshot:
    """The figures of the days up to ``until``, as everything that is known at the instant ``at`` gives them.

    A plugin that breaks costs its own page, whose ``problem`` then says why; nothing is written.
    """
    day = today or day_in_france(at)
    revision = store.latest()
    monitor = Monitor(registry, store, today=day)
    compared = monitor.compare(until=until, revision=revision)
    known = {one.code for one in compared.indicators}
    followed = {
        one.code: tuple(found.code for found in registry.indicators(one.code) if found.code in known)
        for one in compared.experiments
    }
    asked = {"until": until, "revision": revision}
    releves = _releves(registry, store, until, day)
    return Snapshot(
        until=until,
        taken_at=at,
        revision=compared.revision,
        sentence=overview_sentence(compared),
        experiments=compared.experiments,
        formulas=tuple(Formula.of(one) for one in compared.indicators),
        followed=followed,
        figures=tuple(compared.cells.values()),
        lines=read_ledger(store, **asked).lines,
        promised=tuple(_promised(monitor, compared.experiments, asked)),
        sentences={one.code: experiment_sentence(compared, one) for one in compared.experiments},
        pages={one.code: _page(registry, monitor, one, asked) for one in compared.experiments},
        milestones={one.code: _milestones(monitor, one, asked) for one in compared.experiments},
        narratives=dict(_narratives(registry, store, releves)),
        releves={one.experiment: one.words for one in releves},
        places=_by_place(registry, monitor, compared, asked),
        points=points_to_treat(registry, store, revision),
        trends=tuple(_trends(registry, monitor, compared.experiments, asked)),
        decisions=tuple(decisions),
        plugins=tuple(_plugins(registry)),
        fictitious=fictitious,
    )


def _promised(monitor: Monitor, experiments: Sequence[Experiment], asked: Mapping[str, Any]) -> Iterator[Promised]:
    for one in commitments.matrix(monitor, experiments, **asked).values():
        yield Promised(one.commitment.code, one.experiment, one.state, one.evidence)


def _page(registry: Any, monitor: Monitor, experiment: Experiment, asked: Mapping[str, Any]) -> Page:
    try:
        return Page(registry.build_report(experiment.code, monitor.report(experiment.code, **asked)))
    except PluginProblem as problem:
        return Page(problem=str(problem))


def _milestones(monitor: Monitor, experiment: Experiment, asked: Mapping[str, Any]) -> tuple[Milestone, ...]:
    rows = monitor.report(experiment.code, **asked).rows("jalons")
    return tuple(_milestone(row) for row in rows if row["statut"] in STOPPED and row["date_reelle"] is None)


def _milestone(row: Mapping[str, Any]) -> Milestone:
    return Milestone(
        code=str(row["code_jalon"]),
        title=str(row["libelle"]),
        state=str(row["statut"]),
        due=row["date_prevue"],
        cause=str(row["cause"] or ""),
        next_action=str(row["prochaine_action"] or ""),
        axis=row.get("axe"),
    )


def _releves(registry: Any, store: Store, until: date, today: date) -> tuple[Releve, ...]:
    """Those of the last period that was over at ``until``."""
    over = [one for one in board(registry, store, today) if one.period.end <= until]
    last = max((one.period.end for one in over), default=None)
    return tuple(one for one in over if one.period.end == last)


def _narratives(registry: Any, store: Store, releves: Iterable[Releve]) -> Iterator[tuple[str, Narrative]]:
    for one in releves:
        told = narrative(store, one.experiment, one.period.code)
        if told is not None:
            name = registry.association(one.association).name
            yield one.experiment, Narrative(told.text, name, one.period.label, told.cause, told.next_action)


def _by_place(registry: Any, monitor: Monitor, compared: Any, asked: Mapping[str, Any]) -> tuple[Observation, ...]:
    """The figures of the first screen at each place of each experiment."""
    codes = [one.code for one in first_screen(compared.indicators)]
    experiments = [one.code for one in compared.experiments]
    return monitor.observe(codes, experiments, by="place", **asked)


def _trends(
    registry: Any, monitor: Monitor, experiments: Sequence[Experiment], asked: Mapping[str, Any]
) -> Iterator[Trend]:  # fmt: skip
    """The figures that matter for the axes of each experiment, month by month."""
    for experiment in experiments:
        for code in card_codes(experiment, registry.indicators(experiment.code)):
            points = monitor.series(code, [experiment.code], **asked)[experiment.code]
            yield Trend(code, experiment.code, tuple(points))


def _plugins(registry: Any) -> Iterator[PluginVersion]:
    for one in registry.plugins:
        failed = next((found.reason for found in registry.failures_of(one.name)), "")
        yield PluginVersion(one.name, one.distribution, one.version, one.experiments, failed)
