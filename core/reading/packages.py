"""What is refused before a file is opened: its size, its parts, its promises."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn

from core.domain import french
from core.errors import FileRefused


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused for its size, before it is read where that is possible.

    ``bytes`` of the file, ``decompressed`` bytes of a workbook, ``rows`` and ``columns`` of
    the sheet, ``cell`` characters of one cell (the spreadsheets' own limit is 32 767).
    """

    bytes: int = 300_000_000
    decompressed: int = 600_000_000
    rows: int = 2_000_000
    columns: int = 100
    cell: int = 32_767


def refuse(message: str, cause: BaseException | None = None) -> NoReturn:
    """Refuse the file with a French message, in French typography.

    Raises FileRefused, always.
    """
    raise FileRefused(message) from cause


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse an empty file and one that is too large."""
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        refuse("Ce fichier est vide. Enregistrez-le de nouveau depuis votre tableur, puis déposez-le.")
    if len(data) > limits.bytes:
        most = french.number(limits.bytes / 1_000_000)
        refuse(f"Ce fichier est trop lourd : {most} Mo au plus. Déposez-le en plusieurs fois.")


def check_width(columns: int, limits: Limits) -> None:
    """Refuse a sheet with more columns than anything that is asked."""
    if columns > limits.columns:
        refuse(
            f"Ce tableau a {french.number(columns)} colonnes ; {limits.columns} au plus sont lues. "
            "Gardez seulement celles du modèle."
        )


def check_height(rows: int, limits: Limits) -> None:
    """Refuse a sheet with too many rows."""
    if rows > limits.rows:
        refuse(
            f"Ce tableau a {french.number(rows)} lignes ; {french.number(limits.rows)} au plus sont lues. "
            "Déposez-le en plusieurs fois."
        )


def refuse_long_cell(line: int | None, limits: Limits) -> NoReturn:
    """Refuse a cell longer than any spreadsheet allows."""
    where = f"Ligne {line} : une" if line else "Une"
    refuse(
        f"{where} cellule contient plus de {french.number(limits.cell)} caractères. "
        "Raccourcissez-la, ou vérifiez qu’un guillemet n’est pas resté ouvert."
    )


# --- Looking inside a workbook before opening it: is it safe? --------------------------------------
# XLSX and ODS are ZIP archives of XML. Nothing is handed to the spreadsheet reader before the
# archive was found sound: real sizes, no document type (the door to entity tricks), no cell so
# far away that a small file would fill the memory.


BROKEN = "Ce classeur est abîmé ou incomplet. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis déposez-le."
PROTECTED = "Ce classeur est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis déposez-la."
_CHUNK = 1 << 20
_RATIO = 300
_OF_CELLS = ("xl/worksheets/", "xl/sharedStrings")
_CELLS = re.compile(rb"<(?:\w+:)?(?:sheetData|sst)\b")
_VALUED_FAR_COLUMN = re.compile(rb' r="(?:[A-Z]{3}|[D-Z][A-Z])\d+"(?:[^>]*[^/])?>\s*<(?!/)')
_VALUED_FAR_ROW = re.compile(rb' r="[A-Z]+(\d{6,7})"(?:[^>]*[^/])?>\s*<(?!/)')
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"')
_ODS_FAR = re.compile(
    rb'columns-repeated="\d{3,}"[^>]*office:value-type|office:value-type[^>]*columns-repeated="\d{3,}"'
    rb'|columns-repeated="\d{3,}"[^>]*/>\s*<table:table-cell[^>]*office:value-type'
)
# « Repeat this space so many times »: a text of two gigabytes in a hundred bytes.
_SPACES = re.compile(rb"text:c\s*=\s*[\"'](\d{6,})[\"']")


@dataclass(frozen=True, slots=True)
class Package:
    """A sound XLSX or ODS archive: its format and its XML parts by name."""

    format: str
    parts: dict[str, bytes]


def opened(data: bytes, limits: Limits) -> Package:
    """Take the archive apart.

    Raises FileRefused when it is broken, encrypted, not a workbook, or built to harm.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, len(data), limits)
            parts = {name: _part(archive, name, limits) for name in archive.namelist() if _is_read(name)}
            names = set(archive.namelist())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        refuse(PROTECTED if "encrypted" in str(error) else BROKEN, error)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        refuse(PROTECTED)
    package = Package(_format(names), parts)
    for content in parts.values():
        _refuse_entities(content)
        if _SPACES.search(content):
            refuse(BROKEN)
    _refuse_cut_values(package)
    _refuse_far_cells(package, limits)
    return package


