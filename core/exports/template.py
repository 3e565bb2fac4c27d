"""The template to fill: one sheet a table, its help in plain French, rows that exist already when asked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import xlsxwriter

from core.catalogue.choices import Lieu
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Annee, Entier, Montant
from core.catalogue.numbers import Decimal as DecimalKind
from core.catalogue.texts import Texte
from core.checking import cross_checks
from core.contract import Registry
from core.domain import french
from core.domain.column_type import ColumnType
from core.domain.dataset import Column, Dataset, Row, Severity
from core.domain.programme import METROPOLE
from core.exports.description import (
    ALWAYS_REFUSED,
    Allowed,
    DatasetDescription,
    RuleDescription,
    bounds_words,
    key_words,
    kind_words,
    obligation,
    reference_words,
    rules,
)
from core.exports.table_schema import cell_example, example
from core.exports.template_cells import Styles, TemplateCells, TypedCell, validation
from core.reading.template_sheets import EXAMPLE, LISTS, NOTES, VERSION, is_free
from core.storage import Store

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Line = tuple[str, str]
_SHORT_LIST = 12
_NAME_WIDTH, _TEXT_WIDTH = 34, 100
_HEADINGS = (
    "Titre sur fond foncé : la colonne est obligatoire. Titre sur fond clair : elle est facultative, vous pouvez la "
    "laisser vide. Gardez les titres tels quels ; l’ordre des colonnes est libre."
)
_HANDING_IN = (
    "Enregistrez en .xlsx ou en .ods et déposez le fichier tel quel. Rien n’est enregistré avant que vous n’ayez vu "
    "le résultat de la vérification."
)
_NOTHING = (
    "Ne déposez pas un tableau vide : dites « Rien à déclarer ce trimestre ». C’est un vrai zéro, à votre nom ; sans "
    "cela, le chiffre reste « non renseigné »."
)


def write(sheet: Worksheet, about: DatasetDescription, sheet_name: str, styles: Styles) -> None:
    """Fill the help sheet; each part is a title and lines of a name and a text."""
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{about.dataset.title} – {about.association.name}", styles.title)
    row = 2
    for title, lines in _parts(about, sheet_name):
        sheet.write_string(row, 0, title, styles.part)
        sheet.write_blank(row, 1, None, styles.part)
        row = _lines(sheet, row + 1, lines, styles) + 1
    sheet.set_portrait()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def _lines(sheet: Worksheet, row: int, lines: Iterable[Line], styles: Styles) -> int:
    for name, text in lines:
        # Spreadsheets do not all stretch a row to its text when they open a file.
        tall = max(-(-len(name) // (_NAME_WIDTH - 4)), -(-len(text) // (_TEXT_WIDTH - 4)))
        sheet.set_row(row, 4 + 13 * tall)
        sheet.write_string(row, 0, french.typeset(name), styles.name)
        sheet.write_string(row, 1, french.typeset(text), styles.text)
        row += 1
    return row


def _parts(about: DatasetDescription, sheet_name: str) -> Iterator[tuple[str, Iterable[Line]]]:
    yield "Comment remplir", _how(about, sheet_name)
    yield "Ce qui est refusé", (*_refused(about), *_judged(about, Severity.ERROR))
    if warned := tuple(_judged(about, Severity.WARNING)):
        yield "Ce qui est gardé, et signalé", warned
    row = example(about)
    yield "Les colonnes", (_column(about, column, cell_example(about, column, row)) for column in about.dataset.columns)


def _how(about: DatasetDescription, sheet_name: str) -> tuple[Line, ...]:
    fill = (
        f"Écrivez dans l’onglet « {sheet_name} », sous les titres. L’onglet « Exemple » montre une ligne remplie ; "
        "il n’est jamais lu."
    )
    return (
        ("Ce tableau", about.dataset.description),
        ("1. Remplir", fill),
        ("2. Laisser les titres", _HEADINGS),
        ("3. Coller depuis un autre tableur", "Collez les valeurs seules (« Collage spécial », « Valeurs »)."),
        ("4. Déposer", _HANDING_IN),
        ("Une ligne, une seule fois", key_words(about.dataset)),
        ("Rien à déclarer", _NOTHING),
        (VERSION, str(about.dataset.version)),
    )


def _refused(about: DatasetDescription) -> tuple[Line, ...]:
    linked = (("Lien avec un autre tableau", text) for text in reference_words(about))
    return (*ALWAYS_REFUSED, *linked)


def _judged(about: DatasetDescription, severity: Severity) -> Iterator[Line]:
    return (_judged_line(one) for one in rules(about.dataset, severity))


def _judged_line(one: RuleDescription) -> Line:
    return one.columns, f"Attendu : {french.lower_first(one.expected)} {one.remedy}"


def _column(about: DatasetDescription, column: Column, sample: str) -> Line:
    values = about.allowed(column)
    kind, bounds = kind_words(column, several=about.several(column)), bounds_words(column).lower()
    parts = [
        obligation(column),
        f"{kind} ({bounds})" if bounds else kind,
        column.description,
        _values(values),
        f"Exemple : {sample}" if sample else "",
    ]
    return column.title, " ".join(french.sentence(part) for part in parts if part)


def _values(values: tuple[Allowed, ...]) -> str:
    if not values:
        return ""
    if len(values) > _SHORT_LIST:
        return f"Choisissez dans la liste de la cellule ({french.count(len(values), 'valeur')})"
    return f"Valeurs : {' ; '.join(map(_value, values))}"


def _value(one: Allowed) -> str:
    """« écran » (Écran seul), the meaning only where it says more than the word."""
    said = bool(one.meaning) and one.meaning not in one.written
    return f"« {one.written} » ({one.meaning.rstrip('.')})" if said else f"« {one.written} »"


# --- The spreadsheet to fill for one dataset: headings, lists, help, one example, nothing to configure ----
# It comes back as it is: the reading knows its help sheets (``reading.template_sheets``), so
# that only the first one is read. No cell holds a formula, whatever a plugin calls its columns.


_LONGEST_NAME = 31
_CUT_SHORT = re.compile(r"( (de|des|du|d’|la|le|les|l’|et|ou|à|au|aux))+$")
_USUAL_WIDTH: Mapping[type[ColumnType], int] = {
    Jour: 13,
    Mois: 13,
    Annee: 13,
    Entier: 13,
    Montant: 15,
    DecimalKind: 14,
    Lieu: 24,
    Texte: 22,
}
_WIDEST = 34
_LEGIBLE = 160  # characters across a landscape page


def template(registry: Registry, association: str, dataset: str, *, created: datetime) -> bytes:
    """The template of one dataset as an XLSX; the same arguments give the same bytes.

    ``created`` is written in the file's properties. Raises UnknownName.
    """
    return workbook(DatasetDescription.of(registry, association, dataset), created=created)


def workbook(
    about: DatasetDescription, *, created: datetime, below: Callable[[Worksheet, Styles], None] | None = None
) -> bytes:
    """The template with, under its headings, what ``below`` writes in its first sheet."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, _options()) as book:
        book.set_properties({"title": _title(about), "subject": about.dataset.description, "created": created})
        to_fill, styles = _fill(book, about)
        if below:
            below(to_fill, styles)
    return data.getvalue()


