"""The program: its commands, and what becomes of an error (French, no traceback, an exit status)."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from core.cli import (
    contract,
    exporting,
    figures,
    intake,
    measures,
    past,
    reminding,
    retention,
    saving,
    serving,
    template,
    tokens,
    users,
)
from core.cli.output import SHOWN, Refusal, complain
from core.cli.usage import complaint, in_french
from core.errors import Conflict, FabriqueError

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130


app = typer.Typer(
    name="fabrique",
    help="Suivi côte à côte des six expérimentations de la Fabrique Inclusive Numérique.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for part in (
    serving,
    intake,
    template,
    figures,
    contract,
    past,
    retention,
    saving,
    measures,
    users,
    exporting,
    reminding,
    tokens,
):
    part.add_to(app)
in_french(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 when done, 1 when refused, 2 when badly typed."""
    # A plugin's traceback belongs to the server's log, not on the screen of who types a command.
    logging.getLogger("core").setLevel(logging.CRITICAL)
    _write_utf8()
    try:
        status = app(args=None if arguments is None else list(arguments), prog_name="fabrique", standalone_mode=False)
    except Refusal:
        return REFUSED
    except FabriqueError as error:
        complain(str(error))
        if isinstance(error, Conflict):
            _tell_details(error)
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
