"""A whole workbook in one go: each sheet to its table, one revision, one undo, or nothing at all."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from core import depositing
from core.checking.outcome import Outcome
from core.depositing import FileHandedIn, submit
from core.depositing.submit import SheetToStore
from core.errors import Refused
from tests.core.desk import Desk

BUILDINGS = [
    ["Code de l’immeuble", "Lieu", "Bailleur", "Nombre de logements"],
    ["MA-01", "Martigues", "bailleur C", 40],
    ["MA-02", "Martigues", "bailleur C", 20],
]
AGREEMENTS = [
    ["Code de l’immeuble", "Mois", "Accords", "Mises en service"],
    ["MA-01", "06/2022", 3, 1],
    ["MA-02", "06/2022", 2, 0],
]
NEEDS = [
    ["Lieu", "Mois", "Diagnostics", "Besoin d’équipement", "Besoin de connexion", "Besoin d’accompagnement"],
    ["Martigues", "06/2022", 6, 4, 2, 4],
]
NOTICE = [["Comment remplir ce classeur"], ["Une ligne par immeuble."]]
OWNER = "point-formation"


def book(**sheets: list[list[Any]]) -> bytes:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(data)
    return data.getvalue()


def hand_in(desk: Desk, data: bytes, *parts: SheetToStore, **given: Any) -> tuple[Outcome, ...]:
    scope = desk.scope(OWNER)
    return submit.submit_workbook(scope, data, "classeur.xlsx", OWNER, parts, **given)


PARTS = (
    SheetToStore("raccordements", "Accords"),
    SheetToStore("immeubles", "Immeubles"),
    SheetToStore("diagnostics", "Besoins"),
)


def test_each_sheet_is_known_by_its_headings(desk: Desk) -> None:
    data = book(Notice=NOTICE, Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=NEEDS)
    found = depositing.sheets_found(desk.registry, desk.store, FileHandedIn(data, "c.xlsx"), OWNER)
    assert {one.sheet: one.table for one in found} == {
        "Notice": None,
        "Accords": "raccordements",
        "Immeubles": "immeubles",
        "Besoins": "diagnostics",
    }


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_sheet_may_name_what_another_brings(desk: Desk, dry_run: bool) -> None:
    """The agreements come first in the workbook, and speak of buildings that only its other sheet tells."""
    outcomes = hand_in(desk, book(Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=NEEDS), *PARTS, dry_run=dry_run)
    assert [(one.added, one.rejected, one.refused) for one in outcomes] == [(2, 0, False), (2, 0, False), (1, 0, False)]
    assert len(desk.rows(OWNER, "raccordements")) == (0 if dry_run else 2)


def test_one_revision_one_undo(desk: Desk) -> None:
    before = desk.store.latest()
    outcomes = hand_in(desk, book(Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=NEEDS), *PARTS)
    assert {one.revision for one in outcomes} == {before + 1} and desk.store.latest() == before + 1
    assert {one.dataset for one in desk.store.deposits_of(before + 1)} == {part.dataset for part in PARTS}
    desk.store.journal.verify()
    undone = submit.undo(desk.scope(OWNER), before + 1)
    assert undone.removed == 5 and desk.store.latest() == before + 2
    assert not any(desk.rows(OWNER, part.dataset) for part in PARTS)
    again = submit.undo(desk.scope(OWNER), before + 2)
    assert again.added == 5 and len(desk.rows(OWNER, "raccordements")) == 2
    desk.store.journal.verify()


def test_one_wrong_sheet_stops_them_all_unless_its_valid_rows_are_kept(desk: Desk) -> None:
    wrong = [*NEEDS, ["Martigues", "13/2022", 6, 4, 2, 4]]
    data = book(Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=wrong)
    outcomes = hand_in(desk, data, *PARTS)
    assert [one.refused for one in outcomes] == [False, False, True]
    assert {one.revision for one in outcomes} == {None} and desk.store.deposits() == []
    kept = (*PARTS[:2], SheetToStore("diagnostics", "Besoins", keep_valid=True))
    assert [one.revision for one in hand_in(desk, data, *kept)] == [1, 1, 1]


def test_a_refused_sheet_says_so_and_nothing_is_stored(desk: Desk) -> None:
    named = [[*NEEDS[0], "Tél. maman"], [*NEEDS[1], "06 39 98 00 01"]]
    data = book(Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=named)
    outcomes = hand_in(desk, data, *PARTS, dry_run=True)
    assert [bool(one.refusal) for one in outcomes] == [False, False, True]
    assert outcomes[2].errors[0].column == "Tél. maman", "the problem says where"
    hand_in(desk, data, *PARTS)
    assert desk.store.deposits() == []


def test_two_sheets_never_fill_one_table_and_it_says_which_and_what_to_do(desk: Desk) -> None:
    data = book(Juin=NEEDS, Juillet=NEEDS)
    with pytest.raises(Refused, match="gardez-en un seul") as refused:
        hand_in(desk, data, SheetToStore("diagnostics", "Juin"), SheetToStore("diagnostics", "Juillet"))
    said = str(refused.value).replace("\xa0", " ")
    assert said.startswith("Les onglets « Juin » et « Juillet » iraient tous dans « Diagnostics")
    assert "Copiez leurs lignes les unes sous les autres, sous les mêmes titres, dans un seul onglet" in said


def test_a_line_left_aside_is_taken_back_in_one_sheet_alone(desk: Desk) -> None:
    needs = [*NEEDS, ["Port-de-Bouc", "06/2022", 1, 1, 1, 1], ["Total", "", 7, 5, 3, 5]]
    data = book(Immeubles=[*BUILDINGS, ["Note : sans le 3e"]], Besoins=needs)
    file = FileHandedIn(data, "classeur.xlsx")
    chosen = {"Immeubles": "immeubles", "Besoins": "diagnostics"}

    def looked(**more: Any) -> list[tuple[int, ...]]:
        scope = desk.scope(OWNER)
        found = depositing.preview_workbook(scope, file, OWNER, chosen, **more)
        return [tuple(line.line for line in one.outcome.reading.left_aside) for one in found]  # type: ignore[union-attr]

    assert looked() == [(4,), (4,)]
    assert looked(take_back={"Immeubles": (4,)}) == [(), (4,)]


def test_headings_on_two_lines_are_read(desk: Desk) -> None:
    """« Inscrits » merged over « Professionnels | Bénévoles », as most associations lay it out."""
    rows = [
        ["Code de la session", "Date", "Durée en jours", "Commune", "Inscrits", None, "Terminé", None],
        [None, None, None, None, "Professionnels", "Bénévoles", "Professionnels", "Bénévoles"],
        ["S-1", "14/06/2022", 1, "Martigues", 5, 3, 4, 2],
    ]
    made, data = openpyxl.load_workbook(io.BytesIO(book(Formations=rows))), io.BytesIO()
    sheet = made.active
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1"):
        sheet.merge_cells(merged)
    made.save(data)
    (outcome,) = hand_in(desk, data.getvalue(), SheetToStore("formations", "Formations"))
    assert (outcome.added, outcome.rejected) == (1, 0), list(outcome.errors)
    (row,) = desk.rows(OWNER, "formations").values()
    counts = ("inscrits_professionnels", "inscrits_benevoles", "termine_professionnels", "termine_benevoles")
    assert [row[name] for name in counts] == [5, 3, 4, 2]


def test_a_sheet_of_headings_alone_stops_nothing(desk: Desk) -> None:
    data = book(Accords=AGREEMENTS, Immeubles=BUILDINGS, Besoins=NEEDS[:1])
    assert [one.refused for one in hand_in(desk, data, *PARTS, dry_run=True)] == [False, False, False]
    outcomes = hand_in(desk, data, *PARTS)
    assert [(one.added, one.blank) for one in outcomes] == [(2, False), (2, False), (0, True)]
    alone = hand_in(desk, book(Besoins=NEEDS[:1]), SheetToStore("diagnostics", "Besoins"))
    assert [one.refused for one in alone] == [True]
