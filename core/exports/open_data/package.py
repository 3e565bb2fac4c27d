"""The ZIP: datapackage.json, one CSV and one Table Schema a table, and a read-me in French.

Source: Data Package, Table Schema (Frictionless). No cell begins a formula; no table at all or no
row is a correct package.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.domain import french
from core.domain.local_time import FRANCE
from core.exports import publishing
from core.exports.open_data.columns import TABLES, Table
from core.exports.open_data.tables import Row, Source, rows

NAME = "fabrique-inclusive-numerique"
TITLE = "Fabrique Inclusive Numérique : équiper, connecter, accompagner"
TO_CONFIRM = "Licence à confirmer par la Métropole"
FICTITIOUS = "Données fictives"
_KNOWN = {"licence ouverte 2.0": "etalab-2.0"}


def package(source: Source, *, at: datetime, licence: str | None = None) -> bytes:
    """The whole package; the same arguments give the same bytes.

    ``licence`` is the one that the Métropole chose, None while it is to be confirmed.
    """
    held = rows(source)
    files = {f"donnees/{table.name}.csv": _csv(table, held[table.name]) for table in TABLES}
    described = _json(_descriptor(source, files, at, licence))
    schemas = {f"schemas/{table.name}.json": _json(table.schema()) for table in TABLES}
    notes = {"LISEZMOI.md": readme(source, at, licence).encode()}
    return _zip({"datapackage.json": described, **files, **schemas, **notes}, at)


def readme(source: Source, at: datetime, licence: str | None) -> str:
    """What these files are, what is hidden in them, and what each column means."""
    head = [
        f"# {TITLE}",
        *([f"**{FICTITIOUS}.** Aucun chiffre ne décrit la réalité."] if source.fictitious else []),
        f"{source.mark}. Fichiers faits le {french.day(at.astimezone(FRANCE).date())}.",
        f"Licence : {licence}." if licence else f"{TO_CONFIRM}.",
        f"Un nombre de personnes inférieur à {source.below} n’est pas montré (« moins de k », k = {source.below}), "
        "ni ce qui le ferait retrouver par soustraction (« non montré »). Zéro est montré. "
        "Une case vide n’est jamais un zéro : la colonne « absence » dit pourquoi.",
        "Fichiers CSV en UTF-8, séparés par des virgules, point décimal.",
    ]
    return french.typeset("\n\n".join([*head, *(_dictionary(table) for table in TABLES)])) + "\n"


def _dictionary(table: Table) -> str:
    lines = [f"| `{one.name}` | {one.title} | {one.description} |" for one in table.fields]
    heading = f"## {table.title} (`donnees/{table.name}.csv`)\n\n{table.description}"
    return "\n".join([heading, "", "| colonne | titre | sens |", "|---|---|---|", *lines])


def _descriptor(source: Source, files: Mapping[str, bytes], at: datetime, licence: str | None) -> dict[str, Any]:
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


def _resource(table: Table, content: bytes) -> dict[str, Any]:
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


def _csv(table: Table, held: Sequence[Row]) -> bytes:
    return publishing.table(table.headings, held)


def _json(content: Mapping[str, Any]) -> bytes:
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
