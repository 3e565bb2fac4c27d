"""Answers kept beside the rows that they sum up, so that a start reads them instead of every table.

They are no data: whatever they say can be worked out again from the rows, and whoever writes
with other code, or purges the past, throws them away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.storage.schema import answers


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a question on a day (None: any day), as of a revision; see ``core.figures.answers``."""

    name: str
    day: date | None
    revision: int
    body: bytes


def read(connection: sa.Connection, code: str) -> list[KeptAnswer]:
    """The answers that the very same code kept."""
    rows = connection.execute(sa.select(answers).where(answers.c.code == code))
    return [
        KeptAnswer(row.name, date.fromisoformat(row.day) if row.day else None, row.revision, row.body) for row in rows
    ]


def keep(connection: sa.Connection, code: str, found: Iterable[KeptAnswer]) -> None:
    """Keep each answer in the place of an older one; those of another code leave."""
    connection.execute(sa.delete(answers).where(answers.c.code != code))
    before = connection.execute(sa.select(answers.c.name, answers.c.day, answers.c.revision))
    newer = {(name, day): revision for name, day, revision in before}
    told = [
        {"name": one.name, "day": one.day.isoformat() if one.day else "", "revision": one.revision, "body": one.body}
        for one in found
    ]
    told = [one for one in told if one["revision"] >= newer.get((one["name"], one["day"]), 0)]
    if not told:
        return
    mine = sa.and_(answers.c.name == sa.bindparam("of_name"), answers.c.day == sa.bindparam("of_day"))
    connection.execute(sa.delete(answers).where(mine), [{"of_name": one["name"], "of_day": one["day"]} for one in told])
    connection.execute(sa.insert(answers), [{**one, "code": code} for one in told])


def forget(connection: sa.Connection) -> None:
    """Throw every answer away."""
    connection.execute(sa.delete(answers))
