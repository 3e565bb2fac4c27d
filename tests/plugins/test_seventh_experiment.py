"""A seventh experiment, installed by pip: handed in, upgraded, in every document, removed, and back as it was."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from core.cli import main
from core.contract import Registry
from core.settings import sqlite_url
from core.testing import PluginLevel, check
from tests.support.filled import copied, demonstration_url
from tests.support.installing import SEVENTH, pip_install, there

Run = Callable[..., str]
Digits = dict[tuple[str, str | None], tuple[float | None, float | None]]
ITS = ("ct5-istres",)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first and the second version, each where pip put it."""
    folder = tmp_path_factory.mktemp("seventh")
    return pip_install(SEVENTH, folder / "one", first_version=True), pip_install(SEVENTH, folder / "two")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("plugins")`` on a copy of the demonstration: what the command says, when it did what was asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FABRIQUE_TODAY", "2022-07-05")
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", sqlite_url(copied(demonstration_url(), tmp_path / "copy.sqlite3")))

    def call(*arguments: str) -> str:
        status = main(arguments)
        told = capsys.readouterr()
        assert status == 0, told.out + told.err
        return told.out

    return call


def digits(run: Run) -> Digits:
    """Every figure, the programme's (None) included."""
    found = json.loads(run("indicators", "--json"))["observations"]
    return {(one["indicator"], one["experiment"]): (one["numerator"], one["value"]) for one in found}


def of_others(found: Digits) -> Digits:
    return {
        (code, whom): value for (code, whom), value in found.items() if whom not in ITS and not code.startswith("IS")
    }


def test_a_seventh_comes_is_upgraded_goes_and_comes_back(run: Run, sites: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = sites
    before = digits(run)
    with there(first):
        assert "ct5_istres" in run("plugins")
        told = run("import", str(SEVENTH / "permanences.csv"), "-a", "relais-numerique", "-d", "permanences")
        assert "5 ajoutées" in told.replace("\u00a0", " ").replace("\u202f", " ")
        assert digits(run)["IS1", "ct5-istres"] == (15, 50)
    with there(second):
        run("db", "upgrade")
        whole = digits(run)
        assert {code: whole[code, "ct5-istres"] for code in ("IS1", "IS2", "IS3")} == {
            "IS1": (15, 50), "IS2": (35, 35), "IS3": (3, 3),
        }  # fmt: skip
        assert of_others(whole) == before, "a plugin changes no figure of the others"
        assert_in_every_document(run, tmp_path)
    assert digits(run) == before
    with there(second):
        assert digits(run) == whole


def assert_in_every_document(run: Run, folder: Path) -> None:
    """Its name and its figures, in each document that leaves."""
    for name in ("dossier.pdf", "seance.pptx", "figures.xlsx", "modele.xlsx"):
        if name == "modele.xlsx":
            run("template", name, "-a", "relais-numerique", "-d", "permanences")
        else:
            run("export", name.rpartition(".")[2], name)
    pdf = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(folder / "dossier.pdf").pages)
    assert "Fos-sur-Mer" in pdf and "Les permanences" in pdf and "Les six" not in pdf
    shapes = [shape for slide in Presentation(str(folder / "seance.pptx")).slides for shape in slide.shapes]
    assert any("Istres" in shape.text_frame.text for shape in shapes if shape.has_text_frame)
    book = openpyxl.load_workbook(folder / "figures.xlsx", read_only=True)
    assert any("IS2" in map(str, row) for sheet in book for row in sheet.iter_rows(values_only=True))
    template = openpyxl.load_workbook(folder / "modele.xlsx")
    assert [cell.value for cell in template.worksheets[0][1]][4:7] == ["Ouverture", "Fermeture", "Durée (minutes)"]
    assert template["Exemple"].cell(4, 1).value == "P001"


def test_it_reaches_the_highest_level_and_a_base_follows(run: Run, sites: tuple[Path, Path], tmp_path: Path) -> None:
    with there(sites[0]):
        run("import", str(SEVENTH / "permanences.csv"), "-a", "relais-numerique", "-d", "permanences")
    base = sqlite_url(tmp_path / "copy.sqlite3")
    with there(sites[1]):
        verdict = check(Registry.load(strict=True), "ct5_istres", sources=SEVENTH, store=base)
    assert [one.told for one in verdict.findings] == []
    assert verdict.level is PluginLevel.GOLD and verdict.unasked == ()
    with there(sites[1]):
        run("db", "upgrade")
    with there(sites[0]):
        older = check(Registry.load(), "ct5_istres", sources=SEVENTH, store=base)
    assert "store" in {one.rule for one in older.findings}, "an older plugin is not followed by a newer base"


def test_open_data_list_it_out_of_the_vote(
    run: Run, sites: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a store where nothing is frozen yet: a frozen one publishes what was there on that day."""
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", sqlite_url(tmp_path / "new.sqlite3"))
    with there(sites[1]):
        run("export", "open-data", "open.zip")
    with zipfile.ZipFile(tmp_path / "open.zip") as packed:
        table = next(name for name in packed.namelist() if name.endswith("experimentations.csv"))
        rows = {row["code"]: row for row in csv.DictReader(io.StringIO(packed.read(table).decode("utf-8-sig")))}
    assert len(rows) == 7 and "hors programme voté" in rows["ct5-istres"]["territoire"].lower()
