"""Each building with its cumulated agreements against its threshold, on the day of the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.axes.deriving import hidden, shown
from core.domain.indicator import Derived, au

ROUNDING = 1e-6
"""What a threshold may lack: 8.8 % of 375 dwellings, 33 of them, is a little more than 33 for a computer."""


def eligible_dwellings(building: Any) -> sa.ColumnElement[Any]:
    """The dwellings that can receive the cable offer: as declared, else all of an eligible building, else none.

    ``building`` gives its columns by name: a table's ``.c``, or ``col``'s answers.
    """
    return sa.case(
        (building["eligible_cable"].is_(False), 0),
        (building["logements_eligibles"].is_not(None), building["logements_eligibles"]),
        (building["eligible_cable"].is_(True), building["nb_logements"]),
        else_=0,
    )


def _same_building(one: Any, other: Any) -> sa.ColumnElement[bool]:
    return sa.and_(one.c["_association"] == other.c["_association"], one.c.code_immeuble == other.c.code_immeuble)


def _totals(months: Any) -> Any:
    """Agreements and connections of each building, up to the day of the figure."""
    building = (months.c["_association"], months.c.code_immeuble)
    return (
        sa.select(
            *building,
            sa.func.sum(months.c.accords).label("accords"),
            sa.func.sum(months.c.mises_en_service).label("mises_en_service"),
            sa.func.max(months.c.mois).label("dernier_mois"),
        )
        .where(months.c.mois <= au)
        .group_by(*building)
        .subquery("totaux")
    )


def _reached(buildings: Any, months: Any) -> Any:
    """The month in which the cumulated agreements of each building first met its threshold."""
    building = (months.c["_association"], months.c.code_immeuble)
    so_far = sa.func.sum(months.c.accords).over(partition_by=building, order_by=months.c.mois)
    growing = sa.select(*building, months.c.mois, so_far.label("cumul")).subquery("cumuls")
    return (
        sa.select(growing.c["_association"], growing.c.code_immeuble, sa.func.min(growing.c.mois).label("mois"))
        .join_from(growing, buildings, _same_building(growing, buildings))
        .where(growing.c.cumul >= buildings.c.seuil - ROUNDING, growing.c.mois <= au)
        .group_by(growing.c["_association"], growing.c.code_immeuble)
        .subquery("atteints")
    )


def _with_threshold(buildings: Any, thresholds: Any) -> Any:
    """The buildings with the number of agreements that each needs; null where nothing was decided."""
    share = thresholds.c.part * buildings.c.nb_logements / 100.0
    needed = sa.func.coalesce(sa.cast(thresholds.c.nombre, sa.Double), share)
    same = sa.and_(
        thresholds.c.association == buildings.c["_association"],
        thresholds.c.code_immeuble == buildings.c.code_immeuble,
    )
    columns = shown(
        buildings, "code_immeuble", "lieu", "bailleur", "nb_logements", "eligible_cable", "date_diagnostic", "mode"
    )
    return (
        sa.select(
            *hidden(buildings),
            *columns,
            eligible_dwellings(buildings.c).label("logements_eligibles"),
            needed.label("seuil"),
        )
        .select_from(buildings.outerjoin(thresholds, same))
        .subquery("immeubles_et_seuils")
    )


def _against_threshold(tables: Mapping[str, Any]) -> sa.Select[Any]:
    buildings = _with_threshold(tables["immeubles"], tables["seuils"])
    months = tables["raccordements"]
    totals, reached = _totals(months), _reached(buildings, months)
    joined = buildings.outerjoin(totals, _same_building(totals, buildings)).outerjoin(
        reached, _same_building(reached, buildings)
    )
    return sa.select(
        *(column.label(column.key) for column in buildings.c),
        sa.func.coalesce(totals.c.accords, 0).label("accords"),
        sa.func.coalesce(totals.c.mises_en_service, 0).label("mises_en_service"),
        totals.c.dernier_mois.label("dernier_mois"),
        reached.c.mois.label("seuil_atteint"),
    ).select_from(joined)


BUILDINGS = Derived(
    "immeubles_au_seuil",
    "Immeubles, accords et seuils",
    ("immeubles", "raccordements", "seuils"),
    _against_threshold,
)
"""``seuil``: agreements needed (null: not fixed); ``seuil_atteint``: the month it was met (null: not yet);
``dernier_mois``: the last month reported for the building (null: none)."""
