"""The tables of the package, declared once: their schema, the dictionary and the headings follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, its type (Table Schema), what it means."""

    name: str
    title: str
    description: str
    type: str = "string"
    required: bool = False
    listed: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """The field as a Table Schema says it."""
        limits: dict[str, Any] = {"required": True} if self.required else {}
        if self.listed:
            limits["enum"] = list(self.listed)
        told = {"name": self.name, "type": self.type, "title": self.title, "description": self.description}
        return {**told, **({"constraints": limits} if limits else {})}


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV of the package; ``key`` are the columns that tell its rows apart."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Its Table Schema."""
        key = {"primaryKey": list(self.key)} if self.key else {}
        return {"fields": [one.schema() for one in self.fields], **key, "missingValues": [""]}

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(one.name for one in self.fields)


ABSENCES = ("non renseigné", "sans objet", "calcul impossible", "moins de k", "non montré")
_CODE = Field("indicateur", "Indicateur", "Code du chiffre ; sa définition est dans definitions.csv.", required=True)
_FIGURES = (
    Field("valeur", "Valeur", "Le chiffre, dans l’unité dite ; vide s’il manque ou s’il n’est pas montré.", "number"),
    Field("unite", "Unité", "« % » : points de pourcentage ; « € » : euros."),
    Field("numerateur", "Numérateur", "Ce qui est compté.", "number"),
    Field("denominateur", "Dénominateur", "À quoi c’est rapporté ; vide quand c’est un simple compte.", "number"),
    Field("absence", "Absence", "Pourquoi le chiffre n’est pas là. « moins de k » : trop petit pour être montré, k "
          "étant le seuil dit dans LISEZMOI.md ; « non montré » : il ferait retrouver un nombre trop petit.",
          listed=ABSENCES),
    Field("version", "Version", "Version de la formule.", "integer", required=True),
)  # fmt: skip

EXPERIMENTS = Table(
    "experimentations",
    "Expérimentations",
    "Une ligne par expérimentation votée le 4 juin 2021.",
    (
        Field("code", "Code", "Code de l’expérimentation.", required=True),
        Field("titre", "Titre", "Nom de l’expérimentation.", required=True),
        Field("association", "Association", "L’association qui la mène.", required=True),
        Field("territoire", "Territoire", "Conseil de territoire, à la date du vote."),
        Field("axes", "Axes", "1 équiper, 2 connecter, 3 accompagner ; séparés par « | ».", required=True),
        Field("lieux", "Lieux", "Lieux, séparés par « | ».", required=True),
    ),
    ("code",),
)
LINES = Table(
    "lignes_subvention",
    "Lignes de subvention",
    "Une ligne par somme votée. Vide : non renseigné, ce n’est pas zéro.",
    (
        Field("code", "Code", "Code de la ligne.", required=True),
        Field("association", "Association", "L’association bénéficiaire.", required=True),
        Field("objet", "Objet", "L’objet voté.", required=True),
        Field("experimentations", "Expérimentations", "Celles que l’objet couvre, séparées par « | »."),
        Field("vote", "Voté", "En euros.", "number", required=True),
        Field("verse", "Versé", "En euros.", "number"),
        Field("depense", "Dépensé", "En euros, tel que déclaré.", "number"),
    ),
    ("code",),
)
FIGURES = Table(
    "indicateurs",
    "Indicateurs",
    "Une ligne par indicateur, expérimentation et période.",
    (
        Field("experimentation", "Expérimentation", "Code ; vide : tout le programme."),
        _CODE,
        Field("periode", "Période", "Trimestre ou mois, par exemple 2021-T3 ; vide : depuis le début."),
        *_FIGURES,
    ),
)
BY_PLACE = Table(
    "indicateurs_par_lieu",
    "Indicateurs par lieu",
    "Une ligne par indicateur, expérimentation et lieu, depuis le début.",
    (
        Field("experimentation", "Expérimentation", "Code de l’expérimentation."),
        _CODE,
        Field("lieu", "Lieu", "Code du lieu : quartier, ou commune par son code INSEE.", required=True),
        *_FIGURES,
    ),
)
DEFINITIONS = Table(
    "definitions",
    "Définitions",
    "Une ligne par indicateur : ce qu’il compte, et d’où il vient.",
    (
        Field("indicateur", "Indicateur", "Code.", required=True),
        Field("libelle", "Libellé", "Ce que les écrans disent.", required=True),
        Field("definition", "Définition", "En une phrase.", required=True),
        Field("unite", "Unité", "De la valeur."),
        Field("source", "Source", "D’où vient l’indicateur."),
        Field("origine", "Origine", "« déclaré » par l’association, ou « calculé » ligne par ligne.", required=True,
              listed=("déclaré", "calculé")),
        Field("personnes", "Compte des personnes", "Si ses petits nombres sont masqués.", "boolean", required=True),
        Field("version", "Version", "Version de la formule.", "integer", required=True),
    ),
    ("indicateur",),
)  # fmt: skip
TABLES = (EXPERIMENTS, LINES, FIGURES, BY_PLACE, DEFINITIONS)
