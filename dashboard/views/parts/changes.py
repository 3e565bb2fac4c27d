"""What changed since the period before, figure by figure, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.domain.observation import Missing
from dashboard.components import Html, change_text, sentence, table
from dashboard.views.parts.groups import parts_of
from dashboard.views.parts.moment import Moment

MOST = 8


def changes_table(
    compared: Any, experiment: Experiment, indicators: Sequence[Indicator], moment: Moment
) -> Html | None:
    """The figures that moved, with both values; None when nothing did."""
    rows = [row for one in indicators if (row := _row(compared, experiment, one))]
    if not rows:
        return None
    before, now = french.day(moment.before), french.day(moment.until)
    headings = ["Indicateur", f"Au {before}", f"Au {now}", "Écart"]
    return table(f"Ce qui a changé depuis le {before}", headings, rows[:MOST], numeric=(1, 2, 3), hide_caption=True)


def _row(compared: Any, experiment: Experiment, indicator: Indicator) -> list[Any] | None:
    cell = compared.cells.get((indicator.code, experiment.code))
    if (
        cell is None
        or cell.before is None
        or not indicator.cumulative
        or cell.before.missing_because is Missing.NOT_APPLICABLE
    ):
        return None
    change = change_text(cell, headline=indicator.headline)
    if change in ("", "stable"):
        return None
    parts = parts_of(indicator)
    return [indicator.label, sentence(cell.before, parts=parts), sentence(cell.observation, parts=parts), change]
