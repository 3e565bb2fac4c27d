"""How the command is typed, told in French: the library words its help and its complaints in English."""

from __future__ import annotations

import re

import typer
from typer.core import TyperCommand, TyperGroup

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


class Group(TyperGroup):
    """A command made of commands."""

    def get_help(self, ctx: typer.Context) -> str:
        """The help, its headings and remarks in French."""
        return _translated(super().get_help(ctx))


class Command(TyperCommand):
    """One command."""

    def get_help(self, ctx: typer.Context) -> str:
        """The help, its headings and remarks in French."""
        return _translated(super().get_help(ctx))


def _translated(text: str) -> str:
    for english, french in _HELP:
        text = re.sub(english, french, text, flags=re.MULTILINE)
    return text


def in_french(app: typer.Typer) -> None:
    """Let ``app``, and all that was added to it, speak French."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        group.cls = Group
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
    for english, french in _COMPLAINTS:
        if found := re.fullmatch(english, error.message, flags=re.DOTALL):
            return found.expand(french)
    return f"Commande mal écrite : {error.message}"


def _named(parameter: object) -> str:
    """« --period », « FILE »: a parameter as it is typed."""
    first = next(iter(getattr(parameter, "opts", [])), "")
    if first.startswith("-"):
        return first
    return str(getattr(parameter, "metavar", None) or getattr(parameter, "name", ""))
