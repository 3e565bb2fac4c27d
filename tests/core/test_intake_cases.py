"""Files read wrongly on 29 November 2026, made anew by code and handed in by the command: each stands for its kind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from odf import opendocument, style, table, text

from tests.dialects.writing import Page, ods_page, xls_page, xlsx_page

Run = Callable[..., tuple[int, str, str]]
Handed = Callable[..., dict[str, Any]]
FORMATIONS = (
    "Code de la session;Date;Durée en jours;Commune ou quartier;Professionnels inscrits;Bénévoles inscrits;"
    "Professionnels ayant terminé;Bénévoles ayant terminé\n"
)
SUPPORT = ["Lieu", "Mois", "Structure", "Accompagnements individuels", "Participations aux ateliers"]
BUILDINGS = [
    "Code de l’immeuble",
    "Lieu",
    "Bailleur",
    "Nombre de logements",
    "Prix mensuel avant",
    "Date du diagnostic",
]


@pytest.fixture
def handed(run: Run, ready: None, tmp_path: Path) -> Handed:
    """Hand in a file by the command, without storing it; gives the document that it prints."""

    def hand_in(data: bytes, name: str, association: str, dataset: str, *options: str) -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(data)
        status, out, _ = run("import", str(path), "-a", association, "-d", dataset, "--dry-run", "--json", *options)
        return json.loads(out) | {"status": status}

    return hand_in


def codes(document: dict[str, Any], severity: str = "error") -> list[tuple[int | None, str | None]]:
    return [(one["line"], one["column"]) for one in document["problems"] if one["severity"] == severity]


def page(*rows: Sequence[Any], **more: Any) -> Page:
    return Page([list(row) for row in rows], 0, **more)


BOOKS = pytest.mark.parametrize(
    ("write", "name"), [(xlsx_page, "f.xlsx"), (ods_page, "f.ods"), (xls_page, "f.xls")], ids=["xlsx", "ods", "xls"]
)


@BOOKS
def test_f02_merged_cells_give_their_value_or_are_refused(handed: Handed, write: Any, name: str) -> None:
    rows = [["A", "salon", "Office", 12, 12.5, date(2021, 3, 9)], ["B", "salon", "Office", 14, "", date(2021, 3, 9)]]
    found = handed(write(page(BUILDINGS, *rows, merged=(1, 2, 4))), name, "anonymal", "immeubles")
    assert codes(found) == [(2, "prix_mensuel_avant"), (3, "prix_mensuel_avant")]
    found = handed(write(page(BUILDINGS, *rows, merged=(1, 2, 5))), name, "anonymal", "immeubles")
    assert ("date_diagnostic", "09/03/2021") in [(one["column"], one["understood"]) for one in found["repairs"]]


@BOOKS
def test_f04_a_count_merged_over_months_is_never_counted_once_a_month(handed: Handed, write: Any, name: str) -> None:
    rows = [["frais-vallon", "09/2021", "A", 30, 10], ["frais-vallon", "10/2021", "A", "", 12]]
    found = handed(write(page(SUPPORT, *rows, merged=(1, 2, 3))), name, "ifac", "accompagnements", "--keep-valid")
    assert found["status"] == 1 and found["rejected"] == 2


@BOOKS
def test_f05_accents_spoilt_in_a_workbook_are_put_right_and_told(handed: Handed, write: Any, name: str) -> None:
    row = ["RÃ©sidence", "salon", "SociÃ©tÃ© HLM", 12, "", ""]
    found = handed(write(page(BUILDINGS, row)), name, "anonymal", "immeubles")
    assert found["status"] == 0
    assert any("RÃ©sidence" in one["expected"] and "Résidence" in one["expected"] for one in found["problems"])


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252", "iso8859_15", "utf-8"])
def test_f07_final_accents_of_every_encoding_are_read(handed: Handed, encoding: str) -> None:
    text = "Code immeuble;Lieu;Bailleur;Nombre de logements\nCité;salon;Office à loyer;12\n"
    found = handed(text.encode(encoding), "f.csv", "anonymal", "immeubles")
    told = any("accents" in one["expected"] for one in found["problems"])
    assert found["added"] == 1
    assert told == (encoding in ("mac_roman", "cp850"))


def test_f07_a_lone_a_of_dos_has_two_readings_and_is_refused(handed: Handed) -> None:
    text = "Code immeuble;Lieu;Bailleur;Nombre de logements\nTour;salon;Office à loyer;12\n"
    assert handed(text.encode("cp850"), "f.csv", "anonymal", "immeubles")["status"] == 1


def test_f09_one_american_date_makes_the_others_doubtful(handed: Handed) -> None:
    days = (("A", "09/14/2021"), ("B", "09/03/2021"), ("C", "10/22/2021"))
    rows = "".join(f"{code};{day};1;aix;1;1;1;1\n" for code, day in days)
    found = handed((FORMATIONS + rows).encode(), "f.csv", "arsenic", "formations", "--keep-valid")
    assert found["added"] == 0 and codes(found) == [(2, "date"), (3, "date"), (4, "date")]
    assert "09/14/2021" in next(one["expected"] for one in found["problems"] if one["line"] == 3)


@BOOKS
def test_f11_a_share_of_60_per_cent_is_60(handed: Handed, write: Any, name: str) -> None:
    titles = ["Association", "Code de l’immeuble", "Part des logements", "Décision"]
    sheet = page(titles, ["ifac", "Tour B", 0.6, "Comité 1"], formats={(1, 2): "0%"})
    assert handed(write(sheet), name, "metropole", "seuils")["added"] == 1
    sheet = page(titles, ["ifac", "Tour B", 60, "Comité 1"], formats={(1, 2): "0%"})  # 6 000 %
    assert codes(handed(write(sheet), name, "metropole", "seuils")) == [(2, "part")]


@pytest.mark.parametrize("code", ["13110", "13013", "13015", "13500 Aix"])
def test_f12_a_postal_code_is_no_insee_code(handed: Handed, code: str) -> None:
    found = handed(f"{FORMATIONS}A;14/09/2021;1;{code};1;1;1;1\n".encode(), "f.csv", "arsenic", "formations")
    assert codes(found) == [(2, "commune")]
    assert code[:5] in found["problems"][0]["expected"]


def test_f12_an_actor_whose_name_and_code_disagree_is_told(handed: Handed) -> None:
    text = "id;nom;commune;code_insee\n1;Centre;Port-de-Bouc;13110\n2;Autre;Port-de-Bouc;13077\n"
    found = handed(text.encode(), "f.csv", "arsenic", "acteurs")
    assert (2, "code_insee") in codes(found, "warning") and (3, "code_insee") not in codes(found, "warning")


def test_f13_a_note_is_left_aside_and_can_be_taken_back(handed: Handed) -> None:
    text = b"id;nom;commune\n1;Centre social;Aix-en-Provence\n\nSource : nos services au 30/09/2021;;\n"
    found = handed(text, "f.csv", "arsenic", "acteurs")
    assert found["added"] == 1
    assert found["left_aside"] == [{"line": 4, "text": "Source : nos services au 30/09/2021", "reason": "note"}]
    assert handed(text, "f.csv", "arsenic", "acteurs", "--take-back", "4")["added"] == 2


@BOOKS
def test_f14_zeros_of_the_format_are_the_number(handed: Handed, write: Any, name: str) -> None:
    titles = ["Numéro d’inventaire", "Type", "Statut"]
    sheet = page(titles, [42, "écran", "cédé"], [42, "écran", "cédé"], formats={(1, 0): "0000"})
    found = handed(write(sheet), name, "anonymal", "materiel")
    said = [one["found"] for one in found["problems"] if one["column"] == "numero_inventaire"]
    assert said == ["0042", "42"]  # two numbers, and the person is asked whether they are one


@pytest.mark.parametrize("month", ["09-2021", "2021/09", "09.2021", "2021-9"])
def test_f18_months_are_read_with_any_sign(handed: Handed, month: str) -> None:
    text = f"{';'.join(SUPPORT)}\nfrais-vallon;{month};A;3;4\n"
    found = handed(text.encode(), "f.csv", "ifac", "accompagnements")
    assert found["added"] == 1 and found["repairs"][-1]["understood"].split() == ["septembre", "2021"]


def test_f18_american_firsts_of_the_month_are_asked(handed: Handed) -> None:
    text = f"{';'.join(SUPPORT)}\nfrais-vallon;08/01/2021;A;3;4\nfrais-vallon;09/01/2021;A;3;4\n"
    found = handed(text.encode(), "f.csv", "ifac", "accompagnements", "--keep-valid")
    assert codes(found) == [(2, "mois"), (3, "mois")]


@BOOKS
def test_f23_an_empty_coloured_cell_far_away_is_empty(handed: Handed, write: Any, name: str) -> None:
    row = ["A", "salon", "O", 12, "", ""]
    assert handed(write(page(BUILDINGS, row, far=True)), name, "anonymal", "immeubles")["added"] == 1


def test_brackets_are_asked_until_confirmed(handed: Handed) -> None:
    text = "Ligne de subvention;Date;Montant dépensé (prévisionnel)\nifac;30/09/2021;3150\n".encode()
    found = handed(text, "f.csv", "ifac", "depenses_a_date", "--keep-valid")
    assert found["status"] == 1 and found["headings_to_confirm"] == ["Montant dépensé (prévisionnel)"]
    confirmed = handed(text, "f.csv", "ifac", "depenses_a_date", "--heading", "Montant dépensé (prévisionnel)=montant")
    assert confirmed["added"] == 1


def test_thousands_of_euros_are_converted_and_shown(handed: Handed) -> None:
    text = "Ligne de subvention;Date;Montant dépensé (k€)\nifac;30/09/2021;3,15\n".encode()
    found = handed(text, "f.csv", "ifac", "depenses_a_date")
    shown = [one["understood"].replace("\u00a0", " ").replace("\u202f", " ") for one in found["repairs"]]
    assert found["added"] == 1 and shown == ["3 150 €"]


SPENT = ["Ligne de subvention", "Date", "Montant dépensé"]


@BOOKS
def test_a_unit_said_beside_the_table_is_asked(handed: Handed, write: Any, name: str) -> None:
    row = ["ifac", date(2021, 9, 30), 3.15]
    above = page(["Dépenses en milliers d’euros"], SPENT, row)
    found = handed(write(above), name, "ifac", "depenses_a_date", "--keep-valid")
    assert found["status"] == 1 and codes(found) == [(None, "montant")]
    assert "La ligne 1 dit « Dépenses en milliers d’euros »" in plain(found["problems"][0]["expected"])
    under = page(SPENT, row, ["* montants en k€", "", ""])
    assert codes(handed(write(under), name, "ifac", "depenses_a_date")) == [(None, "montant")]
    for title in ("Dépenses en euros", "Dépenses en 2021"):
        assert handed(write(page([title], SPENT, row)), name, "ifac", "depenses_a_date")["added"] == 1
    said = [*SPENT[:2], "Montant dépensé (€)"]
    assert handed(write(page(["En milliers d’euros"], said, row)), name, "ifac", "depenses_a_date")["status"] == 0


def test_a_unit_said_above_a_csv_is_asked(handed: Handed) -> None:
    text = f"Suivi (k€);;\n{';'.join(SPENT)}\nifac;30/09/2021;3,15\n"
    assert codes(handed(text.encode(), "f.csv", "ifac", "depenses_a_date")) == [(None, "montant")]


@BOOKS
def test_a_number_shown_in_thousands_without_a_word_is_refused(handed: Handed, write: Any, name: str) -> None:
    """3 150 shown « 3 »: three euros, three thousand, or 3 150; under « (k€) » there is no doubt."""
    row = ["ifac", date(2021, 9, 30), 3150]
    shown = {"formats": {(1, 2): "#,##0,"}}
    assert codes(handed(write(page(SPENT, row, **shown)), name, "ifac", "depenses_a_date")) == [(2, "montant")]
    said = [*SPENT[:2], "Montant dépensé (k€)"]
    found = handed(write(page(said, row, **shown)), name, "ifac", "depenses_a_date")
    assert found["added"] == 1 and plain(found["repairs"][-1]["understood"]) == "3 150 €"


def rich_xlsx(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet("Feuil1")
    dress = {"": None, "struck": book.add_format({"font_strikeout": True}), "up": book.add_format({"font_script": 1})}
    sheet.write_row(0, 0, head)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, list):
                parts = [part for look, text in cell for part in (dress[look], text) if part is not None]
                sheet.write_rich_string(number, column, *parts)
            else:
                sheet.write(number, column, cell)
    book.close()
    return data.getvalue()


def rich_xls(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    book, data = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Feuil1")
    fonts = {"": xlwt.Font(), "struck": xlwt.Font(), "up": xlwt.Font()}
    fonts["struck"].struck_out, fonts["up"].escapement = True, xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    for number, row in enumerate([head, *rows]):
        for column, cell in enumerate(row):
            if isinstance(cell, list):
                sheet.write_rich_text(number, column, [(text, fonts[look]) for look, text in cell])
            else:
                sheet.write(number, column, cell)
    book.save(data)
    return data.getvalue()


def rich_ods(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    document = opendocument.OpenDocumentSpreadsheet()
    looks = {"struck": {"textlinethroughstyle": "solid"}, "up": {"textposition": "super 58%"}}
    for look, properties in looks.items():
        one = style.Style(name=f"T{look}", family="text")
        one.addElement(style.TextProperties(**properties))
        document.automaticstyles.addElement(one)
    page = table.Table(name="Feuil1")
    for row in [head, *rows]:
        line = table.TableRow()
        for cell in row:
            line.addElement(_rich_ods_cell(cell))
        page.addElement(line)
    document.spreadsheet.addElement(page)
    data = io.BytesIO()
    document.write(data)
    return data.getvalue()


def _rich_ods_cell(cell: Any) -> Any:
    if isinstance(cell, int):
        return table.TableCell(valuetype="float", value=cell)
    found, words = table.TableCell(valuetype="string"), text.P()
    for look, part in cell if isinstance(cell, list) else [("", cell)]:
        words.addElement(text.Span(stylename=f"T{look}", text=part)) if look else words.addText(part)
    found.addElement(words)
    return found


@pytest.mark.parametrize(
    ("write", "name"), [(rich_xlsx, "f.xlsx"), (rich_ods, "f.ods"), (rich_xls, "f.xls")], ids=["xlsx", "ods", "xls"]
)
def test_a_figure_raised_or_struck_in_a_cell_is_never_one_more_figure(handed: Handed, write: Any, name: str) -> None:
    """« 12¹ » is no 121, « 15 » beside a struck « 12 » is no 1215; a cell struck from end to end is read, and told."""
    rows = [
        ["frais-vallon", "06/2022", "A", [("", "12"), ("up", "1")], 4],
        ["frais-vallon", "07/2022", "A", [("struck", "12"), ("", "15")], 4],
        ["frais-vallon", "08/2022", [("", "1"), ("up", "er"), ("", " lieu")], 7, 4],
        ["frais-vallon", "09/2022", [("struck", "Lieu"), ("struck", " ancien")], 7, 4],
    ]
    found = handed(write(SUPPORT, rows), name, "ifac", "accompagnements", "--keep-valid")
    assert codes(found) == [(2, "individuels"), (3, "individuels")] and found["added"] == 2
    said = [plain(one["found"]) for one in found["problems"] if one["severity"] == "error"]
    assert said == ["12 (exposant : 1)", "(barré : 12) 15"]
    assert any("1 ligne est barrée (ligne 5)" in plain(one["expected"]) for one in found["problems"])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_note_or_an_estimate_at_a_number_is_no_spoilt_accent(handed: Handed, encoding: str) -> None:
    """« 12¹ », « ≈12 »: their own cell is asked, the file is not refused for its accents."""
    rows = ["frais-vallon;06/2022;A;12¹;4", "frais-vallon;07/2022;Août¹;7;4", "frais-vallon;08/2022;A;≈ 12;4"]
    text = "\n".join(
        [";".join(SUPPORT).replace("individuels", "individuels¹"), *rows][: 4 if encoding == "utf-8" else 3]
    )
    found = handed(text.encode(encoding), "f.csv", "ifac", "accompagnements", "--keep-valid")
    asked = [(2, "individuels"), (4, "individuels")] if encoding == "utf-8" else [(2, "individuels")]
    assert codes(found) == asked and found["added"] == 1


def test_a_spoilt_accent_that_looks_like_a_note_is_still_refused(handed: Handed) -> None:
    text = ";".join(SUPPORT) + "\nfrais-vallon;06/2022;Bureau d’ao¹t;12;4\n"  # π of a Macintosh is no letter of ours
    assert codes(handed(text.encode(), "f.csv", "ifac", "accompagnements", "--keep-valid")) == [(None, None)]


def test_texts_cut_between_two_records_of_an_old_workbook_keep_their_dress(handed: Handed) -> None:
    rows: list[list[Any]] = [
        [
            "frais-vallon",
            "06/2022",
            f"Équipe {'é' * 20} {n} — œuvre",
            [("", "1"), ("up", "2")] if n % 400 == 0 else 5,
            4,
        ]
        for n in range(1, 1_300)
    ]
    found = handed(rich_xls(SUPPORT, rows), "f.xls", "ifac", "accompagnements", "--keep-valid")
    assert codes(found) == [(401, "individuels"), (801, "individuels"), (1_201, "individuels")]


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")
