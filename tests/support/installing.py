"""A distribution installed by pip in a folder of its own, and there for the time of a test."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SEVENTH = Path(__file__).parents[1] / "ct5_istres"
"""A seventh experiment, unlike the six: tests/ct5_istres/README.md."""


def pip_install(project: Path, site: Path, *, first_version: bool = False) -> Path:
    """Install a copy of a project, without network, in the folder ``site``; of ``first_version`` if it has one."""
    copy = site.with_name(f"{site.name}-sources")
    shutil.copytree(project, copy)
    package = copy / project.name
    if first_version:
        for file in (copy / "first_version").glob("*.py"):
            shutil.copy(file, package / file.name)
        manifest = package / "fabrique.toml"
        manifest.write_text(manifest.read_text("utf-8").replace("permanences = 2", "permanences = 1"), "utf-8")
        (package / "report.py").write_text("def page(report):\n    return []\n", encoding="utf-8")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", site, copy], check=True)
    shutil.rmtree(copy)
    return site


@contextmanager
def there(site: Path) -> Iterator[None]:
    """What was installed in ``site`` can be imported, and is forgotten afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(site))
        for name in set(sys.modules) - before:
            if str(site) in str(getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]
        importlib.invalidate_caches()
