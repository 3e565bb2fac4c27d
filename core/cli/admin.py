"""The server’s keeper: accounts, tokens, reminders, retention."""

from __future__ import annotations

from typing import Annotated

import typer

from core.accounts import Office, accounts, second_factor, tokens
from core.accounts.accounts import AccountStatus
from core.accounts.identity import role_of
from core.accounts.tokens import Token
from core.cli.edge import Workshop, address_of, workshop
from core.cli.terminal import answering, document, say, table, write_out
from core.depositing import retention
from core.domain import french
from core.domain.access import ROLE_WORDS, Role
from core.domain.calendar import day_in_france
from core.errors import Refused
from core.reporting import reminders
from core.reporting.reminders import SOON, Reminder
from core.settings import Settings

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Le courriel du compte.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    _add_users(app)
    _add_tokens(app)
    app.command()(remind)
    app.command()(purge)


def _add_users(app: typer.Typer) -> None:
    user = typer.Typer(help="Les comptes de celles et ceux qui entrent.", no_args_is_help=True, rich_markup_mode=None)
    user.command("list")(list_users)
    user.command("invite")(invite)
    user.command("reset")(reset)
    user.command("unlock")(unlock)
    user.command("unpair")(unpair)
    user.command("deactivate")(deactivate)
    user.command("reactivate")(reactivate)
    app.add_typer(user, name="user")


def list_users(as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False) -> None:
    """Qui a un compte, et s’il peut entrer."""
    with workshop() as here:
        found = accounts.listed(Office(here.store), actor=here.actor(), at=here.instant)
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
        secret = accounts.invite(office, email, name, role_of(role), association, actor=here.actor(), at=here.instant)
    _tell_link(here.settings, office, here, secret)


def reset(email: Email) -> None:
    """Donner un lien, qui ne sert qu’une fois, pour choisir un nouveau mot de passe ; oublie aussi les essais faux."""
    with workshop() as here:
        office, actor = Office(here.store), here.actor()
        account = accounts.find(office, email).id
        secret = accounts.new_link(office, account, actor=actor, at=here.instant)
        accounts.unlock(office, account, actor=actor, at=here.instant)
    _tell_link(here.settings, office, here, secret)


def unlock(email: Email) -> None:
    """Oublier les essais faux d’un compte : un nouveau navigateur n’attend plus."""
    with workshop() as here:
        office = Office(here.store)
        done = accounts.unlock(office, accounts.find(office, email).id, actor=here.actor(), at=here.instant)
    say("Les essais faux sont oubliés." if done else "Ce compte n’avait pas d’essai faux.")


def unpair(email: Email) -> None:
    """Retirer la double authentification d’un compte : téléphone et codes de secours perdus."""
    with workshop() as here:
        office = Office(here.store)
        done = second_factor.give_up(office, accounts.find(office, email).id, actor=here.actor(), at=here.instant)
    say("La double authentification est retirée." if done else "Ce compte n’avait pas de double authentification.")


def deactivate(email: Email) -> None:
    """Fermer un compte. Ses connexions ouvertes s’arrêtent aussitôt, ce qu’il a fait reste dans l’historique."""
    with workshop() as here:
        office = Office(here.store)
        accounts.deactivate(office, accounts.find(office, email).id, actor=here.actor(), at=here.instant)
    say("Le compte est désactivé ; ses connexions sont fermées.")


def reactivate(email: Email) -> None:
    """Rouvrir un compte fermé."""
    with workshop() as here:
        office = Office(here.store)
        accounts.reactivate(office, accounts.find(office, email).id, actor=here.actor(), at=here.instant)
    say("Le compte est réactivé.")


def _tell_link(settings: Settings, office: Office, here: Workshop, secret: str) -> None:
    until = french.day(day_in_france(here.instant + office.rules.link))
    say(f"Ce lien sert une fois, jusqu’au {until}. Il n’est affiché qu’ici : transmettez-le à la personne.")
    write_out(address_of(settings, secret))


def _line(one: AccountStatus) -> tuple[str, ...]:
    account = one.account
    role = ROLE_WORDS[Role(account.role)]
    return account.email, account.name, role, account.association or "", accounts.state_of(one)


def _as_dict(one: AccountStatus) -> dict[str, object]:
    account = one.account
    return {
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "association": account.association,
        "active": account.deactivated_at is None,
        "locked_until": one.locked_until,
        "second_factor": one.has_factor,
        "signed_in_at": account.signed_in_at,
    }


# --- Keys for programs, from the command line ------------------------------------------------------


