"""Point Formation's own figure: what stands in its room, ready to go."""

from core import CountDistinct, Indicator, au, col

_from_elsewhere = (col("type") != "écran") & (col("provenance") == "autre association")
_not_handed_over = col("date_remise").is_(None) | (col("date_remise") > au)
_not_transferred = col("date_transfert").is_(None) | (col("date_transfert") > au)
_still_there = _not_handed_over & _not_transferred & (col("statut") != "recyclé")

OWN = (
    Indicator(
        code="PF1",
        label="Ordinateurs reçus, pas encore remis",
        definition="Ordinateurs venus d’Anonymal, déjà reconditionnés, qui attendent un bénéficiaire.",
        numerator=CountDistinct(
            source="materiel",
            expression=col("numero_inventaire"),
            where=_from_elsewhere & _still_there,
            date="date_reception",
        ),
        unit="ordinateurs",
        axes=(1,),
        source="Parc de matériel",
        note="À la date du chiffre : une machine remise ensuite y est encore.",
    ),
)
