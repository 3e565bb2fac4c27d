"""Columns that hold one value of a list: yes or no, a status, a place, an experiment, an account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import polars as pl
import sqlalchemy as sa

from core.catalogue import kinds, places
from core.domain import french
from core.domain.column_type import Choice, ColumnType, Complaint
from core.domain.french import fold, nearest, stem, unambiguous

_YES = frozenset({"oui", "o", "vrai", "true", "yes", "y", "x", "1", "ok"})
_TICKED = frozenset("✓✔☑✅🗹")
_NOT_TICKED = frozenset("✗✘☐❌")
_NO = frozenset({"non", "n", "faux", "false", "no", "0"})
_LETTER_O, _LETTER_N = frozenset({"O", "o"}), frozenset({"N", "n"})
_ZERO, _ONE = frozenset({"0", "0,0", "0.0"}), frozenset({"1", "1,0", "1.0"})


@dataclass(frozen=True)
class OuiNon(ColumnType):
    """Yes or no."""

    name: ClassVar[str] = "oui_non"
    dtype: ClassVar[type[pl.DataType]] = pl.Boolean
    few: ClassVar[bool] = True
    expected: str = "oui ou non"
    example: str = "oui"

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """« oui » and « non », in any case."""
        word = raw.str.to_lowercase()
        return pl.when(word == "oui").then(True).when(word == "non").then(False)

    def understand(self, text: str) -> bool | None:
        """« x », « VRAI », « 1 », « O »; also « 1,0 »."""
        bare = text.replace("\ufe0f", "")  # what makes a picture of a sign
        word = fold(re.sub(r"^([01])[.,]0$", r"\1", bare))
        if bare in _TICKED or word in _YES:
            return True
        return False if bare in _NOT_TICKED or word in _NO else None

    def doubtful(self, texts: Sequence[str], habit: str | None = None) -> dict[str, Complaint]:
        """The letter O and the figure 0, where the other cells show that each may have been typed for the other."""
        letters, zeros, ones = (one.intersection(texts) for one in (_LETTER_O, _ZERO, _ONE))
        says_no = bool(_LETTER_N.intersection(texts))
        doubts = [*(letters if (zeros or ones) and not says_no else ()), *(zeros if letters or says_no else ())]
        why = Complaint(
            "lettre_ou_zero",
            "La lettre O dit oui et le chiffre 0 dit non : à côté des autres cases, ce peut être l’un ou l’autre.",
            "Écrivez oui ou non dans toute la colonne.",
        )
        return dict.fromkeys(doubts, why)

    def why_not(self, text: str) -> Complaint:
        """It is neither."""
        return Complaint("oui_non", "Ce n’est ni oui ni non.", "Écrivez oui ou non.")

    def write(self, value: bool) -> str:
        """« oui » or « non »."""
        return "oui" if value else "non"

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """A boolean."""
        return sa.Boolean()

    def json_schema(self) -> dict[str, Any]:
        """A boolean and its words."""
        return {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}


def _sharing(text: str, labels: Iterable[str]) -> str | None:
    """The only label that has a word of the text: « ordinateur portable » for « PC portable »."""
    words = {word for word in stem(text).split() if len(word) > 3}
    found = [label for label in labels if words & set(stem(label).split())]
    return found[0] if len(found) == 1 else None


class Coded(ColumnType):
    """A text that must be one of known codes, understood as people write it."""

    dtype: ClassVar[type[pl.DataType]] = pl.String
    few: ClassVar[bool] = True
    typed_by_name: ClassVar[bool] = False
    """Whether nobody types the code: the lists of a template show the label alone."""
    form: ClassVar[str] = ""
    """The pattern of a code, where others than those that are known may be written."""

    @cached_property
    def codes(self) -> dict[str, str]:
        """What is shown for each code."""
        return {choice.value: choice.label for choice in self.choices or ()}

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """A code or its label as they stand, or both as the template's lists write them."""
        exact = self._exact
        return raw.replace_strict(list(exact), list(exact.values()), default=None, return_dtype=pl.String)

    def why_not(self, text: str) -> Complaint:
        """It is not in the list; the nearest value is offered, else the first ones."""
        if fold(text) in kinds.NOTHING:
            said = f"« {text} » vaut une case vide."
            return Complaint(
                f"{self.name}_inconnu",
                f"Il faut {self.expected}.",
                f"{said} Videz-la, ou {french.lower_first(self._offer())}",
            )
        close = nearest(text, self.codes.values()) or _sharing(text, self.codes.values())
        return Complaint(
            f"{self.name}_inconnu",
            f"Il faut {self.expected}.",
            f"Vouliez-vous dire « {close} » ?" if close else self._offer(),
        )

    def write(self, value: str) -> str:
        """The code."""
        return value

    def show(self, value: str) -> str:
        """The label."""
        return self.codes.get(value, value)

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """The code, as text."""
        return sa.Text()

    def json_schema(self) -> dict[str, object]:
        """A string among the codes, or in their form."""
        allowed = {"pattern": self.form} if self.form else {"enum": list(self.codes)}
        return {"type": "string", "constraints": allowed}

    def listed(self, code: str) -> str:
        """What a drop-down list shows for ``code``: « 60.1 – Achats », or the label; reading it gives the code."""
        return self.codes[code] if self.typed_by_name else f"{code} – {self.codes[code]}"

    @cached_property
    def _exact(self) -> dict[str, str]:
        labels = unambiguous((label, code) for code, label in self.codes.items())
        both = {f"{code} – {label}": code for code, label in self.codes.items()}  # as templates may write it
        return labels | both | {self.listed(code): code for code in self.codes} | {code: code for code in self.codes}

    def _offer(self) -> str:
        shown = [f"« {label} »" for label in list(self.codes.values())[:8]]
        rest = ", …" if len(self.codes) > 8 else ""
        return f"Choisissez parmi : {', '.join(shown)}{rest}.".replace("….", "…")


