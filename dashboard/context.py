"""One place that puts the parts together, and hands them to every view as one object.

The server makes it once per process with ``Context.open``; tests put fakes in with ``install``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from core.accounts import Office
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.contract.scope import Scope
from core.contract.walls import PluginLimits
from core.disclosure.reader import DiscreetMonitor
from core.domain import access, french
from core.domain.access import Action, Actor
from core.domain.calendar import FRANCE, Period, day_in_france, periods_begun
from core.domain.programme import METROPOLE
from core.errors import Forbidden, Misconfigured
from core.figures import Monitor
from core.figures.cache import cache_of
from core.figures.keeping import is_small, keep
from core.settings import Settings
from core.storage import Store
from dashboard.door import Door
from dashboard.metrics import Metrics
from dashboard.others import Others

logger = logging.getLogger("fabrique.dashboard")

_PERIODS = 4
"""Of how many periods the figures are ready before anybody asks."""
_DISCREET = 2
"""Of how many days the tables of who may not see small counts: the day that the first page shows, and today."""


_LATELY = timedelta(hours=1)
"""How long after one of them looked the tables of members are made ready on a large base."""


def _day_now() -> date:
    """Today in France, whatever the machine's own time: that of a server is often UTC."""
    return day_in_france(datetime.now(UTC))


def nobody() -> None:
    """The visitor of a page before anybody signed in."""


