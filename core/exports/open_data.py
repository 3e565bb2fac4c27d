"""The tables of the package, declared once: their schema, the dictionary and the headings follow."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.committee import Snapshot
from core.contract import Registry
from core.disclosure import Concealed, Hidden, concealed, published
from core.domain import french
from core.domain.calendar import FRANCE, day_in_france
from core.domain.figure_text import wait_text
from core.domain.indicator import Indicator
from core.domain.observation import Missing, Observation
from core.domain.plugin_phrases import WORDS
from core.domain.programme import Experiment
from core.exports import csv
from core.exports.csv import number
from core.figures import Monitor
from core.money.ledger import Ledger, read_ledger
from core.storage import Store


@dataclass(frozen=True, slots=True)
class PackageField:
    """One column: its name, its type (Table Schema), what it means."""

    name: str
    title: str
    description: str
    type: str = "string"
    required: bool = False
    listed: tuple[str, ...] = ()

    def schema(self) -> dict[str, object]:
        """The field as a Table Schema says it."""
        limits: dict[str, Any] = {"required": True} if self.required else {}
        if self.listed:
            limits["enum"] = list(self.listed)
        told = {"name": self.name, "type": self.type, "title": self.title, "description": self.description}
        return {**told, **({"constraints": limits} if limits else {})}


@dataclass(frozen=True, slots=True)
class PackageTable:
    """One CSV of the package; ``key`` are the columns that tell its rows apart."""

    name: str
    title: str
    description: str
    fields: tuple[PackageField, ...]
    key: tuple[str, ...] = ()

    def schema(self) -> dict[str, object]:
        """Its Table Schema."""
        key = {"primaryKey": list(self.key)} if self.key else {}
        return {"fields": [one.schema() for one in self.fields], **key, "missingValues": [""]}

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(one.name for one in self.fields)


ABSENCES = (*WORDS.values(), "moins de k", "non montré")
_CODE = PackageField(
    "indicateur", "Indicateur", "Code du chiffre ; sa définition est dans definitions.csv.", required=True
)
_FIGURES = (
    PackageField(
        "valeur", "Valeur", "Le chiffre, dans l’unité dite ; vide s’il manque ou s’il n’est pas montré.", "number"
    ),
    PackageField("unite", "Unité", "« % » : points de pourcentage ; « € » : euros."),
    PackageField("numerateur", "Numérateur", "Ce qui est compté.", "number"),
    PackageField(
        "denominateur", "Dénominateur", "À quoi c’est rapporté ; vide quand c’est un simple compte.", "number"
    ),
    PackageField(
        "absence",
        "Absence",
        "Pourquoi le chiffre n’est pas là. « moins de k » : trop petit pour être montré, k "
        "étant le seuil dit dans LISEZMOI.md ; « non montré » : il ferait retrouver un nombre trop petit.",
        listed=ABSENCES,
    ),
    PackageField("donnees_au", "Données au", "Le dernier jour dont parlent les lignes comptées.", "date"),
    PackageField(
        "mention",
        "Mention",
        "Ce qui manque encore : un jour plus ancien que celui des données, « incomplet » pour "
        "un total, « non définitif » tant qu’un relevé compté n’est pas accepté.",
    ),
    PackageField("version", "Version", "Version de la formule.", "integer", required=True),
)

EXPERIMENTS = PackageTable(
    "experimentations",
    "Expérimentations",
    "Une ligne par expérimentation suivie ; hors programme voté, le territoire le dit.",
    (
        PackageField("code", "Code", "Code de l’expérimentation.", required=True),
        PackageField("titre", "Titre", "Nom de l’expérimentation.", required=True),
        PackageField("association", "Association", "L’association qui la mène.", required=True),
        PackageField("territoire", "Territoire", "Conseil de territoire, à la date du vote."),
        PackageField("axes", "Axes", "1 équiper, 2 connecter, 3 accompagner ; séparés par « | ».", required=True),
        PackageField("lieux", "Lieux", "Lieux, séparés par « | ».", required=True),
    ),
    ("code",),
)
LINES = PackageTable(
    "lignes_subvention",
    "Lignes de subvention",
    "Une ligne par somme votée. Vide : non renseigné, ce n’est pas zéro.",
    (
        PackageField("code", "Code", "Code de la ligne.", required=True),
        PackageField("association", "Association", "L’association bénéficiaire.", required=True),
        PackageField("objet", "Objet", "L’objet voté.", required=True),
        PackageField("experimentations", "Expérimentations", "Celles que l’objet couvre, séparées par « | »."),
        PackageField("vote", "Voté", "En euros.", "number", required=True),
        PackageField("verse", "Versé", "En euros.", "number"),
        PackageField("depense", "Dépensé", "En euros, tel que déclaré.", "number"),
    ),
    ("code",),
)
FIGURES = PackageTable(
    "indicateurs",
    "Indicateurs",
    "Une ligne par indicateur, expérimentation et période.",
    (
        PackageField("experimentation", "Expérimentation", "Code ; vide : tout le programme."),
        _CODE,
        PackageField("periode", "Période", "Trimestre ou mois, par exemple 2021-T3 ; vide : depuis le début."),
        *_FIGURES,
    ),
)
BY_PLACE = PackageTable(
    "indicateurs_par_lieu",
    "Indicateurs par lieu",
    "Une ligne par indicateur, expérimentation et lieu, depuis le début.",
    (
        PackageField("experimentation", "Expérimentation", "Code de l’expérimentation."),
        _CODE,
        PackageField("lieu", "Lieu", "Code du lieu : quartier, ou commune par son code INSEE.", required=True),
        *_FIGURES,
    ),
)
DEFINITIONS = PackageTable(
    "definitions",
    "Définitions",
    "Une ligne par indicateur : ce qu’il compte, et d’où il vient.",
    (
        PackageField("indicateur", "Indicateur", "Code.", required=True),
        PackageField("libelle", "Libellé", "Ce que les écrans disent.", required=True),
        PackageField("definition", "Définition", "En une phrase.", required=True),
        PackageField("unite", "Unité", "De la valeur."),
        PackageField("source", "Source", "D’où vient l’indicateur."),
        PackageField(
            "origine",
            "Origine",
            "« déclaré » par l’association, ou « calculé » ligne par ligne.",
            required=True,
            listed=("déclaré", "calculé"),
        ),
        PackageField(
            "personnes", "Compte des personnes", "Si ses petits nombres sont masqués.", "boolean", required=True
        ),
        PackageField("version", "Version", "Version de la formule.", "integer", required=True),
    ),
    ("indicateur",),
)
TABLES = (EXPERIMENTS, LINES, FIGURES, BY_PLACE, DEFINITIONS)


# --- The rows of the package: from the figures frozen for a committee, or from what is known now ----


Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """What is published: figures already masked, with the words of their definitions.

    ``mark`` says which figures these are (« Données arrêtées au 30 juin 2022 (n° 4) »).
    """

    mark: str
    until: date
    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    figures: tuple[Concealed, ...]
    ledger: Ledger
    below: int
    fictitious: bool = False

    @classmethod
    def frozen(cls, snapshot: Snapshot, below: int) -> PublishedFigures:
        """The figures of one freeze."""
        return cls(
            snapshot.mark,
            snapshot.until,
            snapshot.experiments,
            snapshot.indicators,
            concealed(snapshot, below),
            snapshot.ledger,
            below,
            snapshot.fictitious,
        )

    @classmethod
    def live(
        cls, registry: Registry, store: Store, monitor: Monitor, *, until: date, below: int, fictitious: bool = False
    ) -> PublishedFigures:
        """What is known now, marked as not frozen."""
        from core.domain import french

        return cls(
            f"Données au {french.day(until)}, non arrêtées",
            until,
            tuple(registry.experiments),
            tuple(registry.catalogue.values()),
            published.live(registry, store, monitor, until=until, below=below),
            read_ledger(store, until=until),
            below,
            fictitious,
        )


def rows(source: PublishedFigures) -> Mapping[str, Sequence[Row]]:
    """The rows of each table, by its name."""
    return {
        EXPERIMENTS.name: [_experiment(one) for one in source.experiments],
        LINES.name: list(_lines(source.ledger)),
        FIGURES.name: list(_figures(source.figures, by_place=False)),
        BY_PLACE.name: list(_figures(source.figures, by_place=True)),
        DEFINITIONS.name: [_definition(one) for one in source.indicators],
    }


def _experiment(one: Experiment) -> Row:
    return {
        "code": one.code,
        "titre": one.title,
        "association": one.association.name,
        "territoire": one.territory,
        "axes": "|".join(map(str, one.axes)),
        "lieux": "|".join(place.name for place in one.places),
    }


def _lines(ledger: Ledger) -> Iterator[Row]:
    for state in ledger.lines:
        yield {
            "code": state.line.code,
            "association": state.line.association,
            "objet": state.line.purpose,
            "experimentations": "|".join(state.line.experiments),
            "vote": _euros(state.voted),
            "verse": _euros(state.paid),
            "depense": _euros(state.spent),
        }


def _figures(figures: Iterable[Concealed], *, by_place: bool) -> Iterator[Row]:
    for one in figures:
        seen = one.observation
        if (seen.place is not None) == by_place and seen.month is None:
            where = {"lieu": seen.place or ""} if by_place else {"periode": seen.period.code if seen.period else ""}
            yield {"experimentation": seen.experiment or "", "indicateur": seen.indicator, **where, **_figure(one)}


def _figure(one: Concealed) -> Row:
    seen = one.observation
    return {
        "valeur": _plain(seen.value),
        "unite": seen.unit,
        "numerateur": _plain(seen.numerator),
        "denominateur": _plain(seen.denominator),
        "absence": _absence(one, seen),
        "donnees_au": seen.freshness.covers_until.isoformat() if seen.freshness.covers_until else "",
        "mention": " ".join(wait_text(seen).split()),
        "version": str(seen.version),
    }


def _absence(one: Concealed, seen: Observation) -> str:
    if one.hidden:
        return "moins de k" if Hidden.SMALL in (one.numerator, one.denominator) else "non montré"
    if seen.value is None and seen.missing_because is None and seen.numerator is None:
        return WORDS[Missing.NOT_REPORTED]
    return WORDS[seen.missing_because] if seen.missing_because else ""


def _definition(one: Indicator) -> Row:
    return {
        "indicateur": one.code,
        "libelle": one.label,
        "definition": one.definition,
        "unite": one.unit,
        "source": one.source,
        "origine": "déclaré" if one.declared else "calculé",
        "personnes": "true" if one.people else "false",
        "version": str(one.version),
    }


def _plain(value: float | None) -> str:
    return "" if value is None else str(number(round(value, 6)))


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


# --- The ZIP: datapackage.json, one CSV and one Table Schema a table, and a read-me in French ------
# Source: Data Package, Table Schema (Frictionless). No cell begins a formula; no table at all or no
# row is a correct package.


NAME = "fabrique-inclusive-numerique"
TITLE = "Fabrique Inclusive Numérique : équiper, connecter, accompagner"
TO_CONFIRM = "Licence à confirmer par la Métropole"
FICTITIOUS = "Données fictives"
_KNOWN = {"licence ouverte 2.0": "etalab-2.0"}


def package(source: PublishedFigures, *, at: datetime, licence: str | None = None) -> bytes:
    """The whole package; the same arguments give the same bytes.

    ``licence`` is the one that the Métropole chose, None while it is to be confirmed.
    """
    held = rows(source)
    files = {f"donnees/{table.name}.csv": _csv(table, held[table.name]) for table in TABLES}
    described = _json(_descriptor(source, files, at, licence))
    schemas = {f"schemas/{table.name}.json": _json(table.schema()) for table in TABLES}
    notes = {"LISEZMOI.md": readme(source, at, licence).encode()}
    return _zip({"datapackage.json": described, **files, **schemas, **notes}, at)


def readme(source: PublishedFigures, at: datetime, licence: str | None) -> str:
    """What these files are, what is hidden in them, and what each column means."""
    head = [
        f"# {TITLE}",
        *([f"**{FICTITIOUS}.** Aucun chiffre ne décrit la réalité."] if source.fictitious else []),
        f"{source.mark}. Fichiers faits le {french.day(day_in_france(at))}.",
        f"Licence : {licence}." if licence else f"{TO_CONFIRM}.",
        f"Un nombre de personnes inférieur à {source.below} n’est pas montré (« moins de k », k = {source.below}), "
        "ni ce qui le ferait retrouver par soustraction (« non montré »). Zéro est montré. "
        "Une case vide n’est jamais un zéro : la colonne « absence » dit pourquoi.",
        "Fichiers CSV en UTF-8, séparés par des virgules, point décimal.",
    ]
    return french.typeset("\n\n".join([*head, *(_dictionary(table) for table in TABLES)])) + "\n"


def _dictionary(table: PackageTable) -> str:
    lines = [f"| `{one.name}` | {one.title} | {one.description} |" for one in table.fields]
    heading = f"## {table.title} (`donnees/{table.name}.csv`)\n\n{table.description}"
    return "\n".join([heading, "", "| colonne | titre | sens |", "|---|---|---|", *lines])


def _descriptor(
    source: PublishedFigures, files: Mapping[str, bytes], at: datetime, licence: str | None
) -> dict[str, object]:
    fictitious = {"fictitious": True} if source.fictitious else {}
    return {
        "profile": "data-package",
        "name": NAME,
        "title": f"{TITLE} ({FICTITIOUS.lower()})" if source.fictitious else TITLE,
        "description": source.mark,
        "created": at.isoformat(),
        "version": source.until.isoformat(),
        **({"licenses": [_licence(licence)]} if licence else {}),
        **fictitious,
        "mask_below": source.below,
        "resources": [_resource(table, files[f"donnees/{table.name}.csv"]) for table in TABLES],
    }


def _licence(licence: str) -> dict[str, str]:
    return {"name": _KNOWN.get(licence.lower(), licence.lower().replace(" ", "-")), "title": licence}


def _resource(table: PackageTable, content: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": f"donnees/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": f"schemas/{table.name}.json",
    }


def _csv(table: PackageTable, held: Sequence[Row]) -> bytes:
    return csv.table(table.headings, held)


def _json(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _zip(files: Mapping[str, bytes], at: datetime) -> bytes:
    day = at.astimezone(FRANCE)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            told = zipfile.ZipInfo(path, (day.year, day.month, day.day, day.hour, day.minute, 0))
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = 0o644 << 16
            archive.writestr(told, content)
    return made.getvalue()
