"""Typed rows with sensible values, and which rules they break."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from core.catalogue import DATASETS, lead
from core.domain.dataset import Dataset, Severity

EVERY: dict[str, Dataset] = {**DATASETS, **{dataset.code: dataset for dataset in lead.DATASETS}}

SOUND: dict[str, dict[str, Any]] = {
    "materiel": {"numero_inventaire": "A-1", "type": "ordinateur portable", "statut": "cédé"},
    "immeubles": {"code_immeuble": "tour B", "lieu": "aix", "bailleur": "bailleur A", "nb_logements": 50},
    "raccordements": {"code_immeuble": "tour B", "mois": date(2022, 3, 1), "accords": 8, "mises_en_service": 5},
    "acteurs": {
        "id": "relais-1",
        "pivot": "43493312300029",
        "nom": "Maison du quartier",
        "commune": "Gardanne",
        "code_postal": "13120",
        "code_insee": "13041",
        "adresse": "1 place de la Mairie",
        "date_maj": date(2022, 3, 1),
    },
    "formations": {
        "code_session": "S1",
        "date": date(2022, 3, 8),
        "duree_jours": 2,
        "commune": "aix",
        "inscrits_professionnels": 8,
        "inscrits_benevoles": 4,
        "termine_professionnels": 8,
        "termine_benevoles": 4,
    },
    "diagnostics": {
        "lieu": "aix",
        "mois": date(2022, 3, 1),
        "diagnostics": 10,
        "besoin_equipement": 10,
        "besoin_connexion": 0,
        "besoin_accompagnement": 10,
    },
    "jalons": {"code_jalon": "J1", "libelle": "Atelier ouvert", "date_prevue": date(2021, 9, 1), "statut": "En cours"},
    "depenses_a_date": {"ligne_subvention": "point-formation", "date": date(2022, 6, 30), "montant": 6_000_00},
    "comptes": {"ligne_subvention": "ifac", "exercice": 2021, "compte": "60.1", "prevision": 100_00},
    "periodes": {
        "code": "2021-T3",
        "debut": date(2021, 7, 1),
        "fin": date(2021, 9, 30),
        "echeance": date(2021, 10, 7),
    },
    "dates_experimentations": {
        "experience": "ct2-pays-d-aix",
        "debut": date(2021, 7, 1),
        "fin": date(2021, 7, 1),
    },
    "seuils": {"association": "ifac", "code_immeuble": "tour B", "part": 50.0, "decision": "Comité"},
}
"""One row per dataset that breaks no rule."""


def frame(dataset: Dataset, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows in the types of the schema; columns that are not given are blank."""
    types = {column.name: column.kind.dtype for column in dataset.columns}
    return pl.DataFrame([{name: row.get(name) for name in types} for row in rows], schema=types)


def broken(code: str, severity: Severity, **changes: Any) -> set[str]:
    """The codes of the rules of one strength that the sound row breaks once changed."""
    dataset = EVERY[code]
    row = frame(dataset, SOUND[code] | changes)
    return {rule.code for rule in dataset.rules_of(severity) if row.select(rule.broken.fill_null(False)).item()}


def stops(code: str, **changes: Any) -> set[str]:
    """What refuses the row."""
    return broken(code, Severity.ERROR, **changes)


def warnings(code: str, **changes: Any) -> set[str]:
    """What is said of the row, which is let in."""
    return broken(code, Severity.WARNING, **changes)
