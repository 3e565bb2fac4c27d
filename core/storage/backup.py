"""A whole base as one archive, and back: taken while people write, the same from either database to the other.

The archive is a ZIP: « sauvegarde.json » (what it holds, with the SHA-256 and the number of rows of each
table), and one file of JSON lines per table. Open sessions and wrong passwords are left out: a
restored base asks everybody to sign in again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.domain import french
from core.errors import JournalBroken, Refused
from core.storage import engine, migrations, schema, sealing
from core.storage.rows import bytewise
from core.storage.schema import CORE, UtcDateTime, deposits, files, journal, row_seals, schemas, utc, versions

_DRAFT, _A_DAY = ".partiel", 24 * 3600
MANIFEST, FORMAT = "sauvegarde.json", 1
_LEFT_OUT = frozenset(
    {
        schema.sessions.name,
        schema.attempts.name,
        schema.browsers.name,
        schema.remotes.name,
        schema.answers.name,
        versions.name,
    }
)
"""The restored base has its own version of the store’s tables: an older archive is filled into today’s."""
_BATCH, _FILES_AT_ONCE = 1_000, 8
_DATED = (1980, 1, 1, 0, 0, 0)
"""Of every member: the same base gives the same archive, whatever the hour."""
_KINDS: dict[str, Any] = {
    "BOOLEAN": sa.Boolean,
    "DATE": sa.Date,
    "BIGINT": sa.BigInteger,
    "DOUBLE": sa.Double,
    "TEXT": sa.Text,
}
"""The types of the columns of datasets, by their name in the archive, whatever each database calls them."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, ValueError, EOFError, OSError)
"""What Python may raise when an archive of ours was cut or altered."""


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """What an archive holds: rows by table, the last revision, the last line of the journal and its hash."""

    rows: Mapping[str, int]
    revision: int
    journal: int
    last_hash: str

    @property
    def total(self) -> int:
        """Rows of all tables together."""
        return sum(self.rows.values())


def write(connection: sa.Connection, out: Path) -> ArchiveContents:
    """Write everything that ``connection`` sees, one state of the base, to ``out``; nothing is left half written.

    Only its owner may read it. Raises Refused when ``out`` is there and is no archive of ours (it might be
    the base itself), or when the base holds nothing: a good archive would be lost for an empty one.
    """
    _refuse_to_replace(out)
    if not connection.scalar(sa.select(sa.func.count()).select_from(journal)):
        raise Refused(
            "Cette base est vide : il n’y a rien à sauvegarder, et rien n’est écrit. Vérifiez que "
            "FABRIQUE_DATABASE_URL désigne bien la base du service."
        )
    draft = out.with_name(f"{out.name}{_DRAFT}")
    draft.unlink(missing_ok=True)
    try:
        draft.touch(mode=0o600)
        _forget_old_drafts(draft)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = [_write_table(archive, connection, table) for table in _tables(connection)]
            told = {
                "format": FORMAT,
                "core": migrations.VERSION,
                "revision": connection.scalar(sa.select(sa.func.max(deposits.c.revision))) or 0,
                "journal": _last_line(connection),
                "tables": tables,
            }
            archive.writestr(zipfile.ZipInfo(MANIFEST, _DATED), json.dumps(told, ensure_ascii=False, indent=1))
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return _held(told)


def _forget_old_drafts(draft: Path) -> None:
    """Remove what backups that were killed left beside ``draft``: archives begun more than a day before it."""
    begun = draft.stat().st_mtime - _A_DAY
    for one in draft.parent.glob(f"*{_DRAFT}"):
        with suppress(OSError):
            if one.is_file() and one.stat().st_mtime < begun and one.read_bytes()[:2] in (b"", b"PK"):
                one.unlink()


def check(source: Path) -> ArchiveContents:
    """What the archive says that it holds, once every byte of it was verified.

    Raises Refused for a file that is no archive of ours, JournalBroken for one whose content changed.
    """
    with _opened(source) as archive:
        told = _manifest(archive)
        for one in told["tables"]:
            _verify(archive, one)
    return _held(told)


