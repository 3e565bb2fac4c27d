"""« fabrique db upgrade »: the tables brought up to the declarations, or what that would do, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from core.cli.edge import plugins, workshop
from core.cli.looking import database_file
from core.cli.terminal import SHOWN, Refusal, complain, say
from core.contract import Registry, schema_setup
from core.domain import french
from core.errors import Refused
from core.settings import Settings
from core.storage import Store
from core.storage.rehearsing import Rehearsal


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    base = typer.Typer(help="La base de données.", no_args_is_help=True, rich_markup_mode=None)
    base.command("upgrade")(upgrade)
    app.add_typer(base, name="db")


def upgrade(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Essayer, montrer les lignes avant et après, et ne rien changer.")
    ] = False,
) -> None:
    """Mettre les tables à jour des jeux de données déclarés ; sans effet quand elles le sont."""
    if dry_run:
        _rehearse(Settings.read())
        return
    with workshop() as here:
        _tell_done(here.registry)


def _tell_done(registry: Registry) -> None:
    count = sum(len(registry.datasets(one.code)) for one in (*registry.associations, registry.association("metropole")))
    failed = sorted({one.plugin for one in registry.failures})
    tables = french.count(count, "jeu de données", "jeux de données")
    if not failed:
        say(f"Les tables sont à jour : {tables}.")
        return
    say(f"Les autres tables sont à jour : {tables}.")
    complain(f"Sans {french.listing(failed)}, en panne : « fabrique plugins » dit pourquoi.")
    raise Refusal("Plugins are left out.")


def _rehearse(settings: Settings) -> None:
    file = database_file(settings)
    if file is not None and not file.exists():
        raise Refused(f"« {file} » n’existe pas encore : il n’y a rien à mettre à jour.")
    registry = plugins(settings)
    with Store.open(settings.database_url) as store:
        found = schema_setup.look(registry, store, at=datetime.now(UTC))
    if not found:
        say("Les tables sont déjà à jour : rien ne changerait.")
    for one in found:
        for line in told(one):
            say(line)
    if any(one.refusal is not None for one in found):
        raise Refusal("A table cannot follow.")


def told(one: Rehearsal) -> Iterator[str]:
    """What would become of one table: its columns, how many rows, and some of them before and after."""
    where = f"{one.association}, {one.dataset}"
    if one.refusal is not None:
        yield f"{where} : refusé. {one.refusal}"
        return
    yield f"{where} : {_steps(one)}"
    yield f"    {_lines(one)}"
    pairs = changed(one)
    for key, before, after in pairs[:SHOWN]:
        yield f"    {key} : {_cells(before)}  →  {_cells(after)}"
    if len(pairs) > SHOWN:
        yield f"    … et {french.count(len(pairs) - SHOWN, 'autre ligne', 'autres lignes')}."


def changed(one: Rehearsal) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """The rows that would change, by key: only the cells that differ, before and after."""
    before = {row["_key"]: row for row in one.before.to_dicts()}
    after = {row["_key"]: row for row in one.after.to_dicts()}
    found = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, {}), after.get(key, {})
        names = [name for name in dict.fromkeys((*old, *new)) if not name.startswith("_")]
        moved = [name for name in names if old.get(name) != new.get(name) or (name in old) != (name in new)]
        if moved:
            found.append((key, _of(old, moved), _of(new, moved)))
    return found


def _of(row: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    return {name: row[name] for name in names if name in row}


def _cells(row: dict[str, object]) -> str:
    return ", ".join(f"{name} = {'(vide)' if value is None else value}" for name, value in row.items()) or "(rien)"


def _steps(one: Rehearsal) -> str:
    """« version 1 → 2 ; nouvelles : minutes ; retirées : duree »."""
    plan = one.plan
    parts = [f"version {plan.from_version} → {plan.to_version}"] if plan.upgrades else []
    if one.origin:
        parts.append(f"vient de {one.origin}")
    for words, names in (
        ("colonnes nouvelles", plan.new),
        ("changent de type", plan.retyped),
        ("ne sont plus déclarées (gardées, non lues)", plan.retired),
    ):
        if names:
            parts.append(f"{words} : {', '.join(names)}")
    return " ; ".join(parts) or "nouvelle table"


def _lines(one: Rehearsal) -> str:
    before, after = (french.count(len(rows), "ligne") for rows in (one.before, one.after))
    return f"{before} avant, {after} après."
