"""`fabrique export`: each document from the command line, and refusals in French."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.exports.documents import words

Run = Callable[..., tuple[int, str, str]]
STARTS = {"pdf": b"%PDF", "pptx": b"PK", "xlsx": b"PK"}


@pytest.mark.parametrize("kind", STARTS)
def test_each_document_is_written_before_any_deposit(run: Run, tmp_path: Path, ready: None, kind: str) -> None:
    file = tmp_path / f"document.{kind}"
    status, out, said = run("export", kind, str(file))
    assert (status, said) == (0, "") and out.startswith("Écrit")
    assert file.read_bytes().startswith(STARTS[kind])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("minute", "x.docx"), "Document « minute » inconnu. Vouliez-vous dire « minutes » ?"),
        (("pdf", "x.pdf", "--freeze", "4"), "Les données arrêtées n° 4 ne se lisent pas."),
        (("minutes", "x.docx"), "Aucun comité ne peut être relevé"),
        (("pdf", "absent/x.pdf"), "vérifiez que le dossier existe"),
    ],
)
def test_what_cannot_be_written_is_said_in_french(run: Run, ready: None, arguments: tuple[str, ...], told: str) -> None:
    status, out, said = run("export", *arguments)
    assert (status, out) == (1, "")
    assert told in words(said)
