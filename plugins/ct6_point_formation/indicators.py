"""Point Formation's own figure: what stands in its room, ready to go."""

from core import CountDistinct, Indicator, col

IN_THE_ROOM = CountDistinct(
    source="materiel",
    expression=col("numero_inventaire"),
    where=(col("type") != "écran") & (col("statut") == "reçu"),
    date="date_reception",
)

OWN = (
    Indicator(
        code="PF1",
        label="Ordinateurs reçus, pas encore remis",
        definition="Ordinateurs venus d’Anonymal, déjà reconditionnés, qui attendent un bénéficiaire.",
        numerator=IN_THE_ROOM,
        unit="ordinateurs",
        axes=(1,),
        source="Parc de matériel",
        note="L’état du dernier dépôt : une machine remise depuis n’y est plus.",
    ),
)
