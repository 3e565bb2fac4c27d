"""What seals the rows: a digest of those that a revision added and ended, held by its line of the journal.

A row is written as one text that is the same on both databases: since when it holds, its key, its place,
its experiment, then the value of each stored column in their order, a missing one marked as such. Those that
are missing at the end are left out: a column added later changes no text of before. The digest covers the
names of the columns that hold something, the rows added, and which rows ended.

Beside, each revision keeps a short print of its rows (``row_seals``): it proves nothing, it only serves to name
those that are no longer what they were.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl
import sqlalchemy as sa

from core.storage import journal
from core.storage.schema import EXPERIMENT, KEY, PLACE, SINCE, UNTIL, row_seals

SEAL, SEALED = "seal", "sealed"
"""In the details of a line: what a deposit sealed of its revision; what a whole table was found to hold."""
PRINT, OPENED = "print", "opened"
HIDDEN = (SINCE, KEY, PLACE, EXPERIMENT)
_ENDED = (UNTIL, KEY, SINCE)
_NONE, _BETWEEN, _ESCAPE = "\x00", "\x1f", "\x1b"
_ESCAPED = {_ESCAPE: f"{_ESCAPE}e", _NONE: f"{_ESCAPE}0", _BETWEEN: f"{_ESCAPE}s", "\n": f"{_ESCAPE}n"}
"""What separates the rows, the values and those that are missing, where somebody typed it."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The digest of some rows: how many were added, how many ended, and the prints that name them."""

    sha256: str
    opened: int
    closed: int
    prints: bytes

    @property
    def told(self) -> dict[str, object]:
        """What the journal holds of it."""
        return {"sha256": self.sha256, "opened": self.opened, "closed": self.closed}


@dataclass(frozen=True, slots=True)
class RowTexts:
    """Rows as texts, in the order of their digest, with what names them.

    ``rows`` has ``_since`` and ``_key``, and for those that ended ``_until``; ``filled`` says by revision
    which columns hold something, ``columns`` their names.
    """

    rows: pl.DataFrame
    texts: list[bytes]
    filled: pl.DataFrame
    columns: tuple[str, ...] = ()

    def part(self, column: str, low: int, high: int) -> RowTexts:
        """Those whose ``column`` (``_since`` or ``_until``, by which they are in order) is from ``low`` to ``high``."""
        order = self.rows[column]
        start = int(order.search_sorted(low, side="left"))
        end = int(order.search_sorted(high, side="right"))
        filled = self.filled
        if self.columns:
            filled = filled.filter(pl.col(column).is_between(low, high))
        return RowTexts(self.rows.slice(start, end - start), self.texts[start:end], filled, self.columns)

    @property
    def heads(self) -> list[str]:
        """The columns that hold something in one of these rows."""
        return [name for name in self.columns if self.filled[name].any()]


