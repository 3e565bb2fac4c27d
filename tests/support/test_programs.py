"""The two programs that pip cannot bring work as the other tests need them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from python_calamine import CalamineWorkbook

from tests.support import prepare
from tests.support.office import CSV_CP1252_FR, Convert

FRENCH_CSV = "date;montant;où\n04/06/2021;1234,5;Plan d’Aou\n".encode("cp1252")


@pytest.mark.browser
def test_browser_speaks_french(page: Page) -> None:
    page.set_content("<!doctype html><html lang=fr><title>Été</title><h1>Été</h1>")
    assert page.inner_text("h1") == "Été"
    assert page.evaluate("new Date(2021, 5, 4).toLocaleDateString()") == "04/06/2021"


@pytest.mark.parametrize("to", ["xlsx", "xls:MS Excel 97", "ods"])
def test_office_saves_a_french_csv_as_a_workbook(soffice: Convert, tmp_path: Path, to: str) -> None:
    source = tmp_path / "remises.csv"
    source.write_bytes(FRENCH_CSV)
    made = soffice(source, to, infilter=CSV_CP1252_FR, outdir=tmp_path)
    heading, row = CalamineWorkbook.from_path(str(made)).get_sheet_by_index(0).to_python()
    assert (heading, row) == (["date", "montant", "où"], [date(2021, 6, 4), 1234.5, "Plan d’Aou"])


def test_office_that_makes_nothing_is_told(soffice: Convert, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"absent\.csv"):
        soffice(tmp_path / "absent.csv", "xlsx")


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_missing_program_fails_under_ci_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, status: int
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(prepare, "_install", lambda packages: None)
    monkeypatch.setattr(prepare, "TOOLS", (prepare.Tool("Chromium", lambda: None, ("chromium",), "les tests"),))
    assert prepare.main() == status
    assert "sudo apt install chromium" in capsys.readouterr().out