def restore(bound: sa.Engine, source: Path) -> ArchiveContents:
    """Fill an empty base with an archive, all of it or nothing, verify its journal, and give back what it holds.

    Raises Refused when the base holds something already or the archive is of a newer version,
    JournalBroken when a table does not come back as it was written, or the journal does not hold.
    """
    held = check(source)
    with _opened(source) as archive, engine.writing(bound) as connection:
        told = _manifest(archive)
        _refuse(connection, told)
        for one in told["tables"]:
            table = CORE.tables[one["name"]] if one["core"] else _made(connection, one)
            _fill(connection, table, one, archive)
        sealing.everything(connection)
    return held


# --- out ----------------------------------------------------------------------------------


def _tables(connection: sa.Connection) -> Iterator[sa.Table]:
    """The store's own tables, those that others point to first; then those of the datasets, as they are stored.

    The columns are asked of the base: one that was retyped keeps its former values beside the new ones.
    """
    yield from (table for table in CORE.sorted_tables if table.name not in _LEFT_OUT)
    hidden = {column.name for column in schema.hidden()}
    for name in connection.scalars(sa.select(schemas.c.table_name).order_by(schemas.c.table_name)).all():
        found = sa.inspect(connection).get_columns(name)
        yield _plain(name, [sa.Column(one["name"], _kind(one["type"])) for one in found if one["name"] not in hidden])


def _kind(found: object) -> Any:
    """One of our five types for the one that a database tells."""
    if isinstance(found, sa.Boolean):
        return sa.Boolean()
    if isinstance(found, sa.Date):
        return sa.Date()
    if isinstance(found, sa.Integer):
        return sa.BigInteger()
    return sa.Double() if isinstance(found, sa.Float | sa.Numeric) else sa.Text()


def _plain(name: str, columns: list[sa.Column[object]]) -> sa.Table:
    """The table of a dataset with its stored columns, then the hidden ones."""
    return sa.Table(name, sa.MetaData(), *columns, *schema.hidden())


