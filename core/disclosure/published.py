"""The figures that may leave the restricted screens: small counts of people are hidden over all that leaves together.

What is asked in several times could be put side by side: the whole table (the programme and its
experiments, in total, by place and by period) is masked once, and each answer is a part of it.
Months are left out: so fine a table would cost the totals themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from core.contract import Registry
from core.disclosure import Concealed, conceal
from core.domain.calendar import Period
from core.domain.indicator import Indicator
from core.figures import Monitor
from core.figures.cache import cache_of
from core.money.ledger import LEAD
from core.storage import Store


def live(registry: Registry, store: Store, monitor: Monitor, *, until: date, below: int) -> tuple[Concealed, ...]:
    """Every figure known now: in total, by place, by period; kept while nothing new is handed in."""
    key = ("published", id(registry), store.latest(), until, below)
    return cache_of(store).get(key, partial(_live, registry, store, monitor, until, below))


def quarters(store: Store, until: date) -> tuple[Period, ...]:
    """The periods that the project lead recorded and that have begun."""
    codes: Iterable[str] = store.rows(LEAD, "periodes").sort("debut")["code"].to_list()
    return tuple(found for code in codes if (found := Period.parse(code)).start <= until)


def _live(registry: Registry, store: Store, monitor: Monitor, until: date, below: int) -> tuple[Concealed, ...]:
    seen = [*monitor.observe(until=until), *monitor.observe(until=until, by="place")]
    for period in quarters(store, until):
        seen += monitor.observe(until=until, period=period)
    catalogue: Mapping[str, Indicator] = registry.catalogue
    return conceal(seen, catalogue, below)
