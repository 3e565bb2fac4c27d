"""What files made to be published share: what is missing and where to write it, and cells without formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain import french
from core.errors import Refused

CONVENTIONS = "Registres, « Conventions signées »"
PAYMENTS = "Registres, « Versements »"
# What a spreadsheet would run; a plain signed number (a coordinate, a phone) is not a formula.
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+\-]?\d+(?:[.,]\d+)?$")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Gap:
    """Something compulsory that nobody recorded: about whom, what, and where to write it."""

    about: str
    what: str
    where: str

    @property
    def said(self) -> str:
        """« Anonymal : le SIRET ou le RNA (Registres, « Conventions signées », colonne « SIRET »). »"""
        return french.typeset(f"{self.about} : {self.what} ({self.where}).")


def refuse(title: str, gaps: Sequence[Gap]) -> None:
    """Raise Refused, with what is missing and where to write it, when ``gaps`` holds something."""
    if not gaps:
        return
    listed = " ".join(gap.said for gap in gaps[:_SHOWN])
    more = f" Et {len(gaps) - _SHOWN} autres." if len(gaps) > _SHOWN else ""
    raise Refused(
        french.typeset(f"{title} : ce document ne peut pas être publié, il manque ce qui suit. {listed}{more}")
    )


def harmless(text: str) -> str:
    """The text, that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV as open data is: UTF-8 without mark, commas, one header, empty cells for what is not said."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(row.get(name, "")) for name in columns] for row in rows)
    return stream.getvalue().encode("utf-8")
