"""Days and months as people write them: 14/09/2021, 2021-09-14, « 1er juillet 2021 », 44453."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import polars as pl
import sqlalchemy as sa

from core.axes.columns.kind import Complaint, Kind
from core.domain import french
from core.domain.words import fold

_MONTHS = {fold(name): number for number, name in enumerate(french.MONTHS, start=1)}
_SHORT = {
    "janv": 1,
    "jan": 1,
    "fevr": 2,
    "fev": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_NAMES = _MONTHS | _SHORT
_WEEKDAYS = frozenset({"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "le"})
_TIME = re.compile(r"[T ]\d{1,2}[:h]\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/\-. ]\s*(\d{1,2})\s*[/\-. ]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/\-. ](\d{1,2})[/\-. ](\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
# Excel counts days from this eve (its 1900 wrongly has a 29 February). A bare number is taken
# for a date from 2000 to 2049 only: outside, it is more likely something else.
_EXCEL_EVE = date(1899, 12, 30)
_SERIALS = range(36526, 54788)
_YEARS = r"(19|20)\d{2}"


def _split(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether or not such a day exists."""
    plain = _TIME.sub("", text.strip())
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(plain):
        return _full_year(found[3]), int(found[2]), int(found[1])
    words = [word for word in fold(plain).split() if word not in _WEEKDAYS]
    written = len(words) == 3 and words[1] in _NAMES and re.fullmatch(r"\d{1,2}|1er", words[0])
    if not written or not re.fullmatch(r"\d{4}|\d{2}", words[2]):
        return None
    return _full_year(words[2]), _NAMES[words[1]], int(words[0].removesuffix("er"))


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(text: str) -> date | None:
    if found := _SERIAL.fullmatch(text):
        days = int(found[1])
        return _EXCEL_EVE + timedelta(days=days) if days in _SERIALS else None
    parts = _split(text)
    if parts is None or not 1900 <= parts[0] <= 2099 or not _exists(*parts):
        return None
    return date(*parts)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _impossible(text: str) -> Complaint | None:
    """The complaint about a day that the calendar does not have, with the nearest one that exists."""
    parts = _split(text)
    if parts is None:
        return None
    year, month, day = parts
    if not 1900 <= year <= 2099:
        return Complaint("date_annee", "Cette année n’est pas possible.", "Écrivez l’année en quatre chiffres.")
    if not 1 <= month <= 12:
        swapped = f", par exemple {month:02d}/{day:02d}/{year}" if _exists(year, day, month) else ""
        return Complaint(
            "date_inversee" if swapped else "date_impossible",
            "Il n’y a que douze mois.",
            f"Écrivez le jour, puis le mois, puis l’année{swapped}.",
        )
    last = calendar.monthrange(year, month)[1]
    return Complaint(
        "date_impossible",
        "Ce jour n’existe pas.",
        f"Corrigez la date, par exemple {min(max(day, 1), last):02d}/{month:02d}/{year}.",
    )


@dataclass(frozen=True)
class Jour(Kind):
    """A day."""

    name: ClassVar[str] = "jour"
    dtype: ClassVar[type[pl.DataType]] = pl.Date
    few: ClassVar[bool] = True
    expected: str = "une date jj/mm/aaaa"
    example: str = "14/09/2021"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """jj/mm/aaaa (also with hyphens or points) and aaaa-mm-jj."""
        french_order = raw.str.contains(rf"^\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]{_YEARS}$")
        day_first = raw.str.replace_all(r"[.\-]", "/").str.to_date("%d/%m/%Y", strict=False)
        iso = raw.str.contains(rf"^{_YEARS}-\d{{2}}-\d{{2}}$")
        return pl.when(french_order).then(day_first).when(iso).then(raw.str.to_date("%Y-%m-%d", strict=False))

    def understand(self, text: str) -> date | None:
        """Two-digit years, times, written months, Excel's serial numbers."""
        return _day(text)

    def why_not(self, text: str) -> Complaint:
        """A day that does not exist, or no date."""
        return _impossible(text) or Complaint(
            "date", "Ce n’est pas une date.", f"Écrivez la date en jj/mm/aaaa, par exemple {self.example}."
        )

    def write(self, value: date) -> str:
        """« 14/09/2021 »."""
        return french.short_day(value)

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """A date."""
        return sa.Date()

    def json_schema(self) -> dict[str, Any]:
        """A date, in the French order."""
        return {"type": "date", "format": "%d/%m/%Y"}


@dataclass(frozen=True)
class Mois(Kind):
    """A month, kept as its first day."""

    name: ClassVar[str] = "mois"
    dtype: ClassVar[type[pl.DataType]] = pl.Date
    few: ClassVar[bool] = True
    expected: str = "un mois (09/2021, 2021-09 ou septembre 2021)"
    example: str = "09/2021"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """2021-09, 09/2021, and the first day of a month, which is what spreadsheets make of them."""
        iso = raw.str.contains(rf"^{_YEARS}-\d{{2}}$")
        slashed = raw.str.contains(rf"^\d{{1,2}}/{_YEARS}$")
        first = raw.str.contains(rf"^0?1/\d{{1,2}}/{_YEARS}$")
        return (
            pl.when(iso)
            .then((raw + "-01").str.to_date("%Y-%m-%d", strict=False))
            .when(slashed)
            .then(("1/" + raw).str.to_date("%d/%m/%Y", strict=False))
            .when(first)
            .then(raw.str.to_date("%d/%m/%Y", strict=False))
        )

    def understand(self, text: str) -> date | None:
        """« septembre 2021 », « sept-21 », and any day of the month."""
        words = fold(text).split()
        if len(words) == 2 and words[0] in _NAMES and re.fullmatch(r"20\d{2}|\d{2}", words[1]):
            return date(_full_year(words[1]), _NAMES[words[0]], 1)
        found = _day(text)
        return found.replace(day=1) if found else None

    def why_not(self, text: str) -> Complaint:
        """An impossible day or month, or no month."""
        if re.fullmatch(rf"\d{{1,2}}[/\-. ]{_YEARS}|{_YEARS}[/\-. ]\d{{1,2}}", text):
            return Complaint(
                "mois_impossible", "Il n’y a que douze mois.", f"Corrigez le mois, par exemple {self.example}."
            )
        return _impossible(text) or Complaint(
            "mois", "Ce n’est pas un mois.", f"Écrivez le mois et l’année, par exemple {self.example}."
        )

    def write(self, value: date) -> str:
        """« 09/2021 »."""
        return f"{value:%m/%Y}"

    def show(self, value: date) -> str:
        """« septembre 2021 »."""
        return french.month(value)

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """A date, the first of the month."""
        return sa.Date()

    def json_schema(self) -> dict[str, Any]:
        """A month and its year."""
        return {"type": "string", "constraints": {"pattern": rf"(0[1-9]|1[0-2])/{_YEARS}"}}
