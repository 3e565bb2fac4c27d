"""Whatever is handed in, a clear French message and nothing read."""

from __future__ import annotations

import csv
import io
import random
import struct
import time
import zipfile

import pytest

from core.errors import FileRefused
from core.reading import Limits, sheets
from tests.core.reading.factories import (
    HEADINGS,
    LIEUX,
    ROW,
    changed,
    codes,
    csv_bytes,
    csv_text,
    ods,
    reading,
    xls,
    xlsx,
)

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR = 'table:number-columns-repeated="16000"'
GARBAGE = random.Random(1).randbytes(5_000)
GOOD = csv_text(HEADINGS, ROW)
BOOK = xlsx(HEADINGS, ROW)


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def bomb() -> bytes:
    with_room = changed(BOOK, "xl/worksheets/sheet1.xml", "</sheetData>", "</sheetData>" + " " * 80_000_000)
    assert len(with_room) < 200_000
    return with_room


def encrypted_zip() -> bytes:
    data = bytearray(BOOK)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            struct.pack_into("<H", data, place + offset, 1)
            place = data.find(mark, place + 4)
    return bytes(data)


ENTITIES = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

REFUSED = {
    "empty": (b"", "vide"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "vide"),
    "header only": (csv_bytes(HEADINGS), "Rien à déclarer"),
    "header and blank rows": (csv_bytes(HEADINGS, ("", "", "", "", "", "")), "Rien à déclarer"),
    "header and total only": (csv_bytes(HEADINGS, ("Total", "", "0", "", "", "")), "Rien à déclarer"),
    "no header": (csv_bytes(ROW, ROW), "Aucune ligne de titres"),
    "prose": ("Bonjour,\nveuillez trouver ci-joint notre relevé.\n".encode(), "Aucune ligne de titres"),
    "garbage": (GARBAGE, "n’est pas un tableau"),
    "zeros": (b"\x00" * 1_000, "vide"),
    "pdf": (b"%PDF-1.7\n" + GARBAGE, "PDF"),
    "web page": (b"<html><table><tr><td>type</td></tr></table>", "page web"),
    "missing column": (b"type;lieu\n\xe9cran;aix\n", "la colonne « Numéro d’inventaire (numero_inventaire) »"),
    "missing columns": (csv_bytes(("lieu", "nombre"), ("aix", "1")), "Il manque les colonnes"),
    "column twice": (csv_bytes((*HEADINGS, "Type"), (*ROW, "écran")), "Deux colonnes"),
    "200 columns": (csv_bytes([*HEADINGS, *(f"c{n}" for n in range(194))], [*ROW, *("x" * 194)]), "200 colonnes"),
    "10 MB cell": (csv_bytes((*HEADINGS, "remarque"), (*ROW, "x" * 10_000_000)), "32 767 caractères"),
    "10 MB cell in quotes": (csv_bytes((*HEADINGS, "remarque"), (*ROW, '"' + "x" * 10_000_000 + '"')), "caractères"),
    "10 MB heading": (csv_bytes((*HEADINGS, "x" * 10_000_000), (*ROW, "")), "caractères"),
    "open quote": (GOOD.encode() + 'A2;"écran;12\nA3;écran\n'.encode(), "guillemet"),
    "mixed rows": (GOOD.encode() + ",".join(ROW).replace("12,5", "12").encode(), "séparateurs sont mélangés"),
    "mixed headings": (GOOD.replace(";lieu;", ",lieu,").encode(), "séparateurs sont mélangés"),
    "accents lost": (GOOD.replace("é", "\ufffd").encode(), "accents"),
    "accents in question marks": (GOOD.replace("A1", "S?maphore").encode(), "accents"),
    "utf-16 without mark": (GOOD.encode("utf-16-le"), "n’est pas un tableau"),
    "half of utf-16": (GOOD.encode("utf-16")[:-1], "accents"),
    "broken zip": (BOOK[:400], "abîmé"),
    "zip of nothing": (archive(), "n’est pas un tableau"),
    "zip of a letter": (archive(word__document=b"<w/>"), "n’est pas un classeur"),
    "binary excel": (archive(xl__workbook=b"x", **{"xl__workbook.bin": b"x"}), "xlsb"),
    "numbers": (archive(**{"Index__Document.iwa": b"x", "Metadata__Properties.plist": b"x"}), "Numbers"),
    "flat ods": (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
        "fods",
    ),
    "web page in one file": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html></html>", "page web"),
    "workbook without parts": (archive(**{"xl__workbook.xml": b"<workbook/>"}), "abîmé"),
    "not xml": (changed(BOOK, "xl/workbook.xml", "<workbook", "workbook"), "abîmé"),
    "old excel, cut": (xls(HEADINGS, ROW)[:600], "abîmé"),
    "old excel, garbage": (OLD_EXCEL + GARBAGE, "abîmé"),
    "protected": (OLD_EXCEL + "EncryptedPackage".encode("utf-16-le") + GARBAGE, "mot de passe"),
    "protected zip": (encrypted_zip(), "mot de passe"),
    "zip bomb": (bomb(), "démesurément"),
    "entities in xlsx": (
        changed(BOOK, "xl/sharedStrings.xml", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', ENTITIES),
        "DOCTYPE",
    ),
    "entities in ods": (
        changed(ods(HEADINGS, ROW), "content.xml", "<?xml version='1.0' encoding='UTF-8'?>", ENTITIES),
        "DOCTYPE",
    ),
    "cell very far right": (changed(BOOK, "xl/worksheets/sheet1.xml", 'r="F2"', 'r="XFD2"'), "très loin"),
    "cell very far right, otherwise written": (
        changed(BOOK, "xl/worksheets/sheet1.xml", '<c r="F2" t="s">', '<c t="s" r="XFD2">'),
        "très loin",
    ),
    "cell very far down": (changed(BOOK, "xl/worksheets/sheet1.xml", 'r="F2"', 'r="F1048576"'), "très loin"),
    "ods repeated far": (
        changed(ods(HEADINGS, ROW), "content.xml", "<table:table-cell ", f"<table:table-cell {FAR} "),
        "très loin",
    ),
    "empty workbook": (xlsx(), "vide"),
    "workbook with headings only": (xlsx(HEADINGS), "Rien à déclarer"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_bad_file_is_refused_in_clear_french(data: bytes, words: str) -> None:
    started = time.process_time()
    for name in ("f.csv", "f.xlsx"):
        with pytest.raises(FileRefused) as refused:
            reading(data, name)
        said = str(refused.value).replace("\u00a0", " ").replace("\u202f", " ")
        if name == "f.csv":
            assert words in said
        assert said.endswith(".") and "Traceback" not in said
    assert time.process_time() - started < 20


def test_a_missing_column_names_the_headings_found() -> None:
    with pytest.raises(
        FileRefused, match="ligne 2.*« type », « lieu » et « Bidule »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    ):
        reading("Relevé\ntype;lieu;Bidule\nécran;aix;1\n")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(bytes=20), "trop lourd"),
        (Limits(rows=1), "2 lignes"),
        (Limits(columns=5), "6 colonnes"),
        (Limits(cell=10), "10 caractères"),
        (Limits(decompressed=500), "grossit"),
    ],
)
def test_each_limit_is_said(limits: Limits, words: str) -> None:
    refusals = []
    for data in (csv_bytes(HEADINGS, ROW, ("A2", *ROW[1:])), xlsx(HEADINGS, ROW, ("A2", *ROW[1:]))):
        try:
            reading(data, "f", limits=limits)
        except FileRefused as refused:
            refusals.append(str(refused).replace("\u202f", " "))
    assert any(words in said for said in refusals)


def test_sheets_of_a_bad_file_are_refused_too() -> None:
    assert sheets(GOOD.encode(), "f.csv") == ()
    for data in (b"", BOOK[:400], bomb()):
        with pytest.raises(FileRefused):
            sheets(data, "f.xlsx")


def test_bad_cells_are_problems_not_refusals() -> None:
    found = reading(
        csv_text(HEADINGS, ("A1", "écran", "#N/A", "31/02/2021", "Nice", "bof"), ("A2", "écran", "1 234,5 €"))
    )
    assert codes(found) == [
        (2, "valeur_unitaire", "erreur_tableur"),
        (2, "date_reception", "date_impossible"),
        (2, "lieu", "lieu_inconnu"),
        (2, "en_qpv", "oui_non"),
    ]
    assert found.rows["valeur_unitaire"].to_list() == [123_450]


def test_a_name_ending_in_xlsx_with_garbage_is_said_broken() -> None:
    with pytest.raises(FileRefused, match="abîmé"):
        reading(b"\x00\x01" + GARBAGE, "f.xlsx")


def test_another_dataset_of_the_same_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="Identifiant"):
        reading(GOOD, dataset=LIEUX)


