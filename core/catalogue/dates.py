"""Days and months as people write them: 14/09/2021, 2021-09-14, « 1er juillet 2021 », 44453."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

import polars as pl
import sqlalchemy as sa

from core.catalogue import kinds
from core.deliberation import ACT
from core.domain import french
from core.domain.column_type import ColumnType, Complaint
from core.domain.french import fold

_MONTHS = {fold(name): number for number, name in enumerate(french.MONTHS, start=1)}
_SHORT = {
    "janv": 1,
    "jan": 1,
    "fevr": 2,
    "fev": 2,
    "avr": 4,
    "juil": 7,
    "juill": 7,
    "sept": 9,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_NAMES = _MONTHS | _SHORT
_DAYS_OF_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAYS = frozenset({*_DAYS_OF_WEEK, "le"})
_DAY_OF_WEEK = re.compile(rf"(?i)^\s*(?:le\s+)?({'|'.join(_DAYS_OF_WEEK)})\b[\s,]*|^\s*le\s+")
_TIME = re.compile(
    r"(?:T|\s+(?:à\s+)?)(\d{1,2})(?::\d{2}(?::\d{2}(?:\.\d+)?)?|\s?[hH](?:\s?\d{2})?)\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/\-. ]\s*(\d{1,2})\s*[/\-. ]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/\-. ](\d{1,2})[/\-. ](\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
# Excel counts days from this eve (its 1900 wrongly has a 29 February). A bare number is taken
# for a date from 2000 to 2049 only: outside, it is more likely something else.
_EXCEL_EVE = date(1899, 12, 30)
_SERIALS = range(36526, 54788)
_SIGNS = " ?~≈()*"
"""What may stand beside a day that shows the order of its numbers all the same: « 09/14/2021 ? »."""
_GREENWICH = ("Z", "+00:00", "+0000")
_LATE = 22
# A year of two digits is read when it is one of the ten that follow the vote; any other is asked in four.
_SHORT_YEARS = range(ACT.session.year, ACT.session.year + 11)
_ORDERED = re.compile(r"(\d{1,2})\s*[/\-. ]\s*(\d{1,2})\s*[/\-. ]\s*(\d{4}|\d{2})")
_HALF_DAY = re.compile(r"(?i)\s\d{1,2}:\d{2}(:\d{2})?\s*[ap]\.?m\.?$")
_YEARS = r"(19|20)\d{2}"
_MONTH_AND_YEAR = re.compile(rf"(?P<month>\d{{1,2}})\s?[/\-. ]\s?(?P<year>{_YEARS})")
_SHORT_MONTH = re.compile(r"(?P<month>\d{1,2})\s?[/\-.]\s?(?P<year>\d{2})")
_WITHOUT_YEAR = re.compile(r"\d{1,2}\s?[/\-.]\s?\d{1,2}")
_YEAR_AND_MONTH = re.compile(rf"(?P<year>{_YEARS})\s?[/\-. ]\s?(?P<month>\d{{1,2}})")


def _split(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether or not such a day exists."""
    plain = _alone(text)
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(plain):
        return _full_year(found[3]), int(found[2]), int(found[1])
    words = fold(plain).replace("1 er ", "1er ").split()
    written = len(words) == 3 and words[1] in _NAMES and re.fullmatch(r"\d{1,2}|1er", words[0])
    if not written or not re.fullmatch(r"\d{4}|\d{2}", words[2]):
        return None
    return _full_year(words[2]), _NAMES[words[1]], int(words[0].removesuffix("er"))


def _alone(text: str) -> str:
    """A day without its day of the week before it nor its time after it."""
    return _TIME.sub("", _DAY_OF_WEEK.sub("", text.strip()))


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(text: str) -> date | None:
    if found := _SERIAL.fullmatch(text):
        days = int(found[1])
        return _EXCEL_EVE + timedelta(days=days) if days in _SERIALS else None
    parts = _split(text)
    if parts is None or not 1900 <= parts[0] <= 2099 or not _exists(*parts) or _strange_short_year(text, parts[0]):
        return None
    day = date(*parts)
    return None if _another_day_of_week(text, day) or _next_day_here(text) else day


