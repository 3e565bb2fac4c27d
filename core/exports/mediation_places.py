"""The actors recorded, in the national « lieux de médiation numérique » CSV, and what keeps some of them out.

Source: La MedNum, standard 1.0.2, Licence Ouverte 2.0. Values are separated by « | », as the
schema wants (its description says « ; »).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.catalogue.accompagner import COLUMNS, LISTS, PATTERNS, REQUIRED, SUMMARY_MAX
from core.domain import french
from core.domain.dataset import Row
from core.domain.programme import METROPOLE
from core.errors import Refused
from core.exports import csv as publishing
from core.exports.csv import Gap
from core.money.ledger import RowSource

TITLE = "Lieux de médiation numérique"
TERRITORY = "metropole-aix-marseille-provence"
_WORDS = {
    "pivot": "SIRET ou RNA",
    "nom": "nom",
    "commune": "commune",
    "code_postal": "code postal",
    "adresse": "adresse",
    "date_maj": "date de mise à jour",
    "code_insee": "code INSEE",
    "telephone": "téléphone",
    "presentation_resume": "présentation résumée",
}


@dataclass(frozen=True, slots=True)
class Left:
    """An actor that the file leaves out, and why."""

    association: str
    id: str
    name: str
    reasons: tuple[str, ...]

    @property
    def said(self) -> str:
        """« Mairie annexe (R-12) : adresse manquante. »"""
        named = f"{self.name} ({self.id})" if self.name else self.id
        return french.typeset(f"{named} : {french.listing(self.reasons)}.")


@dataclass(frozen=True, slots=True)
class Places:
    """What would be published: the rows, those left out, and what the file itself lacks."""

    rows: tuple[Row, ...]
    left: tuple[Left, ...]
    publisher: str
    gaps: tuple[Gap, ...]

    def name(self, day: date) -> str:
        """« 2022-07-05_20005480700017_lieux-de-mediation-numerique_metropole-aix-marseille-provence.csv »."""
        return f"{day.isoformat()}_{self.publisher}_lieux-de-mediation-numerique_{TERRITORY}.csv"


def places(
    store: RowSource, associations: Sequence[str], names: Mapping[str, str], revision: int | None = None
) -> Places:
    """The actors of these associations; ``names`` are theirs, by code.

    One association publishes under its own number, several under that of the Métropole.
    """
    kept: dict[str, Row] = {}
    left: list[Left] = []
    for association in associations:
        for row in store.rows(association, "acteurs", revision).to_dicts():
            reasons = _reasons(row)
            if row["id"] in kept:
                reasons.append("identifiant déjà donné par une autre association")
            if reasons:
                left.append(Left(association, row["id"], row["nom"] or "", tuple(reasons)))
            else:
                kept[row["id"]] = row
    publisher, gaps = _publisher(store, associations, names, revision)
    return Places(tuple(kept.values()), tuple(left), publisher, gaps)


def csv(found: Places) -> bytes:
    """The file of the rows that the standard accepts.

    Raises Refused when the publisher has no number, or when every row is left out.
    """
    publishing.refuse(TITLE, found.gaps)
    if not found.rows and found.left:
        raise Refused(
            f"{TITLE} : ce document ne peut pas être publié, aucune fiche n’est complète. Par exemple : "
            f"{found.left[0].said} Complétez les fiches dans « Acteurs »."
        )
    return publishing.table(COLUMNS, [_written(row) for row in found.rows])


def _reasons(row: Row) -> list[str]:
    """Why the standard would not take the row."""
    found = [
        f"{_WORDS[name]} manquant" + ("e" if name in ("commune", "adresse", "date_maj") else "")
        for name in REQUIRED
        if name != "id" and not row[name]
    ]
    found += [
        f"{_WORDS[name]} mal écrit"
        for name, form in PATTERNS.items()
        if row[name] and not re.fullmatch(form, row[name])
    ]
    found += [f"{name.replace('_', ' ')} hors de la liste nationale" for name in LISTS if _outside(row, name)]
    if len(row["presentation_resume"] or "") > SUMMARY_MAX:
        found.append(f"présentation résumée de plus de {SUMMARY_MAX} caractères")
    return found


def _outside(row: Row, name: str) -> bool:
    values = (row[name] or "").split("|") if row[name] else ()
    return any(value not in LISTS[name] for value in values)


def _publisher(
    store: RowSource, associations: Sequence[str], names: Mapping[str, str], revision: int | None
) -> tuple[str, tuple[Gap, ...]]:
    agreements = store.rows(METROPOLE, "conventions", revision).to_dicts()
    if len(associations) == 1:
        code = associations[0]
        mine = next((row for row in agreements if row["association"] == code), {})
        number = mine.get("siret") or mine.get("rna") or ""
        missing = Gap(
            names.get(code, code),
            "le SIRET ou le RNA de l’association, qui entre dans le nom du fichier",
            f"{publishing.CONVENTIONS}, colonne « SIRET » ou « RNA »",
        )
    else:
        number = next((row["siret_attribuant"] for row in agreements if row["siret_attribuant"]), "")
        missing = Gap(
            "Métropole",
            "le SIRET de la Métropole, qui entre dans le nom du fichier",
            f"{publishing.CONVENTIONS}, colonne « SIRET de la Métropole »",
        )
    return number, () if number else (missing,)


def _written(row: Mapping[str, object]) -> dict[str, str]:
    return {name: _cell(row[name]) for name in COLUMNS}


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
