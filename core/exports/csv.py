"""Tables made to be published as CSV: what is missing and where to write it, cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain import french
from core.domain.figure_text import is_incomplete, wait_text
from core.domain.inert import inert
from core.domain.observation import Observation
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
    raise Refused(f"{title} : ce document ne peut pas être publié, il manque ce qui suit. {listed}{more}")


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


# --- An observation as plain data, with the keys that the command and the API promise --------------


def number(value: float | None) -> float | int | None:
    """A whole number without « .0 »."""
    return int(value) if value is not None and float(value).is_integer() else value


def as_dict(one: Observation) -> dict[str, object]:
    """An observation with its stable keys, and a few more."""
    month = f"{one.month:%Y-%m}" if one.month else None
    return {
        "experiment": one.experiment,
        "indicator": one.indicator,
        "label": one.label,
        "unit": one.unit,
        "place": one.place,
        "period": one.period.code if one.period else month,
        "month": month,
        "numerator": number(one.numerator),
        "denominator": number(one.denominator),
        "value": number(one.value),
        "missing_because": one.missing_because.value if one.missing_because else None,
        "reason": one.reason,
        "apart": [
            {
                "words": part.words,
                "numerator": number(part.numerator),
                "denominator": number(part.denominator),
                "beside": part.beside,
            }
            for part in one.apart
        ],
        "version": one.version,
        "covers_until": one.freshness.covers_until.isoformat() if one.freshness.covers_until else None,
        "asked_on": one.day.isoformat() if one.day else None,
        "complete": not is_incomplete(one),
        "accepted": one.freshness.accepted,
        "mark": " ".join(wait_text(one).split()) or None,
    }


# --- For French spreadsheets ----------------------------------------------------------------------


def french_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table that French spreadsheets open with a double click: « ; », UTF-8 with its mark, lines ended by CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(cell) for cell in headings])
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
