"""Numbers as French spreadsheets write them: « 1 234,5 € », « 12,0 », « −3 »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
import sqlalchemy as sa

from core.catalogue import kinds
from core.domain import french
from core.domain.column_type import ColumnType, Complaint
from core.domain.french import fold

_MINUS = str.maketrans("−–", "--")
_UNIT = re.compile(r"(?i)\s*(€|euros?|eur|%)$|^€\s*")
_LARGEST = 10**15
_MULTIPLE = re.compile(r"(.*\d)\s*(k|m)\s?(?:€|euros?)", re.IGNORECASE)
_MULTIPLES = {"k": 1_000, "m": 1_000_000}


def _number(text: str) -> float | None:
    """The number that a French text means, or None when it could mean two."""
    bare = _UNIT.sub("", text.strip().translate(_MINUS)).replace("’", " ").replace("'", " ")
    bare = re.sub(r"^([+-])\s+", r"\1", bare)
    if " " in bare and not re.fullmatch(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?", bare):
        return None
    bare = bare.replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", bare):
        bare = bare.replace(".", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+\.\d+", bare):
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".")
    return float(bare) if re.fullmatch(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)", bare) else None


def _thousands_of_euros(text: str) -> tuple[int, str]:
    """How many euros the unit of an amount stands for, and the number before it: « 3,15 k€ » is 1 000 times 3,15."""
    found = _MULTIPLE.fullmatch(text)
    return (_MULTIPLES[found[2].lower()], found[1]) if found else (1, text)


def _two_meanings(text: str) -> bool:
    """« 1.234 » and « 1,234 »: a thousand and more, or one and a bit?"""
    bare = _UNIT.sub("", text.strip().translate(_MINUS))
    return re.fullmatch(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+", bare) is not None


def _not_a_number(text: str, example: str) -> Complaint:
    if _two_meanings(text):
        return Complaint(
            "nombre_ambigu",
            "Ce nombre peut se lire de deux façons (milliers ou décimales).",
            f"Écrivez-le sans point, avec une virgule pour les décimales, par exemple {example}.",
        )
    if "%" in text:
        return Complaint("pourcentage", "C’est un pourcentage.", f"Écrivez le nombre lui-même, par exemple {example}.")
    if fold(text) in kinds.NOTHING:
        return Complaint(
            "rien_ou_zero",
            "Cette case ne dit pas s’il y en a eu zéro, ou si le nombre n’est pas connu.",
            "Écrivez 0 s’il n’y en a pas eu ; videz la case si vous ne savez pas.",
        )
    if negative := kinds.negative_in(text):
        return Complaint(
            "nombre_negatif",
            "Ainsi écrit, un nombre est négatif pour un comptable.",
            f"Écrivez −{negative} s’il l’est, {negative} s’il ne l’est pas.",
        )
    alone = kinds.number_in(text)
    remedy = f"Écrivez le nombre seul : {alone}." if alone else f"Écrivez un nombre seul, par exemple {example}."
    return Complaint("nombre", "Ce n’est pas un nombre.", remedy)


@dataclass(frozen=True)
class Entier(ColumnType):
    """A whole number."""

    name: ClassVar[str] = "entier"
    dtype: ClassVar[type[pl.DataType]] = pl.Int64
    at_least: int | None = 0
    at_most: int | None = None
    expected: str = "un nombre entier"
    example: str = "12"

    def __post_init__(self) -> None:
        """Say the bounds when there are two, and give an example between them."""
        lowest, highest = self.at_least, self.at_most
        if lowest is not None and highest is not None:
            object.__setattr__(self, "expected", f"un nombre entier de {lowest} à {highest}")
        shown = _number(self.example)
        if shown is None:
            return  # the check of a plugin tells its author
        if (lowest is not None and lowest > shown) or (highest is not None and highest < shown):
            object.__setattr__(self, "example", str(lowest if lowest is not None else highest))

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Digits, or digits in groups of three."""
        grouped = raw.str.contains(r"^\d{1,3}( \d{3})+$")
        return (
            pl.when(raw.str.contains(r"^[+-]?\d{1,15}$"))
            .then(raw.cast(pl.Int64, strict=False))
            .when(grouped)
            .then(raw.str.replace_all(" ", "", literal=True).cast(pl.Int64, strict=False))
        )

    def understand(self, text: str) -> int | None:
        """« 12,0 », « 1’200 », « −3 »."""
        number = None if _two_meanings(text) or "%" in text or "€" in text else _number(text)
        if number is None or not number.is_integer():
            return None
        return int(number)

    def why_not(self, text: str) -> Complaint:
        """A number with two meanings, a decimal number, or no number."""
        number = None if _two_meanings(text) or "%" in text else _number(text)
        if number is not None and not number.is_integer():
            return Complaint(
                "nombre_entier", "Il faut un nombre entier.", f"Écrivez-le sans décimale, par exemple {self.example}."
            )
        return _not_a_number(text, self.example)

    def write(self, value: int) -> str:
        """Digits only."""
        return str(value)

    def show(self, value: int) -> str:
        """« 24 500 »."""
        return french.number(value)

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """A 64-bit integer."""
        return sa.BigInteger()

    def json_schema(self) -> dict[str, object]:
        """An integer with its bounds."""
        return {"type": "integer", "constraints": _bounds(self.at_least, self.at_most)}