def opened(rows: pl.DataFrame, columns: Sequence[str]) -> RowTexts:
    """Rows that began to hold, with ``_since``, the hidden columns and those of ``columns`` that they have."""
    names = [*HIDDEN, *columns]
    missing = [pl.lit(None, pl.String).alias(name) for name in names if name not in rows.columns]
    ordered = _in_order(rows.with_columns(missing).select(names))
    filled = ordered.group_by(SINCE, maintain_order=True).agg(pl.col(name).is_not_null().any() for name in columns)
    return RowTexts(ordered.select(SINCE, KEY), _texts(ordered), filled, tuple(columns))


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by revision, then by key; those of one deposit come in the order of their keys already."""
    since = rows[SINCE]
    if since.is_sorted() and rows[KEY].is_sorted() and since.min() == since.max():
        return rows
    return rows.sort(SINCE, KEY)


def closed(rows: pl.DataFrame) -> RowTexts:
    """Rows that ceased to hold: their ``_key``, ``_since`` and ``_until``."""
    ordered = rows.select(_ENDED).sort(_ENDED)
    return RowTexts(ordered, _texts(ordered), ordered)


def seal(added: RowTexts, ended: RowTexts) -> Seal:
    """The digest of rows added and ended, the same on both databases."""
    found = hashlib.sha256(journal.canonical({"columns": added.heads, "rows": len(added.texts)}).encode())
    for part in (added, ended):
        found.update(b"\n")
        found.update(b"\n".join(part.texts))
    return Seal(found.hexdigest(), len(added.texts), len(ended.texts), _pressed(prints(added, ended)))


def of_revision(revision: int, columns: Sequence[str], added: Sequence[pl.DataFrame], ended: pl.DataFrame) -> Seal:
    """The seal of a revision: the frames that it adds, and the rows (``_key``, ``_since``) that it ends."""
    rows = pl.concat([one for one in added if one.height] or list(added[:1]), how="diagonal")
    since, until = (pl.lit(revision, pl.Int64).alias(name) for name in (SINCE, UNTIL))
    return seal(opened(rows.with_columns(since), columns), closed(ended.with_columns(until)))


def prints(added: RowTexts, ended: RowTexts) -> pl.DataFrame:
    """The short print of each row, with what names it: ``opened`` tells those added from those ended."""
    frames = []
    for part, opens in ((added, True), (ended, False)):
        until = pl.lit(None, pl.Int64) if opens else pl.col(UNTIL)
        frames.append(
            part.rows.select(
                pl.col(KEY),
                pl.col(SINCE),
                until.alias(UNTIL),
                pl.Series(PRINT, list(map(zlib.crc32, part.texts)), pl.UInt32),
                pl.lit(opens).alias(OPENED),
            )
        )
    return pl.concat(frames)


def keep(connection: sa.Connection, association: str, dataset: str, revision: int, found: Seal) -> None:
    """Keep the prints of a revision."""
    values = {"association": association, "dataset": dataset, "revision": revision, "prints": found.prints}
    connection.execute(sa.insert(row_seals).values(**values))


def replace(connection: sa.Connection, association: str, dataset: str, through: int, found: Seal) -> None:
    """Keep the prints of a whole table up to ``through`` instead of those of its revisions."""
    mine = (row_seals.c.association == association, row_seals.c.dataset == dataset)
    connection.execute(sa.delete(row_seals).where(*mine, row_seals.c.revision <= through))
    keep(connection, association, dataset, through, found)


def kept(connection: sa.Connection, association: str, dataset: str, revision: int) -> pl.DataFrame | None:
    """The prints of a revision; None when they are gone or cannot be read."""
    wanted = sa.select(row_seals.c.prints).where(
        row_seals.c.association == association, row_seals.c.dataset == dataset, row_seals.c.revision == revision
    )
    held = connection.scalar(wanted)
    try:
        return pl.read_ipc(io.BytesIO(held)) if held else None
    except (pl.exceptions.PolarsError, OSError):
        return None  # altered as well: the digest has said enough


def _pressed(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_ipc(out, compression="zstd")
    return out.getvalue()


def _texts(rows: pl.DataFrame) -> list[bytes]:
    if rows.is_empty():
        return []
    plain = rows.with_columns(_decimals(rows))
    texts = pl.col(pl.String)
    if plain.select(pl.any_horizontal(texts.str.contains_any(list(_ESCAPED)).any())).item():
        plain = plain.with_columns(texts.str.replace_many(_ESCAPED))
    blank = {one.name for one in plain if one.null_count() == len(one)}
    while plain.width > 1 and plain.columns[-1] in blank:  # what is missing at the end is left out
        plain = plain.drop(plain.columns[-1])
    pieces = [pl.lit(_NONE) if name in blank else _piece(name, dtype) for name, dtype in plain.schema.items()]
    line = pl.concat_str(pieces, separator=_BETWEEN).str.replace(f"(?:{_BETWEEN}{_NONE})+$", "")
    return plain.select(line.cast(pl.Binary)).to_series().to_list()


def _piece(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Date:
        column = column.dt.to_string("%Y-%m-%d")
    elif dtype == pl.Boolean:
        column = column.cast(pl.Int8)
    return column.cast(pl.String).fill_null(_NONE)


def _decimals(rows: pl.DataFrame) -> Iterator[pl.Series]:
    """Decimal numbers to their last bit, whatever a library's fashion of writing them; −0 is 0, as SQLite says."""
    for name, dtype in rows.schema.items():
        if dtype == pl.Float64:
            values = (None if one is None else (one or 0.0).hex() for one in rows[name])
            yield pl.Series(name, list(values), pl.String)


@cache
def of_nothing() -> Seal:
    """The seal of a revision that has no row: who adds one to it is found out."""
    return seal(
        opened(pl.DataFrame(schema={KEY: pl.String, SINCE: pl.Int64}), ()),
        closed(pl.DataFrame(schema={KEY: pl.String, SINCE: pl.Int64, UNTIL: pl.Int64})),
    )
