"""The actors with the day on which each is known to have been listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.axes.accompagner.mednum import REQUIRED
from core.axes.deriving import hidden, shown
from core.domain.indicator import Derived, au


def _dated(tables: Mapping[str, Any]) -> sa.Select[Any]:
    """An actor is dated by its last update; one without a date counts on the day of the figure."""
    actor = tables["acteurs"]
    listed = sa.func.coalesce(actor.c.date_maj, au)
    columns = shown(actor, *REQUIRED, "code_insee", "type_acteur", "relais")
    return sa.select(*hidden(actor), *columns, sa.type_coerce(listed, sa.Date).label("date_recensement"))


LISTED = Derived("acteurs_recenses", "Acteurs recensés", ("acteurs",), _dated, by_row=True)