def _another_day_of_week(text: str, day: date) -> str | None:
    """The day of the week that a text names, when that day is another: « lundi 14 septembre 2021 » was a Tuesday."""
    found = _DAY_OF_WEEK.match(text)
    said = found[1].lower() if found and found[1] else None
    return said if said and said != _DAYS_OF_WEEK[day.weekday()] else None


def _next_day_here(text: str) -> bool:
    """« 2021-09-13T22:00:00Z », as programs write the midnight of the 14th in France."""
    found = _TIME.search(text.strip())
    return found is not None and found[2] in _GREENWICH and int(found[1]) >= _LATE


def _strange_short_year(text: str, year: int) -> bool:
    """A year of two digits that is none of the programme's: « 21-09-14 » may begin with the year."""
    return year not in _SHORT_YEARS and str(year) not in text


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _impossible(text: str) -> Complaint | None:
    """The complaint about a day that the calendar does not have, with the nearest one that exists."""
    parts = _split(text)
    if parts is None:
        return None
    year, month, day = parts
    if not 1900 <= year <= 2099 or _strange_short_year(text, year):
        return Complaint("date_annee", "Cette année n’est pas possible.", "Écrivez l’année en quatre chiffres.")
    if not 1 <= month <= 12:
        swapped = f", par exemple {month:02d}/{day:02d}/{year}" if _exists(year, day, month) else ""
        return Complaint(
            "date_inversee" if swapped else "date_impossible",
            "Il n’y a que douze mois.",
            f"Écrivez le jour, puis le mois, puis l’année{swapped}.",
        )
    if _exists(year, month, day):
        return _said_otherwise(text, date(year, month, day))
    last = calendar.monthrange(year, month)[1]
    return Complaint(
        "date_impossible",
        "Ce jour n’existe pas.",
        f"Corrigez la date, par exemple {min(max(day, 1), last):02d}/{month:02d}/{year}.",
    )


def _said_otherwise(text: str, day: date) -> Complaint | None:
    """Why a day that exists is not read: its day of the week, or its hour, says another."""
    if said := _another_day_of_week(text, day):
        truly = f"Le {french.day(day)} est un {_DAYS_OF_WEEK[day.weekday()]}, pas un {said}."
        return Complaint("jour_de_semaine", truly, "Corrigez l’un ou l’autre, ou écrivez la date seule.")
    if not _next_day_here(text):
        return None
    both = f"{french.short_day(day)} ou {french.short_day(day + timedelta(days=1))}"
    return Complaint(
        "date_heure",
        "Cette heure est celle de Greenwich : en France, c’était déjà le lendemain.",
        f"Écrivez le jour seul : {both}.",
    )


def _short_month(text: str) -> re.Match[str] | None:
    """« 03/22 », whose last number can only be one of the programme's years."""
    found = _SHORT_MONTH.fullmatch(text)
    return found if found and _full_year(found["year"]) in _SHORT_YEARS else None


def _nothing(text: str) -> Complaint | None:
    """« néant » where a day or a month is asked."""
    if fold(text) not in kinds.NOTHING:
        return None
    return Complaint("rien", f"« {text} » vaut une case vide.", "Videz-la, ou écrivez la date.")


def _incomplete(text: str, example: str) -> Complaint | None:
    """A day without its year, a month without its day."""
    words = [word for word in fold(text).split() if word not in _WEEKDAYS]
    day_and_month = len(words) == 2 and words[1] in _NAMES and re.fullmatch(r"\d{1,2}|1er", words[0])
    if day_and_month or _WITHOUT_YEAR.fullmatch(text):
        return Complaint("date_sans_annee", "Il manque l’année.", f"Écrivez-la, par exemple {example}.")
    if _MONTH_AND_YEAR.fullmatch(text) or (words and words[0] in _NAMES and len(words) == 2):
        return Complaint("date_sans_jour", "Il manque le jour.", f"Écrivez-le, par exemple {example}.")
    return None


