"""The comparison table of the first screen: indicators by axis, the six, and the programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain import french
from core.domain.indicator import Indicator
from dashboard.components import Html, MatrixColumn, MatrixGroup, MatrixRow, matrix
from dashboard.views.parts.groups import axis_of, by_axis, parts_of
from dashboard.views.parts.links import columns_of, to_cell, to_definition
from dashboard.views.parts.moment import Moment


def indicator_matrix(
    compared: Any, indicators: Sequence[Indicator], moment: Moment, *, caption: str, anchor: str, note: str = ""
) -> Html:
    """One row per indicator, one column per experiment and one for the programme."""
    columns = [*columns_of(compared.experiments, moment), MatrixColumn("Programme", "Les six ensemble")]
    groups = [
        MatrixGroup(title, tuple(_row(compared, one, moment) for one in found), axis)
        for axis, title, found in by_axis(indicators)
    ]
    return matrix(caption, columns, groups, anchor=anchor, note=note, since=f"depuis le {french.day(moment.before)}")


def _row(compared: Any, indicator: Indicator, moment: Moment) -> MatrixRow:
    whom = [*(found.code for found in compared.experiments), None]
    cells = tuple(compared.cells.get((indicator.code, one)) for one in whom)
    return MatrixRow(
        label=indicator.label,
        cells=cells,
        hint=indicator.definition,
        axis=axis_of(indicator),
        headline=indicator.headline,
        parts=parts_of(indicator),
        address=to_definition(indicator),
        addresses=tuple(to_cell(indicator, one, cell, moment) for one, cell in zip(whom, cells, strict=True)),
    )
