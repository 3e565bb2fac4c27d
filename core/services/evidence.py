"""A file that shows something: its type, its size and its first bytes are checked before it is kept."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.domain import french
from core.errors import FileRefused

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""
TYPES = ("pdf", "png", "jpg", "jpeg", "csv", "xlsx", "ods", "docx", "odt")
MIME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
_STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_INSIDE = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_OPEN_DOCUMENTS = frozenset({"ods", "odt"})
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that may be kept: its bytes, and its name without any folder."""

    content: bytes
    name: str


def checked(content: bytes, name: str) -> Evidence:
    """The file, once its type, size and first bytes were checked.

    Raises FileRefused with what is accepted.
    """
    plain = _name(name)
    kind = plain.rpartition(".")[2].lower()
    if kind not in TYPES:
        listed = french.listing((one for one in TYPES if one != "jpeg"), "ou")
        _refuse(f"« {plain} » n’est pas d’un type accepté. Joignez un fichier {listed}.")
    if not content:
        _refuse(f"« {plain} » est vide.")
    if len(content) > LARGEST:
        _refuse(f"« {plain} » est trop gros : {LARGEST // 1024 // 1024} Mo au plus.")
    if not _is(kind, content):
        _refuse(f"« {plain} » n’est pas un vrai fichier {kind} : enregistrez-le de nouveau, puis joignez-le.")
    return Evidence(content, plain)


def mime(name: str) -> str:
    """The media type of a kept file, by its name."""
    return MIME.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _name(name: str) -> str:
    """The last part of a path, without characters that a folder could not bear, cut in its middle when too long."""
    bare = _ODD.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(" .") or "piece"
    stem, dot, end = bare.rpartition(".")
    return bare if len(bare) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - 12]}{dot}{end[:10]}"


def _is(kind: str, content: bytes) -> bool:
    if kind in _STARTS:
        return content.startswith(_STARTS[kind])
    if kind == "csv":
        return b"\x00" not in content and not content.lstrip().lower().startswith((b"<!doctype", b"<html", b"%pdf"))
    return _is_document(kind, content)


def _is_document(kind: str, content: bytes) -> bool:
    """A zip that holds what such a document holds, and no macro. Nothing else of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                _refuse("Ce document contient des macros : enregistrez-le sans elles, puis joignez-le.")
            if kind in _OPEN_DOCUMENTS:
                return "content.xml" in names and _declared(packed) == MIME[kind]
            return _INSIDE[kind] in names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return False


def _declared(packed: zipfile.ZipFile) -> str:
    try:
        with packed.open("mimetype") as said:
            return said.read(200).decode("ascii", "replace").strip()
    except KeyError:
        return ""


def _refuse(message: str) -> None:
    raise FileRefused(french.typeset(f"{message} Rien n’est enregistré."))
