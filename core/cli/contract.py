"""The programme as voted, the plugins that run it; a new plugin, and the check of one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.edge import plugins as installed
from core.cli.looking import Looked, look_at
from core.cli.terminal import AsJson, Refusal, answering, document, say, table
from core.contract import STAGE_WORDS, Plugin, Registry
from core.contract.hookspecs import CONTRACT
from core.contract.loading import advice
from core.contract.stamp import module_of, package_of, write_stamp
from core.deliberation import ACT, COMMITMENTS, CONVENTIONS, EXPERIMENTS, LINES, TOTAL_CENTS
from core.domain import french
from core.errors import Refused
from core.exports.programme import programme_document
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


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(programme)
    app.command()(plugins)
    plugin = typer.Typer(help="Écrire un plugin, et le vérifier.", no_args_is_help=True, rich_markup_mode=None)
    plugin.command("new")(new)
    plugin.command("check")(check_plugin)
    app.add_typer(plugin, name="plugin")


def programme(as_json: AsJson = False) -> None:
    """La délibération du 4 juin 2021. Expérimentations, associations, conventions, lignes de subvention."""
    if as_json:
        document(programme_document())
        return
    say(f"Délibération {ACT.number} du {french.day(ACT.session)} : {french.euros(TOTAL_CENTS)}")
    say(
        f"{len(EXPERIMENTS)} expérimentations, {len(CONVENTIONS)} conventions, {len(LINES)} lignes de subvention, "
        f"{len(COMMITMENTS)} engagements"
    )
    say()
    table(
        [(one.code, one.association, french.euros(one.cents), _share(one.experiments)) for one in LINES.values()],
        ("Ligne", "Association", "Voté", "Expérimentation"),
    )
    say()
    table(
        [
            (one.code, one.title, one.association.name, french.listing(p.name for p in one.places))
            for one in EXPERIMENTS.values()
        ],
        ("Expérimentation", "Titre", "Association", "Lieux"),
    )


def plugins(as_json: AsJson = False) -> None:
    """Les plugins installés et leurs pannes. Chacun est essayé : tables, chiffres, page. Rien n’est changé."""
    settings = Settings.read()
    registry = installed(settings)
    looked = look_at(registry, settings, at=datetime.now(UTC))
    if as_json:
        told = [_as_dict(registry, one, looked) for one in registry.plugins]
        held = [_rows_as_dict(registry, code, rows) for code, rows in looked.rows.items()]
        base = {"base": looked.base, "associations": held, "kept": looked.kept}
        document({"contract": CONTRACT, "plugins": told, **base})
        return
    say(f"Contrat {CONTRACT}. {french.count(len(registry.plugins), 'plugin installé', 'plugins installés')}.")
    if not looked.base:
        say("Il n’y a pas encore de base : les chiffres sont essayés sans données.")
    for one in registry.plugins:
        _tell(registry, one, looked)
    for code, rows in looked.rows.items():
        say(_holds(registry, code, rows))
    for left in looked.kept:
        say(
            f"{left['association']}, {left['dataset']} : {french.count(left['rows'], 'ligne')} sans extension. "
            f"« fabrique rows OUT.csv -a {left['association']} -d {left['dataset']} » les écrit."
        )


def _share(experiments: tuple[str, ...]) -> str:
    return experiments[0] if len(experiments) == 1 else "non ventilé"


def _as_dict(registry: Registry, one: Plugin, looked: Looked) -> dict[str, object]:
    failures = registry.failures_of(one.name)
    first = failures[0] if failures else None
    slowest = next(iter(registry.calls_of(one.name)), None)
    return {
        "name": one.name,
        "distribution": one.distribution,
        "version": one.version,
        "status": "failed" if failures else "ok",
        "stage": first.stage.value if first else None,
        "reason": first.reason if first else None,
        "remedy": first.remedy if first else None,
        "experiments": list(one.experiments),
        "title": one.title,
        "contract": one.contract,
        "association": one.association,
        "datasets": list(one.datasets),
        "pending": looked.pending_of(one),
        "hooks": list(one.hooks),
        "slowest": {"hook": slowest.hook, "seconds": round(slowest.slowest, 3)} if slowest else None,
        "advice": list(advice(one)),
        "failures": [
            {
                "stage": f.stage.value,
                "experiment": f.experiment,
                "indicator": f.indicator,
                "reason": f.reason,
                "remedy": f.remedy,
            }
            for f in failures
        ],
    }


def _tell(registry: Registry, one: Plugin, looked: Looked) -> None:
    failures = registry.failures_of(one.name)
    word = "en panne" if failures else "en ordre"
    say(f"{one.name} ({one.distribution} {one.version}) : {word}. {', '.join(one.experiments)}")
    for failure in failures:
        about = french.listing(part for part in (failure.experiment, failure.indicator) if part)
        where = f" ({about})" if about else ""
        say(f"    {STAGE_WORDS[failure.stage].capitalize()}{where} : {failure.reason}")
        say(f"    → {failure.remedy}")
    if one.association is not None:
        say(f"    {_brings(registry, one)}")
    for code in looked.pending_of(one):
        say(f"    Tableau à mettre à jour : {code}. « fabrique db upgrade --dry-run » montre ce qui changera.")
    for said in advice(one):
        say(f"    Conseil : {said}")


def _brings(registry: Registry, one: Plugin) -> str:
    """« Contrat 2 ; 7 tableaux ; 4 fonctions, la plus lente build_report (0,21 s). »."""
    slowest = next(iter(registry.calls_of(one.name)), None)
    slow = f", la plus lente {slowest.hook} ({french.number(slowest.slowest, 2)} s)" if slowest else ""
    tables = french.count(len(one.datasets), "tableau", "tableaux")
    return f"Contrat {one.contract} ; {tables} ; {french.count(len(one.hooks), 'fonction')}{slow}."


def _rows_as_dict(registry: Registry, association: str, rows: Mapping[str, int]) -> dict[str, object]:
    names = [one.name for one in registry.plugins_of(association)]
    return {"association": association, "plugins": names, "rows": dict(rows)}


def _holds(registry: Registry, association: str, rows: Mapping[str, int]) -> str:
    """« anonymal : 705 lignes dans 7 tableaux (ct2_anonymal et ct3_anonymal). »: rows that two plugins share, once."""
    names = french.listing(one.name for one in registry.plugins_of(association))
    tables = french.count(len(rows), "tableau", "tableaux")
    return f"{association} : {french.count(sum(rows.values()), 'ligne')} dans {tables} ({names})."


# --- A new plugin from six answers, and the check of one that is installed ------------------------


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
        raise Refused(f"Il manque {option}. {question}")
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
        document(_verdict_as_dict(verdict))
    else:
        _tell_verdict(verdict)
    if verdict.findings:
        raise Refusal(name)


def _tell_verdict(verdict: PluginVerdict) -> None:
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


def _verdict_as_dict(verdict: PluginVerdict) -> dict[str, object]:
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
