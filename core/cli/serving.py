"""The dashboard, started from the command line: the real one, and the demonstration."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from core.accounts import Office, accounts, cookie_name
from core.cli.edge import address_of, workshop
from core.cli.terminal import say, write_out
from core.contract.schema_setup import is_fictitious, mark_fictitious
from core.errors import Misconfigured, Refused
from core.settings import DATA, Settings, sqlite_url

DEMONSTRATION = DATA / "demonstration" / "fabrique.sqlite3"
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Le port (8501 si rien n’est dit).")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    app.command()(demo)


def serve(
    host: Annotated[str | None, typer.Option(help="L’adresse (127.0.0.1 si rien n’est dit).")] = None,
    port: Port = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=32, help="Processus qui servent les pages (un si rien n’est dit).")
    ] = None,
) -> None:
    """Ouvrir le tableau de bord."""
    settings = _with(Settings.read(), host=host, port=port, workers=workers)
    with workshop(settings) as here:  # what is wrong is said before anybody listens
        fictitious = is_fictitious(here.store)
        first = None if fictitious else accounts.set_up(Office(here.store), at=here.instant)
        cookie = cookie_name(here.store)
    _announce(settings)
    if first is not None:
        _tell_first_start(settings, first)
    if settings.workers > 1:
        _dashboard("processes.front").serve(settings, settings.workers, cookie, fictitious=fictitious)
        return
    _serve(settings, fictitious)


def demo(
    port: Port = None,
    fill_only: Annotated[
        bool, typer.Option("--fill-only", help="Remplir la base vide de FABRIQUE_DATABASE_URL, puis s’arrêter.")
    ] = False,
) -> None:
    """Ouvrir la démonstration. C’est une année fictive, à part de vos données."""
    settings = Settings.read()
    if fill_only:
        live = _fill(settings)
        say(f"La base est remplie de données fictives. Le fichier à déposer en direct : {live}")
        return
    _refuse_the_real_store(settings)
    _make_room()
    alone = settings.model_copy(update={"database_read_url": None})  # its file has no copy
    own = _with(alone, port=port, database_url=sqlite_url(DEMONSTRATION))
    say("Données fictives : l’année se prépare, une minute au plus…")
    live = _fill(own)
    say(f"Le fichier à déposer en direct : {live}")
    _announce(own)
    _serve(own, fictitious=True)


def _fill(settings: Settings) -> Path:
    from core.demonstration.filling import fill
    from core.demonstration.live import write_live_file

    with workshop(settings) as here:
        if here.store.latest():
            raise Refused(
                "Cette base contient déjà des données : la démonstration ne se mêle pas à de vraies données. "
                "Donnez dans FABRIQUE_DATABASE_URL l’adresse d’une base vide."
            )
        mark_fictitious(here.store, here.actor(), here.instant)
        fill(here.registry, here.store)
    beside = _folder_of(settings)
    beside.mkdir(parents=True, exist_ok=True)
    return write_live_file(beside)


def _folder_of(settings: Settings) -> Path:
    """The folder of an SQLite file; for a server, that of the demonstration."""
    path = settings.database_url.partition("sqlite:///")[2]
    return Path(path).parent if path else DEMONSTRATION.parent


def _serve(settings: Settings, fictitious: bool) -> None:
    if not fictitious:
        _dashboard("server").serve(settings)
        return
    from core.demonstration import TODAY

    context = _dashboard("context").Context
    opening = partial(context.open, settings, clock=lambda: TODAY, demonstration=True)
    _dashboard("server").serve(settings, opening=opening)


def _dashboard(module: str) -> ModuleType:
    """A module of the screens, loaded by name: the core knows no screen, and commands without one stay light."""
    try:
        return importlib.import_module(f"dashboard.{module}")
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"Le tableau de bord ne se charge pas : il manque « {error.name} ». "
            "Réinstallez Fabrique (make setup, ou pip install fabrique-inclusive)."
        ) from error


def _with(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={name: value for name, value in changes.items() if value is not None})


def _announce(settings: Settings) -> None:
    say(f"Fabrique : http://{settings.host}:{settings.port} (Ctrl+C pour arrêter)")


def _tell_first_start(settings: Settings, secret: str) -> None:
    """Nobody leads this store yet: whoever reads this terminal makes the first account."""
    say("Première mise en service : ouvrez ce lien pour créer le compte de la chefferie de projet. Il sert une fois.")
    say("Il remplace le lien affiché avant, par ce serveur ou un autre de la même base, qui n’ouvre plus rien.")
    write_out(address_of(settings, secret))


def _refuse_the_real_store(settings: Settings) -> None:
    if settings.database_url == sqlite_url(DEMONSTRATION):
        raise Refused(
            "FABRIQUE_DATABASE_URL désigne la base de la démonstration, qui est refaite à chaque fois. "
            "Donnez une autre adresse à vos données."
        )


def _make_room() -> None:
    """Each demonstration starts afresh: what the last one left is fictitious."""
    for path in DEMONSTRATION.parent.glob(f"{DEMONSTRATION.name}*"):
        path.unlink()
