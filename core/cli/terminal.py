"""How the command speaks: French on both streams, with ``--json`` one document; and its help, in French.

Nothing else of the product is read for it: « fabrique --help » answers at once.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from typer.core import TyperCommand, TyperGroup

from core.domain import french
from core.errors import FabriqueError, Refused

SHOWN = 20
AsJson = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")]


class Refusal(FabriqueError):
    """The refusal was already told in full: only the exit status is left to give."""


class _Outputs:
    """Standard output while a command runs: ``own`` is the command's once plugins run beside it."""

    running = False
    own: TextIO | None = None
    before: TextIO | None = None


@contextmanager
def our_own_output() -> Iterator[None]:
    """While a command runs, it may keep standard output to itself; at its end Python's is everybody's again.

    The descriptor is not given back: what a plugin leaves behind, a thread or a word at exit, is no answer of ours.
    """
    _Outputs.running = True
    try:
        yield
    finally:
        _Outputs.running = False
        own, before, _Outputs.own, _Outputs.before = _Outputs.own, _Outputs.before, None, None
        if own is not None and before is not None:
            sys.stdout = before
            if own is not before:
                with suppress(BrokenPipeError):  # « | head » reads no more: typer has ended the command already
                    own.close()


def keep_output_to_ourselves() -> None:
    """From now on what a plugin writes goes to standard error: ``--json`` promises one document and nothing else.

    Not only its ``print``: descriptor 1 itself becomes standard error, for C, for programs that it starts too.
    """
    if not _Outputs.running or _Outputs.own is not None:
        return
    sys.stdout.flush()
    _Outputs.before = sys.stdout
    _Outputs.own = _aside() if _is_descriptor_one(sys.stdout) else sys.stdout
    sys.stdout = sys.stderr


def _is_descriptor_one(stream: TextIO) -> bool:
    """Whether it is the process's own standard output, and not what a test or a library put in its place."""
    try:
        return stream.fileno() == 1
    except (OSError, ValueError):
        return False


def _aside() -> TextIO:
    """Standard output under another descriptor; the usual one is standard error's from now on."""
    own = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
    os.dup2(2, 1)
    return own


def write_out(text: str) -> None:
    """One line on the command's own standard output, as it is."""
    print(text, file=_Outputs.own, flush=True)


def say(text: str = "") -> None:
    """One line on standard output, in French typography."""
    write_out(french.typeset(text))


def complain(text: str) -> None:
    """One line on standard error."""
    print(french.typeset(text), file=sys.stderr)


def document(content: Mapping[str, object]) -> None:
    """The one document that ``--json`` promises."""
    write_out(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


def write_file(out: Path, made: bytes) -> None:
    """A file where the person asked for it. Raises Refused when it cannot be written there."""
    try:
        out.write_bytes(made)
    except OSError as error:
        raise Refused(f"« {out} » ne s’écrit pas : vérifiez que le dossier existe et que vous y avez droit.") from error


@contextmanager
def answering(as_json: bool, empty: Mapping[str, object]) -> Iterator[None]:
    """When the request is refused and JSON was asked, give the stable keys all the same, with « error »."""
    try:
        yield
    except Refusal:
        raise
    except FabriqueError as error:
        if as_json:
            document({**empty, "error": str(error)})
        raise


def table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    """Aligned columns, the headings first."""
    lines = [list(headings), *[list(row) for row in rows]]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no JSON form")


# --- How the command is typed, told in French: the library words its help and its complaints in English ----


# The words of the library's help, where they stand in it, and ours.
_HELP = (
    (r"^Usage: ", "Usage : "),
    (r"^(Options|Arguments):$", r"\1 :"),
    (r"^Commands:$", "Commandes :"),
    (r"Show this message and exit\.", "Afficher cette aide."),
    (r"\[required\]", "[obligatoire]"),
    (r"\[default: ([^;\]]*)", r"[si rien n’est dit : \1"),
    (r"; required\]", " ; obligatoire]"),
)
_COMPLAINTS = (
    (r"No such command '(.*?)'.*", r"La commande « \1 » n’existe pas."),
    (r"Got unexpected extra arguments? ?\(?s?\)? \((.*)\)", r"« \1 » est de trop."),
    (r"Option '(.*)' requires an argument\.", r"L’option « \1 » attend une valeur."),
    (r"Option '(.*)' does not take a value\.", r"L’option « \1 » ne prend pas de valeur."),
)


class FrenchGroup(TyperGroup):
    """A command made of commands."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # typer hides the class of its context
        """The help, its headings and remarks in French."""
        return _translated(super().get_help(ctx))


class Command(TyperCommand):
    """One command."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # typer hides the class of its context
        """The help, its headings and remarks in French."""
        return _translated(super().get_help(ctx))


def _translated(text: str) -> str:
    for english, ours in _HELP:
        text = re.sub(english, ours, text, flags=re.MULTILINE)
    return text


def in_french(app: typer.Typer) -> None:
    """Let ``app``, and all that was added to it, speak French."""
    app.info.cls = FrenchGroup
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        group.cls = FrenchGroup
        if group.typer_instance is not None:
            in_french(group.typer_instance)


def complaint(error: typer.TyperException) -> str:
    """What is badly typed, in a sentence."""
    parameter = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            return f"L’option « {getattr(error, 'option_name', '')} » n’existe pas."
        case "MissingParameter":
            return f"Il manque « {_named(parameter)} »."
        case "BadParameter":
            return f"« {_named(parameter)} » ne convient pas. {getattr(parameter, 'help', None) or ''}".rstrip()
    for english, ours in _COMPLAINTS:
        if found := re.fullmatch(english, error.message, flags=re.DOTALL):
            return found.expand(ours)
    return f"Commande mal écrite : {error.message}"


def _named(parameter: object) -> str:
    """« --period », « FILE »: a parameter as it is typed."""
    first = next(iter(getattr(parameter, "opts", [])), "")
    if first.startswith("-"):
        return first
    return str(getattr(parameter, "metavar", None) or getattr(parameter, "name", ""))
