"""The program: its commands, and what becomes of an error (French, no traceback, an exit status)."""

from __future__ import annotations

import gc
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.main import get_group

from core.cli.terminal import SHOWN, FrenchGroup, Refusal, complain, complaint, in_french, our_own_output
from core.domain import french
from core.domain.memory import SELDOM
from core.errors import BaseDown, Conflict, FabriqueError

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serving", "Ouvrir le tableau de bord."),
    "demo": ("serving", "Ouvrir la démonstration."),
    "import": ("intake", "Lire un fichier, le vérifier et l’enregistrer."),
    "declare-nothing": ("intake", "Inscrire « rien à déclarer » pour une période."),
    "template": ("past", "Écrire le modèle d’un jeu de données."),
    "indicators": ("figures", "Les indicateurs, calculés à partir des lignes."),
    "figures": ("figures", "Les chiffres gardés, comparés aux lignes."),
    "programme": ("contract", "La délibération du 4 juin 2021."),
    "plugins": ("contract", "Les plugins installés et leurs pannes."),
    "plugin": ("contract", "Écrire un plugin, et le vérifier."),
    "history": ("past", "Qui a changé quoi, quand, à partir de quel fichier."),
    "rows": ("past", "Écrire les lignes d’un tableau en CSV, et son schéma."),
    "undo": ("past", "Annuler un dépôt par un nouveau dépôt."),
    "purge": ("admin", "Supprimer ce qui est gardé plus longtemps que sa durée."),
    "backup": ("base", "Sauvegarder toute la base, sans arrêter le service."),
    "restore": ("base", "Remplir une base vide avec une sauvegarde."),
    "doctor": ("doctor", "Dire ce qui ne va pas sur ce serveur, et quoi faire."),
    "bench": ("figures", "Mesurer la vitesse."),
    "export": ("figures", "Écrire un document : pour le comité, pour la loi, ou pour d’autres logiciels."),
    "remind": ("admin", "Les relevés attendus : à qui écrire, et quoi."),
    "journal": ("past", "Le journal, chaîné par empreintes."),
    "db": ("base", "La base de données."),
    "user": ("admin", "Les comptes de celles et ceux qui entrent."),
    "token": ("admin", "Les jetons qui ouvrent l’interface de programmation."),
}
"""Each command: the module that holds it, read when it is typed, and what the list says of it."""


class CommandsByName(MutableMapping[str, Any]):
    """The commands, each made when it is asked for: the others are not read."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._made:
            home = typer.Typer(rich_markup_mode=None)
            import_module(f"core.cli.{COMMANDS[name][0]}").add_to(home)
            in_french(home)
            self._made.update(get_group(home).commands)
        return self._made[name]

    def __setitem__(self, name: str, command: object) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Program(FrenchGroup):
    """The whole program: its list says a line of each command, without reading any."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "commands": None})
        self.commands = CommandsByName()

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of the commands."""
        with formatter.section("Commandes "):
            formatter.write_dl([(name, french.typeset(told)) for name, (_, told) in COMMANDS.items()])


app = typer.Typer(
    name="fabrique",
    cls=Program,
    help="Suivi côte à côte des expérimentations de la Fabrique Inclusive Numérique.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def fabrique() -> None:
    """Suivi côte à côte des expérimentations de la Fabrique Inclusive Numérique."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 when done, 1 when refused, 2 when badly typed."""
    # A plugin's traceback belongs to the server's log, not on the screen of who types a command.
    logging.getLogger("core").setLevel(logging.CRITICAL)
    gc.set_threshold(*SELDOM)
    _write_utf8()
    with our_own_output():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = app(args=None if arguments is None else list(arguments), prog_name="fabrique", standalone_mode=False)
    except Refusal:
        return REFUSED
    except FabriqueError as error:
        complain(str(error))
        if isinstance(error, Conflict):
            _tell_details(error)
        if isinstance(error, BaseDown):
            complain(f"  {error.detail}")  # who types a command holds the server
        return REFUSED
    except typer.TyperException as error:
        return _badly_typed(error)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last wall: who types a command gets a sentence, not a traceback
        complain(f"Erreur imprévue : {type(error).__name__} : {error}{_where(error)}. Signalez-la avec ce message.")
        return REFUSED
    return status if isinstance(status, int) else DONE


def _tell_details(error: Conflict) -> None:
    for one in error.details[:SHOWN]:
        complain(f"  {one}")
    if len(error.details) > SHOWN:
        complain("  …")


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}, ligne {frames[-1].lineno})" if frames else ""


def _badly_typed(error: typer.TyperException) -> int:
    """Tell a usage error, and where to find help."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "fabrique"
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=sys.stderr)
        return USAGE
    complain(f"{complaint(error)} Aide : {path} --help")
    return USAGE


def _write_utf8() -> None:
    """Write accents whatever the terminal's own character set (a French Windows console has cp1252)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
