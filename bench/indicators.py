"""A million rows: every figure of the six and of the programme, against the same selects sent raw.

See ``bench.filling`` for the rows and ``bench.raw`` for the selects. Nothing is kept between
two runs of ours but what SQLAlchemy keeps of its own statements.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from bench import filling, raw
from bench.measure import Ratio, compare
from core.contract import Registry
from core.demonstration import TODAY
from core.domain import french
from core.figures import Monitor
from core.figures.cache import Cache
from core.figures.keeping import keep
from core.storage import Store

REVISED = ("anonymal", "materiel")
QUARTER = date(2022, 6, 30)
"""The day that first pages show."""
_CHANGED = 1_000  # machines whose price changes in a revision


def run(folder: Path, *, share: float = 1.0, runs: int = 5, url: str | None = None) -> list[Ratio]:
    """Measure in ``folder`` (SQLite), or in the empty database of ``url``, with ``share`` of a million rows."""
    registry = Registry.load()
    with Store.open(url or f"sqlite:///{folder / 'million.sqlite3'}") as store:
        count = filling.fill(registry, store, share=share)
        base = "PostgreSQL" if url else "SQLite"
        return measured(registry, store, f"{base}, {french.number(count)} lignes", runs)


def run_on_postgresql(folder: Path) -> list[Ratio]:
    """The same on a PostgreSQL that is started for it and stopped after."""
    from tests.support.databases import postgres_database, postgres_server

    with postgres_server() as server, postgres_database(server) as url:
        return run(folder, runs=3, url=url)


def measured(registry: Registry, store: Store, where: str, runs: int) -> list[Ratio]:
    """The ratios over a store that is filled already."""
    every = raw.selects(registry, store, TODAY)
    plain = raw.selects(registry, store, TODAY, distinct=False)
    note = f"{where}, sans cache, {len(every)} requêtes"
    ask = _asking(registry, store)
    return [
        compare(
            "Tous les indicateurs des six et du programme, contre les mêmes requêtes envoyées telles quelles",
            lambda: ask(Cache()).observe(),
            lambda: raw.send(store, every),
            bound=1.5,
            runs=runs,
            note=note,
        ),
        compare(
            "Les mêmes, sans dédoublonnage dans les requêtes d’en face (leurs totaux sont alors faux)",
            lambda: ask(Cache()).observe(),
            lambda: raw.send(store, plain),
            bound=None,
            runs=runs,
            note=note,
        ),
        compare(
            "Les mêmes, avec pour chacun le chiffre de la période d’avant et la cible",
            lambda: ask(Cache()).compare(),
            lambda: raw.send(store, every),
            bound=None,
            runs=runs,
            note=note,
        ),
        _after_a_revision(registry, store, where, runs),
        *_kept(registry, store, where, runs),
    ]


def _after_a_revision(registry: Registry, store: Store, where: str, runs: int) -> Ratio:
    """Only what the revised dataset decides is read again."""
    concerned = [one for one in raw.selects(registry, store, TODAY) if REVISED in one.reads]
    cache, ask = Cache(), _asking(registry, store)
    ask(cache).observe()
    prices = itertools.count(1)
    return compare(
        "Tous les indicateurs après une révision du matériel d’Anonymal, contre les requêtes de ce jeu seul",
        lambda: ask(cache).observe(),
        lambda: raw.send(store, concerned),
        bound=1.2,
        runs=runs,
        note=f"{where}, le reste en cache, {len(concerned)} requêtes",
        before=lambda: revise(registry, store, next(prices)),
    )


def _kept(registry: Registry, store: Store, where: str, runs: int) -> list[Ratio]:
    """What the next start compares, then another quarter, from the answers that this one kept."""
    cache, ask = Cache(), _asking(registry, store)
    ask(cache).compare(until=QUARTER)
    keep(registry, store, cache)
    started = Cache()
    ends = (QUARTER - timedelta(days=31 * rank) for rank in itertools.count(1))
    return [
        compare(
            "La première comparaison du démarrage suivant, contre une lecture de toutes les lignes",
            lambda: ask(Cache()).compare(until=QUARTER),
            lambda: scan(registry, store),
            bound=None,
            runs=runs,
            note=f"{where}, réponses gardées dans la base",
        ),
        compare(
            "Un jour encore jamais regardé, contre une lecture de toutes les lignes",
            lambda: ask(started).compare(until=next(ends)),
            lambda: scan(registry, store),
            bound=None,
            runs=min(runs, 3),
            note=f"{where}, au démarrage suivant",
            before=lambda: ask(started).compare(until=QUARTER),
        ),
    ]


def scan(registry: Registry, store: Store) -> int:
    """Read every column of every row that associations handed in, and keep nothing: nobody does with less."""
    read = 0
    with store.connect() as connection:
        for one in registry.associations:
            for dataset in registry.datasets(one.code):
                table = store.table(one.code, dataset.code)
                lengths = (sa.func.coalesce(sa.func.length(sa.cast(column, sa.Text)), 0) for column in table.c)
                read += connection.scalar(sa.select(sa.func.sum(sum(lengths)))) or 0
    return read


def revise(registry: Registry, store: Store, price: int) -> int:
    """A new revision of the dataset: other prices, in cents, for some of its machines."""
    association, code = REVISED
    rows = store.rows(association, code).head(_CHANGED).drop("_since").with_columns(valeur_unitaire=pl.lit(price))
    with store.writing(filling.SOMEBODY, filling.AT) as writing:
        saved = writing.save(association, registry.dataset(association, code), rows)
    assert saved.revision is not None, "the revision changed nothing"
    return saved.revision


def _asking(registry: Registry, store: Store) -> Callable[[Cache], Monitor]:
    return lambda cache: Monitor(registry, store, today=TODAY, cache=cache)
