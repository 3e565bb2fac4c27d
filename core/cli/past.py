"""What was done: history, undo, the journal, the tables of the store; and the template to fill."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.checking import naming
from core.cli.edge import plugins, workshop
from core.cli.intake import Association, DatasetCode
from core.cli.terminal import answering, document, say, table, write_file
from core.contract import Registry
from core.depositing import history as journal
from core.depositing import submit
from core.domain import french
from core.domain.french import nearest
from core.domain.programme import METROPOLE
from core.errors import Refused, UnknownName
from core.exports.description import DatasetDescription
from core.exports.table_schema import as_bytes
from core.exports.takeaway import kept_csv
from core.exports.template import template as build
from core.settings import Settings
from core.storage.deposits import TOLD, Deposit


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(template)
    app.command()(history)
    app.command()(rows)
    app.command()(undo)
    of_journal = typer.Typer(help="Le journal, chaîné par empreintes.", no_args_is_help=True, rich_markup_mode=None)
    of_journal.command("verify")(verify)
    app.add_typer(of_journal, name="journal")


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
        table(
            [_line(here.registry, one) for one in found],
            ("Dépôt", "Quand", "Qui", "Quoi", "Action", "Lignes", "Fichier"),
        )


def rows(
    out: Annotated[Path, typer.Argument(metavar="OUT.csv", help="Le fichier à écrire ; son schéma est écrit à côté.")],
    association: Association,
    dataset: DatasetCode,
) -> None:
    """Écrire les lignes d’un tableau en CSV, et son schéma : même d’une extension retirée ou en panne."""
    with workshop() as here:
        about = DatasetDescription.of(here.registry, association, dataset)
        made = kept_csv(here.registry, here.store, association, dataset)
        count = here.store.count(association, dataset)
    schema = out.with_suffix(".schema.json")
    write_file(out, made)
    write_file(schema, as_bytes(about))
    say(f"{french.count(count, 'ligne')} de « {about.dataset.title} » : {out}, et son schéma : {schema}")


def undo(
    revision: Annotated[int, typer.Argument(metavar="NUMERO", min=1, help="Son numéro dans l’historique.")],
) -> None:
    """Annuler un dépôt par un nouveau dépôt. Ce qui a été fait depuis n’est pas touché."""
    with workshop() as here:
        outcome = submit.undo(here.scope(), revision)
    say(f"Le dépôt n° {revision} est annulé (dépôt n° {outcome.revision}).")


def verify() -> None:
    """Vérifier que rien n’a été changé ni retiré, dans le journal et dans les données qu’il scelle."""
    with workshop() as here:
        found = journal.recompute(here.registry, here.store)
    say(f"Le journal est intact. {journal.in_words(found)} Dernière empreinte : {found.last_hash[:16]}.")


def _check_dataset(registry: Registry, association: str | None, dataset: str) -> None:
    """Raise UnknownName when the association, or nobody if none is named, hands this dataset in."""
    every = (*registry.associations, *registry.kept_associations)
    bodies = [association] if association else [*(one.code for one in every), METROPOLE]
    known = {one.code for body in bodies for one in (*registry.datasets(body), *registry.kept(body))}
    if dataset not in known:
        near = nearest(dataset, known, 0.4)
        hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(sorted(known))}."
        raise UnknownName(f"Jeu de données « {dataset} » : ce nom n’existe pas. {hint}")


def _as_dict(one: Deposit) -> dict[str, object]:
    return {name: getattr(one, name, None) for name in TOLD}


def _line(registry: Registry, one: Deposit) -> tuple[str, ...]:
    return (
        str(one.revision or "–"),
        french.moment(one.at),
        naming.who(registry, one.actor, one.on_behalf_of),
        naming.subject(registry, one.association, one.dataset),
        f"{one.action} {one.period or ''}".strip(),
        f"+{french.number(one.added)} ~{french.number(one.changed)} −{french.number(one.removed)}",
        one.file_name or "",
    )


# --- The spreadsheet to fill for one dataset, from the command line --------------------------------


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Le fichier à écrire, en .xlsx.")],
    association: Association,
    dataset: DatasetCode,
) -> None:
    """Écrire le modèle d’un jeu de données : un tableur prêt à remplir, avec listes, aide et exemple."""
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"Le modèle est un classeur : donnez-lui un nom en .xlsx, par exemple « {out.stem}.xlsx ».")
    registry = plugins(Settings.read())
    made = build(registry, association, dataset, created=datetime.now(UTC).replace(tzinfo=None))
    write_file(out, made)
    say(f"Modèle de « {registry.dataset(association, dataset).title} » écrit : {out}")
