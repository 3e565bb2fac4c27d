"""The functions that declare a column: each gives a pandera field that carries its kind."""

from __future__ import annotations

from typing import Any

from core.catalogue.choices import CodeCommune, Compte, Experience, Lieu, Ligne, Liste, OuiNon
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Annee, Decimal, Entier, Montant
from core.catalogue.texts import Siret, Texte
from core.domain.column_type import Choice, ColumnType
from core.domain.schemas import pa


class Schema(pa.DataFrameModel):
    """The base of every schema; a ``Config`` of a subclass must inherit this one."""

    class Config:
        """Columns beyond the schema are allowed: rows carry their line and their place too."""

        strict = False
        coerce = False


def texte(
    title: str,
    *,
    optional: bool = False,
    help: str = "",
    pattern: str | None = None,
    max_length: int = 500,
    personal_exempt: bool = False,
    names: str = "",
    example: str = "",
) -> Any:
    """A text (``pl.String``). ``pattern`` must match the whole of it; ``help`` says it in French.

    ``personal_exempt``: not searched for personal data (a public phone of a place). ``names``: the text
    is the code of an « association », a « dataset », an « indicator » or a « period ». ``example`` is what the
    template shows: give one wherever there is a ``pattern``.
    """
    form = {"str_matches": rf"^(?:{pattern})$"} if pattern else {}
    kind = Texte(pattern=pattern, max_length=max_length, names=names, **_given(example))
    return _field(
        kind,
        title,
        optional,
        help,
        personal_exempt=personal_exempt,
        example=example,
        str_length={"max_value": max_length},
        **form,
    )


def siret(title: str, *, optional: bool = False, help: str = "") -> Any:
    """A SIRET with a valid check digit (``pl.String``)."""
    return _field(Siret(), title, optional, help, personal_exempt=True)


def entier(
    title: str,
    *,
    optional: bool = False,
    help: str = "",
    at_least: int | None = 0,
    at_most: int | None = None,
    example: str = "",
) -> Any:
    """A whole number (``pl.Int64``); ``example`` is what the template shows, when the usual 12 would mislead."""
    kind = Entier(at_least, at_most, **_given(example))
    return _field(kind, title, optional, help, example=example, ge=at_least, le=at_most)


def annee(title: str, *, optional: bool = False, help: str = "") -> Any:
    """A year of four digits (``pl.Int64``)."""
    kind = Annee(2000, 2100)
    return _field(kind, title, optional, help, ge=kind.at_least, le=kind.at_most)


def montant(title: str, *, optional: bool = False, help: str = "", at_least: int | None = 0, example: str = "") -> Any:
    """An amount (``pl.Int64``, cents); ``at_least`` is in cents, ``example`` as typed: « 150 »."""
    return _field(Montant(at_least, **_given(example)), title, optional, help, example=example, ge=at_least)


def decimal(
    title: str,
    *,
    optional: bool = False,
    help: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    example: str = "",
) -> Any:
    """A decimal number (``pl.Float64``); ``example`` when the usual one (a latitude) would mislead."""
    kind = Decimal(at_least, at_most, **_given(example))
    return _field(kind, title, optional, help, example=example, ge=at_least, le=at_most)


def jour(title: str, *, optional: bool = False, help: str = "", example: str = "") -> Any:
    """A day (``pl.Date``)."""
    return _field(Jour(**_given(example)), title, optional, help, example=example)


def mois(title: str, *, optional: bool = False, help: str = "", example: str = "") -> Any:
    """A month (``pl.Date``, its first day)."""
    return _field(Mois(**_given(example)), title, optional, help, example=example)


def oui_non(title: str, *, optional: bool = False, help: str = "") -> Any:
    """Yes or no (``pl.Boolean``)."""
    return _field(OuiNon(), title, optional, help)


def liste(
    title: str,
    choices: tuple[Choice | str, ...],
    *,
    optional: bool = False,
    multiple: bool = False,
    help: str = "",
) -> Any:
    """One value of ``choices``, or several separated by « | » (``pl.String``)."""
    values = tuple(choice if isinstance(choice, Choice) else Choice(choice, choice) for choice in choices)
    return _field(Liste(values, multiple), title, optional, help)


def lieu(title: str, *, optional: bool = False, help: str = "") -> Any:
    """A place (``pl.String``: its code), written as people write it."""
    return _field(Lieu(), title, optional, help)


def code_commune(title: str, *, optional: bool = False, help: str = "") -> Any:
    """A commune (``pl.String``: its INSEE code)."""
    return _field(CodeCommune(), title, optional, help)


def experience(title: str, *, optional: bool = False, help: str = "") -> Any:
    """An experiment (``pl.String``: its code)."""
    return _field(Experience(), title, optional, help)


def ligne(title: str, *, optional: bool = False, help: str = "") -> Any:
    """A subsidy line (``pl.String``: its code)."""
    return _field(Ligne(), title, optional, help)


def compte(title: str, *, optional: bool = False, help: str = "") -> Any:
    """An account of the financial report (``pl.String``: its code); headings and totals are refused."""
    return _field(Compte(), title, optional, help)


def _given(example: str) -> dict[str, str]:
    """The argument of a kind whose example the author gave; without one, the kind has its own."""
    return {"example": example} if example else {}


def _field(
    kind: ColumnType,
    title: str,
    optional: bool,
    help: str,
    *,
    personal_exempt: bool = False,
    example: str = "",
    **checks: Any,
) -> Any:
    """``optional`` columns may be absent from a file, and their cells blank."""
    return pa.Field(
        nullable=optional,
        required=not optional,
        title=title,
        description=help,
        metadata={"kind": kind, "personal_exempt": personal_exempt, "example": example},
        **{name: value for name, value in checks.items() if value is not None},
    )