def _quarter(number: int, year: str | None) -> Complaint:
    months = [french.MONTHS[at] for at in range(3 * number - 3, 3 * number)]
    listed = french.listing(f"{month} {year}" if year and month == months[-1] else month for month in months)
    return Complaint(
        "trimestre",
        "C’est un trimestre ; ce tableau se remplit mois par mois.",
        f"Faites une ligne par mois : {listed}.",
    )


class _Figures(NamedTuple):
    """The three numbers of a day written in figures, in the order in which they stand; the last one as written."""

    first: int
    second: int
    last: str

    @property
    def month_first(self) -> bool:
        """It can only be month, day, year."""
        return self.first <= 12 < self.second <= 31

    @property
    def day_first(self) -> bool:
        """It can only be day, month, year."""
        return self.second <= 12 < self.first and not self.may_be_year_first

    @property
    def may_be_year_first(self) -> bool:
        """It may be year, month, day with two digits each: « 21-09-14 »."""
        is_year = 2000 + self.first in _SHORT_YEARS and self.second <= 12
        return is_year and len(self.last) == 2 and 1 <= int(self.last) <= 31

    @property
    def year_first(self) -> bool:
        """It can only be year, month, day."""
        return self.may_be_year_first and 2000 + int(self.last) not in _SHORT_YEARS


def _figures(text: str) -> _Figures | None:
    """The numbers of a day written in figures, the year last; None for any other writing."""
    found = _ORDERED.fullmatch(_HALF_DAY.sub("", _alone(text.strip(_SIGNS))))
    return _Figures(int(found[1]), int(found[2]), found[3]) if found else None


def _habit(texts: Sequence[str]) -> str | None:
    """A text that can only be month, day, year, or year, month, day: its author writes every day so."""
    orders = {text: order for text in texts if (order := _figures(text))}
    ours = any(order.day_first for order in orders.values())
    found = (text for text, order in orders.items() if order.month_first or (order.year_first and not ours))
    return next(found, None)


def _other_order(texts: Sequence[str], elsewhere: str | None) -> dict[str, Complaint]:
    """Where one cell proves an order that is not ours: the cells that could be read in either.

    The proof stands in the column, or ``elsewhere`` in the file when no cell of the column is in our order.
    """
    orders = {text: order for text in texts if (order := _figures(text))}
    proof = _habit(texts)
    where = "dans la même colonne" if proof else "dans le même fichier"
    if proof is None and not any(order.day_first for order in orders.values()):
        proof = elsewhere
    order = _figures(proof) if proof else None
    if proof is None or order is None:
        return _year_first_or_last(orders)
    how = "met le mois avant le jour" if order.month_first else "met l’année en premier"
    why = Complaint(
        "date_ordre",
        f"« {proof} », {where}, {how} : cette date peut se lire de deux façons.",
        "Écrivez toute la colonne dans l’ordre jour/mois/année.",
    )
    if order.month_first:
        return {text: why for text, one in orders.items() if max(one[:2]) <= 12 and one.first != one.second}
    return {text: why for text, one in orders.items() if one.may_be_year_first and not one.year_first}


def _year_first_or_last(orders: Mapping[str, _Figures]) -> dict[str, Complaint]:
    """« 21-09-22 », where every day of the column may begin with its year, as programs write it with hyphens."""
    short = {text: order for text, order in orders.items() if len(order.last) == 2}
    ours = any(one.day_first for one in orders.values())
    if ours or not all(one.may_be_year_first and "-" in text for text, one in short.items()):
        return {}
    return {text: _two_years(one) for text, one in short.items()}


