"""The spreadsheet to fill for one dataset, from the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import plugins
from core.cli.intake import Association, DatasetCode
from core.cli.output import say
from core.errors import Refused
from core.exports.template import template as build
from core.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(template)


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Le fichier à écrire, en .xlsx.")],
    association: Association,
    dataset: DatasetCode,
) -> None:
    """Écrire le modèle d’un jeu de données : un tableur prêt à remplir, avec listes, aide et exemple."""
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"Le modèle est un classeur : donnez-lui un nom en .xlsx, par exemple « {out.stem}.xlsx ».")
    registry = plugins(Settings.read())
    made = build(registry, association, dataset, created=datetime.now(UTC).replace(tzinfo=None))
    try:
        out.write_bytes(made)
    except OSError as error:
        raise Refused(f"« {out} » ne s’écrit pas : vérifiez que le dossier existe et que vous y avez droit.") from error
    say(f"Modèle de « {registry.dataset(association, dataset).title} » écrit : {out}")
