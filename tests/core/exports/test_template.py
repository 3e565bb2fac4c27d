"""The template of every dataset of every association: filled, handed back, read without a hand's turn."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from core.catalogue.choices import Coded
from core.catalogue.columns import Schema, entier, texte
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Decimal as DecimalKind
from core.catalogue.numbers import Entier, Montant
from core.catalogue.texts import Texte
from core.contract import Registry
from core.domain.dataset import Column, Dataset
from core.domain.programme import METROPOLE
from core.errors import FileRefused
from core.exports.description import DatasetDescription
from core.exports.table_schema import example
from core.exports.template import file_name, sheet_name, template
from core.reading import judge, read, sheets
from core.reading.template_sheets import EXAMPLE
from tests.support.office import Convert

CREATED = datetime(2022, 7, 5, 9, 30)


@cache
def registry() -> Registry:
    return Registry.load(strict=True)


def every() -> Iterator[tuple[str, str]]:
    for association in (METROPOLE, *(one.code for one in registry().associations)):
        for dataset in registry().datasets(association):
            yield association, dataset.code


ALL = list(every())
# The same declaration gives the same sheet but for its lists: one association is enough for LibreOffice.
DISTINCT = list({id(registry().dataset(*each)): each for each in ALL}.values())


@cache
def made(association: str, dataset: str) -> bytes:
    return template(registry(), association, dataset, created=CREATED)


def rows_of(about: DatasetDescription) -> list[dict[str, str]]:
    """Two rows as typed: the example, and one with every column filled that the rules let be filled."""
    first = example(about)
    second = {column.name: first[column.name] or sample(about, column) for column in about.dataset.columns}
    for name in about.dataset.key:
        if about.dataset.code == "cles" and name == "ligne":
            continue  # another line would not cover the experiment: the rule of keys refuses it
        second[name] = another(about, about.dataset.by_name[name], second[name])
    if about.dataset.code == "periodes":  # its days are those of its code: another code has other days
        second |= {"code": "2021-T2", "debut": "01/04/2021", "fin": "30/06/2021"}
    while (broken := stopped(about.dataset, second)) is not None:
        second = {**second, broken: ""}
    return [first, second]


def sample(about: DatasetDescription, column: Column) -> str:
    offered = about.allowed(column)
    return offered[-1].written if offered else column.kind.example


def another(about: DatasetDescription, column: Column, text: str) -> str:
    """The same cell of another row."""
    match column.kind:
        case Jour():
            return f"{typed(column, text) + timedelta(days=1):%d/%m/%Y}"
        case Mois():
            return f"{typed(column, text).replace(year=2023):%m/%Y}"
        case Entier():
            return f"{int(text) + 1}"
        case Texte():
            return f"{text[:-1]}2" if column.kind.pattern else f"{text} bis"
    return about.allowed(column)[-1].written


def typed(column: Column, text: str) -> Any:
    return column.kind.read(pl.Series([text or None], dtype=pl.String)).values[0]


def frame(dataset: Dataset, rows: list[dict[str, str]]) -> pl.DataFrame:
    columns = {
        c.name: c.kind.read(pl.Series([r[c.name] or None for r in rows], dtype=pl.String)).values
        for c in dataset.columns
    }
    return pl.DataFrame(columns).with_row_index("_line", offset=2).with_columns(pl.col("_line").cast(pl.Int64))


def stopped(dataset: Dataset, row: dict[str, str]) -> str | None:
    """A filled, optional column of the first rule that the row breaks; None when it breaks none."""
    errors, _warnings = judge(frame(dataset, [row]), dataset)
    for problem in errors:
        columns = next((one.columns for one in dataset.rules if one.code == problem.code), (problem.column,))
        return next(name for name in columns if row[name] and not dataset.by_name[name].required)
    return None


def cell(column: Column, text: str) -> Any:
    """What a spreadsheet holds once that is typed: numbers are numbers, dates are dates."""
    if not text:
        return None
    value = typed(column, text)
    match column.kind:
        case Montant():
            return value / 100
        case Jour() | Mois():
            return datetime.combine(value, datetime.min.time())
        case Entier() | DecimalKind():
            return value
    return text


def filled(about: DatasetDescription, rows: list[dict[str, str]]) -> bytes:
    """The template with these rows typed in its first sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of the extensions that it drops
        book = openpyxl.load_workbook(io.BytesIO(made(about.association.code, about.dataset.code)))
    page = book.worksheets[0]
    for line, row in enumerate(rows, start=2):
        for place, column in enumerate(about.dataset.columns, start=1):
            page.cell(line, place, cell(column, row[column.name]))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def check(data: bytes, name: str, about: DatasetDescription, rows: list[dict[str, str]]) -> None:
    found = read(data, name, about.dataset)
    assert list(found.errors) == []
    assert [one for one in found.repairs if one.column] == []
    assert found.sheet == sheet_name(about.dataset)
    assert found.rows.drop("_line").equals(frame(about.dataset, rows).drop("_line"))


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_a_filled_template_is_read_as_it_is(association: str, dataset: str) -> None:
    about = DatasetDescription.of(registry(), association, dataset)
    rows = rows_of(about)
    assert sheets(made(association, dataset), "modele.xlsx") == (sheet_name(about.dataset),)
    check(filled(about, rows), "rendu.xlsx", about, rows)


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_a_template_saved_by_libreoffice_is_read_the_same(soffice: Convert, tmp_path: Path, to: str) -> None:
    rows, files = {}, []
    for association, dataset in DISTINCT:
        about = DatasetDescription.of(registry(), association, dataset)
        rows[about.dataset.code, association] = (about, rows_of(about))
        files.append(tmp_path / f"{association}-{dataset}.xlsx")
        files[-1].write_bytes(filled(*rows[about.dataset.code, association]))
    soffice(files[0], to, outdir=tmp_path / "rendu", also=files[1:])
    for file, (about, typed_rows) in zip(files, rows.values(), strict=True):
        back = tmp_path / "rendu" / f"{file.stem}.{to}"
        check(back.read_bytes(), back.name, about, typed_rows)


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_the_example_keeps_every_rule_and_the_bare_template_has_no_row(association: str, dataset: str) -> None:
    about = DatasetDescription.of(registry(), association, dataset)
    shown = read(made(association, dataset), "modele.xlsx", about.dataset, sheet=EXAMPLE)
    assert (len(shown.rows), list(shown.errors), list(shown.warnings)) == (1, [], [])
    with pytest.raises(FileRefused, match="Rien à déclarer"):
        read(made(association, dataset), "modele.xlsx", about.dataset)


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_every_value_offered_is_understood_as_it_stands(association: str, dataset: str) -> None:
    about = DatasetDescription.of(registry(), association, dataset)
    for column in about.dataset.columns:
        offered = about.allowed(column)
        if offered:
            cells = column.kind.read(pl.Series([one.written for one in offered]))
            assert not cells.repaired.any(), column.name
            expected = [one.code for one in offered] if isinstance(column.kind, Coded | Texte) else [True, False]
            assert cells.values.to_list() == expected


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert made("anonymal", "materiel") == template(registry(), "anonymal", "materiel", created=CREATED)
    later = template(registry(), "anonymal", "materiel", created=CREATED + timedelta(days=1))
    assert later != made("anonymal", "materiel")


