"""The programme as voted, and the plugins that run it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from core.cli.edge import plugins as installed
from core.cli.looking import Looked, look_at
from core.cli.terminal import document, say, table
from core.contract import STAGE_WORDS, Plugin, Registry
from core.contract.hookspecs import CONTRACT
from core.contract.loading import advice
from core.deliberation import ACT, COMMITMENTS, CONVENTIONS, EXPERIMENTS, LINES, TOTAL_CENTS
from core.domain import french
from core.exports.programme import programme_document
from core.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(programme)
    app.command()(plugins)


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
