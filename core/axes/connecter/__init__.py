"""Axis 2, « Connecter »: cable offer, landlords, residents' agreement building by building."""

from core.axes.connecter import rules
from core.axes.connecter.schema import Concertations, Immeubles, Raccordements
from core.domain.dataset import Dataset, Reference

IMMEUBLES = Dataset(
    code="immeubles",
    title="Immeubles",
    schema=Immeubles,
    key=("code_immeuble",),
    description="Une ligne par immeuble : logements, câblage, bailleur, convention, prix. "
    "Le seuil d’accord est fixé par la Métropole, immeuble par immeuble.",
    axis=2,
    date="date_diagnostic",
    events=("date_diagnostic", "date_convention", "date_vote"),
    undated=("bailleur", "residence", "mode", "fai", "prix_mensuel_apres"),
    rules=rules.IMMEUBLES,
)

RACCORDEMENTS = Dataset(
    code="raccordements",
    title="Raccordements",
    schema=Raccordements,
    key=("code_immeuble", "mois"),
    description="Une ligne par immeuble et par mois : nouveaux accords et nouvelles mises en service de ce mois.",
    axis=2,
    place=None,
    place_through=Reference("code_immeuble", "immeubles"),
    date="mois",
    rules=rules.RACCORDEMENTS,
    references=(Reference("code_immeuble", "immeubles"),),
)

CONCERTATIONS = Dataset(
    code="concertations",
    title="Concertations",
    schema=Concertations,
    key=("code_reunion",),
    description="Une ligne par réunion d’habitants.",
    axis=2,
    date="date",
    references=(Reference("code_immeuble", "immeubles"),),
)

DATASETS = (IMMEUBLES, RACCORDEMENTS, CONCERTATIONS)
