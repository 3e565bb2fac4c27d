"""The documents of the demonstration's third committee, made once for all the tests that read them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import openpyxl
import pypdf

from core.demonstration.people import LEAD
from core.domain.french import NARROW, NBSP
from core.exports.documents import KINDS, Order
from core.exports.dossier import Material
from tests.support.filled import demonstration_context, empty_context, registry

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
FROZEN = 3
MAKE = {one.code: one.make for one in KINDS}


@cache
def order(*, freeze: int | None = FROZEN, empty: bool = False, committee: int | None = None) -> Order:
    """What the project lead asks for in the demonstration, or before any deposit."""
    store = (empty_context() if empty else demonstration_context()).store
    asked = None if empty else freeze
    return Order(registry(), store, LEAD, AT, freeze=asked, committee=committee, fictitious=not empty)


@cache
def material(*, freeze: int | None = FROZEN, empty: bool = False) -> Material:
    """The figures of these documents."""
    return order(freeze=freeze, empty=empty).material


@cache
def made(code: str, *, freeze: int | None = FROZEN, empty: bool = False) -> bytes:
    """One document, as its file."""
    return MAKE[code](order(freeze=freeze, empty=empty))


def pdf_of(data: bytes) -> pypdf.PdfReader:
    """The pages of a PDF."""
    return pypdf.PdfReader(io.BytesIO(data))


def words(text: str) -> str:
    """The text with plain single spaces, so that line breaks do not matter."""
    return re.sub(r"\s+", " ", text.replace(NARROW, " ").replace(NBSP, " ")).strip()


def tight(text: str) -> str:
    """The text without any space: where a line was broken inside a number or a name, it is whole again."""
    return re.sub(r"[\s\u00ad]+", "", text)


def book_of(data: bytes) -> Any:
    """The sheets of a workbook, as another program reads them."""
    return openpyxl.load_workbook(io.BytesIO(data))
