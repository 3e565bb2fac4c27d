"""What a column kind is: how cells are read, stored, shown and documented; and those that exist."""

from __future__ import annotations

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar, NamedTuple

import polars as pl
import sqlalchemy as sa

from core.deliberation import ASSOCIATIONS, EXPERIMENTS, LINES
from core.domain.french import fold, unambiguous


class Cells(NamedTuple):
    """A column once read: its values, and which of them were written in an unusual way."""

    values: pl.Series
    repaired: pl.Series


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a cell cannot be read: the code that groups the cause, the reason, what to do."""

    code: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list: what is stored, what people read, and what it means."""

    value: str
    label: str
    description: str = ""


SPREADSHEET_ERRORS = (
    r"#(N/?A|REF!|DIV/0!|VALEUR!|VALUE!|NOM\?|NAME\?|NOMBRE!|NUM!|NUL!|NULL!|PROPAGATION!|SPILL!|CALC!)"
    r"|#+|Err:\d+"
)
"""What Excel and LibreOffice write in a cell that they could not compute, in both languages."""

_SPREADSHEET_ERROR = re.compile(f"({SPREADSHEET_ERRORS})", re.IGNORECASE)
SAID_BLANK = (
    *(
        "-",
        "–",
        "—",
        "--",
        "---",
        "...",
        "…",
        "n/a",
        "na",
        "nc",
        "n.c.",
        "n/c",
        "nd",
        "n.d.",
        "n/d",
        "nr",
        "n.r.",
        "n/r",
    ),
    *("non renseigné", "non renseignée", "non communiqué", "non communiquée", "non disponible", "non connu"),
)
"""What people write in a cell of which they know nothing, in small letters."""
NOTHING = frozenset({"ras", "r a s", "neant", "aucun", "aucune", "rien", "sans objet", "so", "s o", "vide"})
"""What people write, folded, where there is nothing to say: zero in one cell, nothing known in another."""
DITTO = r"""idem([ .].{0,30})?|ditto|id\.|[-\s]*(//+|["″〃”»]|''|,,)[-\s]*"""
"""What people write in a cell that repeats the one above."""
_DITTO = re.compile(DITTO, re.IGNORECASE)