def _write_table(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> dict[str, object]:
    print_, rows = hashlib.sha256(), 0
    by = table.primary_key.columns or (table.c[schema.KEY], table.c[schema.SINCE])
    ordered = sa.select(table).order_by(*(bytewise(connection, column) for column in by))
    found = connection.execute(ordered, execution_options={"yield_per": _at_once(table)})
    writers = [_writer(column.type) for column in table.columns]
    info = zipfile.ZipInfo(_member(table.name), _DATED)
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as member:
        for row in found:
            values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            line = (
                json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
            )
            print_.update(line)
            member.write(line)
            rows += 1
    return {
        "name": table.name,
        "core": table.metadata is CORE,
        "rows": rows,
        "sha256": print_.hexdigest(),
        "columns": [[column.name, _word(column.type)] for column in table.columns],
    }


def _at_once(table: sa.Table) -> int:
    """How many rows are in memory together: few of those that hold whole files, or the prints of a whole deposit."""
    return _FILES_AT_ONCE if table.name in (files.name, row_seals.name) else _BATCH


def _last_line(connection: sa.Connection) -> dict[str, object]:
    last = connection.execute(sa.select(journal).order_by(journal.c.number.desc()).limit(1)).first()
    return {"number": last.number, "hash": last.hash} if last else {"number": 0, "hash": ""}


def _writer(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, UtcDateTime):
        return lambda value: utc(value).isoformat()
    if isinstance(kind, sa.Date):
        return lambda value: value.isoformat()
    if isinstance(kind, sa.LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    return lambda value: value


# --- in -----------------------------------------------------------------------------------


def _refuse(connection: sa.Connection, told: Mapping[str, Any]) -> None:
    if connection.scalar(sa.select(sa.func.count()).select_from(journal)):
        raise Refused(
            "La base où restaurer contient déjà des données ; rien n’a été changé. "
            "Donnez l’adresse d’une base neuve (FABRIQUE_DATABASE_URL), puis servez-la à la place de l’ancienne."
        )
    if told["core"] > migrations.VERSION:
        raise Refused(
            "Cette sauvegarde vient d’une version plus récente de Fabrique. Installez cette version, puis restaurez."
        )


def _made(connection: sa.Connection, told: Mapping[str, Any]) -> sa.Table:
    """The table of a dataset, made as it was when it was saved; the declared one brings it up to date afterwards."""
    hidden = {column.name for column in schema.hidden()}
    stored = [sa.Column(name, _KINDS[word]()) for name, word in told["columns"] if name not in hidden]
    table = _plain(told["name"], stored)
    schema.index(table)
    table.create(connection)
    return table


def _fill(connection: sa.Connection, table: sa.Table, told: Mapping[str, Any], archive: zipfile.ZipFile) -> None:
    names = [name for name, _ in told["columns"]]
    readers = [_reader(table.c[name].type) for name in names]
    batch: list[dict[str, Any]] = []
    with archive.open(_member(told["name"])) as member:
        for line in member:
            values = json.loads(line)
            row = (None if value is None else read(value) for read, value in zip(readers, values, strict=True))
            batch.append(dict(zip(names, row, strict=True)))
            if len(batch) == _at_once(table):
                connection.execute(sa.insert(table), batch)
                batch.clear()
    if batch:
        connection.execute(sa.insert(table), batch)
    there = connection.scalar(sa.select(sa.func.count()).select_from(table))
    if there != told["rows"]:
        raise JournalBroken(
            f"La table « {table.name} » a {french.count(there or 0, 'ligne')} au lieu de {told['rows']} : "
            "rien n’a été restauré. Reprenez la sauvegarde, ou une autre."
        )


def _reader(kind: object) -> Callable[[Any], object]:
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode
    return lambda value: value


# --- the archive --------------------------------------------------------------------------


def _refuse_to_replace(out: Path) -> None:
    if out.suffix.lower() != ".zip":
        raise Refused(f"« {out} » n’est pas un nom de sauvegarde. Donnez un nom qui finit par « .zip ».")
    if out.exists():
        try:
            with _opened(out) as archive:
                _manifest(archive)
        except Refused as error:
            raise Refused(f"« {out} » existe et n’est pas une sauvegarde : il n’est pas remplacé.") from error


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise Refused(f"« {source} » n’existe pas. Vérifiez le chemin de la sauvegarde.") from error
    except _DAMAGED as error:
        raise Refused(f"« {source} » n’est pas une sauvegarde de Fabrique, ou elle est coupée.") from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        told = json.loads(archive.read(MANIFEST))
        known = told["format"]
    except (*_DAMAGED, TypeError) as error:
        raise Refused("Ce fichier n’est pas une sauvegarde de Fabrique : sa description n’y est pas.") from error
    if known != FORMAT:
        raise Refused("Cette sauvegarde est d’un format que cette version de Fabrique ne lit pas.")
    return dict(told)


def _verify(archive: zipfile.ZipFile, told: Mapping[str, Any]) -> None:
    """Raise JournalBroken unless a table is, byte for byte, the one that was written."""
    print_, rows = hashlib.sha256(), 0
    try:
        with archive.open(_member(told["name"])) as member:
            for line in member:
                print_.update(line)
                rows += 1
    except _DAMAGED:
        rows = -1
    if rows != told["rows"] or print_.hexdigest() != told["sha256"]:
        raise JournalBroken(
            f"La table « {told['name']} » de cette sauvegarde n’est plus celle qui a été écrite : des octets ont "
            "changé. Prenez une autre sauvegarde."
        )


def _held(told: Mapping[str, Any]) -> ArchiveContents:
    rows = {one["name"]: one["rows"] for one in told["tables"]}
    return ArchiveContents(rows, told["revision"], told["journal"]["number"], told["journal"]["hash"])


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _word(kind: object) -> str:
    """« TEXT », « BIGINT »: how a type is named in the archive; the store’s own tables know theirs."""
    return next((word for word, made in _KINDS.items() if type(kind) is made), type(kind).__name__)
