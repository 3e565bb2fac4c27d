"""Formulas and conditions in French: what a figure counts, of which rows, in which direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    Grouping,
    Null,
    UnaryExpression,
)
from sqlalchemy.sql.functions import FunctionElement

from core.catalogue import DATASETS, lead
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
    Programme,
    Sum,
    au,
    col,
    days_between,
)

_COMPARED: dict[Callable[..., object], str] = {
    operators.eq: "est",
    operators.ne: "n’est pas",
    operators.gt: "dépasse",
    operators.ge: "atteint",
    operators.lt: "reste sous",
    operators.le: "ne dépasse pas",
}
_COMPUTED: dict[Callable[..., object], str] = {operators.add: "+", operators.sub: "−", operators.mul: "×"}
_OURS = {
    "montant": "montant",
    "date_pret": "jour où la machine est prête",
    "date_sortie": "jour de sortie du stock",
    "date_recensement": "jour du recensement",
    "seuil_atteint": "jour où le seuil est atteint",
    "_place": "lieu",
    "_experiment": "expérimentation",
}
"""Columns that no dataset declares, or that several declare under different titles."""


_own: ContextVar[Mapping[str, str]] = ContextVar("own titles", default=MappingProxyType({}))
"""Titles of what one association alone has, while one of its figures is told."""


class Unsaid(Exception):
    """The condition holds something that has no words here."""


def words(clause: object) -> str:
    """The condition in words, empty when some part of it has none."""
    try:
        return _said(clause)
    except Unsaid:
        return ""


def name_of(expression: object) -> str:
    """The title of the column that an expression reads, between quotes; empty when it is not one column."""
    try:
        return _name(expression)
    except Unsaid:
        return ""


def _said(clause: object) -> str:
    match clause:
        case Grouping():
            return _said(clause.element)
        case BooleanClauseList():
            return _joined(clause)
        case UnaryExpression() if clause.operator is operators.inv:
            return f"non ({_said(clause.element)})"
        case BinaryExpression():
            return _compared(clause)
    raise Unsaid


def _joined(clause: BooleanClauseList) -> str:
    parts = [_inside(part) for part in clause.clauses]
    return french.listing(parts, "et" if clause.operator is operators.and_ else "ou")


def _inside(part: object) -> str:
    bare = part.element if isinstance(part, Grouping) else part
    return f"({_said(bare)})" if isinstance(bare, BooleanClauseList) else _said(bare)


def _compared(clause: BinaryExpression[object]) -> str:
    name, operator = _name(clause.left), clause.operator
    if operator in (operators.is_, operators.is_not) and isinstance(clause.right, Null):
        return f"{name} {'non renseigné' if operator is operators.is_ else 'renseigné'}"
    if operator is operators.is_:
        return f"{name} est « oui »"
    if operator is operators.in_op:
        return f"{name} est {french.listing(map(_value, clause.right.value), 'ou')}"
    if operator not in _COMPARED:
        raise Unsaid
    return f"{name} {_COMPARED[operator]} {_right(clause.right)}"


def _right(found: object) -> str:
    if found is au:
        return "le jour du chiffre"
    if isinstance(found, BindParameter):
        return _value(found.value)
    return _name(found)


def _name(found: object) -> str:
    if isinstance(found, Grouping):
        return f"({_name(found.element)})" if isinstance(found.element, BinaryExpression) else _name(found.element)
    if isinstance(found, FunctionElement) and getattr(found, "name", "") in ("coalesce", "lower"):
        return _name(next(iter(found.clauses)))
    if isinstance(found, days_between):
        start, end = found.clauses
        return f"jours de {_name(start)} à {_name(end)}"
    if isinstance(found, BinaryExpression) and found.operator in _COMPUTED:
        return f"{_name(found.left)} {_COMPUTED[found.operator]} {_name(found.right)}"
    if not isinstance(found, ColumnClause):
        raise Unsaid
    known = _OURS.get(found.name) or _titles().get(found.name) or _own.get().get(found.name)
    title = known or found.name.removeprefix("_").replace("_", " ")
    return f"« {title.lower()} »"


def _value(found: object) -> str:
    if isinstance(found, date):
        return french.day(found)
    if isinstance(found, bool):
        return "« oui »" if found else "« non »"
    if isinstance(found, int | float):
        return french.number(found, 2)
    return f"« {found} »"


@cache
def _titles() -> dict[str, str]:
    """The title of each column, by name; the first dataset that has it says it."""
    found: dict[str, str] = {}
    for dataset in (*DATASETS.values(), *lead.DATASETS):
        for column in dataset.columns:
            found.setdefault(column.name, column.title)
    return found


# --- What an indicator's declaration says, in French words: what is counted, over what, in which rows ----


_CORE = {
    "lignes": "Subventions votées",
    "versements_ventiles": "Versements",
    "depenses_ventilees": "Dépenses à date",
    "depots": "Dépôts",
}
_LEAD = frozenset(one.code for one in lead.DATASETS)
_TITLES = {code: one.title for code, one in DATASETS.items()} | {one.code: one.title for one in lead.DATASETS}


def counted_rows(indicator: Indicator) -> str:
    """What is counted, in words."""
    return _in_its_words(indicator, indicator.numerator)


def related(indicator: Indicator) -> str:
    """What it is divided by; empty for a count."""
    return _in_its_words(indicator, indicator.denominator) if indicator.denominator is not None else ""


def _in_its_words(indicator: Indicator, found: AnyMeasure | Computed) -> str:
    """A measure with the titles of the plugin that brings it, which the shared catalogue does not know."""
    derived = getattr(getattr(found, "source", None), "titles", {})
    before = _own.set({**indicator.titles, **derived})
    try:
        return french.sentence(measure(found))
    finally:
        _own.reset(before)


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
    title = (
        found.title
        if isinstance(found, Derived)
        else _TITLES.get(found, _CORE.get(found, _own.get().get(found, str(found))))
    )
    return f"« {title} »"


def held_by_lead(indicator: Indicator) -> bool:
    """Whether what is counted is recorded by the Métropole, not handed in by associations."""
    found = getattr(indicator.numerator, "source", None)
    return found in _LEAD or found == "versements_ventiles"


def direction(indicator: Indicator) -> str:
    """Which way is good."""
    return "plus il est haut, mieux c’est" if indicator.direction is Direction.UP else "plus il est bas, mieux c’est"


_TOTALS = {
    Programme.SUM: "les expérimentations s’additionnent ; ce qui n’est à aucune d’elles est dit à part",
    Programme.RATIO: "les deux nombres sont additionnés sur les mêmes expérimentations : "
    "le total est entre la plus petite et la plus grande",
    Programme.POOLED: "recalculé sur toutes les lignes : ce n’est pas la somme des expérimentations",
    Programme.WORST: "celui de la plus ancienne des expérimentations qui doivent rendre",
    Programme.NONE: "pas de total : une seule association donne ce chiffre",
}


def programme_total(indicator: Indicator) -> str:
    """What the programme shows beside its experiments."""
    if indicator.programme_only:
        return "ne se lit qu’au niveau du programme"
    return _TOTALS[indicator.programme or Programme.POOLED]


def _kept(found: Any) -> str:
    if found.where is None:
        told = ""
    else:
        condition = words(found.where)
        told = f", lignes où {condition}" if condition else ", lignes qui remplissent la définition"
    return f"{told} (date : {name_of(col(found.date))})" if found.date else told


def _distinct(found: CountDistinct) -> str:
    name = name_of(found.expression)
    return f"{name} différents" if name else "valeurs différentes"


def _column(found: Sum | Median) -> str:
    return name_of(found.expression) or "ce que dit la définition"