class ColumnType(ABC):
    """How one sort of column behaves.

    ``quick`` reads the usual writings, vectorised; ``understand`` reads one unusual text,
    and only those: what it reads is a repair, which is shown. ``few`` says that a column
    holds few distinct texts, so that each is read once.
    """

    name: ClassVar[str]
    dtype: ClassVar[type[pl.DataType]]
    few: ClassVar[bool] = False
    expected: str
    example: str
    choices: tuple[Choice, ...] | None = None

    @abstractmethod
    def quick(self, raw: pl.Expr) -> pl.Expr:
        """The typed values of usual writings, null for any other text."""

    @abstractmethod
    def understand(self, text: str) -> Any | None:
        """The value meant by an unusual text, or None when it is not certain."""

    @abstractmethod
    def why_not(self, text: str) -> Complaint:
        """Why ``text`` cannot be read here."""

    def habit(self, texts: Sequence[str]) -> str | None:
        """Among the distinct texts of a column, one that shows how its author writes all of the file."""
        return None

    def doubtful(self, texts: Sequence[str], habit: str | None = None) -> Mapping[str, Complaint]:
        """Among the distinct texts of a column, those that the others make doubtful: they are asked, not read.

        ``habit`` is a text of another column that shows how the author of the file writes.
        """
        return {}

    def says_nothing(self, text: str) -> bool:
        """Whether a text that was not understood stands for a blank cell: « - », « NC »."""
        return said_blank(text)

    @abstractmethod
    def write(self, value: Any) -> str:
        """The value as typed in a French spreadsheet; reading it gives the value again."""

    @abstractmethod
    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """The SQLAlchemy type of the stored column."""

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The type and constraints of the field in a JSON Table Schema."""

    def show(self, value: Any) -> str:
        """The value as a French reader expects it on screen."""
        return self.write(value)

    def parse(self, raw: pl.Expr) -> pl.Expr:
        """The typed values of a column of texts; null where blank or not understood."""
        return raw.map_batches(lambda column: self.read(column).values, return_dtype=self.dtype())

    def read(self, raw: pl.Series) -> Cells:
        """Read a column of trimmed texts (null = blank)."""
        if self.few:
            return self._read_once_each(raw)
        return self._read_all(raw)

    def complaint(self, text: str) -> Complaint:
        """Why ``text`` was not understood, the troubles of every spreadsheet first."""
        if _SPREADSHEET_ERROR.fullmatch(text):
            return Complaint(
                "erreur_tableur",
                "C’est une erreur du tableur, pas une valeur.",
                "Corrigez la formule d’où elle vient, ou videz la cellule."
                if self.name == "texte"
                else f"Corrigez la formule d’où elle vient, ou écrivez la valeur, par exemple {self.example}.",
            )
        if _DITTO.fullmatch(text):
            return Complaint(
                "idem",
                "Ce signe renvoie à une autre ligne, et chaque ligne se lit seule.",
                "Recopiez ici la valeur de la ligne du dessus.",
            )
        if text.startswith("="):
            return Complaint(
                "formule",
                "C’est une formule ; seules les valeurs sont lues.",
                "Copiez la colonne, puis collez-la par « Collage spécial », « Valeurs ».",
            )
        return self.why_not(text)

    def _read_once_each(self, raw: pl.Series) -> Cells:
        distinct = raw.drop_nulls().unique()
        if len(distinct) > len(raw) // 2:
            return self._read_all(raw)
        values, repaired = self._read_all(distinct)
        pairs = pl.DataFrame({"raw": distinct, "value": values, "repaired": repaired})
        return Cells(
            raw.replace_strict(pairs["raw"], pairs["value"], default=None, return_dtype=self.dtype()),
            raw.replace_strict(pairs["raw"], pairs["repaired"], default=False, return_dtype=pl.Boolean),
        )

    def _read_all(self, raw: pl.Series) -> Cells:
        values = raw.to_frame("raw").select(self.quick(pl.col("raw")).cast(self.dtype()).alias("value"))["value"]
        unusual = values.is_null() & raw.is_not_null()
        if not unusual.any():
            return Cells(values, unusual)
        understood = self._understood(raw.filter(unusual).unique())
        if not understood:
            return Cells(values, pl.repeat(False, len(raw), dtype=pl.Boolean, eager=True))
        meant = pl.Series("value", list(understood.values()), dtype=self.dtype())
        mended = raw.replace_strict(
            pl.Series(list(understood), dtype=pl.String), meant, default=None, return_dtype=self.dtype()
        )
        repaired = unusual & mended.is_not_null()
        return Cells(pl.select(pl.when(unusual).then(mended).otherwise(values).alias("value"))["value"], repaired)

    def _understood(self, texts: pl.Series) -> dict[str, Any]:
        meant = ((text, self.understand(text)) for text in texts.to_list())
        return {text: value for text, value in meant if value is not None}


def said_blank(text: str) -> bool:
    """Whether a cell says « nothing here » with a sign instead of staying blank."""
    return text.casefold() in SAID_BLANK


# --- The plain value inside what people write in a cell: offered in the message, never read by itself ----


_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\w|[.,]\d)|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w|[.,]\d)"
)
_NEGATIVE = re.compile(
    r"\(\s*(\d[\d \u00a0\u202f.,]*?)\s*(?:€\s*)?\)(?:\s*€)?|(\d[\d \u00a0\u202f.,]*?)\s*(?:€\s*)?[-−–]"
)
_RANGE = re.compile(
    r"(?i)^(?:du\s+)?(?P<first>\d{1,2})(?:er)?(?P<own>\s+[a-zéûà.]+)?(?:\s+20\d{2})?\s*(?:au|et|à|-|–)\s*"
    r"(?P<last>\d{1,2})(?:er)?\s+(?P<month>[a-zéûà.]+)(?:\s+(?P<year>20\d{2}))?$"
)
_DAY = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_BETWEEN = re.compile(rf"^(?:du\s+)?({_DAY})\s*(?:/|au|et|à|-|–)\s*{_DAY}$")
_QUARTER = re.compile(
    r"(?i)^(?:t|trim(?:estre)?\.?\s*)\s*([1-4])\b.*?(20\d{2})?$|^([1-4])(?:er|e|ème)?\s+trim(?:estre)?\.?\s*(20\d{2})?$"
)


_OTHER_NUMBER = re.compile(
    r"(?i)[()<>≤≥+/%‰²³½¼¾]|\d\s*-\s*$|\d\s*(k|m|h|min|mn|s|mois|ans?|kg|g|cm|mm)\b|\d\s*['’\"]"
    r"|\b(milliers?|millions?|mille|heures?|minutes?|semaines?|dizaines?|vingtaines?|centaines?|douzaines?"
    r"|janv(ier)?|f[ée]vr?(ier)?|mars|avr(il)?|mai|juin|juil(let)?|ao[ûu]t|sept(embre)?|oct(obre)?|nov(embre)?"
    r"|d[ée]c(embre)?|[ts]\d+|moins|plus|max(i|imum)?|mini(mum)?|presque|dont|sur|par|sauf|hors|demie?|non)\b"
)
"""What makes the only number of a text another one than the number meant: « 2 h », « moins de 5 », « (120) »."""


def number_in(text: str) -> str | None:
    """The only number of a text, when nothing beside it changes it: « 70 000 » in « 70 000 € HT », « 380 places »."""
    found = _NUMBER.findall(text)
    return found[0] if len(found) == 1 and not _OTHER_NUMBER.search(text) else None


def negative_in(text: str) -> str | None:
    """The number that accountants write negative, « (120) » or « 120- », without its sign."""
    found = _NEGATIVE.fullmatch(text.strip())
    return found[1] or found[2] if found else None


def first_day(text: str) -> str | None:
    """The first day of several, as written: « 17 mai 2022 » of « du 17 au 20 mai 2022 »; None for one day."""
    if found := _BETWEEN.match(text.strip()):
        return found[1]
    found = _RANGE.match(text.strip())
    if not found:
        return None
    month = (found["own"] or found["month"]).strip()
    return " ".join(part for part in (found["first"], month, found["year"]) if part)


def quarter_in(text: str) -> tuple[int, str | None] | None:
    """The quarter that a text names, and its year: « T3 2021 » is (3, « 2021 »)."""
    found = _QUARTER.match(text.strip())
    return (int(found[1] or found[3]), found[2] or found[4]) if found else None


# --- The closed lists that columns refer to: experiments, subsidy lines, accounts ------------------


@cache
def experiments() -> dict[str, str]:
    """Titles of the voted experiments by code."""
    return {code: experiment.title for code, experiment in EXPERIMENTS.items()}


@cache
def experiment_writings() -> dict[str, str]:
    """The folded writings that mean one experiment only."""
    pairs = []
    for code, experiment in EXPERIMENTS.items():
        written = [code, experiment.title, experiment.short_title, experiment.territory]
        written.append(f"{code} {experiment.title}")  # as the lists of older templates wrote it
        short, _, rest = code.partition("-")
        written += [short, rest] if short.startswith("ct") else [code]
        pairs += [(fold(word), code) for word in written if word]
    return unambiguous(pairs)


@cache
def lines() -> dict[str, str]:
    """« Point Formation : déploiement des actions sur le CT6 », by code: people know a line by who it pays."""
    return {code: f"{ASSOCIATIONS[line.association].name} : {line.purpose}" for code, line in LINES.items()}


@cache
def line_writings() -> dict[str, str]:
    """The folded writings that mean one line only: its code, its object, its association when it has one line."""
    pairs = []
    for code, line in LINES.items():
        body = ASSOCIATIONS[line.association].name
        told = lines()[code]
        written = (code, line.purpose, body, f"{code} {line.purpose}", told, f"{body} {line.purpose}")
        pairs += [(fold(one), code) for one in written]
    return unambiguous(pairs)


@cache
def _cerfa() -> tuple[dict[str, str], ...]:
    text = files("core").joinpath("data/cerfa_15059.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, slots=True)
class CerfaRow:
    """One row of the form: ``level`` is « titre », « compte », « detail » or « total ».

    ``side`` is « charge » or « produit »; ``with_kind``: a total that takes contributions in kind (86, 87) in.
    """

    code: str
    level: str
    side: str
    label: str
    with_kind: bool = False


@cache
def cerfa() -> tuple[CerfaRow, ...]:
    """The rows of the Cerfa 15059*02, in their order (source: core/data/cerfa_15059.csv)."""
    return tuple(
        CerfaRow(row["code"], row["niveau"], row["sens"], row["libelle"], "+" in row["libelle"]) for row in _cerfa()
    )


@cache
def account_headings() -> frozenset[str]:
    """Codes that only add up others: an account with details, a heading, a total."""
    details = {row["code"].rpartition(".")[0] for row in _cerfa() if row["niveau"] == "detail"}
    summed = {"86", "87"}  # their details are numbered 860 to 875, without a point
    return frozenset(row["code"] for row in _cerfa() if row["niveau"] != "detail" and row["code"] in details | summed)


@cache
def accounts() -> dict[str, str]:
    """Labels of the lines that carry an amount, by code."""
    return {
        row["code"]: row["libelle"]
        for row in _cerfa()
        if row["code"] and row["niveau"] in ("compte", "detail") and row["code"] not in account_headings()
    }


@cache
def charges() -> frozenset[str]:
    """Codes of the expenses that carry an amount, contributions in kind (86) left out."""
    kind = {row["code"] for row in _cerfa() if row["sens"] == "charge" and row["bloc"] != "Contributions volontaires"}
    return frozenset(accounts()) & kind
