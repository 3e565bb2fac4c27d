"""Each dataset as a Table Schema with an example row, as people would type it; nothing in it is a fact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from core.catalogue import places
from core.catalogue.choices import CodeCommune, Experience, Lieu, Ligne, Liste
from core.catalogue.texts import Texte
from core.domain.dataset import Column
from core.exports.description import DatasetDescription

_AT_LEAST_ONE = "aix"  # both axes of a place are tried there: for who runs nothing at a place of its own

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "materiel": {
        "numero_inventaire": "EXEMPLE-001",
        "type": "ordinateur portable",
        "provenance": "Métropole",
        "numero_serie": "SERIE-EXEMPLE",
        "valeur_unitaire": "120",
        "lot": "Livraison 1",
        "affectation": "oui",
        "date_reception": "14/09/2021",
        "date_test": "20/09/2021",
        "resultat_test": "fonctionnel",
        "date_effacement": "20/09/2021",
        "preuve_effacement": "Certificat 12",
        "date_reconditionnement": "27/09/2021",
        "statut": "remis",
        "date_remise": "05/10/2021",
        "lieu": "oui",
        "type_beneficiaire": "famille",
        "en_qpv": "oui",
        "prix_cession": "0",
    },
    "immeubles": {
        "code_immeuble": "Tour B",
        "lieu": "oui",
        "bailleur": "Nom du bailleur",
        "nb_logements": "60",
        "residence": "Nom de la résidence",
        "date_diagnostic": "14/09/2021",
        "eligible_cable": "oui",
        "logements_eligibles": "56",
        "mode": "convention bailleur-FAI",
        "fai": "Nom du fournisseur",
        "date_convention": "15/11/2021",
        "date_vote": "20/01/2022",
        "prix_mensuel_avant": "30",
        "prix_mensuel_apres": "12,50",
    },
    "raccordements": {
        "code_immeuble": "Tour B",
        "mois": "02/2022",
        "foyers_contactes": "40",
        "accords": "25",
        "mises_en_service": "10",
        "dont_transferts": "3",
    },
    "concertations": {
        "code_reunion": "Réunion 1",
        "date": "14/09/2021",
        "lieu": "oui",
        "code_immeuble": "Tour B",
        "participants": "18",
    },
    "acteurs": {
        "id": "exemple-001",
        "pivot": "43493312300029",
        "nom": "Maison du numérique (exemple)",
        "commune": "oui",
        "code_postal": "oui",
        "code_insee": "oui",
        "adresse": "1 place de l’Exemple",
        "date_maj": "14/09/2021",
        "services": "oui",
        "type_acteur": "association",
        "relais": "possible",
    },
    "formations": {
        "code_session": "Session 1",
        "date": "14/09/2021",
        "duree_jours": "2",
        "commune": "oui",
        "inscrits_professionnels": "8",
        "inscrits_benevoles": "4",
        "termine_professionnels": "7",
        "termine_benevoles": "4",
        "modules": "Accueil | Démarches en ligne",
    },
    "accompagnements": {
        "lieu": "oui",
        "mois": "09/2021",
        "structure": "Nom de la structure",
        "individuels": "22",
        "participations_ateliers": "30",
        "ateliers": "3",
        "beneficiaires_suivis": "15",
        "beneficiaires_anonymes": "20",
        "orientations": "4",
    },
    "appuis": {
        "code_appui": "Appui 1",
        "date": "14/09/2021",
        "lieu": "oui",
        "axe": "1",
        "action": "visite technique",
        "structure": "Nom de la structure",
    },
    "diagnostics": {
        "lieu": "oui",
        "mois": "09/2021",
        "structure": "Nom de la structure",
        "diagnostics": "20",
        "besoin_equipement": "12",
        "besoin_connexion": "8",
        "besoin_accompagnement": "15",
        "niveau_faible": "9",
        "niveau_moyen": "7",
        "niveau_autonome": "4",
    },
    "communication": {
        "code_action": "Action 1",
        "date": "14/09/2021",
        "lieu": "oui",
        "canal": "affichage",
        "personnes_touchees": "150",
    },
    "jalons": {
        "code_jalon": "Étape 1",
        "libelle": "Ouverture de l’atelier",
        "date_prevue": "14/09/2021",
        "date_reelle": "20/09/2021",
        "statut": "Terminé",
        "lieu": "oui",
        "axe": "1",
    },
    "depenses_a_date": {"ligne_subvention": "oui", "date": "30/09/2021", "montant": "1500"},
    "comptes": {
        "ligne_subvention": "oui",
        "exercice": "2021",
        "compte": "60.1 – Achats matières et fournitures",
        "prevision": "1500",
        "realisation": "1234,50",
    },
    "objectifs": {
        "experience": "oui",
        "indicateur": "EQ5a",
        "valeur": "100",
        "echeance": "31/12/2022",
        "sens": "hausse",
        "decision": "Décision du comité (exemple)",
    },
    "valeurs_depart": {"experience": "oui", "indicateur": "EQ5a", "valeur": "0", "date": "01/09/2021"},
    "periodes": {"code": "2021-T3", "debut": "01/07/2021", "fin": "30/09/2021", "echeance": "15/10/2021"},
    "dates_experimentations": {"experience": "oui", "debut": "01/09/2021", "fin": "31/12/2022"},
    "seuils": {
        "association": "ifac",
        "code_immeuble": "Tour B",
        "part": "60",
        "decision": "Décision du comité (exemple)",
    },
    "cles": {
        "ligne": "arsenic-equiper-connecter",
        "experience": "oui",
        "part": "50",
        "decision": "Décision du comité (exemple)",
        "date": "14/10/2021",
    },
    "conventions": {"date_signature": "14/09/2021", "fin_exercice": "31/12/2021", "reliquat": "à reverser"},
    "versements": {
        "reference": "Mandat 1",
        "ligne": "oui",
        "date": "14/09/2021",
        "montant": "1000",
        "nature": "avance",
    },
    "pieces": {
        "type": "compte rendu financier",
        "exercice": "2021",
        "echeance": "30/06/2022",
    },
    "autorisations": {"association": "arsenic", "dataset": "immeubles", "lieu": "oui"},
    "conservation": {"dataset": "materiel", "duree_mois": "36", "decision": "Décision du comité (exemple)"},
    "annexe_materiel": {
        "numero_inventaire": "EXEMPLE-001",
        "type": "ordinateur portable",
        "numero_serie": "SERIE-EXEMPLE",
        "valeur_unitaire": "120",
        "lot": "Livraison 1",
    },
    "lots_cession": {
        "lot": "Livraison 1",
        "date": "14/09/2021",
        "ordinateurs": "20",
        "ecrans": "8",
        "reference": "Acte 1",
    },
}
"""By dataset and column; « oui » in a column of a list stands for the first value that the association may choose."""


def example(about: DatasetDescription) -> dict[str, str]:
    """The example row by column name, as typed; blank where an example would say nothing."""
    known = EXAMPLES.get(about.dataset.code, {})
    return {column.name: _cell(about, column, known) for column in about.dataset.columns}


def cell_example(about: DatasetDescription, column: Column, row: Mapping[str, str]) -> str:
    """What is given as an example of one column: the row's, else the first of its list, else the kind's."""
    plain = "" if type(column.kind) is Texte else column.kind.example
    return row[column.name] or _own(about, column) or plain


def _cell(about: DatasetDescription, column: Column, known: Mapping[str, str]) -> str:
    told = known.get(column.name, "oui" if column.required or column.example else "")
    own = _own(about, column)
    return own if told == "oui" and own is not None else told


def _own(about: DatasetDescription, column: Column) -> str | None:
    """What depends on the association, or on a kind when nothing was written here."""
    kind = column.kind
    if column.example:
        return column.example
    if national := about.national(column):
        return national[0]
    if type(kind) is Texte and kind.pattern:
        return ""  # « texte libre » would not be accepted
    place = places.find(next(iter(about.places), _AT_LEAST_ONE))
    commune = places.communes()[place.insee or ""]
    match kind:
        case Lieu():
            return place.name
        case CodeCommune():
            return kind.listed(commune.code)
        case Experience() | Ligne() | Liste():
            return next((one.written for one in about.allowed(column)), kind.example)
    known = {"commune": commune.name, "code_postal": next(iter(commune.postal_codes), "")}
    if about.dataset.code == "acteurs" and column.name in known:
        return known[column.name]
    return kind.example if column.required else None


# --- A dataset as a JSON Table Schema, for who checks or publishes its files with other tools ------
# Source: « Table Schema », Data Package 2.0. Values are those of a CSV typed in French: dates
# jj/mm/aaaa, decimal comma, « oui » and « non ».


PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def table_schema(about: DatasetDescription) -> dict[str, object]:
    """The schema of one dataset as one association hands it in.

    A key of which a column may stay blank is a unique key, not a primary one: a primary key
    would forbid the blank.
    """
    dataset = about.dataset
    row = example(about)
    key = list(dataset.key)
    filled = all(dataset.by_name[name].required for name in key)
    return {
        "$schema": PROFILE,
        "name": dataset.code,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "fields": [_field(column, cell_example(about, column, row)) for column in dataset.columns],
        **({"primaryKey": key} if filled else {"uniqueKeys": [key]}),
        **_foreign_keys(about),
        "missingValues": [""],
    }


def as_bytes(about: DatasetDescription) -> bytes:
    """The same, as a file."""
    return (json.dumps(table_schema(about), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _field(column: Column, sample: str) -> dict[str, object]:
    declared = dict(column.kind.json_schema())
    limits = {name: _plain(value) for name, value in declared.pop("constraints", {}).items()}
    constraints = {"required": column.required, **limits}
    field = {"name": column.name, "title": column.title, "description": column.description or column.kind.expected}
    more = {"decimalChar": ","} if declared["type"] == "number" else {}
    sample = _among(column, sample, limits.get("enum"))
    return {**field, **declared, **more, **({"example": sample} if sample else {}), "constraints": constraints}


def _among(column: Column, sample: str, listed: list[str] | None) -> str:
    """The example as one of the codes that the file holds: people read its label in the template."""
    if not listed or not sample or sample in listed:
        return sample
    read = column.kind.read(pl.Series([sample], dtype=pl.String)).values[0]
    return listed[0] if read is None else str(column.kind.write(read))


def _plain(value: object) -> Any:
    """A whole bound without its « .0 »; a pattern in the dialect that the standard asks for (XML Schema)."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace("(?:", "(") if isinstance(value, str) else value


def _foreign_keys(about: DatasetDescription) -> dict[str, Any]:
    found = [
        {"fields": [one.column], "reference": {"resource": one.dataset, "fields": list(about.others[one.dataset].key)}}
        for one in about.dataset.references
    ]
    return {"foreignKeys": found} if found else {}
