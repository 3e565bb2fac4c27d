"""How large a file may be, and the refusals that every part of the reading shares."""

from __future__ import annotations

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
    raise FileRefused(french.typeset(message)) from cause


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
