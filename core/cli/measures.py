"""The project's own benchmark, which lives beside the code and not in the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

from core.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[2]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench)


def bench(context: typer.Context) -> int:
    """Mesurer la vitesse ; les options sont celles des mesures."""
    if not (ROOT / "bench" / "__main__.py").exists():
        raise Misconfigured("Les mesures sont dans le dépôt du code (dossier bench/), pas dans le paquet installé.")
    return subprocess.run([sys.executable, "-m", "bench", *context.args], cwd=ROOT, check=False).returncode
