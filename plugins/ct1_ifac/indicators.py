"""IFAC's own figure: the neighbours who go round the floors before a meeting."""

from core import Count, Indicator, Sum, col

_given = col("voisins_relais").is_not(None)

NEIGHBOURS = Indicator(
    code="IF2",
    label="Tours d’étages par des voisins relais",
    definition="Voisins qui ont fait le tour des étages avant une réunion, additionnés sur les réunions "
    "où IFAC donne ce nombre.",
    numerator=Sum(
        source="concertations",
        expression=col("voisins_relais"),
        where=_given,
        date="date",
        people=True,
        known_if=Count(source="concertations", where=_given, date="date"),
    ),
    unit="tours d’étages",
    axes=(2,),
    source="Relevés d’IFAC",
    shortlist="optionnel",
    declared=True,
)

OWN = (NEIGHBOURS,)