def _add_tokens(app: typer.Typer) -> None:
    token = typer.Typer(
        help="Les jetons qui ouvrent l’interface de programmation.", no_args_is_help=True, rich_markup_mode=None
    )
    token.command("create")(create)
    token.command("list")(list_tokens)
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
            here.store, name, actor=here.actor(), at=here.instant, associations=association or (), rows=rows, days=days
        )
    if as_json:
        document({"token": _tokens_as_dict(token), "secret": secret})
        return
    say(f"Jeton {token.id}, « {token.name} », jusqu’au {french.day(token.expires)} :")
    write_out(secret)
    say("Copiez-le maintenant : il ne sera plus montré.")


def list_tokens(
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Les jetons donnés, ce qu’ils lisent et jusqu’à quand."""
    with workshop() as here:
        found, now = tokens.tokens(here.store), here.instant
    if as_json:
        document({"tokens": [_tokens_as_dict(one) for one in found]})
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
        token = tokens.revoke(here.store, code, actor=here.actor(), at=here.instant)
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


def _tokens_as_dict(one: Token) -> dict[str, object]:
    names = ("id", "name", "associations", "rows", "given", "given_by", "expires", "withdrawn")
    return {name: getattr(one, name) for name in names}


# --- The reminders: who is late or due soon, and the letters that leave when a mail server is set ----


def remind(
    within: Annotated[int, typer.Option("--within", min=0, help="Jours avant l’échéance.", metavar="JOURS")] = SOON,
    send: Annotated[bool, typer.Option("--send", help="Envoyer les rappels (FABRIQUE_SMTP_HOST).")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ne rien envoyer, montrer les lettres.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Les relevés attendus : à qui écrire, et quoi. Avec --send, un courriel par association et par jour."""
    with answering(as_json, {"today": None, "reminders": []}), workshop() as here:
        address = here.settings.public_url or ""
        found = reminders.reminders(here.registry, here.store, here.today, within=within, address=address)
        sent: tuple[Reminder, ...] = ()
        if send and not dry_run:
            sent = reminders.send(here.scope(), found, _server(here.settings))
        names = {one.code: one.name for one in here.registry.associations}
    if as_json:
        listed = [_reminding_as_dict(one, one in sent) for one in found]
        document({"today": here.today, "reminders": listed})
        return
    _tell(found, sent, names, letters=dry_run)


def _server(settings: Settings) -> reminders.Server:
    server = reminders.server_of(settings)
    if server is None:
        raise Refused("Aucun serveur de courriel n’est réglé (FABRIQUE_SMTP_HOST). Sans --send, la liste se copie.")
    return server


def _tell(found: tuple[Reminder, ...], sent: tuple[Reminder, ...], names: dict[str, str], *, letters: bool) -> None:
    if not found:
        say("Aucun relevé n’est attendu : rien à rappeler.")
        return
    rows = [_reminding_line(one, names, one in sent) for one in found]
    table(rows, ("Association", "Relevés attendus", "Le plus ancien", "Adresses", "Rappel"))
    if letters:
        for one in found:
            say()
            say(one.letter.text)


def _reminding_line(one: Reminder, names: dict[str, str], sent: bool) -> tuple[str, ...]:
    first = min(releve.due for releve in one.releves)
    said = "envoyé" if sent else "déjà envoyé aujourd’hui" if one.sent_today else "à envoyer"
    return (
        names[one.association],
        str(len(one.releves)),
        french.day(first),
        str(len(one.addresses)) if one.addresses else "aucune : invitez un compte",
        said,
    )


def _reminding_as_dict(one: Reminder, sent: bool) -> dict[str, object]:
    return {
        "association": one.association,
        "releves": [
            {
                "experiment": releve.experiment,
                "period": releve.period.code,
                "due": releve.due,
                "state": releve.words,
                "days_late": releve.days_late,
            }
            for releve in one.releves
        ],
        "addresses": list(one.addresses),
        "subject": one.letter.subject,
        "body": one.letter.body,
        "sent": sent,
        "sent_today": one.sent_today or sent,
    }


# --- The end of the time during which things are kept, from the command line -----------------------


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dire ce qui partirait, sans rien supprimer.")] = False,
) -> None:
    """Supprimer ce qui est gardé plus longtemps que sa durée : versions remplacées, fichiers, commentaires retirés."""
    with workshop() as here:
        durations = retention.durations(here.store)
        found = retention.foreseen(here.scope()) if dry_run else retention.purge(here.scope())
    if not durations:
        say("Aucune durée de conservation n’est fixée : rien n’est supprimé. Fixez-les dans « Registres ».")
    elif not found:
        say("Rien n’est gardé plus longtemps que sa durée : rien n’est supprimé.")
    for one in found:
        say(french.sentence(retention.in_words(one, here.registry)))
    if found:
        say("Rien n’est encore supprimé." if dry_run else "C’est supprimé ; le journal le dit et reste vérifiable.")
