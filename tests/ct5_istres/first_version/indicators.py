"""The figure of the first version: people who can do it again alone, among the visitors."""

from core import Count, Indicator, Sum, col

_TOLD = col("autonomes").is_not(None)

AUTONOMY = Indicator(
    code="IS1",
    label="Repartis autonomes",
    definition="Part des personnes venues qui savent refaire seules, dans les permanences où on l’a compté.",
    numerator=Sum(
        source="permanences",
        expression=col("autonomes"),
        where=_TOLD,
        date="tenue_le",
        people=True,
        known_if=Count(source="permanences", where=_TOLD, date="tenue_le"),
    ),
    denominator=Sum(source="permanences", expression=col("visiteurs"), where=_TOLD, date="tenue_le", people=True),
    unit="%",
    source="Relevés du Relais numérique",
    shortlist="optionnel",
)

OWN = (AUTONOMY,)
