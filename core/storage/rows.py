"""Rows read and compared: those that hold at a revision, as frames, and their difference with those handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain.dataset import Dataset
from core.errors import Refused
from core.storage.schema import EXPERIMENT, KEY, SINCE, UNTIL, DataTable, build, schemas

_CHUNK = 50_000
# Cells become Python objects a few at a time: measured a quarter quicker than by 50 000 rows.
_TUPLES = 500
_FETCHED = 5_000
# What SQLite gives back for a type that it does not have.
_SQLITE_RAW: Mapping[type[pl.DataType], type[pl.DataType]] = {pl.Date: pl.String, pl.Boolean: pl.Int64}


def read_frame(
    connection: sa.Connection, select: sa.Select[Any], types: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    """The rows of ``select`` as a frame of exactly ``types``, even when there is none."""
    raw = dict(types)
    if connection.dialect.name == "sqlite":
        raw = {name: _SQLITE_RAW.get(dtype, dtype) for name, dtype in types.items()}
    # The driver's own cursor: SQLAlchemy's would make an object of each row and convert each date.
    cursor: Any = connection.execute(select).cursor
    parts = [pl.DataFrame(schema=raw)]
    while rows := cursor.fetchmany(_FETCHED):
        parts.append(pl.DataFrame(rows, schema=raw, orient="row"))
    whole = pl.concat(parts)
    return whole.with_columns(_typed(name, dtype) for name, dtype in types.items() if raw[name] != dtype)


def among(connection: sa.Connection, column: sa.ColumnElement[str], keys: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition that ``column`` is one of ``keys``, as one parameter whatever their number."""
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(sa.bindparam(None, list(keys), type_=sa.JSON)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    return column == sa.any_(sa.bindparam(None, list(keys), type_=sa.ARRAY(sa.Text)))


def insert(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame, revision: int) -> None:
    """Add the frame's rows to ``table`` as holding since ``revision``."""
    if frame.is_empty():
        return
    if not frame[KEY].is_sorted():
        frame = frame.sort(KEY)  # the index on the keys then grows at its end
    if connection.dialect.name == "sqlite":
        _insert_sqlite(connection, table, frame, revision)
    else:
        _copy_postgresql(connection, table, frame, revision)


def close(connection: sa.Connection, table: sa.Table, keys: Sequence[str], revision: int) -> int:
    """End the current rows of ``keys`` at ``revision``; return how many there were."""
    closed = 0
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        done = connection.execute(
            sa.update(table)
            .values({UNTIL: revision})
            .where(table.c[UNTIL].is_(None), among(connection, table.c[KEY], part))
        )
        closed += done.rowcount
    return closed


def holding(connection: sa.Connection, table: sa.Table, keys: Sequence[str]) -> pl.DataFrame:
    """The key and ``_since`` of those of ``keys`` that hold."""
    wanted = sa.select(table.c[KEY], table.c[SINCE]).where(table.c[UNTIL].is_(None))
    types: Mapping[str, type[pl.DataType]] = {KEY: pl.String, SINCE: pl.Int64}
    parts = [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]
    found = [read_frame(connection, wanted.where(among(connection, table.c[KEY], part)), types) for part in parts]
    return pl.concat([pl.DataFrame(schema=types), *found])


def _typed(name: str, dtype: type[pl.DataType]) -> pl.Expr:
    column = pl.col(name)
    return column.str.to_date("%Y-%m-%d") if dtype == pl.Date else column.cast(dtype)


def _insert_sqlite(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame, revision: int) -> None:
    texts = frame.select(_for_sqlite(name, dtype) for name, dtype in frame.schema.items() if _filled(frame[name]))
    names = _stored_names(connection, table, texts)
    marks = ",".join("?" * len(names))
    sql = f"INSERT INTO {_quoted(connection, table)} ({','.join(names)},{SINCE}) VALUES ({marks},{revision:d})"
    for chunk in texts.iter_slices(_TUPLES):
        connection.exec_driver_sql(sql, chunk.rows())


def _filled(column: pl.Series) -> bool:
    return column.null_count() < len(column)


def _for_sqlite(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column.dt.to_string("%Y-%m-%d") if dtype == pl.Date else column


def _copy_postgresql(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame, revision: int) -> None:
    names = _stored_names(connection, table, frame)
    sql = f"COPY {_quoted(connection, table)} ({','.join(names)},{SINCE}) FROM STDIN (FORMAT csv)"
    numbered = frame.with_columns(pl.lit(revision, pl.Int64).alias(SINCE))
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(sql) as copy:
        for chunk in numbered.iter_slices(_CHUNK):
            # Text is quoted and null is not: an empty text stays different from no text.
            copy.write(chunk.write_csv(include_header=False, quote_style="non_numeric"))


def _stored_names(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote
    return [quote(table.c[name].name) for name in frame.columns]


def _quoted(connection: sa.Connection, table: sa.Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


# --- What would change if these rows were saved: added, changed cell by cell, unchanged, missing ----


_BEFORE = "before:"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that changes, of the row ``key``; values are typed, None is blank."""

    key: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Diff:
    """The difference between rows handed in and those that hold.

    added      rows whose key does not hold yet
    changed    rows whose key holds with other values, as handed in
    before     the same rows as they hold, in the same order, with ``_since``
    unchanged  how many rows hold exactly as handed in
    missing    rows that hold and were not handed in (None when nobody asked)
    """

    added: pl.DataFrame
    changed: pl.DataFrame
    before: pl.DataFrame
    unchanged: int
    missing: pl.DataFrame | None = None

    def cells(self, limit: int | None = None) -> list[CellChange]:
        """The cells that change, row by row; at most ``limit`` rows are looked at."""
        rows = zip(self.before.slice(0, limit).to_dicts(), self.changed.slice(0, limit).to_dicts(), strict=True)
        return [change for before, after in rows for change in cells_of(after[KEY], before, after)]


def compare(rows: pl.DataFrame, current: pl.DataFrame) -> Diff:
    """Match ``rows`` to the ``current`` ones by key and compare the other columns, null-safe.

    A column that ``rows`` does not have keeps its current value.
    Raises Refused when a key comes twice in ``rows``.
    """
    _refuse_duplicates(rows)
    if current.is_empty():
        return Diff(rows, rows.clear(), current, 0)
    joined = rows.join(
        current.rename(lambda name: _BEFORE + name),
        left_on=KEY,
        right_on=_BEFORE + KEY,
        how="left",
        maintain_order="left",
    )
    known = pl.col(_BEFORE + SINCE).is_not_null()
    compared = [name for name in rows.columns if name != KEY]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(_BEFORE + name)) for name in compared)
    kept = [name for name in current.columns if name not in rows.columns and name != SINCE]
    joined = joined.with_columns(pl.col(_BEFORE + name).alias(name) for name in kept)
    added = joined.filter(~known).select(rows.columns)
    changed = joined.filter(known & differs)
    before = changed.select(KEY, *(pl.col(_BEFORE + n).alias(n) for n in current.columns if n != KEY))
    return Diff(
        added,
        changed.select([n for n in current.columns if n != SINCE]),
        before.select(current.columns),
        rows.height - added.height - changed.height,
    )


def _refuse_duplicates(rows: pl.DataFrame) -> None:
    if rows[KEY].null_count():
        raise Refused("Une ligne n’a pas de clé. Remplissez les colonnes qui identifient la ligne.")
    if rows[KEY].n_unique() < rows.height:
        twice = rows.filter(pl.col(KEY).is_duplicated())[KEY][0]
        raise Refused(f"La ligne « {twice} » vient deux fois. Gardez-en une seule.")


def cells_of(key: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[CellChange]:
    """The cells that differ between two versions of a row; a version that is not there is empty."""
    for name in after or before:
        old, new = before.get(name), after.get(name)
        if old != new and name not in (KEY, SINCE):
            yield CellChange(key, name, old, new)


# --- What the base remembers of each dataset: its table, its version, its columns ------------------


KEPT = (pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.Date)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the values of a column are: the stored column's name, its SQL and polars types as words."""

    column: str
    sql: str
    dtype: str

    @property
    def polars(self) -> type[pl.DataType]:
        """The polars type."""
        return getattr(pl, self.dtype)


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A dataset's table as the base knows it; ``columns`` by the names of the schema."""

    table_name: str
    version: int
    key: tuple[str, ...]
    columns: Mapping[str, Stored]


def known(connection: sa.Connection, association: str | None = None) -> dict[tuple[str, str], KnownTable]:
    """The tables that the base has for an association (None: for anybody), by (association, dataset)."""
    wanted = sa.select(schemas).order_by(schemas.c.association, schemas.c.dataset)
    if association is not None:
        wanted = wanted.where(schemas.c.association == association)
    found = connection.execute(wanted)
    return {(row.association, row.dataset): _known(row) for row in found}


def declared(dataset: Dataset) -> dict[str, Stored]:
    """The columns as declared, each stored under its own name.

    Raises Refused for a kind whose polars type is not among those that are kept.
    """
    for column in dataset.columns:
        if column.kind.dtype not in KEPT:
            raise Refused(
                f"La colonne « {column.name} » du jeu « {dataset.code} » est d’un type qui ne se garde pas "
                f"({column.kind.dtype}). Choisissez parmi {', '.join(str(dtype) for dtype in KEPT)}."
            )
    return {
        column.name: Stored(column.name, str(column.kind.sql_type()), str(column.kind.dtype))
        for column in dataset.columns
    }


def ever_held(connection: sa.Connection, base: KnownTable) -> bool:
    """Whether a table holds a row, or once did."""
    return connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(base.table_name)).limit(1)) == 1


def open_table(association: str, dataset: Dataset, base: KnownTable) -> DataTable:
    """The table of a dataset that needs no migration."""
    stored = {name: one.column for name, one in base.columns.items()}
    return build(association, dataset, base.table_name, stored)


def _known(row: Any) -> KnownTable:
    columns = {c["name"]: Stored(c["column"], c["sql"], c["dtype"]) for c in row.columns}
    return KnownTable(row.table_name, row.version, tuple(row.key), columns)


# --- Rows as they hold today or held at a past revision --------------------------------------------


_ASK_BY_KEY = 20_000  # beyond, reading the whole table is quicker than looking up each key


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWanted:
    """Which of the rows that hold: those that meet every condition given, all of them when none is.

    keys        of one of these keys
    experiments of one of these experiments; None: of none
    equal       each of these columns has this value
    dated       one of these columns is a day between the two, both included
    page        at most so many from this rank on (0: the first), by key
    columns     with their key and these alone
    """

    keys: Sequence[str] | None = None
    experiments: Sequence[str | None] | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    dated: tuple[Sequence[str], date, date] | None = None
    page: tuple[int, int] | None = None
    columns: Sequence[str] | None = None

    def conditions(self, connection: sa.Connection, data: DataTable) -> list[sa.ColumnElement[bool]]:
        """The same over the table, the page apart."""
        columns = data.table.c
        found = [columns[name] == value for name, value in self.equal.items()]
        if self.keys is not None:
            found.append(among(connection, columns[KEY], self.keys))
        if self.experiments is not None:
            named = columns[EXPERIMENT].in_([one for one in self.experiments if one is not None])
            found.append(sa.or_(named, columns[EXPERIMENT].is_(None)) if None in self.experiments else named)
        if self.dated is not None:
            names, first, last = self.dated
            found.append(sa.or_(*(columns[name].between(first, last) for name in names)))
        return found


EVERY_ROW = RowsWanted()


def rows(
    connection: sa.Connection, data: DataTable, revision: int | None = None, wanted: RowsWanted = EVERY_ROW
) -> pl.DataFrame:
    """The rows ``wanted`` that hold at ``revision`` (None: today), sorted by key, typed as declared."""
    if wanted.page is not None:
        wanted = replace(wanted, keys=_page(connection, data, revision, wanted, *wanted.page), page=None)
    types: dict[str, type[pl.DataType]] = {**data.types, SINCE: pl.Int64}
    if wanted.columns is not None:
        types = {name: types[name] for name in dict.fromkeys((KEY, *wanted.columns))}
    asked = _holding(sa.select(*(data.table.c[name] for name in types)), connection, data, revision, wanted)
    return read_frame(connection, asked, types).sort(KEY)


def count(
    connection: sa.Connection, data: DataTable, revision: int | None = None, wanted: RowsWanted = EVERY_ROW
) -> int:
    """How many rows are ``wanted``, its page apart, of those that hold at ``revision`` (None: today)."""
    asked = _holding(sa.select(sa.func.count()).select_from(data.table), connection, data, revision, wanted)
    return connection.scalar(asked) or 0


def _holding(
    select: sa.Select[Any], connection: sa.Connection, data: DataTable, revision: int | None, wanted: RowsWanted
) -> sa.Select[Any]:
    holds = data.holds(revision, by_key=wanted.keys is not None)
    return select.where(holds, *wanted.conditions(connection, data))


def _page(
    connection: sa.Connection, data: DataTable, revision: int | None, wanted: RowsWanted, first: int, size: int
) -> list[str]:
    """The keys of one page."""
    key = data.table.c[KEY]
    asked = _holding(sa.select(key), connection, data, revision, wanted)
    return list(connection.scalars(asked.order_by(bytewise(connection, key)).offset(first).limit(size)))


def bytewise(connection: sa.Connection, column: sa.Column[Any]) -> Any:
    """The column as rows are put in order: texts by their bytes, as SQLite does, whatever the server’s language."""
    postgresql = connection.dialect.name == "postgresql"
    return sa.collate(column, "C") if postgresql and isinstance(column.type, sa.Text) else column


def current_of(connection: sa.Connection, data: DataTable, keys: pl.Series) -> pl.DataFrame:
    """The rows that hold today, among which all those of ``keys`` that do."""
    if len(keys) > _ASK_BY_KEY:
        return rows(connection, data)
    return rows(connection, data, wanted=RowsWanted(keys=keys.to_list()))


def visible(data: DataTable, revision: int | sa.BindParameter[int] | None) -> sa.Subquery:
    """A FROM clause of the rows that hold at ``revision``, under the schema's column names."""
    return sa.select(*data.selected).where(data.holds(revision)).subquery(data.table.name)


def visible_among(dialect: str, data: DataTable, revision: sa.BindParameter[int], keys: str) -> sa.Subquery:
    """The same, of few rows: those whose keys are the list bound as ``keys`` when the statement runs."""
    key, until = data.table.c[KEY], data.table.c[UNTIL]
    mine: sa.ColumnElement[bool]
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam(keys, type_=sa.JSON)).table_valued("value")
        mine = key.in_(sa.select(listed.c.value))
    else:
        mine = key == sa.any_(sa.bindparam(keys, type_=sa.ARRAY(sa.Text)))
    # Apart, so that each finds its rows through the index that holds them.
    found = sa.select(*data.selected).where(mine, data.holds(revision))
    return sa.union_all(found.where(until.is_(None)), found.where(until.is_not(None))).subquery(data.table.name)


def changed_keys(connection: sa.Connection, data: DataTable, low: int, high: int, at_most: int) -> list[str]:
    """The keys of the rows that a revision after ``low``, up to ``high``, added or ended: one more than ``at_most``."""
    table = data.table
    moved = sa.or_(*(sa.and_(table.c[one] > low, table.c[one] <= high) for one in (SINCE, UNTIL)))
    wanted = sa.select(table.c[KEY]).where(moved).distinct().limit(at_most + 1)
    return list(connection.scalars(wanted))
