"""The whole of what a committee sees, on one day, at one revision: computed once, then only read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypedDict

from core.alerts import still_open
from core.alerts.attention import PointToTreat, points_to_treat
from core.committee.formula import Formula, plain, rebuilt
from core.contract import Registry
from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS
from core.domain import french
from core.domain.calendar import day_in_france
from core.domain.indicator import Indicator
from core.domain.observation import STOPPED, Cell, Observation
from core.domain.programme import Experiment
from core.domain.report import Block
from core.errors import PluginProblem
from core.figures import Comparison, Monitor, commitments
from core.figures.commitments import CommitmentStatus, Kept
from core.figures.sentences import card_codes, experiment_sentence, first_screen, overview_sentence
from core.money.ledger import Ledger, LineState, read_ledger
from core.reporting import Releve, board, narrative
from core.storage import Store
from core.storage.journal import canonical

FORMAT = 1
"""Raised when what is written changes its meaning; a reader keeps reading the former ones."""
_COMMITMENTS = {one.code: one for one in COMMITMENTS + ANONYMAL_DUTIES}


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """What the plugin told of its experiment; ``problem`` says why it told nothing that day.

    ``contract`` is the one of its blocks: of the first one, nobody knows which numbers count people.
    ``hides``: some are not shown, once the page is written for who may not see small ones.
    """

    blocks: tuple[Block, ...] = ()
    problem: str = ""
    contract: int = 1
    hides: bool = False


@dataclass(frozen=True, slots=True)
class FrozenNarrative:
    """What an association says of its period, in its own words, the cause of a delay and what comes next."""

    text: str
    said_by: str = ""
    period: str = ""
    cause: str = ""
    next_action: str = ""


@dataclass(frozen=True, slots=True)
class FrozenMilestone:
    """A milestone that is stopped or late and not over; ``state`` is « Bloqué » or « En retard »."""

    code: str
    title: str
    state: str
    due: date | None = None
    cause: str = ""
    next_action: str = ""
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class FrozenTrend:
    """One figure month by month since the start, cumulative; None where nothing tells of that month."""

    indicator: str
    experiment: str
    points: tuple[tuple[date, float | None], ...]


@dataclass(frozen=True, slots=True)
class PluginVersion:
    """A plugin as installed on that day."""

    name: str
    distribution: str
    version: str
    experiments: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """One commitment in one experiment; its text is that of the vote, which does not move."""

    commitment: str
    experiment: str
    state: Kept
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class KnownDecision:
    """A decision known on that day: what was decided, where, and what became of it."""

    number: str
    verdict: str
    title: str
    text: str = ""
    owner: str = ""
    due: date | None = None
    done: bool | None = None
    note: str = ""
    replaced_by: str = ""


@dataclass(frozen=True)
class Snapshot:
    """Every figure, word and block of one day.

    ``until`` is the last day that counts, ``taken_at`` the instant of the computation and
    ``revision`` what was known then. ``followed`` gives each experiment's own indicators, in its
    plugin's order; ``figures`` has one cell per (experiment or programme, indicator); ``places``
    the parts by place. ``narratives`` and ``releves`` (its state in words) are those of the last period
    that was over. ``number`` is None while nothing was frozen (live figures). ``masked_below`` is the first count of
    people shown in what was written for a document, 0 where all are.
    """

    until: date
    taken_at: datetime
    revision: int
    sentence: str
    experiments: tuple[Experiment, ...]
    formulas: tuple[Formula, ...]
    followed: Mapping[str, tuple[str, ...]]
    figures: tuple[Cell, ...]
    lines: tuple[LineState, ...]
    promised: tuple[Promised, ...]
    sentences: Mapping[str, str]
    pages: Mapping[str, FrozenPage]
    milestones: Mapping[str, tuple[FrozenMilestone, ...]] = field(default_factory=dict)
    narratives: Mapping[str, FrozenNarrative] = field(default_factory=dict)
    releves: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Observation, ...] = ()
    points: tuple[PointToTreat, ...] = ()
    trends: tuple[FrozenTrend, ...] = ()
    decisions: tuple[KnownDecision, ...] = ()
    plugins: tuple[PluginVersion, ...] = ()
    fictitious: bool = False
    number: int | None = None
    title: str = ""
    masked_below: int = 0

    # --- as screens and documents ask --------------------------------------------------------

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator of that day; they are presented, and compute nothing."""
        return tuple(one.indicator() for one in self.formulas)

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """The indicators by code."""
        return {one.code: one for one in self.indicators}

    @cached_property
    def cells(self) -> Mapping[tuple[str, str | None], Cell]:
        """The cells by (indicator, experiment); None is the programme."""
        return {(one.observation.indicator, one.observation.experiment): one for one in self.figures}

    @cached_property
    def ledger(self) -> Ledger:
        """The money, line by line."""
        return Ledger(tuple(replace(one, until=self.until) for one in self.lines))

    @cached_property
    def commitments(self) -> Mapping[tuple[str, str], CommitmentStatus]:
        """The standing of each (commitment, experiment)."""
        return {
            (one.commitment, one.experiment): CommitmentStatus(
                _COMMITMENTS[one.commitment], one.experiment, one.state, one.evidence
            )
            for one in self.promised
        }

    @property
    def period(self) -> None:
        """Figures are since the start."""

    def experiment(self, code: str) -> Experiment | None:
        """The experiment of that day, None when it was not there."""
        return next((one for one in self.experiments if one.code == code), None)

    def indicators_of(self, experiment: str) -> tuple[Indicator, ...]:
        """The indicators that one experiment followed that day."""
        return tuple(self.indicator[code] for code in self.followed.get(experiment, ()))

    @property
    def mark(self) -> str:
        """« Données arrêtées au 30 juin 2022 (n° 4) », or « Données au 30 juin 2022, non arrêtées »."""
        day = french.day(self.until)
        if self.number is None:
            return f"Données au {day}, non arrêtées"
        return f"Données arrêtées au {day} (n°{french.NBSP}{self.number})"

    @property
    def made_on(self) -> date:
        """The day in France of the computation."""
        return day_in_france(self.taken_at)

    # --- as it is kept -----------------------------------------------------------------------

    def numbered(self, number: int, title: str) -> Snapshot:
        """The same figures, frozen under a number."""
        return replace(self, number=number, title=title)

    def to_content(self) -> dict[str, object]:
        """The whole as plain JSON."""
        return {"format": FORMAT, **{one.name: plain(getattr(self, one.name)) for one in fields(self)}}

    @classmethod
    def from_content(cls, content: Mapping[str, object]) -> Snapshot:
        """What ``to_content`` wrote; names that this version does not know are left aside."""
        known = {one.name for one in fields(cls)}
        return rebuilt(cls, {name: one for name, one in content.items() if name in known})

    @cached_property
    def text(self) -> str:
        """The canonical writing, on which the print is taken."""
        return canonical(self.to_content())

    @cached_property
    def sha256(self) -> str:
        """The print of the canonical writing."""
        return hashlib.sha256(self.text.encode()).hexdigest()


