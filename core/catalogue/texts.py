"""Text, and the identifiers that spreadsheets spoil."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl
import sqlalchemy as sa

from core.domain.column_type import DITTO, SAID_BLANK, SPREADSHEET_ERRORS, ColumnType, Complaint

# Texts that a spreadsheet turned into something else, formulas, errors, « 2,2E+13 », « 1234.0 »; and those by
# which a person says that nothing stands there, or what stands above.
_SIGNS = "|".join(map(re.escape, SAID_BLANK))
_NOTHING = r"n[ée]ant|aucune?|rien|sans objet|s\.o\.|ras|r\.a\.s\.|vide"
_TRAP = rf"(?i)^(=|({SPREADSHEET_ERRORS}|\d+[.,]0+|\d([.,]\d+)?E\+\d+|{DITTO}|{_SIGNS}|{_NOTHING})$)"
_TRAILING_ZERO = re.compile(r"(\d+)[.,]0+")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="([^"=]*)"')
# Letters of Cyrillic and Greek that nobody tells from ours.
_FOREIGN = r"[\u0370-\u04ff]"
_LOOK_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТХУаеіјорсухѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTXYaeijopcyxsABEZHIKMNOPTYXo")
_NO_ESTABLISHMENT = "00000"

ROUNDED = Complaint(
    "nombre_arrondi",
    "Le tableur a arrondi ce nombre : ses derniers chiffres sont perdus.",
    "Mettez la colonne au format « Texte », puis recopiez le nombre d’origine.",
)


def _from_spreadsheet(text: str) -> str | None:
    """What was typed before the spreadsheet changed it, when only one answer is possible."""
    if found := _KEPT_AS_TEXT.fullmatch(text):
        return found[1].strip() or None
    if found := _TRAILING_ZERO.fullmatch(text):
        return found[1]
    return None


def _of_foreign_letters(texts: pl.Series) -> pl.Series:
    """Which texts hold a letter of another alphabet; those that are all ours are not looked at."""
    wide = texts.str.len_bytes() != texts.str.len_chars()
    return wide & texts.str.contains(_FOREIGN) if wide.any() else wide


def _in_our_letters(text: str) -> str | None:
    """A text of foreign letters: in ours where each looks like one of them, beside ours or figures; else as it is."""
    if not re.search(_FOREIGN, text) or re.search(_TRAP, text):
        return None
    ours = text.translate(_LOOK_ALIKE)
    mixed = re.search("[A-Za-z0-9]", text) is not None and not re.search(_FOREIGN, ours)
    return ours if mixed else text


@dataclass(frozen=True)
class Texte(ColumnType):
    """Any text, cleaned of the spaces around it.

    ``names`` says that the text is the code of something that the registry holds: « association »,
    « dataset », « indicator », « period ». The registry then says whether it exists, and its name.
    """

    name: ClassVar[str] = "texte"
    dtype: ClassVar[type[pl.DataType]] = pl.String
    free: ClassVar[bool] = True
    pattern: str | None = None
    max_length: int = 500
    names: str = field(default="", kw_only=True)
    expected: str = "un texte"
    example: str = "texte libre"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Every text that bears no mark of a spreadsheet's doing, and says something by itself."""
        foreign = raw.map_batches(_of_foreign_letters, return_dtype=pl.Boolean)
        return pl.when(~raw.str.contains(_TRAP) & ~foreign).then(raw)

    def understand(self, text: str) -> str | None:
        """« ="00123" » and « 1234.0 » as they were typed; « МЕТ-0001 », of Cyrillic letters, as it looks."""
        return _from_spreadsheet(text) or _in_our_letters(text)

    def says_nothing(self, text: str) -> bool:
        """Also « néant », « aucun »: as a text they say that there is none."""
        return super().says_nothing(text) or re.fullmatch(_NOTHING, text.lower()) is not None

    def why_not(self, text: str) -> Complaint:
        """Only a rounded number is no text."""
        return ROUNDED

    def write(self, value: str) -> str:
        """The text itself."""
        return value

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Text without a length: lengths are judged, not stored."""
        return sa.Text()

    def json_schema(self) -> dict[str, Any]:
        """A string, its length and its form."""
        limits: dict[str, Any] = {"maxLength": self.max_length}
        if self.pattern:
            limits["pattern"] = self.pattern
        return {"type": "string", "constraints": limits}


@dataclass(frozen=True)
class Siret(Texte):
    """A SIRET: 14 digits with a valid check digit (Luhn), or La Poste's own sum."""

    name: ClassVar[str] = "siret"
    few: ClassVar[bool] = True
    expected: str = "un SIRET de 14 chiffres"
    example: str = "43493312300029"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Nothing is taken for granted: each distinct number is checked."""
        return pl.when(raw.map_batches(_all_valid_siret, return_dtype=pl.Boolean)).then(raw)

    def understand(self, text: str) -> str | None:
        """Spaces, points and a trailing « .0 » removed, when the number is then valid."""
        digits = re.sub(r"[ .\-]", "", re.sub(r"[.,]0$", "", text))
        return digits if valid_siret(digits) else None

    def why_not(self, text: str) -> Complaint:
        """Rounded by the spreadsheet, a SIREN, or miscopied."""
        digits = re.sub(r"\D", "", re.sub(r"[.,]0$", "", text))
        if _ROUNDED.fullmatch(text) or (len(digits) == 14 and digits.endswith(_NO_ESTABLISHMENT)):
            return ROUNDED
        if len(digits) == 9:
            return Complaint(
                "siren",
                "C’est un SIREN (9 chiffres) ; il faut le SIRET de l’établissement.",
                "Ajoutez les cinq chiffres de l’établissement.",
            )
        return Complaint(
            "siret",
            "Ce n’est pas un SIRET : il en faut les 14 chiffres, bien recopiés.",
            f"Recopiez-le depuis un document officiel, par exemple {self.example}.",
        )


@dataclass(frozen=True)
class CodePostal(Texte):
    """A French postal code, with the leading zero that spreadsheets drop."""

    name: ClassVar[str] = "code_postal"
    few: ClassVar[bool] = True
    expected: str = "un code postal de 5 chiffres"
    example: str = "13100"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Five digits."""
        return pl.when(raw.str.contains("^[0-9]{5}$")).then(raw)

    def understand(self, text: str) -> str | None:
        """Four digits had a zero in front (01000 to 09999)."""
        digits = _TRAILING_ZERO.sub(r"\1", text).replace(" ", "")
        return digits.zfill(5) if re.fullmatch("[1-9][0-9]{3}|[0-9]{5}", digits) else None

    def why_not(self, text: str) -> Complaint:
        """It has not five digits."""
        return Complaint("code_postal", "Un code postal a cinq chiffres.", f"Corrigez-le, par exemple {self.example}.")


def valid_siret(digits: str) -> bool:
    """Whether 14 digits satisfy the check of SIRET numbers (source: INSEE, algorithm of Luhn)."""
    if not re.fullmatch(r"\d{14}", digits) or digits.endswith(_NO_ESTABLISHMENT):
        return False  # establishments are numbered from 1: five zeros come from a rounded number
    if digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0:
        return True  # La Poste numbers its establishments by another rule
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(part // 10 + part % 10 for part in doubled) % 10 == 0


def _all_valid_siret(column: pl.Series) -> pl.Series:
    return pl.Series([text is not None and valid_siret(text) for text in column], dtype=pl.Boolean)
