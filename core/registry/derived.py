"""A derived dataset of a plugin is built once when it is declared, so that it does not break in a comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.domain.dataset import Dataset
from core.domain.indicator import Derived
from core.registry.fields import problem

KEPT = ("_key", "_association", "_experiment", "_place")
Table = Callable[[str], sa.FromClause]
"""An empty FROM clause with the columns of a source, by its code."""


def table_of(dataset: Dataset) -> sa.FromClause:
    """The columns of a dataset, and the hidden ones, with nothing behind them."""
    declared = [sa.column(column.name, column.kind.sql_type()) for column in dataset.columns]
    return sa.table(dataset.code, *declared, *(sa.column(name, sa.Text) for name in KEPT))


def table_of_core(code: str, columns: frozenset[str]) -> sa.FromClause:
    """The columns of a table of the core."""
    return sa.table(code, *(sa.column(name) for name in (*sorted(columns), *KEPT)))


def columns_of_derived(who: str, source: Derived, table: Table) -> frozenset[str]:
    """The columns that ``source`` gives to the measures of ``who``.

    Raises PluginProblem when it is no SELECT, or loses one of the hidden columns.
    """
    made: Any = source.build({code: table(code) for code in source.datasets})
    if not isinstance(made, sa.SelectBase):
        raise problem(
            f"« {who} » lit « {source.code} », dont la fonction rend {type(made).__name__} et non un SELECT.",
            "Rendez sa.select(…) sur les tables reçues.",
        )
    names = frozenset(made.selected_columns.keys())
    if lost := [name for name in KEPT if name not in names]:
        raise problem(
            f"« {who} » lit « {source.code} », qui perd la colonne « {lost[0]} » : ses lignes n’iraient nulle part.",
            f"Gardez {', '.join(KEPT)} parmi les colonnes du SELECT.",
        )
    return names
