"""`fabrique template`: a spreadsheet that `fabrique import` takes back, and refusals in French."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

Run = Callable[..., tuple[int, str, str]]
MATERIEL = ("-a", "anonymal", "-d", "materiel")


def test_the_template_is_written_and_taken_back(run: Run, tmp_path: Path, ready: None) -> None:
    file = tmp_path / "modele.xlsx"
    status, out, _ = run("template", *MATERIEL, str(file))
    assert status == 0 and "Matériel" in out
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    headings = [one.value for one in book.worksheets[0][1]]
    for title, text in (("Numéro d’inventaire", "A-1"), ("Type", "écran"), ("Statut", "cédé")):
        book.worksheets[0].cell(2, headings.index(title) + 1, text)
    book.save(file)
    status, out, said = run("import", *MATERIEL, str(file))
    assert (status, said) == (0, "") and "1 ajoutée" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-a", "anonymal", "-d", "matriel", "m.xlsx"), "Vouliez-vous dire « materiel »"),
        (("-a", "anonymale", "-d", "materiel", "m.xlsx"), "Vouliez-vous dire « anonymal »"),
        (("-a", "anonymal", "-d", "materiel", "m.ods"), "m.xlsx"),
        (("-a", "anonymal", "-d", "materiel", "absent/m.xlsx"), "le dossier existe"),
    ],
)
def test_what_cannot_be_written_is_said_in_french(run: Run, arguments: tuple[str, ...], words: str) -> None:
    status, out, said = run("template", *arguments)
    assert (status, out) == (1, "")
    assert words in said.replace("\u00a0", " ").replace("\u202f", " ")