@dataclass(frozen=True)
class Liste(Coded):
    """One value of a list, or several separated by « | »."""

    name: ClassVar[str] = "liste"
    typed_by_name: ClassVar[bool] = True
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    expected: str = field(default="", compare=False)
    example: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Fill in what is expected and an example from the choices themselves."""
        values = [f"« {choice.label} »" for choice in self.choices]
        several = "une ou plusieurs valeurs parmi" if self.multiple else "une valeur parmi"
        listed = french.listing(values[:12], "ou") if len(values) <= 12 else f"{', '.join(values[:12])}, …"
        object.__setattr__(self, "expected", f"{several} {listed}")
        object.__setattr__(self, "example", self.choices[0].label if self.choices else "")

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """Values as listed, whatever their case."""
        lowered = self._lowered
        return raw.str.to_lowercase().replace_strict(
            list(lowered), list(lowered.values()), default=None, return_dtype=pl.String
        )

    def understand(self, text: str) -> str | None:
        """Without regard to accents, hyphens, plural and feminine; several values when allowed."""
        if not self.multiple:
            return self._one(text)
        parts = [part.strip() for part in re.split(r"[|;\n]", text) if part.strip()]
        found = [self._one(part) for part in parts]
        return "|".join(dict.fromkeys(v for v in found if v)) if found and all(found) else None

    def why_not(self, text: str) -> Complaint:
        """The value that is not in the list, when several stand in the cell."""
        if not self.multiple:
            return super().why_not(text)
        parts = (part.strip() for part in re.split(r"[|;\n]", text))
        return super().why_not(next((part for part in parts if part and self._one(part) is None), text))

    def show(self, value: str) -> str:
        """The label or labels."""
        if not self.multiple:
            return super().show(value)
        return ", ".join(self.codes.get(part, part) for part in value.split("|"))

    def _offer(self) -> str:
        return "Choisissez l’une d’elles."  # they were just listed

    def json_schema(self) -> dict[str, object]:
        """A string among the values; with several, any « | » list of them."""
        if not self.multiple:
            return super().json_schema()
        one = "|".join(re.escape(code) for code in self.codes)
        return {"type": "string", "constraints": {"pattern": rf"({one})(\|({one}))*"}}

    def _one(self, text: str) -> str | None:
        return (
            self._lowered.get(text.lower())
            or self._folded.get(fold(text))
            or (self._stemmed.get(stem(text)) if fold(text) else None)
        )

    @cached_property
    def _lowered(self) -> dict[str, str]:
        labels = unambiguous((choice.label.lower(), choice.value) for choice in self.choices)
        return labels | unambiguous((choice.value.lower(), choice.value) for choice in self.choices)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return unambiguous((fold(word), c.value) for c in self.choices for word in (c.value, c.label))

    @cached_property
    def _stemmed(self) -> dict[str, str]:
        return unambiguous((stem(word), c.value) for c in self.choices for word in (c.value, c.label))


@dataclass(frozen=True)
class Lieu(Coded):
    """A place of the programme or one of the 92 communes."""

    name: ClassVar[str] = "lieu"
    typed_by_name: ClassVar[bool] = True
    expected: str = "un lieu du programme ou une commune de la Métropole"
    example: str = "Port-de-Bouc"

    @cached_property
    def codes(self) -> dict[str, str]:
        """The name of each place."""
        return {place.code: place.name for place in places.every().values()}

    def understand(self, text: str) -> str | None:
        """« AIX EN PROVENCE », « St Cannat », « 13e Frais Vallon »."""
        return places.resolve(text)

    def why_not(self, text: str) -> Complaint:
        """A number with two meanings, a name and a number that disagree, or no known place."""
        remedy = "Écrivez le nom du lieu, sans code."
        code = re.sub(r"[.,]0$", "", text)
        if both := places.two_communes().get(code):
            one, others = both
            said = f"{code} est le code INSEE de {one} et un code postal de {french.listing(others)}."
            return Complaint("code_a_deux_sens", said, remedy)
        place = places.named(text)
        if place and (number := places.disagreeing(text, place)):
            said = f"« {number} » ne va pas avec {places.name(place)}."
            if re.fullmatch(r"\d{5}", number):
                said = f"{number} n’est ni un code postal ni le code INSEE de {places.name(place)}."
            return Complaint("nom_et_code", said, remedy)
        return super().why_not(text)

    def write(self, value: str) -> str:
        """The code, or the name where the code, alone, could be read as a postal one."""
        return places.name(value) if value in places.two_communes() else value

    def show(self, value: str) -> str:
        """The name of the place."""
        return places.name(value)

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {text: code for text, code in super()._exact.items() if text not in places.two_communes()}


_POSTAL_ONLY = r"^13(1[2-9]\d|200|21[7-9]|2[2-9]\d|[3-9]\d\d)$"
"""What no commune of Bouches-du-Rhône has for INSEE code: they go from 13001 to 13119, and from 13201 to 13216."""


@dataclass(frozen=True)
class CodeCommune(Coded):
    """The INSEE code of a commune, of the Métropole or elsewhere."""

    name: ClassVar[str] = "code_commune"
    form: ClassVar[str] = r"(\d{2}|2[AB])\d{3}"
    expected: str = "le code INSEE d’une commune (5 caractères)"
    example: str = "13001"

    @cached_property
    def codes(self) -> dict[str, str]:
        """The names of the 92 communes."""
        return {code: commune.name for code, commune in places.communes().items()}

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """A code in its form, or followed by the name of its commune."""
        code = raw.str.extract(r"^((?:\d{2}|2[AB])\d{3})(?: – .+)?$", 1)
        return pl.when(~code.str.contains(_POSTAL_ONLY)).then(code)

    def understand(self, text: str) -> str | None:
        """A lost leading zero (« 1001 »), a trailing « .0 », or the name of a commune."""
        code = re.sub(r"[.,]0$", "", text).upper().replace(" ", "")
        if re.match(_POSTAL_ONLY, code):
            return None
        if re.fullmatch(r"[1-9]\d{3}|\d{5}|2[AB]\d{3}", code):
            return code.zfill(5)
        return places.commune_of(text)

    def why_not(self, text: str) -> Complaint:
        """A postal code, or no commune."""
        code = re.sub(r"[.,]0$", "", text).replace(" ", "")
        if not re.match(_POSTAL_ONLY, code):
            return super().why_not(text)
        here = [one for one in places.communes().values() if code in one.postal_codes]
        offered = french.listing((f"{one.insee} pour {one.name}" for one in here), "ou")
        remedy = f"Écrivez {offered}." if here else "Écrivez le nom de la commune, ou son code INSEE."
        return Complaint("code_postal_pour_insee", f"{code} est un code postal ; il faut le code INSEE.", remedy)


@dataclass(frozen=True)
class Experience(Coded):
    """The code of an experiment; whether it is registered is for the registry to say."""

    name: ClassVar[str] = "experience"
    form: ClassVar[str] = r"[a-z0-9]+(-[a-z0-9]+)+"
    typed_by_name: ClassVar[bool] = True
    expected: str = "le code d’une expérimentation"
    example: str = "ct2-pays-d-aix"

    @cached_property
    def codes(self) -> dict[str, str]:
        """The six experiments that were voted."""
        return kinds.experiments()

    def quick(self, raw: pl.Expr) -> pl.Expr:
        """A voted code or title as it stands, or the code of an experiment added since."""
        known = super().quick(raw)
        return pl.coalesce(known, pl.when(raw.str.contains(r"^[a-z0-9]+(-[a-z0-9]+)+$")).then(raw))

    def understand(self, text: str) -> str | None:
        """« Pays d’Aix », « CT6 », « Frais Vallon »."""
        return kinds.experiment_writings().get(fold(text))


@dataclass(frozen=True)
class Ligne(Coded):
    """The code of a subsidy line."""

    name: ClassVar[str] = "ligne"
    typed_by_name: ClassVar[bool] = True
    expected: str = "une ligne de subvention : son code, ou le nom de l’association quand elle n’en a qu’une"
    example: str = "anonymal-ct2"

    @cached_property
    def codes(self) -> dict[str, str]:
        """The six lines that were voted."""
        return kinds.lines()

    def understand(self, text: str) -> str | None:
        """The code in another case, the object, « Point Formation » when the association has one line."""
        return kinds.line_writings().get(fold(text))

    def _offer(self) -> str:
        return f"Choisissez parmi : {', '.join(self.codes)}."


@dataclass(frozen=True)
class Compte(Coded):
    """A detail line of the Cerfa 15059 (source: core/data/cerfa_15059.csv)."""

    name: ClassVar[str] = "compte"
    expected: str = "le code d’un compte de détail du compte rendu financier"
    example: str = "60.1"

    @cached_property
    def codes(self) -> dict[str, str]:
        """The lines that carry an amount: headings and totals do not."""
        return kinds.accounts()

    def understand(self, text: str) -> str | None:
        """« 60,1 », « 860,0 », the label in another case; « 74,1 » may be what a spreadsheet made of « 74,10 »."""
        code = re.sub(r"[.,]0$", "", text).replace(",", ".").lower()
        if f"{code}0" in self.codes:
            return None
        return code if code in self.codes else self._folded.get(fold(text))

    def why_not(self, text: str) -> Complaint:
        """A heading or a total, two accounts, or no account."""
        code = re.sub(r"[.,]0$", "", text).replace(",", ".")
        if {code, f"{code}0"} <= self.codes.keys():
            both = f"« {code} – {self.codes[code]} » ou « {code}0 – {self.codes[f'{code}0']} »"
            said = "Un tableur enlève le dernier zéro d’un nombre : ce peut être deux comptes."
            return Complaint("compte_a_deux_sens", said, f"Écrivez {both}.")
        if code in kinds.account_headings() or fold(text).startswith("total"):
            return Complaint(
                "compte_titre", "C’est un titre ou un total ; il se calcule.", "Donnez le détail, par exemple 60.1."
            )
        return super().why_not(text)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return unambiguous((fold(label), code) for code, label in self.codes.items())
