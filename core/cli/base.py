"""The base from the command line: saved in one file or every night in a folder, restored, its tables upgraded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import database_file, plugins, workshop
from core.cli.terminal import SHOWN, Refusal, complain, say
from core.contract import Registry, schema_setup
from core.domain import french
from core.errors import JournalBroken, Refused
from core.settings import Settings
from core.storage import Store
from core.storage.backup import ArchiveContents, check
from core.storage.rehearsing import Rehearsal
from core.storage.rotation import backups, rotate


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)
    base = typer.Typer(help="La base de données.", no_args_is_help=True, rich_markup_mode=None)
    base.command("upgrade")(upgrade)
    app.add_typer(base, name="db")


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


# --- « fabrique db upgrade »: the tables brought up to the declarations, or what that would do, row by row --


def upgrade(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Essayer, montrer les lignes avant et après, et ne rien changer.")
    ] = False,
) -> None:
    """Mettre les tables à jour des jeux de données déclarés ; sans effet quand elles le sont."""
    if dry_run:
        _rehearse(Settings.read())
        return
    with workshop() as here:
        _tell_done(here.registry)


def _tell_done(registry: Registry) -> None:
    count = sum(len(registry.datasets(one.code)) for one in (*registry.associations, registry.association("metropole")))
    failed = sorted({one.plugin for one in registry.failures})
    tables = french.count(count, "jeu de données", "jeux de données")
    if not failed:
        say(f"Les tables sont à jour : {tables}.")
        return
    say(f"Les autres tables sont à jour : {tables}.")
    complain(f"Sans {french.listing(failed)}, en panne : « fabrique plugins » dit pourquoi.")
    raise Refusal("Plugins are left out.")


def _rehearse(settings: Settings) -> None:
    file = database_file(settings)
    if file is not None and not file.exists():
        raise Refused(f"« {file} » n’existe pas encore : il n’y a rien à mettre à jour.")
    registry = plugins(settings)
    with Store.open(settings.database_url) as store:
        found = schema_setup.look(registry, store, at=datetime.now(UTC))
    if not found:
        say("Les tables sont déjà à jour : rien ne changerait.")
    for one in found:
        for line in told(one):
            say(line)
    if any(one.refusal is not None for one in found):
        raise Refusal("A table cannot follow.")


def told(one: Rehearsal) -> Iterator[str]:
    """What would become of one table: its columns, how many rows, and some of them before and after."""
    where = f"{one.association}, {one.dataset}"
    if one.refusal is not None:
        yield f"{where} : refusé. {one.refusal}"
        return
    yield f"{where} : {_steps(one)}"
    yield f"    {_lines(one)}"
    pairs = changed(one)
    for key, before, after in pairs[:SHOWN]:
        yield f"    {key} : {_cells(before)}  →  {_cells(after)}"
    if len(pairs) > SHOWN:
        yield f"    … et {french.count(len(pairs) - SHOWN, 'autre ligne', 'autres lignes')}."


def changed(one: Rehearsal) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """The rows that would change, by key: only the cells that differ, before and after."""
    before = {row["_key"]: row for row in one.before.to_dicts()}
    after = {row["_key"]: row for row in one.after.to_dicts()}
    found = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, {}), after.get(key, {})
        names = [name for name in dict.fromkeys((*old, *new)) if not name.startswith("_")]
        moved = [name for name in names if old.get(name) != new.get(name) or (name in old) != (name in new)]
        if moved:
            found.append((key, _of(old, moved), _of(new, moved)))
    return found


def _of(row: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    return {name: row[name] for name in names if name in row}


def _cells(row: dict[str, object]) -> str:
    return ", ".join(f"{name} = {'(vide)' if value is None else value}" for name, value in row.items()) or "(rien)"


def _steps(one: Rehearsal) -> str:
    """« version 1 → 2 ; nouvelles : minutes ; retirées : duree »."""
    plan = one.plan
    parts = [f"version {plan.from_version} → {plan.to_version}"] if plan.upgrades else []
    if one.origin:
        parts.append(f"vient de {one.origin}")
    for words, names in (
        ("colonnes nouvelles", plan.new),
        ("changent de type", plan.retyped),
        ("ne sont plus déclarées (gardées, non lues)", plan.retired),
    ):
        if names:
            parts.append(f"{words} : {', '.join(names)}")
    return " ; ".join(parts) or "nouvelle table"


def _lines(one: Rehearsal) -> str:
    before, after = (french.count(len(rows), "ligne") for rows in (one.before, one.after))
    return f"{before} avant, {after} après."
