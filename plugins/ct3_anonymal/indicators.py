"""Anonymal's own figures: what became of the computers that are neither waiting for a test nor handed over.

The two plugins of Anonymal declare the same ones: one code has one meaning everywhere.
"""

from core import CountDistinct, Indicator, au, col

_computer = col("type") != "écran"
_number = col("numero_inventaire")
_not_handed_over = col("date_remise").is_(None) | (col("date_remise") > au)
_not_transferred = col("date_transfert").is_(None) | (col("date_transfert") > au)

READY = Indicator(
    code="AN1",
    label="Ordinateurs prêts sans bénéficiaire",
    definition="Ordinateurs reconditionnés qui attendent chez Anonymal un étudiant ou une famille.",
    numerator=CountDistinct(
        source="materiel",
        expression=_number,
        where=_computer & _not_handed_over & _not_transferred & (col("statut") != "recyclé"),
        date="date_reconditionnement",
    ),
    unit="ordinateurs",
    axes=(1,),
    source="Parc de matériel",
    note="À la date du chiffre : une machine remise ou transférée ensuite y est encore.",
)
TRANSFERRED = Indicator(
    code="AN2",
    label="Ordinateurs transférés",
    definition="Ordinateurs qu’Anonymal a confiés à une autre association ou à un acteur relais.",
    numerator=CountDistinct(
        source="materiel",
        expression=_number,
        where=_computer & col("date_transfert").is_not(None),
        date="date_transfert",
    ),
    unit="ordinateurs",
    axes=(1,),
    source="Délibération, axe 1 : « l’acheminement du matériel auprès d’acteurs relais »",
)
RECYCLED = Indicator(
    code="AN3",
    label="Ordinateurs recyclés",
    definition="Ordinateurs démontés pour pièces ou confiés à la filière des déchets électroniques.",
    numerator=CountDistinct(
        source="materiel", expression=_number, where=_computer & (col("statut") == "recyclé"), date="date_test"
    ),
    unit="ordinateurs",
    axes=(1,),
    source="Parc de matériel",
    note="Datés du jour de leur test.",
)

OWN = (READY, TRANSFERRED, RECYCLED)
