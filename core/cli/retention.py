"""The end of the time during which things are kept, from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.edge import workshop
from core.cli.output import say
from core.domain import french
from core.services import retention


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(purge)


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dire ce qui partirait, sans rien supprimer.")] = False,
) -> None:
    """Supprimer ce qui est gardé plus longtemps que sa durée : versions remplacées, fichiers, commentaires retirés."""
    with workshop() as here:
        durations = retention.durations(here.store)
        if dry_run:
            found = retention.foreseen(here.registry, here.store, actor=here.actor(), at=here.now)
        else:
            found = retention.purge(here.registry, here.store, actor=here.actor(), at=here.now)
    if not durations:
        say("Aucune durée de conservation n’est fixée : rien n’est supprimé. Fixez-les dans « Registres ».")
    elif not found:
        say("Rien n’est gardé plus longtemps que sa durée : rien n’est supprimé.")
    for one in found:
        say(french.sentence(retention.in_words(one, here.registry)))
    if found:
        say("Rien n’est encore supprimé." if dry_run else "C’est supprimé ; le journal le dit et reste vérifiable.")
