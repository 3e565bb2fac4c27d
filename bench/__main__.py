"""``python -m bench [--write] [start|intake|page|documents …]``: every usual measure, or those named."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import append, crowd, documents, felt, indicators, intake, page, rejects, report, start

MEASURES = {
    "start": lambda folder: start.run(),
    "intake": intake.run,
    "append": append.run,
    "rejects": rejects.run,
    "indicators": indicators.run,
    "page": page.run,
    "documents": documents.run,
    "felt": felt.run,
    "crowd": crowd.run,
    "postgresql": indicators.run_on_postgresql,
}
USUAL = ("start", "intake", "append", "rejects", "indicators", "page", "documents", "felt", "crowd")


def main(arguments: list[str]) -> int:
    """Run the measures and print their table; 1 when a bound is not held, 2 for a measure that does not exist."""
    asked = _parser().parse_args(arguments)
    unknown = [name for name in asked.names if name not in MEASURES]
    if unknown:
        print(f"Mesure inconnue : {', '.join(unknown)}. Choisissez parmi : {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    machine, ratios = report.Machine.now(), []
    for name in asked.names or USUAL:
        print(f"Mesure « {name} »…", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="fabrique-mesure-") as folder:
            ratios.extend(MEASURES[name](Path(folder)))
    text = report.written(machine, ratios)
    print(text)
    if asked.write:
        report.publish(text)
        print(f"Écrit dans {report.PAGE.name}.", file=sys.stderr)
    return 0 if all(one.kept for one in ratios) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fabrique bench", description="Mesure la vitesse, en rapports.")
    names = ", ".join(MEASURES)
    parser.add_argument("names", nargs="*", metavar="mesure", help=f"parmi : {names}")
    parser.add_argument("--write", action="store_true", help="récrit le tableau de docs/benchmarks.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
