"""ARSENIC's own figure: how much of the territory the mapping of actors reaches."""

from core import LISTED, Constant, CountDistinct, Indicator, col

OWN = (
    Indicator(
        code="AR1",
        label="Communes couvertes",
        definition="Communes de la Métropole où un acteur au moins est recensé.",
        numerator=CountDistinct(
            source=LISTED,
            expression=col("_place"),
            where=col("_place").is_not(None) & (col("_place") != "metropole"),
            date="date_recensement",
        ),
        denominator=Constant(value=92, citation="Les 92 communes de la Métropole (décret n° 2015-1520)"),
        unit="communes",
        headline="numerator",
        shortlist="optionnel",
        axes=(3,),
        source="Engagement « cartographie des acteurs » de la délibération",
        note="Une fiche sans code INSEE ne compte pour aucune commune.",
    ),
)
