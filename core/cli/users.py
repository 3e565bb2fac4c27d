"""Accounts from the server's command line: how a locked-out project lead gets back in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.cli.edge import Workshop, workshop
from core.cli.output import document, say, table
from core.domain import french
from core.domain.actor import ROLE_WORDS, Role
from core.domain.local_time import FRANCE
from core.services.accounts import Office, keeping, links
from core.services.accounts.identity import role_of
from core.services.accounts.keeping import Standing
from core.settings import Settings

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Le courriel du compte.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    user = typer.Typer(help="Les comptes de celles et ceux qui entrent.", no_args_is_help=True, rich_markup_mode=None)
    user.command("list")(listed)
    user.command("invite")(invite)
    user.command("reset")(reset)
    user.command("unlock")(unlock)
    user.command("deactivate")(deactivate)
    user.command("reactivate")(reactivate)
    app.add_typer(user, name="user")


def listed(as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False) -> None:
    """Qui a un compte, et s’il peut entrer."""
    with workshop() as here:
        found = keeping.listed(Office(here.store), actor=here.actor(), at=here.now)
    if as_json:
        document({"accounts": [_as_dict(one) for one in found]})
    elif not found:
        say("Aucun compte. Le lien de première mise en service s’affiche avec : fabrique serve.")
    else:
        table([_line(one) for one in found], ("Courriel", "Nom", "Rôle", "Association", "État"))


def invite(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="Le nom que l’historique montrera.")],
    role: Annotated[str, typer.Option("--role", help="chefferie, comite ou association.")],
    association: Annotated[
        str | None, typer.Option("--association", "-a", help="Le code de l’association, pour un compte d’association.")
    ] = None,
) -> None:
    """Ouvrir un compte et donner le lien, qui ne sert qu’une fois, où se choisit le mot de passe."""
    with workshop() as here:
        if association is not None:
            here.registry.association(association)
        office = Office(here.store)
        secret = links.invite(office, email, name, role_of(role), association, actor=here.actor(), at=here.now)
    _tell_link(here.settings, office, here, secret)


def reset(email: Email) -> None:
    """Donner un lien, qui ne sert qu’une fois, pour choisir un nouveau mot de passe ; déverrouille aussi le compte."""
    with workshop() as here:
        office, actor = Office(here.store), here.actor()
        account = keeping.find(office, email).id
        secret = links.new_link(office, account, actor=actor, at=here.now)
        keeping.unlock(office, account, actor=actor, at=here.now)
    _tell_link(here.settings, office, here, secret)


def unlock(email: Email) -> None:
    """Déverrouiller un compte après trop de mots de passe faux."""
    with workshop() as here:
        office = Office(here.store)
        done = keeping.unlock(office, keeping.find(office, email).id, actor=here.actor(), at=here.now)
    say("Le compte est déverrouillé." if done else "Ce compte n’était pas verrouillé.")


def deactivate(email: Email) -> None:
    """Fermer un compte. Ses connexions ouvertes s’arrêtent aussitôt, ce qu’il a fait reste dans l’historique."""
    with workshop() as here:
        office = Office(here.store)
        keeping.deactivate(office, keeping.find(office, email).id, actor=here.actor(), at=here.now)
    say("Le compte est désactivé ; ses connexions sont fermées.")


def reactivate(email: Email) -> None:
    """Rouvrir un compte fermé."""
    with workshop() as here:
        office = Office(here.store)
        keeping.reactivate(office, keeping.find(office, email).id, actor=here.actor(), at=here.now)
    say("Le compte est réactivé.")


def address_of(settings: Settings, secret: str) -> str:
    """The address to open a link at: the public one, else that of this machine."""
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return f"{base}/invitation/{secret}"


def _tell_link(settings: Settings, office: Office, here: Workshop, secret: str) -> None:
    until = french.day((here.now + office.rules.link).astimezone(FRANCE).date())
    say(f"Ce lien sert une fois, jusqu’au {until}. Il n’est affiché qu’ici : transmettez-le à la personne.")
    print(address_of(settings, secret))


def _line(one: Standing) -> tuple[str, ...]:
    account = one.account
    role = ROLE_WORDS[Role(account.role)]
    return account.email, account.name, role, account.association or "", keeping.state_of(one)


def _as_dict(one: Standing) -> dict[str, Any]:
    account = one.account
    return {
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "association": account.association,
        "active": account.deactivated_at is None,
        "locked_until": one.locked_until,
        "signed_in_at": account.signed_in_at,
    }
