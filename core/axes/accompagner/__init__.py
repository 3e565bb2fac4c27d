"""Axis 3, « Accompagner »: who helps, who learns to help, and how many people were helped.

The commitments « cartographie des acteurs » and « formation » bind every association, so
these datasets belong to every axis: an association hands them in wherever it has a place.
"""

from core.axes.accompagner import rules
from core.axes.accompagner.schema import Accompagnements, Acteurs, Appuis, Formations
from core.domain.dataset import Dataset

ACTEURS = Dataset(
    code="acteurs",
    title="Acteurs",
    schema=Acteurs,
    key=("id",),
    description="Une ligne par lieu ou structure de médiation numérique, aux colonnes du standard national. "
    "Ce que le standard exige est ici un avertissement, jamais un refus.",
    place="code_insee",
    date="date_maj",
    refreshed="date_maj",
    rules=rules.ACTEURS,
)

FORMATIONS = Dataset(
    code="formations",
    title="Formations",
    schema=Formations,
    key=("code_session",),
    description="Une ligne par session : durée, inscrits, personnes ayant terminé.",
    place="commune",
    date="date",
    rules=rules.FORMATIONS,
)

ACCOMPAGNEMENTS = Dataset(
    code="accompagnements",
    title="Accompagnements",
    schema=Accompagnements,
    key=("lieu", "mois", "structure"),
    description="Une ligne par lieu, mois et structure. Un atelier de 10 personnes compte pour "
    "10 accompagnements ; les bénéficiaires de deux associations peuvent être les mêmes personnes.",
    date="mois",
    optional=True,
)

APPUIS = Dataset(
    code="appuis",
    title="Appuis",
    schema=Appuis,
    key=("code_appui",),
    description="Une ligne par action d’appui aux expérimentations des autres associations.",
    date="date",
    programme_wide=True,
)

DATASETS = (ACTEURS, FORMATIONS, ACCOMPAGNEMENTS, APPUIS)
