"""What an indicator of a plugin must be before it is computed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from sqlalchemy.sql import FromClause, visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause

from core.contract.checks import check_axes, check_choice, check_filled, check_types, columns_of_derived
from core.contract.checks import problem as _problem
from core.domain.french import nearest
from core.domain.indicator import Computed, Constant, Count, Derived, Direction, Indicator, Measure

CORE_TABLES = dict.fromkeys(
    ("lignes", "versements_ventiles", "depenses_ventilees"),
    frozenset({"ligne", "association", "axes", "montant", "date", "nature"}),
)
"""The tables that the core makes of what it holds, which a measure may read like a dataset, and their columns."""
CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}")
HIDDEN = frozenset({"_key", "_place", "_experiment", "_association", "_since", "_until"})


class ReadableSources(Protocol):
    """What the measures of a plugin may read: sources by their code, the columns of each, an empty table of it."""

    @property
    def codes(self) -> frozenset[str]: ...

    def columns(self, source: str) -> frozenset[str]: ...

    def table(self, source: str) -> FromClause: ...


def check_indicators(
    found: tuple[Any, ...], catalogue: Mapping[str, Indicator], offered: ReadableSources
) -> tuple[Indicator, ...]:
    """``found``, when each is well declared and none gives a known code another meaning.

    Raises PluginProblem, for the first thing that is wrong.
    """
    for one in found:
        if not isinstance(one, Indicator):
            raise _problem(
                f"register_indicators rend {type(one).__name__} au lieu d’un indicateur.",
                "Rendez une liste d’Indicator, par exemple indicators_for(experiment).",
            )
        _check_fields(one)
        # A figure of the catalogue was checked with the product, or with the plugin that brought it first.
        if one is not catalogue.get(one.code):
            _check_measures(one, offered)
    _check_codes(found, catalogue)
    _check_computed(found, catalogue)
    return found


def same_meaning(one: object, other: object) -> bool:
    """Whether two declarations say the same: expressions are compared by structure, functions by identity."""
    if one is other:
        return True
    if isinstance(one, ClauseElement) or isinstance(other, ClauseElement):
        return isinstance(one, ClauseElement) and isinstance(other, ClauseElement) and one.compare(other)
    if is_dataclass(one) and type(one) is type(other):
        return all(same_meaning(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return type(one) is type(other) and bool(one == other)


def _check_fields(one: Indicator) -> None:
    if not isinstance(one.code, str) or not CODE.fullmatch(one.code):
        raise _problem(
            f"Le code d’indicateur « {one.code} » ne s’écrit pas ainsi.",
            "Employez des lettres sans accent, des chiffres et des tirets, vingt signes au plus : XS1.",
        )
    named = f"L’indicateur « {one.code} »"
    check_filled(named, one, "label")
    check_types(named, one, {"definition": str, "unit": str, "source": str, "note": str, "version": int})
    check_axes(named, one.axes)
    check_choice(f"{named} : headline", one.headline, ("value", "numerator"))
    check_choice(f"{named} : shortlist", one.shortlist, ("socle", "optionnel"))
    check_choice(f"{named} : direction", one.direction, tuple(Direction))
    if one.rank is not None:
        check_types(named, one, {"rank": int})
    if isinstance(one.denominator, Computed):
        raise _problem(
            f"{named} a un dénominateur calculé (Computed).",
            "Faites-le rendre par la fonction du numérateur : (numérateur, dénominateur).",
        )


def _check_codes(found: tuple[Indicator, ...], catalogue: Mapping[str, Indicator]) -> None:
    seen: set[str] = set()
    for one in found:
        if one.code in seen:
            raise _problem(f"L’indicateur « {one.code} » est rendu deux fois.", "Rendez-le une seule fois.")
        seen.add(one.code)
        other = catalogue.get(one.code)
        if other is not None and not same_meaning(one, other):
            raise _problem(
                f"L’indicateur « {one.code} » veut déjà dire « {other.label} » ; un code n’a qu’un sens.",
                "Donnez un autre code au vôtre, ou reprenez l’indicateur du catalogue tel quel.",
            )


def _check_computed(found: tuple[Indicator, ...], catalogue: Mapping[str, Indicator]) -> None:
    known = {*catalogue, *(one.code for one in found)}
    for one in found:
        for measure in _measures(one):
            for code in measure.codes if isinstance(measure, Computed) else ():
                if code not in known:
                    raise _problem(f"« {one.code} » se calcule à partir de « {code} », inconnu.", _hint(code, known))


def _measures(one: Indicator) -> Iterator[object]:
    yield one.numerator
    if one.denominator is not None:
        yield one.denominator


def _check_measures(one: Indicator, offered: ReadableSources) -> None:
    for measure in _measures(one):
        if isinstance(measure, Computed):
            continue
        if isinstance(measure, Constant):
            _check_constant(one, measure)
            continue
        if not isinstance(measure, Measure):
            raise _problem(
                f"« {one.code} » ne se mesure pas avec {type(measure).__name__}.",
                "Employez Count, CountDistinct, Sum, Median, Constant ou Computed.",
            )
        _check_measure(one, measure, offered)


def _check_constant(one: Indicator, constant: Constant) -> None:
    value = constant.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _problem(f"« {one.code} » a une constante qui vaut « {value} ».", "Donnez-lui un nombre.")


def _check_measure(one: Indicator, measure: Measure, offered: ReadableSources) -> None:
    _check_expressions(one, measure)
    _check_source(one, measure, offered)
    if measure.known_if is None:
        return
    if not isinstance(measure.known_if, Count):
        raise _problem(f"« {one.code} » : known_if est {type(measure.known_if).__name__}.", "Donnez-lui un Count.")
    _check_measure(one, measure.known_if, offered)


def _expressions(measure: Measure) -> Iterator[tuple[str, Any]]:
    if measure.where is not None:
        yield "where", measure.where
    if hasattr(measure, "expression"):
        yield "expression", measure.expression


def _check_expressions(one: Indicator, measure: Measure) -> None:
    for name, expression in _expressions(measure):
        if isinstance(expression, bool):
            raise _problem(
                f"La condition de « {one.code} » vaut toujours {expression} : Python a comparé deux textes, "
                "car une colonne d’un schéma (Materiel.statut) n’est que son nom.",
                'Écrivez la condition avec col : col("statut") == "remis".',
            )
        if not isinstance(expression, ClauseElement):
            raise _problem(
                f"Dans « {one.code} », {name} est {type(expression).__name__} et non une expression SQL.",
                'Écrivez-la avec col : col("statut") == "remis", col("participants").',
            )


def _check_source(one: Indicator, measure: Measure, offered: ReadableSources) -> None:
    names = measure.source.datasets if isinstance(measure.source, Derived) else (measure.source,)
    for name in names:
        if name not in offered.codes:
            raise _problem(f"« {one.code} » lit « {name} », qui n’existe pas.", _hint(name, offered.codes))
    if isinstance(measure.source, Derived):
        read, columns = measure.source.code, columns_of_derived(one.code, measure.source, offered.table)
    else:
        read, columns = measure.source, offered.columns(measure.source)
    for name in _names_read(measure):
        if name not in columns | HIDDEN:
            raise _problem(
                f"« {one.code} » lit la colonne « {name} » de « {read} », qui n’existe pas.",
                _hint(name, columns),
            )


def _names_read(measure: Measure) -> Iterator[str]:
    if measure.date:
        yield measure.date
    for _, expression in _expressions(measure):
        for part in visitors.iterate(expression):
            if isinstance(part, ColumnClause) and not part.is_literal:
                yield part.name


def _hint(word: str, known: Any) -> str:
    near = nearest(word, known)
    return f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(sorted(known))}."
