"""Datasets made from the equipment: what is ready to leave, what left the stock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.axes.deriving import hidden, shown
from core.axes.equiper.schema import OTHER_ASSOCIATION
from core.domain.indicator import Derived


def _ready(tables: Mapping[str, Any]) -> sa.Select[Any]:
    """Units refurbished, or received already refurbished from another association, with the day they were ready."""
    unit = tables["materiel"]
    came_ready = sa.case((unit.c.provenance == OTHER_ASSOCIATION, unit.c.date_reception))
    since = sa.func.coalesce(unit.c.date_reconditionnement, came_ready)
    return sa.select(
        *hidden(unit), *shown(unit, "numero_inventaire", "type", "provenance", "statut"), since.label("date_pret")
    ).where(since.is_not(None))


def _gone(tables: Mapping[str, Any]) -> sa.Select[Any]:
    """Units handed over, entrusted to somebody else or recycled, with the day they left.

    A recycled unit has no date of its own: the day of the test that condemned it stands for it.
    """
    unit = tables["materiel"]
    condemned = sa.func.coalesce(unit.c.date_test, unit.c.date_reception)
    day = sa.case(
        (unit.c.statut == "remis", unit.c.date_remise),
        (unit.c.statut == "transféré", unit.c.date_transfert),
        (unit.c.statut == "recyclé", sa.func.coalesce(unit.c.date_remise, unit.c.date_transfert, condemned)),
    )
    columns = shown(unit, "numero_inventaire", "type", "statut", "date_effacement", "preuve_effacement")
    return sa.select(*hidden(unit), *columns, day.label("date_sortie")).where(day.is_not(None))


READY = Derived("materiel_pret", "Matériel prêt à partir", ("materiel",), _ready, by_row=True)
GONE = Derived("materiel_sorti", "Matériel sorti du stock", ("materiel",), _gone, by_row=True)
