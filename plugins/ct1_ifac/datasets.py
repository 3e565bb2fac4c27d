"""What IFAC hands in: the shared datasets, with what the work in two quartiers of one commune adds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from core import DATASETS, entier, lieu

_AS_SHARED = (
    "materiel",
    "immeubles",
    "raccordements",
    "diagnostics",
    "communication",
    "formations",
    "accompagnements",
    "jalons",
    "depenses_a_date",
    "comptes",
)
# A class that is looked up, and so known only when the program runs, has no type to inherit from.
_CONCERTATIONS: Any = DATASETS["concertations"].schema
_ACTEURS: Any = DATASETS["acteurs"].schema


class ConcertationsIfac(_CONCERTATIONS):
    """A meeting of residents, with the neighbours who went round the floors beforehand."""

    voisins_relais: pl.Int64 = entier(
        "Voisins relais",
        optional=True,
        help="Combien de voisins ont fait le tour des étages avant la réunion, sans les nommer.",
    )


class ActeursIfac(_ACTEURS):
    """An actor, with the quartier that the commune of Marseille does not tell."""

    lieu: pl.String = lieu(
        "Quartier", optional=True, help="Frais Vallon ou Plan d’Aou ; vide pour un acteur du reste de Marseille."
    )


HANDED_IN = (
    *(DATASETS[code] for code in _AS_SHARED),
    replace(DATASETS["concertations"], schema=ConcertationsIfac),
    replace(DATASETS["acteurs"], schema=ActeursIfac, place="lieu"),
)
