"""Whether the programs that pip cannot bring are here: a Chromium, its driver, LibreOffice.

Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SOFFICE_NAMES = ("soffice", "libreoffice")
CHROMIUM_PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
SOFFICE_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice",)


def under_ci() -> bool:
    """True when a machine runs the suite: nothing may be skipped there."""
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false", "no")


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome of this machine, or None."""
    return _find(CHROMIUM_NAMES, CHROMIUM_PLACES)


def find_soffice() -> str | None:
    """Path of LibreOffice on this machine, or None."""
    return _find(SOFFICE_NAMES, SOFFICE_PLACES)


def find_impress() -> str | None:
    """Path of LibreOffice when it opens slides too: they are a package of their own."""
    program = find_soffice()
    folder = Path(program).resolve().parent if program else None
    here = folder is not None and any([*folder.glob("libsdlo.*"), *folder.parent.glob("Frameworks/libsdlo.*")])
    return program if here else None


def find_playwright() -> str | None:
    """Version of the program that drives the browser, or None when it does not start.

    pip brings it, but not the system library that it wants on a bare Debian.
    """
    said = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return said.stdout.strip() or None if said.returncode == 0 else None


def _find(names: tuple[str, ...], places: tuple[str, ...]) -> str | None:
    on_path = (shutil.which(name) for name in names)
    elsewhere = (place for place in places if Path(place).exists())
    return next((found for found in (*on_path, *elsewhere) if found), None)
