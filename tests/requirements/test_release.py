"""A version is given out from a clean tree, dated, tagged, with its wheel, its inventory, their prints and a base."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.test_packaging import ROOT, tracked


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is tracked, as a repository of its own."""
    root = tmp_path_factory.mktemp("depot")
    for path in tracked():
        copy = root / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    git(root, "init", "--quiet")
    git(root, "config", "user.email", "nadia@exemple.fr")
    git(root, "config", "user.name", "Nadia")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "Avant")
    return root


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def release(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "requirements.release", "--day", "2026-12-01"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_a_version_is_given_out_once_from_a_clean_tree(tree: Path) -> None:
    left = tree / "oublie.txt"
    left.write_text("x")
    assert "pas enregistrés" in release(tree).stderr
    left.unlink()

    done = release(tree)
    assert done.returncode == 0, done.stderr
    version = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"Version {version}" in done.stdout
    assert git(tree, "tag") == f"v{version}"
    assert git(tree, "status", "--porcelain") == ""
    assert f"## {version}, le 1er\u00a0décembre\u00a02026" in (tree / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (tree / "tests/core/storage/before" / f"{version}.json").is_file()
    for line in (tree / "dist/SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tree / "dist" / name).read_bytes()).hexdigest() == digest
    assert {path.suffix for path in (tree / "dist").iterdir()} == {".whl", ".json", ""}

    again = release(tree)
    assert (again.returncode, again.stdout) == (1, "")
    assert "à paraître" in again.stderr
