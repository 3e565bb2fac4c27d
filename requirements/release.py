"""``make release``: the version of pyproject.toml, given out from a clean tree under its number.

The first heading of CHANGELOG.md gets its day; ``dist/`` gets the wheel, the inventory of the packages and the
prints of both; a base of the version is kept for those that come (tests/core/storage/before); a commit and a tag
say it. Nothing leaves the machine: who gives it out pushes the tag and hands over ``dist/``.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

from core.domain import french
from requirements import sbom
from requirements.pins import HERE
from tests.support.kept import keep

_TO_COME = " (à paraître)"


class Unready(Exception):
    """Why nothing is given out yet, and what to do."""


def main(arguments: list[str]) -> int:
    """Give out the version; 1 when something is missing, which is told."""
    parser = argparse.ArgumentParser(prog="make release", description="Donne la version de pyproject.toml.")
    parser.add_argument("--day", type=date.fromisoformat, default=date.today(), help="le jour (aujourd’hui)")
    try:
        version, made = release(HERE.parent, parser.parse_args(arguments).day)
    except Unready as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"Version {version} : dépôt et étiquette v{version} écrits ici. Relisez, puis poussez l’étiquette.")
    print(*made, sep="\n")
    return 0


def release(root: Path, day: date) -> tuple[str, list[Path]]:
    """The version of the tree at ``root``, and what ``dist/`` holds of it. Raises Unready."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = root / "CHANGELOG.md"
    dated = _dated(changes.read_text(encoding="utf-8"), version, day)
    if _git(root, "status", "--porcelain"):
        raise Unready("Des fichiers ne sont pas enregistrés dans le dépôt : enregistrez-les, puis recommencez.")
    if _git(root, "tag", "--list", f"v{version}"):
        raise Unready(f"L’étiquette v{version} existe déjà : montez la version dans pyproject.toml.")
    changes.write_text(dated, encoding="utf-8")
    keep(version, root / "tests" / "core" / "storage" / "before")
    _git(root, "add", "-A")
    _git(root, "commit", "--quiet", "-m", f"Version {version}")
    _git(root, "tag", "--annotate", f"v{version}", "-m", f"Version {version}")
    return version, _built(root, version)


def _dated(text: str, version: str, day: date) -> str:
    heading = f"## {version}{_TO_COME}"
    if heading not in text:
        raise Unready(f"CHANGELOG.md n’a pas de titre « {heading} » : écrivez ce qui change, puis recommencez.")
    return text.replace(heading, f"## {version}, le {french.day(day)}", 1)


def _built(root: Path, version: str) -> list[Path]:
    dist = root / "dist"
    dist.mkdir(exist_ok=True)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(dist)], cwd=root, check=True, capture_output=True)
    inventory = dist / f"fabrique-{version}.cdx.json"
    sbom.main([str(inventory)])
    made = [*sorted(dist.glob(f"*-{version}-*.whl")), inventory]
    prints = dist / "SHA256SUMS"
    lines = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in made)
    prints.write_text("".join(lines), encoding="utf-8")
    return [*made, prints]


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