@dataclass(slots=True)
class Context:
    """What a view may ask.

    registry       the experiments, datasets, indicators and failures
    store          the rows and their history
    clock          gives today: the calendar's day, or the fixed day of the demonstration
    demonstration  whether the data are fictitious, which every screen then says
    make_monitor   makes the monitor of a day, ``(registry, store, today)``
    visitors       tells who looks at this page, asked at every run and callback; None: nobody signed in
    door           the session behind the visitor, the accounts; None where nobody signs in (tests)
    metrics        what this process counts about itself
    others         the processes that serve beside this one
    now            the aware instant at which something is done, in the demonstration on its fixed day
    """

    registry: Registry
    store: Store
    clock: Callable[[], date] = _day_now
    demonstration: bool = False
    make_monitor: Callable[[Registry, Store, date], Monitor] | None = None
    settings: Settings | None = None
    visitors: Callable[[], Actor | None] = nobody
    door: Door | None = None
    metrics: Metrics = field(default_factory=Metrics)
    others: Others = field(default_factory=Others)
    _now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _monitors: dict[date, Monitor] = field(default_factory=dict)
    _discreet_asked: datetime | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Callable[[], date] | None = None,
        demonstration: bool = False,
        others: Others | None = None,
    ) -> Context:
        """Load the plugins and open the store that ``settings`` names, on the day that it fixes if any.

        Raises Misconfigured when the store cannot be opened, PluginProblem in strict mode.
        """
        registry = Registry.load(strict=settings.strict_plugins, limits=PluginLimits(settings.plugin_seconds))
        store = Store.open(settings.database_url, settings.database_read_url)
        prepare(registry, store, at=datetime.now(UTC))
        door = Door.of(settings, store, fictitious=demonstration)
        if demonstration:
            from core.demonstration.people import open_accounts

            open_accounts(door.office, at=datetime.now(UTC))
        fixed = settings.today
        beside = others or Others()
        metrics = Metrics()
        metrics.watch(registry, store, beside)
        return cls(
            registry,
            store,
            clock or (lambda: fixed or _day_now()),
            demonstration,
            settings=settings,
            visitors=door.visitor,
            door=door,
            metrics=metrics,
            others=beside,
        )

    @property
    def today(self) -> date:
        """The day that the screens speak of."""
        return self.clock()

    @property
    def now(self) -> datetime:
        """The instant, aware; its day is ``today`` even when that day is fixed."""
        instant = self._now()
        return datetime.combine(self.today, instant.astimezone(FRANCE).time(), FRANCE)

    @property
    def instant(self) -> datetime:
        """The real instant, aware: that of sessions and accounts, whatever the day of the screens."""
        return self._now()

    @property
    def office(self) -> Office:
        """Where accounts are kept."""
        return self.door.office if self.door else Office(self.store)

    @property
    def visitor(self) -> Actor | None:
        """Who looks at this page; None when nobody signed in or the session ended."""
        return self.visitors()

    @property
    def actor(self) -> Actor:
        """Who looks at this page and may act.

        Raises Forbidden when nobody signed in or the session ended.
        """
        found = self.visitor
        if found is None:
            raise Forbidden(access.SIGN_IN)
        return found

    @property
    def scope(self) -> Scope:
        """What the visitor works with when something is done; raises Forbidden as ``actor`` does."""
        return self.scope_of(self.actor)

    def scope_of(self, actor: Actor) -> Scope:
        """The same for somebody who acts in the stead of another."""
        return Scope(self.registry, self.store, actor, self.now, self.settings)

    @property
    def below(self) -> int:
        """The first number of people that may be shown where small ones are hidden."""
        return self.settings.mask_below if self.settings is not None else 5

    @property
    def discreet(self) -> bool:
        """Whether the visitor may not see small counts of people: pages are then written as documents are."""
        return self.is_discreet_for(self.visitor)

    @staticmethod
    def is_discreet_for(visitor: Actor | None) -> bool:
        """The same of somebody who was already asked for."""
        return visitor is not None and not access.allowed(visitor, Action.READ_COUNTS)

    @property
    def monitor(self) -> Monitor:
        """The monitor of today, for the visitor; a new one is made when the day changes."""
        if not self.discreet:
            return self._whole_monitor
        self._discreet_asked = self.instant
        return self._discreet_monitor

    @property
    def _discreet_monitor(self) -> DiscreetMonitor:
        """That of who may not see small counts of people."""
        return DiscreetMonitor(self.registry, self.store, today=self.today, below=self.below)

    @property
    def _whole_monitor(self) -> Monitor:
        """That of who may see every count, and of what is made ready, where nobody looks."""
        today = self.today
        if today not in self._monitors:
            self._monitors = {today: (self.make_monitor or _monitor)(self.registry, self.store, today)}
        return self._monitors[today]

    def warm(self, days: Iterable[date] | None = None, *, costly_only: bool = False) -> None:
        """Compute what pages compare on ``days`` (by default the one that the first page shows) before anybody waits.

        Of the first two, also what those see who may not see small counts of people: where it costs little, or one
        of them looked lately. What was answered is kept for the next start; ``costly_only``: not where it is quickly
        found again. Pages that are drawn meanwhile come first. A failure is the page's to tell.
        """
        try:
            days = list(days or self.days_shown[:1])
            for rank, day in enumerate(days):
                if rank:
                    self.metrics.give_way()
                self._whole_monitor.compare(until=day)
            keep(self.registry, self.store, cache_of(self.store), costly_only=costly_only)
            for day in days[:_DISCREET] if self._has_discreet_readers() else ():
                self.metrics.give_way()
                self._discreet_monitor.prepare([day])
        except Exception:
            logger.warning("comparisons could not be prepared", exc_info=True)

    def _has_discreet_readers(self) -> bool:
        """Whether the tables of who may not see small counts are worth their time, which a large base makes long."""
        asked = self._discreet_asked
        return self.below > 1 and (is_small(self.store) or (asked is not None and self.instant - asked < _LATELY))

    @property
    def days_shown(self) -> list[date]:
        """The days that pages show: the end of the last period that is over, today, then the ends of those before."""
        held, dated = (self.store.rows(METROPOLE, code) for code in ("periodes", "dates_experimentations"))
        periods = [Period(row["debut"], row["fin"], row["code"]) for row in held.to_dicts()]
        begun = periods_begun(periods, dated["debut"].to_list(), self.today)
        over = [period.end for period in reversed(begun) if period.end < self.today]
        return [*over[:1], self.today, *over[1:_PERIODS]]

    def beside(self) -> dict[str, object]:
        """What /sante and /pret say of the other processes and of the copy to read from; neither is waited for."""
        copy = self.store.copy
        return {**self.others.state(), **({} if copy is None else {"copie": copy.glance()})}

    def problem(self) -> str | None:
        """Why the pages cannot be served now, in French, or None: asked by /pret.

        What the database says goes to the log only: this address answers everybody.
        """
        try:
            self.store.latest()
        except Exception:
            logger.warning("the base does not answer", exc_info=True)
            return french.typeset("La base ne répond pas : le journal du serveur dit pourquoi.")
        return None


def _monitor(registry: Registry, store: Store, today: date) -> Monitor:
    return Monitor(registry, store, today=today)


_installed: list[Context] = []


def install(context: Context) -> None:
    """Make ``context`` the one that the pages of this process use."""
    _installed[:] = [context]


def current() -> Context:
    """The context of this process.

    Raises Misconfigured when none was installed (the script was not started by the server).
    """
    if not _installed:
        raise Misconfigured("Le tableau de bord se lance par « fabrique serve », qui prépare ses données.")
    return _installed[0]
