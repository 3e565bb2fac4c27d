"""« Emporter toutes mes données »: everything that an association handed in, in one ZIP.

One spreadsheet for each table, which can be handed in again as it is; the files as they were kept;
a list of both. The same state gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from core.catalogue.dates import Jour
from core.catalogue.numbers import Decimal, Entier, Montant
from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.calendar import FRANCE
from core.domain.dataset import Column
from core.exports import table_schema
from core.exports.csv import french_csv
from core.exports.description import DatasetDescription
from core.exports.template import workbook
from core.exports.template_cells import Styles, TemplateCells
from core.storage import Store
from core.storage.deposits import Deposit

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LIST = "liste.csv"
_HEADINGS = ("Fichier", "Ce que c’est", "Tableau", "Lignes", "Déposé le", "Par", "Nom d’origine", "Empreinte SHA-256")


def take_away(scope: Scope, association: str) -> bytes:
    """The ZIP of all that ``association`` handed in and that holds at ``at``.

    Raises Forbidden when the data are not the actor's, UnknownName.
    """
    access.check(scope.actor, Action.READ_HISTORY, On(association))
    scope.registry.association(association)
    data, listed = io.BytesIO(), []
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = (*_tables(scope, association), *_kept(scope.registry, scope.store, association))
        for name, content, told in (*tables, *_files(scope.registry, scope.store, association)):
            archive.writestr(_member(name, scope.now), content)
            listed.append((name, *told))
        archive.writestr(_member(LIST, scope.now), french_csv(_HEADINGS, listed))
    return data.getvalue()


def take_away_name(association: str, day: date) -> str:
    """« donnees-anonymal-2022-07-05.zip »."""
    return f"donnees-{association}-{day:%Y-%m-%d}.zip"


def table(registry: Registry, store: Store, association: str, dataset: str, *, created: datetime) -> bytes:
    """The rows that hold, in the template of their table: an XLSX that can be handed in again as it is."""
    about = DatasetDescription.of(registry, association, dataset)
    rows = store.rows(association, dataset)

    def below(sheet: Worksheet, styles: Styles) -> None:
        columns = [(place, one, styles.cells(one)) for place, one in enumerate(about.dataset.columns)]
        for row, cells in enumerate(rows.iter_rows(named=True), start=TemplateCells.FIRST):
            for place, column, style in columns:
                _write(sheet, row, place, column, cells[column.name], style)

    return workbook(about, created=created, below=below)


def _tables(scope: Scope, association: str) -> Iterator[tuple[str, bytes, tuple[object, ...]]]:
    for one in scope.registry.datasets(association):
        made = table(scope.registry, scope.store, association, one.code, created=scope.now.replace(tzinfo=None))
        count = scope.store.count(association, one.code)
        told = ("les lignes enregistrées", one.title, count, "", "", "", "")
        yield f"tableaux/{one.code.replace('_', '-')}.xlsx", made, told


def kept_csv(registry: Registry, store: Store, association: str, dataset: str) -> bytes:
    """The rows that hold of one table, declared still or not, as typed in a French spreadsheet.

    The headings are the names of the columns, those of its schema (``table_schema.as_bytes``).
    Raises UnknownName.
    """
    found = registry.readable(association, dataset)
    rows = store.rows(association, dataset)
    cells = (
        ["" if row[one.name] is None else one.kind.write(row[one.name]) for one in found.columns]
        for row in rows.iter_rows(named=True)
    )
    return french_csv([one.name for one in found.columns], cells)


def _kept(registry: Registry, store: Store, association: str) -> Iterator[tuple[str, bytes, tuple[object, ...]]]:
    """The tables that no extension declares any more, each with its schema."""
    for one in registry.kept(association):
        name = f"sans-extension/{one.code.replace('_', '-')}"
        count = store.count(association, one.code)
        told = ("les lignes d’un tableau sans extension", one.title, count, "", "", "", "")
        yield f"{name}.csv", kept_csv(registry, store, association, one.code), told
        schema = table_schema.as_bytes(DatasetDescription.of(registry, association, one.code))
        yield f"{name}.schema.json", schema, ("le schéma de ce tableau", one.title, "", "", "", "", "")


def _files(registry: Registry, store: Store, association: str) -> Iterator[tuple[str, bytes, tuple[object, ...]]]:
    titles = {one.code: one.title for one in (*registry.datasets(association), *registry.kept(association))}
    for deposit in store.deposits(association=association):
        if deposit.sha256 and deposit.file_name:
            moment = french.moment(deposit.at)
            what = "ce qui a été lu du fichier : l’onglet et ses colonnes demandées"
            told = (
                what,
                titles.get(deposit.dataset, deposit.dataset),
                "",
                moment,
                deposit.actor,
                deposit.file_name,
                deposit.sha256,
            )
            yield f"fichiers/{_kept_name(deposit)}", store.file(deposit.sha256), told


def _kept_name(deposit: Deposit) -> str:
    """« 0123-materiel-releve.csv »: in the order of the deposits, within what any system accepts."""
    stem = PurePosixPath((deposit.file_name or "").replace("\\", "/")).stem
    plain = "".join(letter if letter.isalnum() or letter in "-_ ." else "-" for letter in stem).strip(" .")[:60]
    rank = f"{deposit.revision:04d}" if deposit.revision is not None else f"sans-changement-{deposit.number:04d}"
    return f"{rank}-{deposit.dataset.replace('_', '-')}-{plain or 'fichier'}.csv"


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(FRANCE)
    found = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _write(sheet: Worksheet, row: int, place: int, column: Column, value: Any, style: Format) -> None:
    """One typed value as the cell of its kind, never as a formula."""
    if value is None:
        sheet.write_blank(row, place, None, style)
        return
    match column.kind:
        case Jour():
            sheet.write_datetime(row, place, datetime.combine(value, time()), style)
        case Montant():
            sheet.write_number(row, place, value / 100, style)
        case Entier() | Decimal():
            sheet.write_number(row, place, value, style)
        case _:
            sheet.write_string(row, place, column.kind.write(value), style)
