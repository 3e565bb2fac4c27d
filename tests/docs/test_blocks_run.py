"""The blocks marked « sh run » and « sh refused » do what the documents say, in a new folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.demonstration.live import write_live_file
from tests.docs.reading import DOCUMENTS, Block, blocks
from tests.support.filled import copied, demonstration_url

KINDS = ("sh run", "sh refused")
RUNNABLE = [document for document in DOCUMENTS if blocks(document, *KINDS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as ``make demo`` leaves the repository's: the command, and the demonstration's store."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    beside = tmp_path / "data" / "demonstration"
    write_live_file(beside)
    copied(demonstration_url(), beside / "fabrique.sqlite3")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("document", RUNNABLE, ids=lambda path: path.name)
def test_every_runnable_block_does_what_is_said(folder: Path, document: Path) -> None:
    script = folder / "blocks.sh"
    script.write_text("\n".join(map(_as_shell, blocks(document, *KINDS))), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FABRIQUE_")}
    run = subprocess.run(["bash", "-eu", script], cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_the_readme_and_the_visit_have_such_blocks() -> None:
    assert {document.name for document in RUNNABLE} >= {"README.md", "demonstration.md"}


def _as_shell(block: Block) -> str:
    """The block as it stands, or with the proof that each of its commands is refused with status 1."""
    if block.kind == "sh run":
        return block.text
    return "".join(f"status=0; {line} || status=$?; [ $status = 1 ]\n" for line in block.text.splitlines() if line)