def _check_directory(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in archive.infolist())
    if total > limits.decompressed or (total > 50_000_000 and total > _RATIO * size):
        most = french.number(limits.decompressed / 1_000_000)
        refuse(
            f"Ce classeur grossit démesurément quand on l’ouvre (plus de {most} Mo, ou bien plus que "
            "son poids ne le laisse attendre). Copiez vos lignes dans un classeur neuf, puis déposez-le."
        )


def _is_read(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One part, whole; the archive's directory may lie, so what is read is counted too."""
    read = bytearray()
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            read += chunk
            if len(read) > limits.decompressed:
                refuse(BROKEN)
    return bytes(read)


def _format(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and not any(name.startswith(("word/", "ppt/")) for name in names):
        return "ods"
    if "xl/workbook.bin" in names:
        refuse("Ce classeur est au format binaire d’Excel (.xlsb). Enregistrez-le en .xlsx, puis déposez-le.")
    if any(name.endswith(".iwa") for name in names):
        refuse("Ce fichier est un document Numbers. Dans Numbers, exportez-le vers Excel (.xlsx), puis déposez-le.")
    refuse("Ce fichier n’est pas un classeur. Déposez un fichier CSV, Excel (.xlsx, .xls) ou LibreOffice (.ods).")


def _refuse_entities(content: bytes) -> None:
    start = (
        content.replace(b"\x00", b"")
        if content[:4].count(b"\x00") or content[:2] in (b"\xff\xfe", b"\xfe\xff")
        else content
    )
    root = re.search(rb"<[A-Za-z]", start)
    prolog = start[: root.start()] if root else start
    if b"<!" in prolog.replace(b"<!--", b"") or b"<!ENTITY" in start:
        refuse(
            "Ce classeur contient des déclarations qu’aucun tableur n’écrit (« DOCTYPE »). "
            "Par prudence il n’est pas lu. Copiez vos lignes dans un classeur neuf, puis déposez-le."
        )


def _refuse_cut_values(package: Package) -> None:
    """A value with a comment or a raw section inside would be read in part; no spreadsheet writes any."""
    for name, content in package.parts.items():
        if name.startswith(_OF_CELLS) and (b"<![CDATA[" in content or b"<!--" in content):
            start = _CELLS.search(content)
            if start and re.search(rb"<!(?:--|\[CDATA)", content[start.end() :]):
                refuse(BROKEN)


def _refuse_far_cells(package: Package, limits: Limits) -> None:
    if package.format == "ods":
        far = _ods_is_far(package.parts["content.xml"], limits)
    else:
        sheets = (part for name, part in package.parts.items() if name.startswith("xl/worksheets/"))
        far = any(_xlsx_is_far(sheet) for sheet in sheets)
    if far:
        refuse(
            "Une cellule remplie est très loin des autres (à droite de la centième colonne, ou des milliers de "
            "lignes plus bas). Effacez-la, ou copiez vos lignes dans un classeur neuf, puis déposez-le."
        )


def _xlsx_is_far(sheet: bytes) -> bool:
    if _VALUED_FAR_COLUMN.search(sheet):
        return True
    last = max((int(found[1]) for found in _VALUED_FAR_ROW.finditer(sheet)), default=0)
    return last > 10 * sheet.count(b"<row") + 100_000


def _ods_is_far(content: bytes, limits: Limits) -> bool:
    if _ODS_FAR.search(content):
        return True
    for table in content.split(b"<table:table ")[1:]:
        row = real = last = 0
        for found in _ODS_ROW.finditer(table):
            times = _REPEATED.search(found[1])
            row += int(times[1]) if times else 1
            if b"office:value-type" in (found[2] or b""):
                last, real = row, real + 1
        if last > limits.rows or last > 10 * real + 100_000:
            return True
    return False
