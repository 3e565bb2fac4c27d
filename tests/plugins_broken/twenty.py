"""The broken plugins of the trial of 29 November 2026, and the table of what each does: docs/plugins/broken.md."""

from __future__ import annotations

from dataclasses import dataclass

from tests.core.fake_plugins import MANIFEST, MIRAMAS

HEAD = (
    "# Twenty-two ways to break a plugin\n\n"
    "What became of each, tried one at a time beside the five plugins of the product, on the demonstration. A test "
    "makes this table again and compares it (`tests/plugins_broken/test_twenty.py`). The walls are described in "
    "[evolution.md](evolution.md); here `FABRIQUE_PLUGIN_SECONDS` is 12 for the page that never ends.\n\n"
    """| plugin | its own page | everybody else | `fabrique plugins --json` |
|---|---|---|---|
"""
)

PAGE = "@hookimpl\ndef build_report(report):\n"
FIGURE = """
from core import Computed, Count, Derived, Indicator, col
from sqlalchemy import func
import sqlalchemy as sa
def figure(numerator, code="XS1"):
    return Indicator(code=code, label="Essai", definition="Un essai.", numerator=numerator, unit="lignes", axes=(1,))
@hookimpl
def register_indicators(experiment):
    return [figure(NUMERATOR)]
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """One plugin: its code, what it stands on, its manifest; ``alone`` when no wall of one process holds it."""

    source: str
    base: str = MIRAMAS
    manifest: str | None = MANIFEST
    alone: bool = False


TWENTY: dict[str, Broken] = {
    "import error": Broken("import paquet_absent"),
    "SystemExit at import": Broken("raise SystemExit(3)"),
    "syntax error": Broken("def ("),
    "late generator": Broken("@hookimpl\ndef register_datasets():\n    yield from ()\n    raise ValueError('tard')\n"),
    "wrong type, indicators": Broken("@hookimpl\ndef register_indicators(experiment):\n    return ['EQ5a']\n"),
    "wrong type, page": Broken(PAGE + "    return ['texte']\n"),
    "duplicate experiment": Broken(
        "@hookimpl\ndef register_experiments():\n    return [voted_experiment('ct2-pays-d-aix')]\n",
        base="from core import hookimpl, voted_experiment\n",
    ),
    "duplicate indicator": Broken(FIGURE.replace("figure(NUMERATOR)", "figure(Count(source='materiel'), 'EQ5a')")),
    "misspelt hook": Broken("@hookimpl\ndef register_dataset():\n    return []\n"),
    "another contract": Broken("", manifest='title = "Essai"\ncontract = "99"\n'),
    "another version of the product": Broken("", manifest=MANIFEST + 'product = "99.1"\n'),
    "no manifest": Broken("", manifest=None),
    "page raises": Broken(PAGE + "    raise ValueError('page')\n"),
    "page raises only with data": Broken(
        PAGE + "    yield from (1 / (0 if report.by_period('AC6') else 1),)\n",
    ),
    "SQL fails": Broken(
        FIGURE.replace("NUMERATOR", "Count(source='materiel', where=func.rien_de_tel(col('statut')) == 1)")
    ),
    "derived on an unknown column": Broken(
        FIGURE.replace(
            "NUMERATOR",
            "Count(source=Derived('d', 'D', ('materiel',), lambda t: sa.select(t['materiel'].c.rien)))",
        )
    ),
    "page never ends": Broken(PAGE + "    while True:\n        pass\n"),
    "prints": Broken("print('bonjour')\n" + PAGE + "    print('page')\n    return []\n"),
    "threads that fail": Broken(
        "import sys, threading\n" + PAGE + "    one = threading.Thread(target=sys.exit)\n    one.start()\n"
        "    one.join()\n    return []\n"
    ),
    "os._exit in its page": Broken("import os\n" + PAGE + "    os._exit(7)\n", alone=True),
    "2 GB in its page": Broken(PAGE + "    whole = bytearray(2 * 1024**3)\n    return []\n", alone=True),
    "changes a library from outside": Broken(
        "import sqlalchemy as sa\ndef refuse(*given, **named):\n    raise RuntimeError('monkeypatched')\n"
        "sa.Connection.execute = refuse\n",
        alone=True,
    ),
}