def test_an_association_is_offered_its_own_lines_and_places_first() -> None:
    accounts = DatasetDescription.of(registry(), "anonymal", "comptes")
    lines = accounts.allowed(accounts.dataset.by_name["ligne_subvention"])
    assert [one.code for one in lines] == ["anonymal-ct2", "anonymal-ct3"]
    meetings = DatasetDescription.of(registry(), "ifac", "concertations")
    places = meetings.allowed(meetings.dataset.by_name["lieu"])
    assert [one.written for one in places[:2]] == ["Frais Vallon", "Plan d’Aou"]
    assert len(places) > 92


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class Hostile(Schema):
    code: pl.String = texte("=cmd|' /C calc'!A0", help="@SUM(1)")
    nombre: pl.Int64 = entier("+1", optional=True, help='=HYPERLINK("http://exemple.fr")')


def test_no_title_nor_help_becomes_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = Dataset("hostile", "=1+1 [a/b]", Hostile, ("code",), description="-1", place=None)
    known = registry().dataset
    monkeypatch.setattr(Registry, "dataset", lambda self, a, d: hostile if d == "hostile" else known(a, d))
    data = template(registry(), "ifac", "hostile", created=CREATED)
    assert not [name for name, xml in parts(data).items() if re.search(r"<f[ >]|hyperlink", xml)]
    assert sheets(data, "modele.xlsx") == ("=1+1  a b",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matériel", "Matériel"),
        ("Début et fin des expérimentations", "Début et fin"),
        ("Listes", "Données Listes"),
        ("A/B: [c]*?", "A B   c"),
        ("x" * 40, "x" * 31),
    ],
)
def test_a_sheet_name_stays_within_what_spreadsheets_allow(title: str, expected: str) -> None:
    about = replace(registry().dataset("ifac", "comptes"), title=title)
    assert sheet_name(about) == expected


