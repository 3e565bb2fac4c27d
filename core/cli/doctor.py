"""« fabrique doctor »: what is wrong on this server, and what to do about it; nothing is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import database_file
from core.cli.terminal import Refusal, document, keep_output_to_ourselves, say
from core.contract import Registry
from core.contract.walls import PluginLimits
from core.depositing.history import recompute
from core.domain import french
from core.domain.calendar import day_in_france
from core.errors import FabriqueError, JournalBroken, Refused
from core.reporting import reminders
from core.settings import Settings
from core.storage import Store
from core.storage.copies import CopyState, ReadCopy
from core.storage.rotation import backups, made_at

_ROOM, _LITTLE = 1_000_000_000, 100_000_000
"""Bytes left on a disk: below the first one looks at it, below the second the base may stop."""
_OLD = timedelta(days=2)
"""A backup of every night is never older."""
_EARLY = timedelta(minutes=5)
_HERE = ("127.0.0.1", "::1", "localhost")

FreeSpace = Callable[[Path], int]
"""The bytes left on the disk of a folder."""


class Health(StrEnum):
    """How one thing stands."""

    WELL = "bien"
    WATCH = "à surveiller"
    ILL = "à corriger"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at, how it stands, and what to do when it is not well."""

    subject: str
    health: Health
    said: str


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Dire ce qui ne va pas sur ce serveur, et quoi faire. Rien de ce qui est gardé n’est changé."""
    found = tuple(examined(datetime.now(UTC)))
    if as_json:
        document({"findings": [{"subject": o.subject, "health": o.health, "said": o.said} for o in found]})
    else:
        width = max(len(one.health) for one in found)
        for one in found:
            say(f"{one.health.ljust(width)}  {one.subject} : {one.said}")
    if any(one.health is Health.ILL for one in found):
        raise Refusal("Something is ill.")


def examined(now: datetime, free: FreeSpace = lambda folder: shutil.disk_usage(folder).free) -> Iterator[Diagnosis]:
    """Everything that is looked at, one after the other; no base is made, nothing that is kept is changed.

    A base of an older version is brought up to date, as by any command that opens it.
    """
    try:
        settings = Settings.read()
    except FabriqueError as error:
        yield Diagnosis("Réglages", Health.ILL, str(error))
        return
    yield _settings(settings)
    keep_output_to_ourselves()
    # What fails in a plugin is told, whatever FABRIQUE_STRICT_PLUGINS says.
    registry = Registry.load(limits=PluginLimits(settings.plugin_seconds))
    file = database_file(settings)
    if file is not None and not file.exists():
        yield Diagnosis(
            "Base", Health.ILL, f"« {file} » n’existe pas. « fabrique serve » la fait, ou FABRIQUE_DATABASE_URL."
        )
    else:
        yield from _base(settings, registry, now)
    folders = {"Disque de la base": file.parent if file else None, "Disque des sauvegardes": settings.backups}
    yield from (_disk(what, one, free) for what, one in folders.items() if one is not None and one.is_dir())
    yield _mail(settings)
    yield _plugins(registry)
    yield _backups(settings.backups, now)


def _settings(settings: Settings) -> Diagnosis:
    said = []
    if settings.today is not None:
        said.append(f"FABRIQUE_TODAY tient le jour au {french.day(settings.today)} : videz-le pour servir.")
    if settings.host not in _HERE and not (settings.public_url or "").startswith("https://"):
        said.append("d’autres machines peuvent entrer sans HTTPS : réglez FABRIQUE_PUBLIC_URL (https://…).")
    if settings.smtp_plain and settings.smtp_host not in _HERE:
        said.append("le courriel part sans chiffrement (FABRIQUE_SMTP_PLAIN).")
    return Diagnosis("Réglages", Health.WATCH if said else Health.WELL, " ".join(said) or "ils se lisent tous.")


def _base(settings: Settings, registry: Registry, now: datetime) -> Iterator[Diagnosis]:
    """The base, its journal and the clock, as far as it opens."""
    try:
        with Store.open(settings.database_url, settings.database_read_url) as store:
            damage = store.damage()
            said = f"son fichier est abîmé ({damage}). Arrêtez Fabrique et reprenez la dernière sauvegarde."
            yield Diagnosis("Base", Health.ILL, said) if damage else Diagnosis("Base", Health.WELL, "elle s’ouvre.")
            yield _journal(registry, store)
            yield _clock(store, now)
            if store.copy is not None:
                store.latest()  # what the base says last is what the copy has to hold
                yield _read_copy(store.copy)
    except FabriqueError as error:
        yield Diagnosis("Base", Health.ILL, str(error))


_COPY: Mapping[CopyState, tuple[Health, str]] = {
    CopyState.FOLLOWING: (Health.WELL, "elle a tout ce qui est dans la base."),
    CopyState.LATE: (
        Health.WATCH,
        "elle est en retard sur la base, qui répond à sa place. Si cela dure, regardez la réplication "
        "(pg_stat_replication, sur le serveur de la base).",
    ),
    CopyState.AWAY: (
        Health.ILL,
        "elle ne répond pas, la base répond à sa place. Remettez-la en marche, ou videz FABRIQUE_DATABASE_READ_URL.",
    ),
    CopyState.OTHER: (
        Health.ILL,
        "ce qui répond à FABRIQUE_DATABASE_READ_URL ne suit pas cette base (une autre base, ou une copie devenue base) "
        "et n’est pas lu. Refaites la copie, ou corrigez les deux adresses.",
    ),
}


def _read_copy(copy: ReadCopy) -> Diagnosis:
    return Diagnosis("Copie de lecture", *_COPY[copy.look()])


def _journal(registry: Registry, store: Store) -> Diagnosis:
    try:
        found = recompute(registry, store)
    except JournalBroken as error:
        return Diagnosis("Journal", Health.ILL, str(error))
    rows = french.count(found.rows, "ligne de données", "lignes de données")
    return Diagnosis("Journal", Health.WELL, f"intact, {french.count(found.lines, 'ligne')} et {rows}.")


def _clock(store: Store, now: datetime) -> Diagnosis:
    last = next(iter(store.journal.lines(1)), None)
    if last is not None and last.at > now + _EARLY:
        when = french.day(day_in_france(last.at))
        said = f"la base a été écrite le {when}, après l’heure de cette machine : mettez-la à l’heure."
        return Diagnosis("Heure", Health.ILL, said)
    return Diagnosis("Heure", Health.WELL, "rien n’a été écrit après elle.")


def _disk(what: str, folder: Path, free: FreeSpace) -> Diagnosis:
    left = free(folder)
    health = Health.ILL if left < _LITTLE else Health.WATCH if left < _ROOM else Health.WELL
    todo = "" if health is Health.WELL else " Faites de la place."
    return Diagnosis(what, health, f"il reste {french.number(left // 1_000_000)} Mo dans « {folder} ».{todo}")


def _mail(settings: Settings) -> Diagnosis:
    try:
        server = reminders.server_of(settings)
        if server is None:
            return Diagnosis("Courriel", Health.WELL, "aucun serveur n’est réglé, les rappels se copient.")
        reminders.deliver(server, [])
    except Refused as error:
        return Diagnosis("Courriel", Health.ILL, str(error))
    return Diagnosis("Courriel", Health.WELL, f"{server.host} répond.")


def _plugins(registry: Registry) -> Diagnosis:
    failed = sorted({one.plugin for one in registry.failures})
    if failed:
        return Diagnosis(
            "Plugins", Health.ILL, f"{french.listing(failed)} en panne : « fabrique plugins » dit pourquoi."
        )
    return Diagnosis("Plugins", Health.WELL, "tous tiennent.")


def _backups(folder: Path | None, now: datetime) -> Diagnosis:
    what = "Sauvegardes"
    if folder is None:
        return Diagnosis(what, Health.WATCH, "FABRIQUE_BACKUPS n’est pas réglé : leur âge ne peut pas être regardé.")
    last = next(reversed(backups(folder)), None)
    if last is None:
        said = f"aucune dans « {folder} ». Faites-en une chaque nuit : « fabrique backup --keep 14 »."
        return Diagnosis(what, Health.ILL, said)
    said = f"la dernière est du {french.day(day_in_france(made_at(last)))}."
    if now - made_at(last) > _OLD:
        return Diagnosis(what, Health.ILL, f"{said} Cherchez pourquoi rien n’a été sauvegardé depuis.")
    return Diagnosis(what, Health.WELL, said)
