"""What bringing the tables up to date would do, tried for real inside a transaction that is then undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from core.domain.access import Actor
from core.domain.dataset import Dataset
from core.errors import Conflict, JournalBroken, Refused
from core.storage import migrations, steps
from core.storage import rows as stored
from core.storage.migrations import Plan
from core.storage.rows import KnownTable
from core.storage.schema import KEY, UNTIL


@dataclass(frozen=True)
class Rehearsal:
    """One dataset whose table would change, or cannot.

    ``before`` and ``after`` are the rows that hold, as declared before and after, by their key. ``origin`` is
    the dataset that they come from, when it was another; ``refusal`` says why the table cannot follow, and then
    nothing would change.
    """

    association: str
    dataset: str
    plan: Plan
    before: pl.DataFrame
    after: pl.DataFrame
    refusal: Refused | JournalBroken | None = None
    origin: str = ""


def rehearse(
    connection: sa.Connection, association: str, datasets: Iterable[Dataset], actor: Actor, at: datetime
) -> list[Rehearsal]:
    """Try each dataset in turn, in the caller's transaction, which the caller undoes.

    What one refuses costs the others nothing.
    """
    return [_tried(connection, association, dataset, actor, at) for dataset in datasets]


def _tried(connection: sa.Connection, association: str, dataset: Dataset, actor: Actor, at: datetime) -> Rehearsal:
    bases, former = stored.known(connection, association), dataset.former
    base = bases.get((association, dataset.code))
    origin = former.dataset if base is None and former and (association, former.dataset) in bases else ""
    if origin:
        base = bases[association, origin]
    before = _held(connection, base)
    savepoint = connection.begin_nested()
    try:
        parted = former is not None and former.apply is not None and bool(origin)
        plan = Plan() if base is None or parted else migrations.plan(association, dataset, base)
        data = migrations.prepare(connection, association, dataset, actor, at)
        after = stored.rows(connection, data).drop(stored.SINCE)
    except Conflict:
        raise  # the base is busy: nobody's declaration is at fault
    except (Refused, JournalBroken) as refusal:
        savepoint.rollback()
        return Rehearsal(association, dataset.code, Plan(), before, before, refusal, origin)
    savepoint.commit()
    return Rehearsal(association, dataset.code, plan, before, after, origin=origin)


def _held(connection: sa.Connection, base: KnownTable | None) -> pl.DataFrame:
    """The rows that hold, under the columns that the base knows."""
    if base is None:
        return pl.DataFrame(schema={KEY: pl.String})
    return steps.old_rows(connection, base, sa.column(UNTIL).is_(None)).drop(stored.SINCE).sort(KEY)
