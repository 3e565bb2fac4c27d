"""What was refused comes back to be corrected, and what an association handed in leaves with it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from core import depositing
from core.checking.outcome import Outcome
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import people
from core.depositing import FileHandedIn
from core.domain.access import Actor
from core.domain.inert import inert
from core.errors import Forbidden
from core.exports.receipts import acknowledgement
from core.exports.rejects import problem_list, rejected_rows, rejects_name
from core.exports.takeaway import take_away
from core.reading import read, sheets
from core.settings import sqlite_url
from core.storage import Store
from tests.support.filled import copied, demonstration_url, registry

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
PF = people.PEOPLE["point-formation"]
HEAD = "Lieu;Mois;Diagnostics;Besoin d’équipement;Besoin de connexion;Besoin d’accompagnement"
TEXT = f"""{HEAD}
Martigues;06/2022;6;4;2;4
Martigues;13/2022;5;3;2;3
Atlantide;05/2022;=2+3;1;1;1
"<script>alert(1)</script>";05/2022;4;1;1;1
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    copy = tmp_path_factory.mktemp("rejets") / "base.sqlite3"
    copied(demonstration_url(), copy)
    with Store.open(sqlite_url(copy)) as opened:
        schema_setup.prepare(registry(), opened, at=AT)
        yield opened


def looked(store: Store, data: bytes, name: str = "releve.csv", dataset: str = "diagnostics") -> Outcome:
    file = FileHandedIn.of(data, name)
    found = depositing.preview(Scope(registry(), store, PF, AT), file, "point-formation", dataset)
    assert found.outcome is not None, found.refusal
    return found.outcome


def rejects(outcome: Outcome, dataset: str = "diagnostics") -> bytes:
    return rejected_rows(registry(), "point-formation", dataset, outcome, created=datetime(2022, 7, 5))


