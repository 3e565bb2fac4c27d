"""The programme as voted, and the plugins that run it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.cli.edge import plugins as installed
from core.cli.terminal import document, say, table
from core.contract import STAGE_WORDS, Failure, Plugin, Registry
from core.contract.hookspecs import CONTRACT
from core.contract.loading import advice
from core.deliberation import ACT, COMMITMENTS, CONVENTIONS, EXPERIMENTS, LINES, TOTAL_CENTS, as_document
from core.domain import french
from core.settings import Settings
from core.testing import page_failures

AsJson = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(programme)
    app.command()(plugins)


def programme(as_json: AsJson = False) -> None:
    """La délibération du 4 juin 2021. Expérimentations, associations, conventions, lignes de subvention."""
    if as_json:
        document(as_document())
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
    """Les plugins installés et leurs pannes. Chaque page est essayée sans données."""
    settings = Settings.read()
    registry = installed(settings)
    page_failures(registry)
    if as_json:
        document({"contract": CONTRACT, "plugins": [_as_dict(registry, one) for one in registry.plugins]})
        return
    say(f"Contrat {CONTRACT}. {french.count(len(registry.plugins), 'plugin installé', 'plugins installés')}.")
    for one in registry.plugins:
        _tell(one, registry.failures_of(one.name))
        for said in advice(one):
            say(f"    Conseil : {said}")


def _share(experiments: tuple[str, ...]) -> str:
    return experiments[0] if len(experiments) == 1 else "non ventilé"


def _as_dict(registry: Registry, one: Plugin) -> dict[str, Any]:
    failures = registry.failures_of(one.name)
    first = failures[0] if failures else None
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
        "association": one.association,
        "datasets": list(one.datasets),
        "hooks": list(one.hooks),
        "advice": list(advice(one)),
        "failures": [
            {"stage": f.stage.value, "experiment": f.experiment, "reason": f.reason, "remedy": f.remedy}
            for f in failures
        ],
    }


def _tell(one: Plugin, failures: tuple[Failure, ...]) -> None:
    word = "en panne" if failures else "en ordre"
    say(f"{one.name} ({one.distribution} {one.version}) : {word}. {', '.join(one.experiments)}")
    for failure in failures:
        page = f" ({failure.experiment})" if failure.experiment else ""
        say(f"    {STAGE_WORDS[failure.stage].capitalize()}{page} : {failure.reason}")
        say(f"    → {failure.remedy}")