def file_name(about: DatasetDescription) -> str:
    """« modele-materiel-anonymal.xlsx »."""
    return f"modele-{about.dataset.code.replace('_', '-')}-{about.association.code}.xlsx"


def sheet_name(dataset: Dataset) -> str:
    """The name of the sheet to fill: the dataset's title, within what spreadsheets allow."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", dataset.title).strip(" '’")
    if len(plain) > _LONGEST_NAME:
        plain = _CUT_SHORT.sub("", plain[: _LONGEST_NAME + 1].rpartition(" ")[0]) or plain[:_LONGEST_NAME]
    return plain if plain and is_free(plain) else f"Données {plain}".strip()


def _options() -> dict[str, object]:
    """Made anew each time: the library writes in the mapping that it is given."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }


def _title(about: DatasetDescription) -> str:
    return f"{about.dataset.title} – {about.association.name}"


def _fill(book: xlsxwriter.Workbook, about: DatasetDescription) -> tuple[Worksheet, Styles]:
    styles = Styles(book)
    name = sheet_name(about.dataset)
    to_fill, shown, notes, lists = (book.add_worksheet(each) for each in (name, EXAMPLE, NOTES, LISTS))
    _ready(to_fill, about, styles, _write_lists(lists, about))
    _write_example(shown, about, styles)
    write(notes, about, name, styles)
    for sheet in (shown, notes):
        sheet.protect("", {"format_columns": True, "format_rows": True})
    lists.hide()
    to_fill.activate()
    for sheet in (to_fill, shown):
        _for_paper(sheet, about)
    return to_fill, styles


def _ready(sheet: Worksheet, about: DatasetDescription, styles: Styles, ranges: Mapping[str, str]) -> None:
    """The headings, what each cell accepts, the required cells that are still blank."""
    _write_columns(sheet, about, styles)
    for place, column in enumerate(about.dataset.columns):
        for rows, options in validation(about, column, ranges.get(column.name)):
            sheet.data_validation(rows[0], place, rows[1], place, options)
    _mark_missing(sheet, about, styles)


def _write_lists(sheet: Worksheet, about: DatasetDescription, *, first: int = 0) -> dict[str, str]:
    """Each list in a column of its own, from the column ``first``; gives the range of cells by column name."""
    found: dict[str, str] = {}
    for column in about.dataset.columns:
        if values := about.allowed(column):
            place = first + len(found)
            sheet.write_string(0, place, column.title)
            for row, one in enumerate(values, start=1):
                sheet.write_string(row, place, one.written)
            letters = xlsxwriter.utility.xl_col_to_name(place)
            found[column.name] = f"={LISTS}!${letters}$2:${letters}${len(values) + 1}"
    return found


