"""What is written down of each deposit: its line in the list and its line in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.actor import Actor
from core.storage import files, journal
from core.storage.data_table import DataTable
from core.storage.deposits import latest
from core.storage.diff import Diff
from core.storage.tables import deposits, utc


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save, a declaration or an undo came to; ``revision`` is None when nothing changed."""

    revision: int | None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    diff: Diff | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The four counts, by name."""
        return {name: getattr(self, name) for name in ("added", "changed", "unchanged", "removed")}


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what, when, from which file: what is the same for every kind of record."""

    actor: Actor
    at: datetime
    action: str
    period: str | None = None
    file: tuple[bytes, str] | None = None
    undoes: int | None = None


def record(connection: sa.Connection, data: DataTable, deed: Deed, saved: Saved) -> None:
    """Write the deposit and its journal line, in the caller's transaction."""
    sha256 = files.keep(connection, deed.file[0]) if deed.file else None
    name = deed.file[1] if deed.file else None
    last = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(deposits.c.number), 0))) or 0
    connection.execute(
        sa.insert(deposits).values(
            number=last + 1,
            revision=saved.revision,
            after_revision=saved.revision or latest(connection),
            undoes=deed.undoes,
            at=utc(deed.at),
            actor=deed.actor.name,
            role=str(deed.actor.role),
            on_behalf_of=deed.actor.on_behalf_of,
            association=data.association,
            dataset=data.dataset.code,
            action=deed.action,
            period=deed.period,
            file_name=name,
            sha256=sha256,
            **saved.counts,
        )
    )
    details = {"deposit": last + 1, "period": deed.period, "file": name, "sha256": sha256, "undoes": deed.undoes}
    told = {**saved.counts, **{key: value for key, value in details.items() if value is not None}}
    journal.write(connection, deed.actor, deed.at, deed.action, data.subject, told, saved.revision)