def page_of(data: bytes) -> tuple[Any, dict[str, int]]:
    """The sheet to correct, and where each heading stands."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    return page, {str(page.cell(1, at).value): at for at in range(1, page.max_column + 1)}


def test_rejected_rows_keep_the_cells_as_written_and_say_why(store: Store) -> None:
    page, at = page_of(rejects(looked(store, TEXT.encode())))
    assert list(at)[-1] == "À corriger"
    assert [page.cell(row, at["Mois"]).value for row in (2, 3, 4)] == ["13/2022", "05/2022", "05/2022"]
    formula = page.cell(3, at["Diagnostics"])
    assert (formula.value, formula.data_type) == ("=2+3", "s")
    assert page.cell(4, at["Lieu"]).value == "<script>alert(1)</script>"
    reasons = [page.cell(row, at["À corriger"]).value for row in (2, 3, 4)]
    assert reasons[0].replace("\u00a0", " ").startswith("Ligne 3 de votre fichier. « mois » :")
    assert "lieu" in reasons[1] and "C’est une formule" in reasons[1]


def test_corrected_rows_come_back_without_a_hands_turn(store: Store) -> None:
    page, at = page_of(rejects(looked(store, TEXT.encode())))
    for row, heading, value in (
        (2, "Mois", "04/2022"),
        (3, "Lieu", "Martigues"),
        (3, "Diagnostics", 5),
        (4, "Lieu", "Port-de-Bouc"),
    ):
        page.cell(row, at[heading]).value = value
    data = io.BytesIO()
    page.parent.save(data)
    assert sheets(data.getvalue(), "a.xlsx") == (page.title,)
    again = looked(store, data.getvalue(), "releve-a-corriger.xlsx")
    assert (again.rejected, again.added, len(again.warnings)) == (0, 3, 0)
    assert again.reading is not None and again.reading.unknown == ()


def test_a_row_of_reasons_alone_is_no_row(store: Store) -> None:
    text = f"{HEAD};À corriger\nMartigues;06/2022;6;4;2;4;\n;;;;;;Ligne 3 de votre fichier. « mois » : à écrire.\n"
    assert looked(store, text.encode()).added == 1


def test_reasons_may_quote_numbers_but_hide_nobody(store: Store) -> None:
    dataset = registry().dataset("point-formation", "diagnostics")
    fine = f"{HEAD};À corriger\nMartigues;06/2022;6;4;2;4;Ligne 3 : nous lisons « 0612345678 »\n"
    assert read(fine.encode(), "a.csv", dataset).total_rows == 1
    mail = f"{HEAD};À corriger\nMartigues;06/2022;6;4;2;4;ecrire à marie.durand@exemple.fr\n"
    with pytest.raises(Exception, match="n’a pas été conservé"):
        read(mail.encode(), "a.csv", dataset)


def test_every_problem_is_in_the_list_and_none_runs(store: Store) -> None:
    outcome = looked(store, TEXT.encode())
    dataset = registry().dataset("point-formation", "diagnostics")
    rows = list(csv.reader(io.StringIO(problem_list(outcome, dataset).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + len(outcome.problems)
    assert rows[0][0] == "Ligne"
    assert {row[2] for row in rows} >= {"13/2022", "'=2+3"}


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


def test_names_of_files() -> None:
    assert rejects_name("relevé T4.ods") == "relevé T4-a-corriger.xlsx"
    assert rejects_name("releve") == "releve-a-corriger.xlsx"


# --- everything leaves ----------------------------------------------------------------------


@pytest.mark.parametrize("association", sorted(people.PEOPLE))
def test_all_of_an_associations_data_come_back_unchanged(store: Store, association: str) -> None:
    """Each spreadsheet of the ZIP, handed in again as it is, changes nothing."""
    actor: Actor = people.PEOPLE[association]
    archive = zipfile.ZipFile(io.BytesIO(take_away(Scope(registry(), store, actor, AT), association)))
    assert archive.testzip() is None
    for dataset in registry().datasets(association):
        held = store.rows(association, dataset.code).height
        data = archive.read(f"tableaux/{dataset.code.replace('_', '-')}.xlsx")
        if not held:
            continue
        file = FileHandedIn.of(data, "tableau.xlsx")
        found = depositing.preview(Scope(registry(), store, people.LEAD, AT), file, association, dataset.code).outcome
        assert found is not None
        assert (found.added, found.changed, found.rejected, found.unchanged) == (0, 0, 0, held)


def test_kept_files_are_in_the_archive_and_in_its_list(store: Store) -> None:
    archive = zipfile.ZipFile(io.BytesIO(take_away(Scope(registry(), store, PF, AT), "point-formation")))
    kept = [name for name in archive.namelist() if name.startswith("fichiers/")]
    deposits = [one for one in store.deposits(association="point-formation") if one.sha256]
    assert len(kept) == len(deposits) > 5
    listed = list(csv.reader(io.StringIO(archive.read("liste.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in listed[1:]] == [name for name in archive.namelist() if name != "liste.csv"]
    first = deposits[0]
    assert archive.read(kept[0]) == store.file(str(first.sha256))
    assert not any(name.startswith("/") or ".." in name for name in archive.namelist())


def test_nobody_takes_anothers_data_away(store: Store) -> None:
    with pytest.raises(Forbidden):
        take_away(Scope(registry(), store, PF, AT), "anonymal")


# --- the acknowledgement -----------------------------------------------------------------------


def test_acknowledgement_says_who_what_when_and_the_fingerprint(store: Store) -> None:
    deposit = store.deposits(association="point-formation", dataset="materiel")[-1]
    data = acknowledgement(Scope(registry(), store, PF, AT), deposit, fictitious=True)
    assert data == acknowledgement(Scope(registry(), store, PF, AT), deposit, fictitious=True)
    text = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())
    for words in ("Point Formation", "Matériel", str(deposit.file_name), str(deposit.sha256), "Données fictives"):
        assert words in text
    with pytest.raises(Forbidden):
        acknowledgement(Scope(registry(), store, people.PEOPLE["ifac"], AT), deposit)


def test_names_in_the_archive_stay_inside(tmp_path: Path, store: Store) -> None:
    archive = zipfile.ZipFile(io.BytesIO(take_away(Scope(registry(), store, people.PEOPLE["ifac"], AT), "ifac")))
    archive.extractall(tmp_path)
    assert {path.parts[len(tmp_path.parts)] for path in tmp_path.rglob("*")} == {"tableaux", "fichiers", "liste.csv"}
