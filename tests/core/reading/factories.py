"""A small dataset and files of it, for the tests of the reading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import xlwt
from odf import opendocument, table, text

from core.catalogue.columns import Schema, entier, jour, lieu, liste, mois, montant, oui_non, texte
from core.domain.dataset import Dataset, Rule, Severity
from core.reading import Reading, read


class Machines(Schema):
    numero_inventaire: pl.String = texte("Numéro d’inventaire", max_length=40)
    type: pl.String = liste("Type", ("ordinateur fixe", "ordinateur portable", "écran"))
    valeur_unitaire: pl.Int64 = montant("Valeur unitaire", optional=True)
    date_reception: pl.Date = jour("Date de réception", optional=True)
    date_remise: pl.Date = jour("Date de remise", optional=True)
    lieu: pl.String = lieu("Lieu", optional=True)
    en_qpv: pl.Boolean = oui_non("En quartier prioritaire", optional=True)
    nombre: pl.Int64 = entier("Nombre", optional=True, at_least=1)
    remarque: pl.String = texte("Remarque", optional=True)


RULES = (
    Rule(
        "dates_inversees",
        Severity.ERROR,
        ("date_remise", "date_reception"),
        pl.col("date_remise") < pl.col("date_reception"),
        "la remise après la réception",
        "Corrigez l’une des deux.",
    ),
    Rule(
        "valeur_plus_300",
        Severity.WARNING,
        ("valeur_unitaire",),
        pl.col("valeur_unitaire") > 30_000,
        "300 € au plus",
        "Vérifiez la valeur.",
    ),
    Rule(
        "remise_sans_lieu",
        Severity.ERROR,
        ("lieu", "date_remise"),
        pl.col("lieu").is_null() & pl.col("date_remise").is_not_null(),
        "le lieu de la remise",
        "Indiquez-le.",
    ),
)

MACHINES = Dataset("materiel", "Matériel", Machines, ("numero_inventaire",), rules=RULES)


class Lieux(Schema):
    id: pl.String = texte("Identifiant")
    nom: pl.String = texte("Nom", optional=True)
    telephone: pl.String = texte("Téléphone", optional=True, personal_exempt=True)
    courriels: pl.String = texte("Courriels", optional=True, personal_exempt=True)
    presentation: pl.String = texte("Présentation", optional=True)


LIEUX = Dataset("acteurs", "Acteurs", Lieux, ("id",), place=None)


class Mensuel(Schema):
    lieu: pl.String = lieu("Lieu")
    mois: pl.Date = mois("Mois")
    nombre: pl.Int64 = entier("Nombre")


MENSUEL = Dataset("diagnostics", "Diagnostics", Mensuel, ("lieu", "mois"))

HEADINGS = ("numero_inventaire", "type", "valeur_unitaire", "date_reception", "lieu", "en_qpv")
ROW = ("A1", "écran", "12,5", "14/09/2021", "Aix-en-Provence", "oui")


def csv_text(*rows: Sequence[str], separator: str = ";") -> str:
    return "".join(separator.join(row) + "\n" for row in rows)


def csv_bytes(*rows: Sequence[str], separator: str = ";", encoding: str = "utf-8") -> bytes:
    return csv_text(*rows, separator=separator).encode(encoding)


def reading(data: bytes | str, name: str = "fichier.csv", dataset: Dataset = MACHINES, **options: Any) -> Reading:
    return read(data.encode() if isinstance(data, str) else data, name, dataset, **options)


def values(found: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return found.rows.select(columns).rows()


def codes(found: Reading) -> list[tuple[int | None, str | None, str]]:
    return [(problem.line, problem.column, problem.code) for problem in found.errors]


def xlsx(
    *rows: Sequence[Any], sheet: str = "Feuil1", others: dict[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """A workbook; a text that starts with « = » becomes a formula."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"default_date_format": "dd/mm/yyyy"})
    for name, lines in {sheet: rows, **(others or {})}.items():
        page = book.add_worksheet(name)
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    book.close()
    return data.getvalue()


def xls(*rows: Sequence[Any]) -> bytes:
    data = io.BytesIO()
    book = xlwt.Workbook()
    page = book.add_sheet("Feuil1")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for number, line in enumerate(rows):
        for column, value in enumerate(line):
            style = day if hasattr(value, "year") else xlwt.Style.default_style
            page.write(number, column, value, style)
    book.save(data)
    return data.getvalue()


def ods(*rows: Sequence[Any]) -> bytes:
    document = opendocument.OpenDocumentSpreadsheet()
    page = table.Table(name="Feuil1")
    for line in rows:
        row = table.TableRow()
        for value in line:
            row.addElement(_ods_cell(value))
        page.addElement(row)
    document.spreadsheet.addElement(page)
    data = io.BytesIO()
    document.write(data)
    return data.getvalue()


def _ods_cell(value: Any) -> table.TableCell:
    if hasattr(value, "year"):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, bool):
        return table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=str(value))
    cell = table.TableCell(valuetype="string")
    cell.addElement(text.P(text=value))
    return cell


def changed(archive: bytes, part: str, old: str, new: str) -> bytes:
    """The archive with a text replaced in one of its parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
    return data.getvalue()


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