def _two_years(order: _Figures) -> Complaint:
    day_first = f"{order.first:02d}/{order.second:02d}/20{order.last}"
    year_first = f"{int(order.last):02d}/{order.second:02d}/20{order.first:02d}"
    return Complaint(
        "date_annee_deux_chiffres",
        "L’année, en deux chiffres, peut être la première ou la dernière.",
        f"Écrivez-la en quatre chiffres : {day_first} ou {year_first}.",
    )


@dataclass(frozen=True)
class Jour(ColumnType):
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

    def habit(self, texts: Sequence[str]) -> str | None:
        """« 09/14/2021 » shows that the month comes first, « 21-09-14 » that the year does."""
        return _habit(texts)

    def doubtful(self, texts: Sequence[str], habit: str | None = None) -> dict[str, Complaint]:
        """The days that another cell makes doubtful: is it day, month or month, day?"""
        return _other_order(texts, habit)

    def why_not(self, text: str) -> Complaint:
        """A day that does not exist, several days, or no date."""
        if first := kinds.first_day(text):
            day = self.understand(first)
            shown = self.write(day) if day else f"{first}, avec son année"
            return Complaint("plusieurs_jours", "Il faut un seul jour.", f"Écrivez le premier : {shown}.")
        alone = kinds.day_in(text)
        remedy = f"Écrivez la date en jj/mm/aaaa, par exemple {self.example}."
        if alone and _day(alone):
            remedy = f"Écrivez la date seule : {alone}."
        known = _nothing(text) or _incomplete(text, self.example) or _impossible(text)
        return known or Complaint("date", "Ce n’est pas une date.", remedy)

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
class Mois(ColumnType):
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
        """« septembre 2021 », « sept-21 », « 09-2021 », « 2021/9 », and any day of the month."""
        if found := _MONTH_AND_YEAR.fullmatch(text) or _YEAR_AND_MONTH.fullmatch(text) or _short_month(text):
            month = int(found["month"])
            return date(_full_year(found["year"]), month, 1) if 1 <= month <= 12 else None
        words = fold(text).split()
        if len(words) == 2 and words[0] in _NAMES and re.fullmatch(r"20\d{2}|\d{2}", words[1]):
            year = _full_year(words[1])
            return None if _strange_short_year(text, year) else date(year, _NAMES[words[0]], 1)
        day = _day(text)
        return day.replace(day=1) if day else None

    def habit(self, texts: Sequence[str]) -> str | None:
        """As for days."""
        return _habit(texts)

    def doubtful(self, texts: Sequence[str], habit: str | None = None) -> dict[str, Complaint]:
        """As for days; and « 08/01/2021 », which an American spreadsheet writes for August."""
        orders = {text: order for text in texts if (order := _figures(text))}
        proved = any(order.day_first for order in orders.values())
        why = Complaint(
            "mois_ordre",
            "Dans une colonne de mois, cette date peut être un premier du mois écrit à l’américaine.",
            f"Écrivez le mois et l’année, par exemple {self.example}.",
        )
        firsts = {text: why for text, one in orders.items() if one.second == 1 < one.first <= 12 and not proved}
        return firsts | _other_order(texts, habit)

    def why_not(self, text: str) -> Complaint:
        """A quarter, an impossible day or month, or no month."""
        if quarter := kinds.quarter_in(text):
            return _quarter(*quarter)
        if _MONTH_AND_YEAR.fullmatch(text) or _YEAR_AND_MONTH.fullmatch(text):
            return Complaint(
                "mois_impossible", "Il n’y a que douze mois.", f"Corrigez le mois, par exemple {self.example}."
            )
        return (
            _nothing(text)
            or _impossible(text)
            or Complaint("mois", "Ce n’est pas un mois.", f"Écrivez le mois et l’année, par exemple {self.example}.")
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

    def json_schema(self) -> dict[str, object]:
        """A month and its year."""
        return {"type": "string", "constraints": {"pattern": rf"(0[1-9]|1[0-2])/{_YEARS}"}}
