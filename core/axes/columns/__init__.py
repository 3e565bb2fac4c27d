"""Column kinds: how each cell is read from French text, stored, shown and documented.

A schema is a ``Table`` whose fields are made by the functions below:

    class Formations(Table):
        code_session: pl.String = texte("Code de la session")
        date: pl.Date = jour("Date")
        inscrits: pl.Int64 = entier("Inscrits")

``optional=True`` (the « ? » of the data's description) lets a file do without the column
and lets its cells be blank.
"""

from core.axes.columns.choices import (
    CodeCommune,
    Coded,
    Compte,
    Experience,
    Lieu,
    Ligne,
    Liste,
    OuiNon,
)
from core.axes.columns.dates import Jour, Mois
from core.axes.columns.fields import (
    Table,
    code_commune,
    code_postal,
    compte,
    decimal,
    entier,
    experience,
    jour,
    lieu,
    ligne,
    liste,
    mois,
    montant,
    oui_non,
    siret,
    texte,
)
from core.axes.columns.kind import Cells, Choice, Complaint, Kind, said_blank
from core.axes.columns.numbers import Decimal, Entier, Montant
from core.axes.columns.texts import CodePostal, Siret, Texte, valid_siret

__all__ = [
    "Cells",
    "Choice",
    "CodeCommune",
    "CodePostal",
    "Coded",
    "Complaint",
    "Compte",
    "Decimal",
    "Entier",
    "Experience",
    "Jour",
    "Kind",
    "Lieu",
    "Ligne",
    "Liste",
    "Mois",
    "Montant",
    "OuiNon",
    "Siret",
    "Table",
    "Texte",
    "code_commune",
    "code_postal",
    "compte",
    "decimal",
    "entier",
    "experience",
    "jour",
    "lieu",
    "ligne",
    "liste",
    "mois",
    "montant",
    "oui_non",
    "said_blank",
    "siret",
    "texte",
    "valid_siret",
]