# --- A snapshot is taken: each figure asked once of monitoring, the ledger and the commitments -----


@dataclass(frozen=True)
class SnapshotNumbers:
    """What of a snapshot may count people: its figures, their parts by place, the pages of plugins."""

    revision: int
    experiments: tuple[Experiment, ...]
    formulas: tuple[Formula, ...]
    figures: tuple[Cell, ...]
    places: tuple[Observation, ...]
    pages: Mapping[str, FrozenPage]

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """The indicators by code, as a snapshot has them."""
        return {one.code: one.indicator() for one in self.formulas}


class AsOf(TypedDict):
    """Up to which day, and as which revision knows it: the same for every figure of a snapshot."""

    until: date
    revision: int


def take_numbers(registry: Registry, store: Store, *, until: date, today: date) -> SnapshotNumbers:
    """What of the snapshot of that day may count people, and nothing else of it."""
    asked = AsOf(until=until, revision=store.latest())
    monitor = Monitor(registry, store, today=today)
    return _numbers(registry, monitor, monitor.compare(**asked), asked)


def _numbers(registry: Registry, monitor: Monitor, compared: Comparison, asked: AsOf) -> SnapshotNumbers:
    return SnapshotNumbers(
        revision=compared.revision,
        experiments=compared.experiments,
        formulas=tuple(Formula.of(one) for one in compared.indicators),
        figures=tuple(compared.cells.values()),
        places=_by_place(registry, monitor, compared, asked),
        pages={one.code: _page(registry, monitor, one, asked) for one in compared.experiments},
    )


