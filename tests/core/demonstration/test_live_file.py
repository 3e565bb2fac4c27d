"""The file deposited live: what is refused, what is understood, what it changes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from core.alerts.attention import points_to_treat
from core.demonstration.live import LIVE_FILE, PRIVATE, SHEETS, corrections, write_live_file
from core.errors import FileRefused
from core.reading import sheets
from tests.core.demonstration.conftest import Demo
from tests.core.demonstration.live_deposit import corrected, deposit, without_private_column


def test_the_file_is_written_where_asked(tmp_path: Path) -> None:
    path = write_live_file(tmp_path / "new")
    assert path == tmp_path / "new" / LIVE_FILE
    assert sheets(path.read_bytes(), path.name) == tuple(SHEETS.values())


def test_the_same_file_is_written_each_time(tmp_path: Path) -> None:
    one, other = write_live_file(tmp_path / "one"), write_live_file(tmp_path / "other")
    assert one.read_bytes() == other.read_bytes()


def test_each_sheet_has_three_lines_above_its_headings(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_live_file(tmp_path))
    for sheet in book:
        filled = [sum(cell.value is not None for cell in row) for row in sheet.iter_rows(max_row=4)]
        assert filled[:3] == [1, 1, 1]
        assert filled[3] > 1
        assert any("fictives" in str(row[0].value) for row in sheet.iter_rows(max_row=3))


def test_yes_is_written_in_three_ways(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_live_file(tmp_path))[SHEETS["materiel"]]
    headings = [cell.value for cell in sheet[4]]
    answers = {row[headings.index("en QPV")].value for row in sheet.iter_rows(min_row=5)}
    assert {"oui", "OUI", "x"} <= answers
    places = [row[headings.index("Lieu")].value for row in sheet.iter_rows(min_row=5)]
    assert places.count("Port de Bouc") == 1
    assert sheet.cell(sheet.max_row, 1).value == "TOTAL"


def test_phone_numbers_make_the_file_refused(fresh: Demo) -> None:
    revision = fresh.store.latest()
    with pytest.raises(FileRefused, match=PRIVATE):
        deposit(fresh.registry, fresh.store, fresh.live_file, "materiel")
    assert fresh.store.latest() == revision


def test_three_lines_stop_and_one_warns(fresh: Demo) -> None:
    outcome = deposit(fresh.registry, fresh.store, without_private_column(fresh.live_file), "materiel")
    doubled, taken, impossible = corrections()
    assert outcome.refused
    assert outcome.revision is None
    assert {(one.line, one.column) for one in outcome.errors} == {
        (doubled.line - 1, "numero_inventaire"),
        (doubled.line, "numero_inventaire"),
        (impossible.line, "date_remise"),
    }
    assert [(one.line, one.code) for one in outcome.warnings] == [(taken.line, "remis_deux_fois")]
    assert next(one for one in outcome.errors if one.line == impossible.line).found == "31/06/2022"


def test_the_place_and_the_total_are_understood(fresh: Demo) -> None:
    outcome = deposit(fresh.registry, fresh.store, corrected(fresh.live_file), "materiel", dry_run=True)
    understood = {(one.found, one.understood) for one in outcome.repairs}
    assert ("Port de Bouc", "Port-de-Bouc") in understood
    assert outcome.reading is not None and "TOTAL" in [one.text for one in outcome.reading.left_aside]
    assert not outcome.errors
    assert not outcome.warnings


@pytest.mark.parametrize(
    ("dataset", "added", "changed"),
    [("materiel", 23, 5), ("diagnostics", 6, 0), ("raccordements", 6, 0), ("depenses_a_date", 1, 0)],
)
def test_the_corrected_sheets_go_in(fresh: Demo, dataset: str, added: int, changed: int) -> None:
    outcome = deposit(fresh.registry, fresh.store, corrected(fresh.live_file), dataset)
    assert (outcome.added, outcome.changed, outcome.rejected) == (added, changed, 0)


def test_twelve_computers_are_handed_over_in_the_sheet(fresh: Demo) -> None:
    deposit(fresh.registry, fresh.store, corrected(fresh.live_file), "materiel")
    rows = fresh.store.rows("point-formation", "materiel").to_dicts()
    given = [row for row in rows if row["statut"] == "remis" and row["type"] != "écran"]
    assert len(given) == 18
    assert len(rows) == 10 + 5 + 14 + 9


def test_a_deposit_uncorrected_by_half_shows_the_doubled_number(fresh: Demo) -> None:
    """Kept valid rows only: the number copied from Salon goes in, and is a point to treat."""
    deposit(fresh.registry, fresh.store, without_private_column(fresh.live_file), "materiel", keep_valid=True)
    codes = {point.code for point in points_to_treat(fresh.registry, fresh.store)}
    assert {"remis_deux_fois", "transfert_non_confirme"} <= codes
