"""What was declared of each dataset, version by version: its rows outlive the plugin that declared them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from core.catalogue import declared as plain_data
from core.domain.dataset import Dataset
from core.storage.deposits import latest
from core.storage.rows import KnownTable, Stored, known
from core.storage.schema import declarations


@dataclass(frozen=True)
class Declaration:
    """A dataset as it was declared in one version.

    ``owner`` is the name of the association; ``since`` the first revision of this version, 0 for the first one
    that was kept; ``columns`` says where the values of each column are.
    """

    association: str
    owner: str
    version: int
    since: int
    told: Mapping[str, Any]
    columns: Mapping[str, Stored]

    @property
    def dataset(self) -> Dataset:
        """The dataset as it was declared, without its rules and upgrades."""
        return plain_data.rebuilt(self.told)


def versions(connection: sa.Connection, association: str, dataset: str) -> list[Declaration]:
    """Every version of one dataset that is kept, the oldest first."""
    mine = (declarations.c.association == association, declarations.c.dataset == dataset)
    found = connection.execute(sa.select(declarations).where(*mine).order_by(declarations.c.version))
    return [_declaration(row) for row in found]


def last(connection: sa.Connection, association: str | None = None) -> dict[tuple[str, str], Declaration]:
    """The newest version of every dataset ever declared, by (association, dataset)."""
    wanted = sa.select(declarations).order_by(declarations.c.version)
    if association is not None:
        wanted = wanted.where(declarations.c.association == association)
    return {(row.association, row.dataset): _declaration(row) for row in connection.execute(wanted)}


def keep(connection: sa.Connection, association: str, owner: str, datasets: Iterable[Dataset]) -> None:
    """Keep these declarations, each in the place of what was kept of the same version."""
    before, bases = last(connection, association), known(connection, association)
    for dataset in datasets:
        former, base = before.get((association, dataset.code)), bases[association, dataset.code]
        mine = sa.and_(
            declarations.c.association == association,
            declarations.c.dataset == dataset.code,
            declarations.c.version == dataset.version,
        )
        since = _since(connection, former, dataset.version)
        connection.execute(sa.delete(declarations).where(mine))
        connection.execute(
            sa.insert(declarations).values(
                association=association,
                dataset=dataset.code,
                version=dataset.version,
                owner=owner,
                since=since,
                told=plain_data.plain(dataset),
                columns={name: asdict(base.columns[name]) for name in dataset.by_name},
            )
        )


def is_kept(found: Declaration | None, owner: str, dataset: Dataset) -> bool:
    """Whether what is kept is what is declared."""
    return found is not None and found.owner == owner and found.told == plain_data.plain(dataset)


def of_table(connection: sa.Connection, association: str, code: str, base: KnownTable) -> Declaration:
    """What is kept of a table; of one that is older than declarations, the names and the types of its columns."""
    kept = last(connection, association).get((association, code))
    if kept is not None:
        return kept
    types = {name: one.dtype for name, one in base.columns.items()}
    unnamed = plain_data.unnamed(code, base.version, base.key, types)
    return Declaration(association, association, base.version, 0, plain_data.plain(unnamed), base.columns)


def _since(connection: sa.Connection, former: Declaration | None, version: int) -> int:
    if former is None:
        return 0
    return former.since if former.version == version else latest(connection) + 1


def _declaration(row: Any) -> Declaration:
    columns = {name: Stored(**one) for name, one in row.columns.items()}
    return Declaration(row.association, row.owner, row.version, row.since, row.told, columns)