def take(
    registry: Registry,
    store: Store,
    *,
    until: date,
    at: datetime,
    today: date | None = None,
    fictitious: bool = False,
    decisions: Iterable[KnownDecision] = (),
    since: date | None = None,
) -> Snapshot:
    """The figures of the days up to ``until``, as everything that is known at the instant ``at`` gives them.

    Each has the figure of the day ``since`` as it is known now (None: of the end of the period before).

    A plugin that breaks costs its own page, whose ``problem`` then says why; nothing is written.
    """
    day = today or day_in_france(at)
    revision = store.latest()
    monitor = Monitor(registry, store, today=day)
    compared = monitor.compare(until=until, revision=revision, since=since)
    asked = AsOf(until=until, revision=revision)
    numbers = _numbers(registry, monitor, compared, asked)
    releves = _releves(registry, store, until, day)
    return Snapshot(
        until=until,
        taken_at=at,
        revision=numbers.revision,
        sentence=overview_sentence(compared),
        experiments=numbers.experiments,
        formulas=numbers.formulas,
        followed=_followed(registry, compared),
        figures=numbers.figures,
        lines=read_ledger(store, **asked).lines,
        promised=tuple(_promised(monitor, compared.experiments, asked)),
        sentences={one.code: experiment_sentence(compared, one) for one in compared.experiments},
        pages=numbers.pages,
        milestones={one.code: _milestones(monitor, one, asked) for one in compared.experiments},
        narratives=dict(_narratives(registry, store, releves)),
        releves={one.experiment: one.words for one in releves},
        places=numbers.places,
        points=still_open(store, points_to_treat(registry, store, revision)),
        trends=tuple(_trends(registry, monitor, compared.experiments, asked)),
        decisions=tuple(decisions),
        plugins=tuple(_plugins(registry)),
        fictitious=fictitious,
    )


def _followed(registry: Registry, compared: Comparison) -> dict[str, tuple[str, ...]]:
    known = {one.code for one in compared.indicators}
    return {
        one.code: tuple(found.code for found in registry.indicators(one.code) if found.code in known)
        for one in compared.experiments
    }


def _promised(monitor: Monitor, experiments: Sequence[Experiment], asked: AsOf) -> Iterator[Promised]:
    for one in commitments.matrix(monitor, experiments, **asked).values():
        yield Promised(one.commitment.code, one.experiment, one.state, one.evidence)


def _page(registry: Registry, monitor: Monitor, experiment: Experiment, asked: AsOf) -> FrozenPage:
    try:
        blocks = registry.build_report(experiment.code, monitor.report(experiment.code, **asked))
        return FrozenPage(blocks, contract=registry.contract_of(experiment.code))
    except PluginProblem as problem:
        return FrozenPage(problem=str(problem))


def _milestones(monitor: Monitor, experiment: Experiment, asked: AsOf) -> tuple[FrozenMilestone, ...]:
    rows = monitor.report(experiment.code, **asked).rows("jalons")
    return tuple(_milestone(row) for row in rows if row["statut"] in STOPPED and row["date_reelle"] is None)


def _milestone(row: Mapping[str, Any]) -> FrozenMilestone:
    return FrozenMilestone(
        code=str(row["code_jalon"]),
        title=str(row["libelle"]),
        state=str(row["statut"]),
        due=row["date_prevue"],
        cause=str(row["cause"] or ""),
        next_action=str(row["prochaine_action"] or ""),
        axis=row.get("axe"),
    )


def _releves(registry: Registry, store: Store, until: date, today: date) -> tuple[Releve, ...]:
    """Those of the last period that was over at ``until``."""
    over = [one for one in board(registry, store, today) if one.period.end <= until]
    last = max((one.period.end for one in over), default=None)
    return tuple(one for one in over if one.period.end == last)


def _narratives(registry: Registry, store: Store, releves: Iterable[Releve]) -> Iterator[tuple[str, FrozenNarrative]]:
    for one in releves:
        told = narrative(store, one.experiment, one.period.code)
        if told is not None:
            name = registry.association(one.association).name
            yield one.experiment, FrozenNarrative(told.text, name, one.period.label, told.cause, told.next_action)


def _by_place(registry: Registry, monitor: Monitor, compared: Comparison, asked: AsOf) -> tuple[Observation, ...]:
    """The figures of the first screen at each place of each experiment."""
    codes = [one.code for one in first_screen(compared.indicators)]
    experiments = [one.code for one in compared.experiments]
    return monitor.observe(codes, experiments, by="place", **asked)


def _trends(
    registry: Registry, monitor: Monitor, experiments: Sequence[Experiment], asked: AsOf
) -> Iterator[FrozenTrend]:
    """The figures that matter for the axes of each experiment, month by month."""
    for experiment in experiments:
        for code in card_codes(experiment, registry.indicators(experiment.code)):
            points = monitor.series(code, [experiment.code], **asked)[experiment.code]
            yield FrozenTrend(code, experiment.code, tuple(points))


def _plugins(registry: Registry) -> Iterator[PluginVersion]:
    for one in registry.plugins:
        failed = next((found.reason for found in registry.failures_of(one.name)), "")
        yield PluginVersion(one.name, one.distribution, one.version, one.experiments, failed)
