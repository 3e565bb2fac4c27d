"""What was done: history, undo, the journal, and the tables of the store."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.cli.edge import workshop
from core.cli.output import answering, document, say, table
from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.local_time import FRANCE
from core.domain.words import nearest
from core.errors import UnknownName
from core.registry import Registry
from core.services import submissions
from core.storage.deposits import Deposit


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(history)
    app.command()(undo)
    journal = typer.Typer(help="Le journal, chaîné par empreintes.", no_args_is_help=True, rich_markup_mode=None)
    journal.command("verify")(verify)
    app.add_typer(journal, name="journal")
    base = typer.Typer(help="La base de données.", no_args_is_help=True, rich_markup_mode=None)
    base.command("upgrade")(upgrade)
    app.add_typer(base, name="db")


def history(
    association: Annotated[str | None, typer.Option("--association", "-a", help="Une seule association.")] = None,
    dataset: Annotated[str | None, typer.Option("--dataset", "-d", help="Un seul jeu de données.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Nombre de lignes, les plus récentes.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Qui a changé quoi, quand, à partir de quel fichier."""
    with answering(as_json, {"revision": None, "deposits": []}), workshop() as here:
        if association is not None:
            here.registry.association(association)
        if dataset is not None:
            _check_dataset(here.registry, association, dataset)
        found = here.store.deposits(association=association, dataset=dataset)[-limit:][::-1]
        latest = here.store.latest()
    if as_json:
        document({"revision": latest, "deposits": [_as_dict(one) for one in found]})
    elif not found:
        say("Rien n’a encore été déposé.")
    else:
        table([_line(one) for one in found], ("Révision", "Quand", "Qui", "Quoi", "Action", "Lignes", "Fichier"))


def undo(revision: Annotated[int, typer.Argument(metavar="REVISION", min=1, help="Son numéro dans l’historique.")]
) -> None:  # fmt: skip
    """Annuler un dépôt par une nouvelle révision. Ce qui a été fait depuis n’est pas touché."""
    with workshop() as here:
        outcome = submissions.undo(here.registry, here.store, revision, actor=here.actor(), at=here.now)
    say(f"La révision {revision} est annulée (révision {outcome.revision}).")


def verify() -> None:
    """Vérifier que rien n’a été changé ni retiré dans le journal."""
    with workshop() as here:
        found = here.store.journal.verify()
    say(f"Le journal est intact : {french.count(found.lines, 'ligne')}, dernière empreinte {found.last_hash[:16]}.")


def upgrade() -> None:
    """Mettre les tables à jour des jeux de données déclarés ; sans effet quand elles le sont."""
    with workshop() as here:
        count = sum(len(here.registry.datasets(one.code)) for one in here.registry.associations)
        count += len(here.registry.datasets("metropole"))
        failed = [one.plugin for one in here.registry.failures]
    say(f"Les tables sont à jour : {french.count(count, 'jeu de données', 'jeux de données')}.")
    if failed:
        say(f"Sans {french.listing(sorted(set(failed)))}, en panne : « fabrique plugins » dit pourquoi.")


def _check_dataset(registry: Registry, association: str | None, dataset: str) -> None:
    """Raise UnknownName when the association, or nobody if none is named, hands this dataset in."""
    bodies = [association] if association else [*(one.code for one in registry.associations), METROPOLE]
    known = {one.code for body in bodies for one in registry.datasets(body)}
    if dataset not in known:
        near = nearest(dataset, known, 0.4)
        hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(sorted(known))}."
        raise UnknownName(f"Jeu de données « {dataset} » : ce nom n’existe pas. {hint}")


def _as_dict(one: Deposit) -> dict[str, Any]:
    names = ("number", "at", "actor", "role", "on_behalf_of", "association", "dataset", "action", "period", "revision",
             "undoes", "file_name", "sha256", "added", "changed", "unchanged", "removed")  # fmt: skip
    return {name: getattr(one, name, None) for name in names}


def _line(one: Deposit) -> tuple[str, ...]:
    who = f"{one.actor} pour le compte de {one.on_behalf_of}" if one.on_behalf_of else one.actor
    return (
        str(one.revision or "–"),
        french.moment(one.at.astimezone(FRANCE)),
        who,
        f"{one.association}/{one.dataset}",
        f"{one.action} {one.period or ''}".strip(),
        f"+{french.number(one.added)} ~{french.number(one.changed)} −{french.number(one.removed)}",
        one.file_name or "",
    )
