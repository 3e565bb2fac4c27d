"""Backups from the command line: the whole base in one file, every night in a folder, and back into an empty base."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import workshop
from core.cli.terminal import say
from core.domain import french
from core.errors import JournalBroken, Refused
from core.settings import Settings
from core.storage import Store
from core.storage.backup import ArchiveContents, check
from core.storage.rotation import backups, rotate


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT", help="Le fichier, en .zip ; avec --keep, le dossier (FABRIQUE_BACKUPS)."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, metavar="N", help="Dans un dossier : l’essayer, garder les N dernières."),
    ] = None,
) -> None:
    """Sauvegarder toute la base dans un fichier, sans arrêter le service."""
    settings = Settings.read()
    with Store.open(settings.database_url) as store:
        if keep is not None:
            _rotate(store, out or settings.backups, keep)
        elif out is None:
            raise Refused("Donnez le fichier à écrire, en .zip, ou --keep N pour garder les N dernières d’un dossier.")
        else:
            _save(store, out)


def _rotate(store: Store, folder: Path | None, keep: int) -> None:
    if folder is None:
        raise Refused("Donnez le dossier des sauvegardes, ou réglez FABRIQUE_BACKUPS.")
    with _writable(folder):
        done = rotate(store, folder, keep, datetime.now(UTC))
    left = french.count(len(done.removed), "ancienne retirée", "anciennes retirées")
    kept = french.count(len(backups(folder)), "sauvegarde gardée", "sauvegardes gardées")
    say(f"Sauvegarde écrite et restaurée à l’essai : {done.made}. {_told(done.contents)} {kept}, {left}.")


def _save(store: Store, out: Path) -> None:
    with _writable(out):
        held = store.backup(out)
    say(f"Sauvegarde écrite : {out}. {_told(held)} Dernière empreinte : {held.last_hash or 'aucune'}")
    try:
        store.journal.verify()
    except JournalBroken as error:
        raise JournalBroken(f"{error} Cette sauvegarde ne pourra pas être restaurée telle quelle.") from error


@contextmanager
def _writable(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = french.typeset(f"« {place} » ne s’écrit pas.")
        raise Refused(f"{said} Vérifiez que le dossier existe, vos droits, et la place qui reste.") from error


def restore(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="La sauvegarde à reprendre.")],
    check_only: Annotated[bool, typer.Option("--check", help="Vérifier la sauvegarde, sans rien restaurer.")] = False,
) -> None:
    """Remplir la base vide de FABRIQUE_DATABASE_URL avec une sauvegarde, puis tout vérifier."""
    if check_only:
        say(f"Sauvegarde intacte. {_told(check(source))}")
        return
    held = Store.restore(Settings.read().database_url, source)
    with workshop():  # brings the tables up to date with the installed plugins
        pass
    say(f"Base restaurée, journal vérifié. {_told(held)} Chacun devra se reconnecter.")


def _told(held: ArchiveContents) -> str:
    rows, tables = french.count(held.total, "ligne"), french.count(len(held.rows), "table")
    return f"{rows} dans {tables}, dernier dépôt n° {held.revision}, journal de {french.count(held.journal, 'ligne')}."
