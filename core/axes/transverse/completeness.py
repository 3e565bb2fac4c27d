"""TR5a: which cells each dataset expects, and how many are filled.

A cell is expected when its column is required, or when the row's own status implies it: a
refurbished computer implies a proof of erasure, a diagnosed building its eligibility.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from core.axes.accompagner import DATASETS as ACCOMPAGNER
from core.axes.accompagner.mednum import REQUIRED as NATIONAL
from core.axes.connecter import DATASETS as CONNECTER
from core.axes.deriving import hidden
from core.axes.equiper import DATASETS as EQUIPER
from core.axes.equiper.schema import FAMILY, OTHER_ASSOCIATION, SCREEN
from core.axes.transverse import DATASETS as TRANSVERSE
from core.domain.dataset import Dataset
from core.domain.indicator import Derived, col

_status = col("statut")
_computer = col("type") != SCREEN
_here = sa.func.coalesce(col("provenance"), "") != OTHER_ASSOCIATION
_ready = _status.in_(("reconditionné", "transféré", "remis"))
_tested = sa.or_(_ready, _status.in_(("testé", "recyclé")))
_handed_over = _status == "remis"

IMPLIED: Mapping[str, Mapping[str, sa.ColumnElement[bool]]] = {
    "materiel": {
        "provenance": _status != "cédé",
        "date_reception": _status != "cédé",
        "date_test": sa.and_(_tested, _here),
        "resultat_test": sa.and_(_tested, _here),
        "preuve_effacement": sa.and_(_ready, _computer),
        "date_reconditionnement": sa.and_(_ready, _here),
        "transfere_a": _status == "transféré",
        "date_transfert": _status == "transféré",
        "date_remise": _handed_over,
        "lieu": _handed_over,
        "type_beneficiaire": _handed_over,
        "en_qpv": sa.and_(_handed_over, col("type_beneficiaire") == FAMILY),
    },
    "immeubles": {
        "eligible_cable": col("date_diagnostic").is_not(None),
        "date_diagnostic": col("eligible_cable").is_not(None),
        "fai": col("date_convention").is_not(None),
    },
    "acteurs": {name: sa.true() for name in NATIONAL if name != "id"},
    "jalons": {
        "date_reelle": _status == "Terminé",
        "cause": _status.in_(("En retard", "Bloqué", "Abandonné")),
        "prochaine_action": _status.in_(("En retard", "Bloqué")),
    },
}
"""The optional columns that a row's own state makes expected, by dataset."""


def _counts(dataset: Dataset, table: Any) -> sa.Select[Any]:
    """Each row with the number of cells that it should fill, and of those that it fills."""
    required = sum(column.required for column in dataset.columns)
    implied = {name: _bound(condition, table) for name, condition in IMPLIED.get(dataset.code, {}).items()}
    wanted = (sa.case((condition, 1), else_=0) for condition in implied.values())
    given = (
        sa.case((sa.and_(condition, table.c[name].is_not(None)), 1), else_=0) for name, condition in implied.items()
    )
    return sa.select(
        *hidden(table),
        sa.literal(dataset.title, sa.Text).label("jeu"),
        _added(required, wanted).label("attendus"),
        _added(required, given).label("remplis"),
    )


def _added(start: int, terms: Iterable[sa.ColumnElement[int]]) -> sa.ColumnElement[int]:
    total: sa.ColumnElement[int] = sa.literal(start, sa.Integer)
    for term in terms:
        total = total + term
    return total


def _bound(condition: sa.ColumnElement[bool], table: Any) -> Any:
    def own(element: Any, **_options: Any) -> Any:
        loose = isinstance(element, sa.ColumnClause) and not element.is_literal and element.table is None
        return table.c[element.name] if loose else None

    return sa.sql.visitors.replacement_traverse(condition, {}, own)


_COUNTED = tuple(dataset for dataset in (*EQUIPER, *CONNECTER, *ACCOMPAGNER, *TRANSVERSE) if not dataset.programme_wide)


def _cells(tables: Mapping[str, Any]) -> Any:
    return sa.union_all(*(_counts(dataset, tables[dataset.code]) for dataset in _COUNTED))


CELLS = Derived("champs_attendus", "Champs attendus", tuple(dataset.code for dataset in _COUNTED), _cells, by_row=True)