@pytest.fixture(scope="module")
def opened() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(made("anonymal", "materiel")))


def test_help_sheets_are_locked_and_lists_hidden(opened: Any) -> None:
    assert opened.sheetnames == ["Matériel", "Exemple", "Lisez-moi", "Listes"]
    assert [page.sheet_state for page in opened.worksheets] == ["visible", "visible", "visible", "hidden"]
    assert [page.protection.sheet for page in opened.worksheets] == [False, True, True, False]


def test_required_headings_stand_out_without_other_words(opened: Any) -> None:
    about = DatasetDescription.of(registry(), "anonymal", "materiel")
    headings = list(opened.worksheets[0][1])
    assert [one.value for one in headings] == [column.title for column in about.dataset.columns]
    assert [one.font.bold for one in headings] == [column.required for column in about.dataset.columns]
    assert opened.worksheets[0].freeze_panes == "B2"


def test_cells_accept_only_what_their_column_expects(opened: Any) -> None:
    found = {}
    for one in opened.worksheets[0].data_validations.dataValidation:
        if "2:" in str(one.sqref):
            found[opened.worksheets[0][f"{re.match('[A-Z]+', str(one.sqref))[0]}1"].value] = one
    assert (found["Type"].type, found["Type"].formula1) == ("list", "Listes!$A$2:$A$4")
    assert (found["Date de test"].type, found["Date de test"].operator) == ("date", None)
    assert (found["Valeur unitaire"].type, float(found["Valeur unitaire"].formula1)) == ("decimal", 0)
    assert (found["Lot"].type, found["Lot"].formula1) == ("textLength", "60")
    assert found["Statut"].prompt.startswith("Obligatoire. Une valeur de la liste.")


def test_the_help_says_rules_key_and_nothing_to_declare(opened: Any) -> None:
    said = "\n".join(str(one.value) for row in opened["Lisez-moi"].iter_rows() for one in row if one.value)
    for words in (
        "« Numéro d’inventaire »",
        "Rien à déclarer ce trimestre",
        "Aucun nom, prénom",
        "Lieu et Statut",
        "300",
    ):
        assert words in said.replace("\u00a0", " "), words
    assert (
        file_name(DatasetDescription.of(registry(), "anonymal", "depenses_a_date"))
        == "modele-depenses-a-date-anonymal.xlsx"
    )


def test_dates_of_the_example_are_dates(opened: Any) -> None:
    page = opened["Exemple"]
    row = dict(zip([one.value for one in page[3]], [one.value for one in page[4]], strict=True))
    assert row["Date de remise"].date() == date(2021, 10, 5)
    assert row["Valeur unitaire"] == 120
    assert str(page["A1"].value).startswith("Exemple")