def _write_columns(sheet: Worksheet, about: DatasetDescription, styles: Styles, *, row: int = 0) -> None:
    """The headings, a width and a format for the cells under each; they stay in sight and on every page."""
    sheet.set_row(row, 32)
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)
    for place, column in enumerate(about.dataset.columns):
        sheet.set_column(place, place, _width(column), styles.cells(column))
        sheet.write_string(row, place, column.title, styles.required if column.required else styles.optional)


def _width(column: Column) -> int:
    words = column.title.split()
    half = max([len(word) for word in words] + [len(column.title) // 2 + 2])
    return min(max(half + 3, _USUAL_WIDTH.get(type(column.kind), 26)), _WIDEST)


def _mark_missing(sheet: Worksheet, about: DatasetDescription, styles: Styles) -> None:
    """Tint the required cells that are still blank in a row that was begun."""
    last = xlsxwriter.utility.xl_col_to_name(len(about.dataset.columns) - 1)
    for place, column in enumerate(about.dataset.columns):
        if column.required:
            here = xlsxwriter.utility.xl_col_to_name(place)
            begun = f'=AND({here}2="",COUNTA($A2:${last}2)>0)'
            rule = {"type": "formula", "criteria": begun, "format": styles.missing}
            sheet.conditional_format(1, place, TemplateCells.LAST, place, rule)


def _write_example(sheet: Worksheet, about: DatasetDescription, styles: Styles) -> None:
    """That it is only an example, then one row as people would fill it."""
    said = f"Exemple : cette ligne n’est jamais lue. Remplissez l’onglet « {sheet_name(about.dataset)} »."
    sheet.write_string(0, 0, french.typeset(said), styles.remark)
    _write_columns(sheet, about, styles, row=2)
    typed = example(about)
    for place, column in enumerate(about.dataset.columns):
        TypedCell(column, typed[column.name]).write(sheet, 3, place, styles)
    sheet.set_tab_color("#B8B2A6")


def _for_paper(sheet: Worksheet, about: DatasetDescription) -> None:
    """As many sheets of A4 across as stay legible, the first column on each."""
    across = sum(_width(column) for column in about.dataset.columns)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(-(-across // _LEGIBLE), 0)
    sheet.repeat_columns(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


# --- The template of an association, with the rows that the Métropole already knows: the machines ceded to it ----


def prefilled_template(registry: Registry, store: Store, association: str, dataset: str, *, created: datetime) -> bytes:
    """The template of ``core.exports.template``, with the machines of the annex that the association has to enter.

    Raises UnknownName.
    """
    about = DatasetDescription.of(registry, association, dataset)
    rows = cross_checks.prefilled(store, association) if dataset == cross_checks.MACHINES else []

    return workbook(about, created=created, below=partial(_write_rows, about, rows) if rows else None)


def _write_rows(about: DatasetDescription, rows: Iterable[Row], sheet: Worksheet, styles: Styles) -> None:
    """The rows under the headings, each value in the words of its list where it has one."""
    lists = {
        column.name: {one.code: one.written for one in about.allowed(column)}
        for column in about.dataset.columns
        if not about.several(column)
    }
    for at, row in enumerate(rows, start=1):
        for place, column in enumerate(about.dataset.columns):
            value = row.get(column.name)
            if value is not None:
                words = lists.get(column.name, {}).get(value) or column.kind.write(value)
                TypedCell(column, words).write(sheet, at, place, styles)


# --- The registers of the Métropole as spreadsheets: filled with what they hold, they come back as any file does ----


def filled_register(registry: Registry, store: Store, dataset: str, *, created: datetime) -> bytes:
    """One register with its rows, its lists and its help. Raises UnknownName."""
    about = DatasetDescription.of(registry, METROPOLE, dataset)
    rows = store.rows(METROPOLE, dataset).to_dicts()
    return workbook(about, created=created, below=partial(_write_rows, about, rows))


def filled_registers(registry: Registry, store: Store, *, created: datetime) -> bytes:
    """Every register, a sheet each, with its rows and its lists: one workbook to set a whole programme up."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, _options()) as book:
        book.set_properties({"title": "Registres de la Métropole", "created": created})
        styles, place = Styles(book), 0
        described = [DatasetDescription.of(registry, METROPOLE, one.code) for one in registry.datasets(METROPOLE)]
        sheets = [book.add_worksheet(sheet_name(one.dataset)) for one in described]
        lists = book.add_worksheet(LISTS)
        for about, sheet in zip(described, sheets, strict=True):
            ranges = _write_lists(lists, about, first=place)
            place += len(ranges)
            _ready(sheet, about, styles, ranges)
            _write_rows(about, store.rows(METROPOLE, about.dataset.code).to_dicts(), sheet, styles)
            _for_paper(sheet, about)
        lists.hide()
    return data.getvalue()
