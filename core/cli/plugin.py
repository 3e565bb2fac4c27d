"""For plugin authors: a new plugin from six answers, and the check of one that is installed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import plugins as installed
from core.cli.terminal import Refusal, answering, document, say
from core.contract.stamp import module_of, package_of, write_stamp
from core.domain import french
from core.errors import Refused
from core.settings import Settings
from core.testing import RULES, PluginLevel, PluginVerdict, check
from core.testing.findings import BY_CODE, LEVEL_WORDS
from core.testing.scaffold import (
    ProjectAnswers,
    read_axes,
    read_column,
    read_datasets,
    read_figure,
    read_name,
    read_places,
    read_text,
    usual_datasets,
    write_project,
)

AsJson = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    plugin = typer.Typer(help="Écrire un plugin, et le vérifier.", no_args_is_help=True, rich_markup_mode=None)
    plugin.command("new")(new)
    plugin.command("check")(check_plugin)
    app.add_typer(plugin, name="plugin")


# --- fabrique plugin new -------------------------------------------------------------------------------------


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Le nom du paquet : minuscules, chiffres et « _ ».")],
    association: Annotated[str | None, typer.Option("--association", "-a", help="Le nom de l’association.")] = None,
    places: Annotated[str | None, typer.Option("--places", help="Les lieux, séparés par des virgules.")] = None,
    axes: Annotated[str | None, typer.Option("--axes", help="Les axes essayés : « 1, 3 ».")] = None,
    datasets: Annotated[str | None, typer.Option("--datasets", help="Les tableaux partagés qu’elle dépose.")] = None,
    column: Annotated[str | None, typer.Option("--column", help="Une colonne à elle : TABLEAU/TITRE/GENRE.")] = None,
    figure: Annotated[str | None, typer.Option("--figure", help="Un chiffre à elle : LIBELLÉ/UNITÉS.")] = None,
) -> None:
    """Écrire un nouveau plugin dans le dossier NAME. Six questions, ou six options."""
    package = read_name(name)
    body = read_text(_asked(association, "--association", "Quelle association mène l’expérimentation ?"))
    where = read_places(_asked(places, "--places", "À quels lieux ? (Miramas, Istres)"))
    tried = read_axes(_asked(axes, "--axes", "Quels axes ? 1 Équiper, 2 Connecter, 3 Accompagner (1, 3)"))
    usual = ", ".join(usual_datasets(tried))
    rows = read_datasets(_asked(datasets, "--datasets", "Quels tableaux partagés dépose-t-elle ?", usual), tried)
    own = read_column(_asked(column, "--column", "Une colonne à elle ? TABLEAU/TITRE/GENRE, vide : aucune", ""), rows)
    counted = read_figure(_asked(figure, "--figure", "Un chiffre à elle ? LIBELLÉ/UNITÉS, vide : aucun", ""))
    answers = ProjectAnswers(package, body, where, tried, rows, own, counted)
    for path in write_project(answers, Path(package)):
        say(str(path))
    say(f"Ensuite : pip install ./{package}, puis fabrique plugin check {package}")


def _asked(given: str | None, option: str, question: str, usual: str | None = None) -> str:
    """What the option says, else what the person answers, else the usual answer. Raises Refused without any."""
    if given is not None:
        return given.strip()
    if sys.stdin.isatty():
        return str(typer.prompt(french.typeset(question), default=usual, show_default=bool(usual))).strip()
    if usual is None:
        raise Refused(french.typeset(f"Il manque {option}. {question}"))
    return usual


# --- fabrique plugin check -----------------------------------------------------------------------------------


def check_plugin(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Le nom du plugin : celui de son point d’entrée.")],
    sources: Annotated[Path | None, typer.Option("--sources", help="Le dossier du projet.")] = None,
    postgres: Annotated[str | None, typer.Option("--postgres", help="Un PostgreSQL où essayer aussi.")] = None,
    store: Annotated[str | None, typer.Option("--store", help="Une base dont une copie doit suivre.")] = None,
    stamp: Annotated[bool, typer.Option("--stamp", help="Écrire le niveau à côté du manifeste.")] = False,
    as_json: AsJson = False,
) -> None:
    """Vérifier un plugin installé, règle par règle. Rend 1 si l’une d’elles est enfreinte."""
    with answering(as_json, {"plugin": name, "level": None, "findings": []}):
        registry = installed(Settings.read())
        verdict = check(registry, name, sources=sources, postgres=postgres, store=store, at=datetime.now(UTC))
    if stamp:
        plugin = next(one for one in registry.plugins if one.name == name)
        write_stamp(package_of(module_of(plugin)), verdict.level.value if verdict.level else None)
    if as_json:
        document(_as_dict(verdict))
    else:
        _tell(verdict)
    if verdict.findings:
        raise Refusal(name)


def _tell(verdict: PluginVerdict) -> None:
    broken = {one.rule for one in verdict.findings}
    level = verdict.level
    for each in PluginLevel:
        say(f"{each.value.capitalize()} ({LEVEL_WORDS[each]})")
        for rule in (one for one in RULES if one.level is each):
            mark = "✗" if rule.code in broken else "·" if rule.code in verdict.unasked else "✓"
            say(f"  {mark} {rule.code} : {rule.title}")
            for found in (one for one in verdict.findings if one.rule == rule.code):
                say(f"      {found.where} : {found.why}")
                say(f"      → {found.remedy} (docs/plugins/rules.md#{rule.code})")
    reached = f"niveau « {level.value} »" if level else "aucun niveau"
    left = french.count(len(verdict.findings), "point à reprendre", "points à reprendre")
    say(f"{verdict.plugin} {verdict.version} : {reached}, {left}.")


def _as_dict(verdict: PluginVerdict) -> dict[str, object]:
    return {
        "plugin": verdict.plugin,
        "version": verdict.version,
        "level": verdict.level.value if verdict.level else None,
        "unasked": list(verdict.unasked),
        "findings": [
            {
                "rule": one.rule,
                "level": BY_CODE[one.rule].level.value,
                "where": french.typeset(one.where),
                "why": french.typeset(one.why),
                "remedy": french.typeset(one.remedy),
            }
            for one in verdict.findings
        ],
    }
