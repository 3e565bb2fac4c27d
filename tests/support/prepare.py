"""Before the tests: a Chromium and LibreOffice, this machine's own or newly installed, and the demonstration, filled.

`make test` runs it. Where neither can be had it says what to do; the tests that want
them are then skipped with their reason. Under CI (`CI` set) it fails instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.filled import prepared_demonstration
from tests.support.tools import find_chromium, find_impress, find_playwright, find_soffice, under_ci


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that pip cannot bring, and the Debian packages that do."""

    name: str
    find: Callable[[], str | None]
    packages: tuple[str, ...]
    used_for: str


TOOLS = (
    Tool("Chromium", find_chromium, ("chromium", "fonts-liberation"), "les tests dans un vrai navigateur"),
    Tool("Playwright", find_playwright, ("libatomic1",), "les tests dans un vrai navigateur"),
    Tool("LibreOffice", find_soffice, ("libreoffice-calc",), "les tests des fichiers XLSX, XLS et ODS"),
    Tool("LibreOffice Impress", find_impress, ("libreoffice-impress",), "le test du diaporama"),
)


def main() -> int:
    """0 when the tests may start, 1 under CI when a program is still missing."""
    found = {tool.name: tool.find() for tool in TOOLS}
    missing = [tool for tool in TOOLS if found[tool.name] is None]
    if missing:
        _install([package for tool in missing for package in tool.packages])
        found |= {tool.name: tool.find() for tool in missing}
    for tool in TOOLS:
        print(_line(tool, found[tool.name]))
    print(f"Démonstration : {prepared_demonstration().name}")
    return 1 if None in found.values() and under_ci() else 0


def _line(tool: Tool, found: str | None) -> str:
    if found:
        return f"{tool.name} : {found}"
    return (
        f"{tool.name} manque : {tool.used_for} seront sautés. "
        f"Sous Debian ou Ubuntu : sudo apt install {' '.join(tool.packages)} ; "
        "ailleurs, installez-le comme tout autre programme, puis relancez make test."
    )


def _install(packages: list[str]) -> None:
    root = _root_command()
    if shutil.which("apt-get") is None or root is None:
        return
    print(f"Installation de {', '.join(packages)} par apt…", flush=True)
    apt = [*root, "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]):
        said = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if said.returncode:
            print(f"« {' '.join(command)} » a échoué :\n{said.stdout[-2000:]}{said.stderr[-2000:]}", flush=True)


def _root_command() -> list[str] | None:
    """How to act as root here without being asked anything: not at all, or by sudo; else None."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
