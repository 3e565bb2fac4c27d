"""``python -m bench [start|intake|indicators|page …]``: every measure, or those named."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import indicators, intake, page, start

MEASURES = {
    "start": lambda folder: start.run(),
    "intake": intake.run,
    "indicators": indicators.run,
    "page": page.run,
}


def main(names: list[str]) -> int:
    """Run the measures and print a line for each ratio; 1 when a bound is not held."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"Mesure inconnue : {', '.join(unknown)}. Choisissez parmi : {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    kept = True
    for name in names or MEASURES:
        with tempfile.TemporaryDirectory(prefix="fabrique-mesure-") as folder:
            for ratio in MEASURES[name](Path(folder)):
                print(ratio.line(), flush=True)
                kept &= ratio.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
