"""Axis 1, « Équiper »: computers and screens of the Métropole, refurbished and handed over."""

from core.axes.equiper.rules import STOPS, WARNINGS
from core.axes.equiper.schema import Materiel
from core.domain.dataset import Dataset

MATERIEL = Dataset(
    code="materiel",
    title="Matériel",
    schema=Materiel,
    key=("numero_inventaire",),
    description="Une ligne par ordinateur ou par écran, de la réception à la remise. "
    "Le numéro d’inventaire suit la machine quand elle change d’association.",
    axis=1,
    assigned="affectation",
    date="date_remise",
    events=(
        "date_reception",
        "date_test",
        "date_effacement",
        "date_reconditionnement",
        "date_transfert",
        "date_remise",
    ),
    rules=(*STOPS, *WARNINGS),
)

DATASETS = (MATERIEL,)