def test_wall_of_headings_is_quoted_in_part() -> None:
    with pytest.raises(FileRefused) as refused:
        reading(csv_bytes([f"Intitulé {number} {'x' * 3_000}" for number in range(60)], ["1"] * 60), "f.csv")
    assert "Aucune ligne de titres" in str(refused.value)
    assert str(refused.value).count("Intitulé") == 20 and len(str(refused.value)) < 2_000


def test_a_long_heading_is_refused_whatever_bound_others_gave_to_the_csv_module() -> None:
    before = csv.field_size_limit(100_000_000)
    try:
        with pytest.raises(FileRefused, match="caractères"):
            reading(csv_bytes((*HEADINGS, "x" * 10_000_000), (*ROW, "")), "f.csv")
    finally:
        csv.field_size_limit(before)


# Refused until 29 November 2026; since then, accents that one reading only explains are put right, and told.
ONE_READING = {
    "encoded twice": GOOD.replace("A1", "Sémaphore").encode().decode("latin-1").encode("utf-8"),
    "macintosh": GOOD.replace("A1", "Sémaphore").encode("mac_roman"),
    "dos": GOOD.replace("A1", "Sémaphore").encode("cp850"),
}


@pytest.mark.parametrize("name", ONE_READING)
def test_accents_with_one_reading_are_put_right_and_told(name: str) -> None:
    found = reading(ONE_READING[name])
    assert "Sémaphore" in found.rows["numero_inventaire"].to_list()
    assert "accents_repares" in [one.code for one in found.warnings]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_width_is_judged_before_hundreds_of_thousands_of_titles_are_compared(separator: str) -> None:
    data = separator.join(f"t{n}" for n in range(400_000)).encode() + b"\n"
    begun = time.perf_counter()
    with pytest.raises(FileRefused, match=r"400.000 colonnes"):
        reading(data)
    assert time.perf_counter() - begun < 5
