"""IFAC's own figures: residents at the meetings, and the neighbours who bring them."""

from core import Count, Indicator, Sum, col

_given = col("voisins_relais").is_not(None)

PARTICIPATIONS = Indicator(
    code="IF1",
    label="Participations aux réunions d’habitants",
    definition="Nombre de présents, additionné sur toutes les réunions : qui vient deux fois compte deux fois.",
    numerator=Sum(source="concertations", expression=col("participants"), date="date", people=True),
    unit="participations",
    axes=(2,),
    source="Engagement « concertation » de la délibération",
    declared=True,
)
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
        known_if=Count(source="concertations", where=_given, date="date"),
    ),
    unit="tours d’étages",
    axes=(2,),
    source="Relevés d’IFAC",
    shortlist="optionnel",
    declared=True,
)

OWN = (PARTICIPATIONS, NEIGHBOURS)
