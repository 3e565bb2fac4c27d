"""Small distributions, each broken in one way, that tests install beside the five.

``install(folder, "page_raises")`` puts them where a Python started with ``PYTHONPATH=folder``
finds them as installed, without touching the environment of the tests.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
KINDS = tuple(sorted(path.parent.name for path in HERE.glob("*/pyproject.toml")))


def install(folder: Path, *kinds: str) -> Path:
    """Build and install these distributions (all of them when none is named) into ``folder``, with pip."""
    with tempfile.TemporaryDirectory() as work:
        # Built from a copy: setuptools leaves its folders beside what it builds.
        sources = [shutil.copytree(HERE / kind, Path(work) / kind) for kind in kinds or KINDS]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
        command += ["--no-deps", "--no-build-isolation", "--target", str(folder), *map(str, sources)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        raise RuntimeError(f"pip did not install {kinds or KINDS}: {said.stdout}{said.stderr}")
    return folder
