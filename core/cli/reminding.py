"""The reminders: who is late or due soon, and the letters that leave when a mail server is set."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.cli.edge import workshop
from core.cli.output import answering, document, say, table
from core.domain import french
from core.errors import Refused
from core.services.releves import reminding
from core.services.releves.reminding import SOON, Reminder


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(remind)


def remind(
    within: Annotated[int, typer.Option("--within", min=0, help="Jours avant l’échéance.", metavar="JOURS")] = SOON,
    send: Annotated[bool, typer.Option("--send", help="Envoyer les rappels (FABRIQUE_SMTP_HOST).")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ne rien envoyer, montrer les lettres.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Les relevés attendus : à qui écrire, et quoi. Avec --send, un courriel par association et par jour."""
    with answering(as_json, {"today": None, "reminders": []}), workshop() as here:
        address = here.settings.public_url or ""
        found = reminding.reminders(here.registry, here.store, here.today, within=within, address=address)
        sent: tuple[Reminder, ...] = ()
        if send and not dry_run:
            sent = reminding.send(here.store, found, _server(here.settings), actor=here.actor(), at=here.now)
        names = {one.code: one.name for one in here.registry.associations}
    if as_json:
        listed = [_as_dict(one, one in sent) for one in found]
        document({"today": here.today, "reminders": listed})
        return
    _tell(found, sent, names, letters=dry_run)


def _server(settings: Any) -> reminding.Server:
    server = reminding.server_of(settings)
    if server is None:
        raise Refused("Aucun serveur de courriel n’est réglé (FABRIQUE_SMTP_HOST). Sans --send, la liste se copie.")
    return server


def _tell(found: tuple[Reminder, ...], sent: tuple[Reminder, ...], names: dict[str, str], *, letters: bool) -> None:
    if not found:
        say("Aucun relevé n’est attendu : rien à rappeler.")
        return
    rows = [_line(one, names, one in sent) for one in found]
    table(rows, ("Association", "Relevés attendus", "Le plus ancien", "Adresses", "Rappel"))
    if letters:
        for one in found:
            say()
            say(one.letter.text)


def _line(one: Reminder, names: dict[str, str], sent: bool) -> tuple[str, ...]:
    first = min(releve.due for releve in one.releves)
    said = "envoyé" if sent else "déjà envoyé aujourd’hui" if one.sent_today else "à envoyer"
    return (
        names[one.association],
        str(len(one.releves)),
        french.day(first),
        str(len(one.addresses)) if one.addresses else "aucune : invitez un compte",
        said,
    )


def _as_dict(one: Reminder, sent: bool) -> dict[str, Any]:
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
