"""How one sort of column behaves: how its cells are read, stored, shown and documented."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import polars as pl
import sqlalchemy as sa


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
DITTO = r"""idem([ .].{0,30})?|ditto|id\.|[-\s]*(//+|["″〃”»]|''|,,)[-\s]*"""
"""What people write in a cell that repeats the one above."""
_DITTO = re.compile(DITTO, re.IGNORECASE)
_ABOUT = re.compile(r"\(\s*\?+\s*\)|[?≈≃≅~]")
_UNSURE = re.compile(rf"{_ABOUT.pattern}|[±≠<>≤≥]")
"""The signs by which a person says « perhaps », « about », « less than »: no part of a value, and yet not nothing."""


def said_blank(text: str) -> bool:
    """Whether a cell says « nothing here » with a sign instead of staying blank."""
    return text.casefold() in SAID_BLANK


class ColumnType(ABC):
    """How one sort of column behaves.

    ``quick`` reads the usual writings, vectorised; ``understand`` reads one unusual text,
    and only those: what it reads is a repair, which is shown. ``few`` says that a column
    holds few distinct texts, so that each is read once.
    """

    name: ClassVar[str]
    dtype: ClassVar[type[pl.DataType]]
    few: ClassVar[bool] = False
    free: ClassVar[bool] = False
    """Whether any text may stand there, signs of doubt included."""
    expected: str
    example: str
    choices: tuple[Choice, ...] | None = None

    @abstractmethod
    def quick(self, raw: pl.Expr) -> pl.Expr:
        """The typed values of usual writings, null for any other text."""

    @abstractmethod
    def understand(self, text: str) -> object | None:
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
    def sql_type(self) -> sa.types.TypeEngine[object]:
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
        return self._doubt(text) or self.why_not(text)

    def _doubt(self, text: str) -> Complaint | None:
        """What to do about « oui ? »: a value that is read once its sign of doubt is gone."""
        sign = _ABOUT.search(text)
        bare = _ABOUT.sub(" ", text).strip()
        if sign is None or self.free or not bare:
            return None
        value = self.read(pl.Series([bare], dtype=pl.String)).values[0]
        if value is None:
            return None
        said = f"Le signe « {sign[0]} » dit que ce n’est pas sûr."
        return Complaint("doute", said, f"Écrivez « {self.write(value)} » si c’est sûr ; sinon, videz la case.")

    def _read_once_each(self, raw: pl.Series) -> Cells:
        distinct = raw.drop_nulls().unique()
        if len(distinct) > len(raw) // 2:
            return self._read_all(raw)
        values, repaired = self._read_all(distinct)
        read = raw.replace_strict(distinct, values, default=None, return_dtype=self.dtype())
        if not repaired.any():
            return Cells(read, pl.repeat(False, len(raw), dtype=pl.Boolean, eager=True))
        return Cells(read, raw.is_in(distinct.filter(repaired).implode()).fill_null(False))

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

    def _understood(self, texts: pl.Series) -> dict[str, object]:
        meant = ((text, self.understand(text)) for text in texts.to_list() if self.free or not _UNSURE.search(text))
        return {text: value for text, value in meant if value is not None}