@dataclass(frozen=True)
class Annee(Entier):
    """A year: a whole number that is never grouped by thousands."""

    def __post_init__(self) -> None:
        """Say that it is a year."""
        object.__setattr__(self, "expected", "une année, en quatre chiffres")
        object.__setattr__(self, "example", "2021")

    def show(self, value: int) -> str:
        """« 2021 »."""
        return str(value)


@dataclass(frozen=True)
class Montant(ColumnType):
    """An amount in euros, kept as whole cents."""

    name: ClassVar[str] = "montant"
    dtype: ClassVar[type[pl.DataType]] = pl.Int64
    at_least: int | None = 0
    expected: str = "un montant en euros"
    example: str = "1 234,50"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Digits, spaces between thousands, two decimals at most, « € » or nothing."""
        usual = raw.str.contains(r"^-?(\d{1,13}|\d{1,3}( \d{3})+)([.,]\d{1,2})? ?€?$")
        digits = raw.str.replace_all(r"[ €]", "").str.replace(",", ".", literal=True)
        return pl.when(usual).then((digits.cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64, strict=False))

    def understand(self, text: str) -> int | None:
        """« 1.234,50 euros », « 3,15 k€ », and the long tails of computed cells (12,340000000000001)."""
        times, plain = _thousands_of_euros(text)
        number = None if _two_meanings(plain) or "%" in text else _number(plain)
        if number is None or abs(number * times) >= _LARGEST / 100:
            return None
        exact = number * 100 * times
        cents = round(exact)
        return cents if abs(exact - cents) < max(1e-6, 1e-12 * abs(exact)) else None

    def why_not(self, text: str) -> Complaint:
        """More than two decimals, or no amount."""
        if not _two_meanings(text) and "%" not in text and _number(text) is not None:
            return Complaint(
                "centimes",
                "Un montant a deux décimales au plus.",
                f"Arrondissez-le au centime, par exemple {self.example}.",
            )
        return _not_a_number(text, self.example)

    def write(self, value: int) -> str:
        """« 1234,50 »."""
        whole, cents = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{whole},{cents:02d}"

    def show(self, value: int) -> str:
        """« 1 234,50 € »."""
        return french.euros(value)

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Cents, as a 64-bit integer."""
        return sa.BigInteger()

    def json_schema(self) -> dict[str, Any]:
        """A number of euros with its bounds."""
        lowest = None if self.at_least is None else self.at_least / 100
        return {"type": "number", "constraints": _bounds(lowest, None)}


@dataclass(frozen=True)
class Decimal(ColumnType):
    """A decimal number: a latitude, a share."""

    name: ClassVar[str] = "decimal"
    dtype: ClassVar[type[pl.DataType]] = pl.Float64
    at_least: float | None = None
    at_most: float | None = None
    expected: str = "un nombre"
    example: str = "43,5266"

    def __post_init__(self) -> None:
        """Give an example between the bounds."""
        shown = _number(self.example)
        if shown is None:
            return  # the check of a plugin tells its author
        inside = min(max(shown, self.at_least or -_LARGEST), shown if self.at_most is None else self.at_most)
        if inside != shown:
            object.__setattr__(self, "example", self.write(float(inside)))

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Digits with a comma or a point; « 60 % » of a share."""
        usual = raw.str.contains(
            rf"^[+-]?(\d{{1,15}}|\d{{1,3}}( \d{{3}})+)([.,]\d+)?{' ?%?' if self._is_share else ''}$"
        )
        if self._may_be_large:
            usual &= ~raw.str.contains(r"^[+-]?[1-9]\d{0,2}([.,]\d{3})+$")
        digits = raw.str.replace_all(r"[ %]", "").str.replace(",", ".", literal=True)
        return pl.when(usual).then(digits.cast(pl.Float64, strict=False))

    def understand(self, text: str) -> float | None:
        """« −3,5 », « 1.234,5 »; a share is no amount, and « 1.500 » may be a thousand and more."""
        if (self._is_share and re.search(r"(?i)€|eur", text)) or (self._may_be_large and _two_meanings(text)):
            return None
        return _number(text)

    @property
    def _is_share(self) -> bool:
        return self.at_most == 100

    @property
    def _may_be_large(self) -> bool:
        """A quantity: no share, nor a place on the map, which has a sign and no bound."""
        return self.at_least == 0 and self.at_most is None

    def why_not(self, text: str) -> Complaint:
        """It is no number."""
        return _not_a_number(text, self.example)

    def write(self, value: float) -> str:
        """All its digits, with a comma."""
        text = f"{value:.15f}".rstrip("0").rstrip(".") if "e" in repr(value) else repr(value).removesuffix(".0")
        # « 1,234 » would be asked: a thousand and more, or one and a bit?
        return text.replace(".", ",") + ("0" if self._may_be_large and _two_meanings(text) else "")

    def show(self, value: float) -> str:
        """« 43,5266 »."""
        return french.number(value, 6)

    def sql_type(self) -> sa.types.TypeEngine[object]:
        """A double."""
        return sa.Double()

    def json_schema(self) -> dict[str, object]:
        """A number with its bounds."""
        return {"type": "number", "constraints": _bounds(self.at_least, self.at_most)}


def _bounds(lowest: float | None, highest: float | None) -> dict[str, object]:
    bounds = {"minimum": lowest, "maximum": highest}
    return {name: value for name, value in bounds.items() if value is not None}
