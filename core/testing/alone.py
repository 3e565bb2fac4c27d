"""A plugin imported and asked in a process of its own: what it prints, opens or loads is told, and ends with it.

The process that runs this file writes what it saw as JSON in the file that it is given.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from core.testing.findings import PluginFinding

PATIENCE = 120.0
"""Seconds after which a plugin that does not come to an end is told so."""
HEAVY = ("streamlit", "plotly", "matplotlib", "tkinter", "dashboard")
_OPENED = {
    "socket.connect": "ouvre une connexion",
    "socket.getaddrinfo": "cherche une adresse sur le réseau",
    "socket.sendto": "envoie sur le réseau",
    "subprocess.Popen": "lance un autre programme",
    "os.system": "lance un autre programme",
}


def try_alone(plugin: str) -> Iterator[PluginFinding]:
    """Import the plugin and ask its hooks elsewhere; tell what it did that a plugin does not."""
    with TemporaryDirectory() as folder:
        seen = Path(folder) / "seen.json"
        command = [sys.executable, "-m", "core.testing.alone", plugin, str(seen)]
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
        try:
            run = subprocess.run(
                command, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            yield _finding(plugin, "il ne finit pas de se charger.", "Cherchez la boucle qui ne s’arrête pas.")
            return
        if not seen.is_file():
            yield _finding(
                plugin, f"il arrête tout le programme (statut {run.returncode}).", "Ôtez os._exit ou sys.exit."
            )
            return
        found = json.loads(seen.read_text(encoding="utf-8"))
    if run.stdout.strip():
        first = run.stdout.strip().splitlines()[0][:80]
        yield _finding(plugin, f"il affiche « {first} » : les réponses en JSON en seraient gâtées.", "Ôtez ses print.")
    for event in found["opened"]:
        yield _finding(plugin, f"il {_OPENED[event]}.", "Un plugin ne lit que ce que report lui donne.")
    for module in found["loaded"]:
        yield _finding(
            plugin, f"il charge « {module} ».", "Importez-le dans la fonction qui s’en sert, ou rendez des blocs."
        )


def _finding(plugin: str, why: str, remedy: str) -> PluginFinding:
    return PluginFinding("import", f"« {plugin} »", why, remedy)


def _look(plugin: str, out: Path) -> None:
    opened: list[str] = []

    def heard(event: str, _arguments: object) -> None:
        if event in _OPENED and event not in opened:
            opened.append(event)

    from core.contract import Registry
    from core.contract.loading import installed
    from core.errors import PluginProblem
    from core.testing.pages import filled_report, page_failures

    sys.addaudithook(heard)
    registry = Registry.load([one.entry_point for one in installed() if one.name == plugin and one.entry_point])
    page_failures(registry)
    for experiment in registry.experiments:
        with suppress(PluginProblem):  # told by the rule of pages
            registry.build_report(experiment.code, filled_report(registry, experiment))
    loaded = [name for name in HEAVY if name in sys.modules]
    out.write_text(json.dumps({"opened": opened, "loaded": loaded}), encoding="utf-8")


if __name__ == "__main__":
    _look(sys.argv[1], Path(sys.argv[2]))
