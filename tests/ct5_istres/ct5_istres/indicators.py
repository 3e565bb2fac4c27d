"""Three figures of its own: a rate, a median, and a count over a dataset made from another."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core import Count, Derived, Direction, Indicator, Median, Sum, au, col, days_between

_TOLD = col("autonomes").is_not(None)
_HELD = col("tenue_le").is_not(None)
_FROM = "Relevés du Relais numérique"

AUTONOMY = Indicator(
    code="IS1",
    label="Repartis autonomes",
    definition="Part des personnes venues qui savent refaire seules, dans les permanences où on l’a compté.",
    numerator=Sum(source="permanences", expression=col("autonomes"), where=_TOLD, date="tenue_le", people=True,
        known_if=Count(source="permanences", where=_TOLD, date="tenue_le")),
    denominator=Sum(source="permanences", expression=col("passages"), where=_TOLD, date="tenue_le", people=True),
    unit="%",
    source=_FROM,
    shortlist="optionnel",
)  # fmt: skip

WAITING = Indicator(
    code="IS2",
    label="Attente d’une permanence",
    definition="Durée médiane entre la demande d’une commune et la permanence.",
    numerator=Median(
        source="permanences",
        expression=days_between(col("demandee_le", sa.Date), col("tenue_le", sa.Date)),
        where=_HELD,
        date="tenue_le",
    ),
    unit="jours",
    direction=Direction.DOWN,
    source=_FROM,
    shortlist="optionnel",
)


def _first_sessions(tables: Mapping[str, sa.FromClause]) -> sa.Select[Any]:
    """One row for each place, with the day of its first session."""
    rows = tables["permanences"]
    place = (rows.c["_association"], rows.c["_experiment"], rows.c["_place"])
    first = sa.func.min(rows.c.tenue_le).label("premiere")
    key = sa.func.min(rows.c["_key"]).label("_key")
    return sa.select(key, *place, first).where(rows.c.tenue_le <= au).group_by(*place)


SERVED = Derived(
    "lieux_servis", "Lieux servis", ("permanences",), _first_sessions, titles={"premiere": "Première permanence"}
)

PLACES = Indicator(
    code="IS3",
    label="Lieux servis",
    definition="Lieux où une permanence au moins s’est tenue.",
    numerator=Count(source=SERVED, date="premiere"),
    unit="lieux",
    source=_FROM,
    shortlist="optionnel",
)

OWN = (AUTONOMY, WAITING, PLACES)
