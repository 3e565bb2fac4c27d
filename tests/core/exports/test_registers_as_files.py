"""A register leaves as a spreadsheet and comes back as any file does: untouched, it changes nothing."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from core import depositing
from core.demonstration.people import LEAD
from core.depositing import FileHandedIn, Preview
from core.domain.programme import METROPOLE
from core.exports.template import filled_register, filled_registers
from dashboard.context import Context
from tests.support.filled import demonstration_context, empty_context, registry

MADE = datetime(2022, 7, 5)
REGISTERS = [one.code for one in registry().datasets(METROPOLE)]


def looked_at(context: Context, data: bytes) -> dict[str, Preview]:
    """What would become of each sheet of a workbook handed in."""
    file = FileHandedIn.of(data, "registres.xlsx")
    found = depositing.sheets_found(context.registry, context.store, file, METROPOLE)
    chosen = {one.sheet: one.table for one in found if one.table}
    previews = depositing.preview_workbook(context.scope_of(LEAD), file, METROPOLE, chosen)
    return {one.dataset: one for one in previews}


@pytest.fixture(scope="module")
def back() -> dict[str, Preview]:
    context = demonstration_context()
    return looked_at(context, filled_registers(context.registry, context.store, created=MADE))


@pytest.mark.parametrize("code", REGISTERS)
def test_each_sheet_is_known_and_untouched_changes_nothing(back: dict[str, Preview], code: str) -> None:
    held = demonstration_context().store.rows(METROPOLE, code).height
    outcome = back[code].outcome
    if not held:
        assert back[code].blank
        return
    assert outcome is not None
    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.rejected) == (0, 0, held, 0)


def test_workbook_of_a_new_programme_has_every_register_and_no_row() -> None:
    context = empty_context()
    found = looked_at(context, filled_registers(context.registry, context.store, created=MADE))
    assert set(found) == set(REGISTERS)
    assert all(one.blank for one in found.values())


def test_one_register_comes_back_alone() -> None:
    context = demonstration_context()
    data = filled_register(context.registry, context.store, "versements", created=MADE)
    (found,) = looked_at(context, data).values()
    assert found.dataset == "versements"
    assert found.outcome is not None and found.outcome.unchanged == 6


def test_lists_of_a_register_are_those_of_its_cells() -> None:
    context = demonstration_context()
    book = openpyxl.load_workbook(io.BytesIO(filled_registers(context.registry, context.store, created=MADE)))
    dates = book["Début et fin"]
    (rule,) = [one for one in dates.data_validations.dataValidation if one.type == "list"]
    letters = rule.formula1.split("$")[1]
    offered = [cell.value for cell in book["Listes"][letters][1:] if cell.value]
    assert len(offered) == 6
    assert dates["A2"].value in offered
