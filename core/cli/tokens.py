"""Keys for programs, from the command line."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.cli.edge import workshop
from core.cli.output import answering, document, say, table
from core.domain import french
from core.services import tokens
from core.services.tokens import Token


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    token = typer.Typer(
        help="Les jetons qui ouvrent l’interface de programmation.", no_args_is_help=True, rich_markup_mode=None
    )
    token.command("create")(create)
    token.command("list")(listed)
    token.command("revoke")(revoke)
    app.add_typer(token, name="token")


def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="À quoi il sert, par exemple « Portail de données ».")],
    association: Annotated[
        list[str] | None,
        typer.Option("--association", "-a", help="Une association qu’il lit ; répétable ; sans elle, toutes."),
    ] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Lui ouvrir les lignes, les dépôts et les petits nombres.")
    ] = False,
    days: Annotated[int, typer.Option("--days", metavar="N", help="Sa durée en jours, 366 au plus.")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Donner un jeton à un programme. Il est montré une seule fois : seule son empreinte est gardée."""
    with answering(as_json, {"token": None, "secret": None}), workshop() as here:
        token, secret = tokens.create(
            here.store, name, actor=here.actor(), at=here.now, associations=association or (), rows=rows, days=days
        )
    if as_json:
        document({"token": _as_dict(token), "secret": secret})
        return
    say(f"Jeton {token.id}, « {token.name} », jusqu’au {french.day(token.expires)} :")
    print(secret)
    say("Copiez-le maintenant : il ne sera plus montré.")


def listed(as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False) -> None:
    """Les jetons donnés, ce qu’ils lisent et jusqu’à quand."""
    with workshop() as here:
        found, now = tokens.tokens(here.store), here.now
    if as_json:
        document({"tokens": [_as_dict(one) for one in found]})
    elif not found:
        say("Aucun jeton n’a été donné.")
    else:
        rows = [
            (one.id, one.name, scope(one), french.short_day(one.expires), state(one, one.holds(now))) for one in found
        ]
        table(rows, ("Jeton", "Nom", "Lit", "Fin", "État"))


def revoke(code: Annotated[str, typer.Argument(metavar="ID", help="Son numéro, par exemple J1.")]) -> None:
    """Retirer un jeton, aussitôt."""
    with workshop() as here:
        token = tokens.revoke(here.store, code, actor=here.actor(), at=here.now)
    say(f"Le jeton {token.id}, « {token.name} », n’ouvre plus rien.")


def scope(one: Token) -> str:
    """« totaux de tout le programme », « lignes de ifac »."""
    what = "lignes et totaux" if one.rows else "totaux"
    return f"{what} {'de ' + french.listing(one.associations) if one.associations else 'de tout le programme'}"


def state(one: Token, holds: bool) -> str:
    """« ouvert », « terminé » or « révoqué »."""
    if one.withdrawn is not None:
        return "révoqué"
    return "ouvert" if holds else "terminé"


def _as_dict(one: Token) -> dict[str, Any]:
    names = ("id", "name", "associations", "rows", "given", "given_by", "expires", "withdrawn")
    return {name: getattr(one, name) for name in names}
