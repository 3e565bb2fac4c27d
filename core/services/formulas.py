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
    col,
)
from core.services.conditions import name_of, words

_CORE = {
    "lignes": "Subventions votées",
    "versements_ventiles": "Versements",
    "depenses_ventilees": "Dépenses à date",
    "depots": "Dépôts",
}
_LEAD = frozenset(one.code for one in lead.DATASETS)
_TITLES = {code: one.title for code, one in DATASETS.items()} | {one.code: one.title for one in lead.DATASETS}


def counted(indicator: Indicator) -> str:
    """What is counted, in words."""
    return french.sentence(measure(indicator.numerator))


def related(indicator: Indicator) -> str:
    """What it is divided by; empty for a count."""
    return french.sentence(measure(indicator.denominator)) if indicator.denominator is not None else ""


def measure(found: AnyMeasure | Computed) -> str:
    """One measure in words."""
    match found:
        case Count():
            return f"nombre de lignes de {source(found.source)}{_kept(found)}"
        case CountDistinct():
            return f"nombre de {_distinct(found)} dans {source(found.source)}{_kept(found)}"
        case Sum():
            return f"total de {_column(found)} dans {source(found.source)}{_kept(found)}"
        case Median():
            return f"valeur médiane de {_column(found)} dans {source(found.source)}{_kept(found)}"
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


def held_by_lead(indicator: Indicator) -> bool:
    """Whether what is counted is recorded by the Métropole, not handed in by associations."""
    found = getattr(indicator.numerator, "source", None)
    return found in _LEAD or found == "versements_ventiles"


def direction(indicator: Indicator) -> str:
    """Which way is good."""
    return "plus il est haut, mieux c’est" if indicator.direction is Direction.UP else "plus il est bas, mieux c’est"


def additive(indicator: Indicator) -> str:
    """Whether the parts add up."""
    return "les parties s’additionnent" if indicator.additive else "non additif : le total est recalculé"


def _kept(found: Any) -> str:
    if found.where is None:
        told = ""
    else:
        condition = words(found.where)
        told = f", lignes où {condition}" if condition else ", lignes qui remplissent la définition"
    if found.whose is not None:
        told = f"{told}, dans les seules expérimentations qui ont ce chiffre"
    return f"{told} (date : {name_of(col(found.date))})" if found.date else told


def _distinct(found: CountDistinct) -> str:
    name = name_of(found.expression)
    return f"{name} différents" if name else "valeurs différentes"


def _column(found: Sum | Median) -> str:
    return name_of(found.expression) or "ce que dit la définition"
