"""Backups from the command line: the whole base in one file, and back into an empty one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import workshop
from core.cli.output import say
from core.domain import french
from core.errors import JournalBroken, Refused
from core.settings import Settings
from core.storage import Store
from core.storage.backup import Held, check


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(out: Annotated[Path, typer.Argument(metavar="OUT", help="Le fichier à écrire, en .zip.")]) -> None:
    """Sauvegarder toute la base dans un fichier, sans arrêter le service."""
    with Store.open(Settings.read().database_url) as store:
        try:
            held = store.backup(out)
        except OSError as error:
            said = f"« {out} » ne s’écrit pas."
            raise Refused(f"{said} Vérifiez que le dossier existe, vos droits, et la place qui reste.") from error
        say(
            french.typeset(
                f"Sauvegarde écrite : {out}. {_told(held)} Dernière empreinte : {held.last_hash or 'aucune'}"
            )
        )
        try:
            store.journal.verify()
        except JournalBroken as error:
            raise JournalBroken(f"{error} Cette sauvegarde ne pourra pas être restaurée telle quelle.") from error


def restore(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="La sauvegarde à reprendre.")],
    check_only: Annotated[bool, typer.Option("--check", help="Vérifier la sauvegarde, sans rien restaurer.")] = False,
) -> None:
    """Remplir la base vide de FABRIQUE_DATABASE_URL avec une sauvegarde, puis tout vérifier."""
    if check_only:
        say(french.typeset(f"Sauvegarde intacte. {_told(check(source))}"))
        return
    held = Store.restore(Settings.read().database_url, source)
    with workshop():  # brings the tables up to date with the installed plugins
        pass
    say(french.typeset(f"Base restaurée, journal vérifié. {_told(held)} Chacun devra se reconnecter."))


def _told(held: Held) -> str:
    rows, tables = french.count(held.total, "ligne"), french.count(len(held.rows), "table")
    return f"{rows} dans {tables}, révision {held.revision}, journal de {french.count(held.journal, 'ligne')}."
