"""What ``import core`` costs, against the two libraries that it cannot do without."""

from __future__ import annotations

import subprocess
import sys

from bench.measure import Ratio, compare
from bench.service import env


def run(*, runs: int = 7) -> list[Ratio]:
    """Each import in a new process."""
    return [
        compare(
            "Chargement du noyau, contre sqlalchemy et pandera.polars seuls",
            lambda: _python("import core, core.catalogue, core.contract, core.storage"),
            lambda: _python("import sqlalchemy, pandera.polars"),
            bound=3.0,
            runs=runs,
            note="un processus neuf à chaque fois",
        )
    ]


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], env=env(), check=True)
