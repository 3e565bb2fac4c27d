"""What an indicator's declaration says, in French words: what is counted, over what, in which rows."""

from __future__ import annotations

from typing import Any

from core.axes import DATASETS, lead
from core.domain import french
from core.domain.indicator import (
    AnyMeasure,
    Computed,
    Constant,
    Count,
    CountDistinct,
    Derived,
    Direction,
    Indicator,
    Median,
    Sum,
)  # fmt: skip

_CORE = {
    "lignes": "Subventions votées",
    "versements_ventiles": "Versements",
    "depenses_ventilees": "Dépenses à date",
    "depots": "Dépôts",
}
_TITLES = {code: one.title for code, one in DATASETS.items()} | {one.code: one.title for one in lead.DATASETS}


def formula(indicator: Indicator) -> str:
    """« Nombre de lignes de « Matériel », sur… », in words."""
    above = measure(indicator.numerator)
    if indicator.denominator is None:
        return french.sentence(above)
    times = "" if indicator.is_money else ", en pourcentage"
    return french.sentence(f"{above}, divisé par : {measure(indicator.denominator)}{times}")


def measure(found: AnyMeasure | Computed) -> str:
    """One measure in words."""
    match found:
        case Count():
            return f"nombre de lignes de {source(found.source)}{_kept(found)}"
        case CountDistinct():
            return f"nombre de numéros distincts dans {source(found.source)}{_kept(found)}"
        case Sum():
            return f"total de la colonne {_column(found)} de {source(found.source)}{_kept(found)}"
        case Median():
            return f"valeur médiane, calculée ligne par ligne dans {source(found.source)}{_kept(found)}"
        case Constant():
            only = " au niveau du programme seulement" if found.programme_only else ""
            return f"{french.number(found.value)}{only} ({found.citation})"
        case Computed():
            codes = f" ({french.listing(found.codes)})" if found.codes else ""
            return f"calculé à partir d’autres indicateurs{codes}"
    raise TypeError(f"no words for a measure {type(found).__name__}")


def source(found: Any) -> str:
    """The name of the rows that a measure reads."""
    title = found.title if isinstance(found, Derived) else _TITLES.get(found, _CORE.get(found, str(found)))
    return f"« {title} »"


def direction(indicator: Indicator) -> str:
    """Which way is good."""
    return "plus il est haut, mieux c’est" if indicator.direction is Direction.UP else "plus il est bas, mieux c’est"


def additive(indicator: Indicator) -> str:
    """Whether the parts add up."""
    return "les parties s’additionnent" if indicator.additive else "non additif : le total est recalculé"


def _kept(found: Any) -> str:
    told = " qui remplissent la condition" if found.where is not None else ""
    return f"{told}, datées par « {found.date.replace('_', ' ')} »" if found.date else told


def _column(found: Sum) -> str:
    name = getattr(found.expression, "name", None)
    return f"« {name.replace('_', ' ')} »" if isinstance(name, str) else "calculée"
