"""Looking inside a workbook before opening it: is it safe, and which cells are not plain values?

XLSX and ODS are ZIP archives of XML. Nothing is handed to the spreadsheet reader before the
archive was found sound: real sizes, no document type (the door to entity tricks), no cell so
far away that a small file would fill the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from core.domain import french
from core.services.reading.limits import Limits, refuse

Marks = dict[tuple[int, int], str]
"""(row, column), both from 0, to the text that stands for a formula or an error."""

BROKEN = "Ce classeur est abîmé ou incomplet. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis déposez-le."
PROTECTED = "Ce classeur est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis déposez-la."
_CHUNK = 1 << 20
_RATIO = 300
_VALUED_FAR_COLUMN = re.compile(rb' r="(?:[A-Z]{3}|[D-Z][A-Z])\d+"(?:[^>]*[^/])?>\s*<')
_VALUED_FAR_ROW = re.compile(rb' r="[A-Z]+(\d{6,7})"(?:[^>]*[^/])?>\s*<')
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"')
_ODS_FAR = re.compile(
    rb'columns-repeated="\d{3,}"[^>]*office:value-type|office:value-type[^>]*columns-repeated="\d{3,}"'
    rb'|columns-repeated="\d{3,}"[^>]*/>\s*<table:table-cell[^>]*office:value-type'
)
_BOOLEAN = re.compile(r"=?(of:)?=?(TRUE|FALSE|VRAI|FAUX)\(\)", re.IGNORECASE)


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
    package = Package(_format(names), parts)
    for content in parts.values():
        _refuse_entities(content)
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


def marks(package: Package, sheet: str) -> tuple[Marks, Marks]:
    """Formulas and errors of a sheet, and (ODS only) the cells covered by a merged one above."""
    if package.format == "ods":
        return _ods_marks(package.parts["content.xml"], sheet)
    content = package.parts.get(_xlsx_part(package, sheet), b"")
    if not any(sign in content for sign in (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"')):
        return {}, {}
    return dict(_xlsx_marks(content)), {}


def _xlsx_part(package: Package, sheet: str) -> str:
    """The name of the part that holds the sheet, through the workbook's relations."""
    book = ElementTree.fromstring(package.parts["xl/workbook.xml"])
    relations = ElementTree.fromstring(package.parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter():
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            identifier = next((value for key, value in element.items() if _local(key) == "id"), None)
            target = targets.get(identifier, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _xlsx_marks(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = -1
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        name = _local(element.tag)
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "start" and name == "c":
            column = _column(element.get("r", "")) if element.get("r") else column + 1
        elif event == "end" and name == "c":
            if text := _xlsx_mark(element):
                yield (row, column), text
        elif event == "end" and name == "row":
            element.clear()


def _xlsx_mark(cell: ElementTree.Element) -> str:
    formula = next((child for child in cell if _local(child.tag) == "f"), None)
    value = next((child.text or "" for child in cell if _local(child.tag) == "v"), "")
    if cell.get("t") == "e":
        return value or "#N/A"
    if formula is None or _BOOLEAN.fullmatch(formula.text or ""):
        return ""
    return f"={formula.text or 'formule'}"


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = 26 * number + ord(letter) - 64
    return number - 1


def _ods_marks(content: bytes, sheet: str) -> tuple[Marks, Marks]:
    special, covered = {}, {}
    if b"table:formula" not in content and b"rows-spanned" not in content:
        return special, covered
    for row, column, cell in _ods_cells(content, sheet):
        values = {_local(key): value for key, value in cell.items()}
        text = " ".join("".join(part.itertext()) for part in cell)
        formula = values.get("formula", "")
        if re.fullmatch(r"#[A-Z/0]+[!?]?|Err:\d+", text) and formula:
            special[row, column] = text
        elif formula and not _BOOLEAN.fullmatch(formula):
            special[row, column] = "=" + formula.partition(":=")[2]
        for below in range(1, min(int(values.get("number-rows-spanned", 1)), 10_000)):
            covered[row + below, column] = text
    return special, covered


def _ods_cells(content: bytes, sheet: str) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Each cell that is not repeated far away, with its place."""
    root = ElementTree.fromstring(content)
    tables = (element for element in root.iter() if _local(element.tag) == "table" and _named(element) == sheet)
    row = 0
    for line in (element for table in tables for element in table.iter() if _local(element.tag) == "table-row"):
        column = 0
        for cell in line:
            times = int(next((v for k, v in cell.items() if _local(k) == "number-columns-repeated"), 1))
            for extra in range(min(times, 100)):
                yield row, column + extra, cell
            column += times
        row += int(next((v for k, v in line.items() if _local(k) == "number-rows-repeated"), 1))


def _named(table: ElementTree.Element) -> str | None:
    return next((value for key, value in table.items() if _local(key) == "name"), None)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
