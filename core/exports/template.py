"""The spreadsheet to fill for one dataset: headings, lists, help, one example, nothing to configure.

It comes back as it is: the reading knows its help sheets (``reading.template_sheets``), so
that only the first one is read. No cell holds a formula, whatever a plugin calls its columns.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import xlsxwriter

from core.axes.columns import Decimal as DecimalKind
from core.axes.columns import Entier, Jour, Lieu, Mois, Montant, Texte
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.exports import template_help
from core.exports.description import Described
from core.exports.examples import example
from core.exports.template_cells import Cells, Styles, Written, validation
from core.registry import Registry
from core.services.reading.template_sheets import EXAMPLE, LISTS, NOTES, is_free

_LONGEST_NAME = 31
_CUT_SHORT = re.compile(r"( (de|des|du|d’|la|le|les|l’|et|ou|à|au|aux))+$")
_USUAL_WIDTH = {Jour: 13, Mois: 13, Entier: 13, Montant: 15, DecimalKind: 14, Lieu: 24, Texte: 22}
_WIDEST = 34
_LEGIBLE = 160  # characters across a landscape page


def template(registry: Registry, association: str, dataset: str, *, created: datetime) -> bytes:
    """The template of one dataset as an XLSX; the same arguments give the same bytes.

    ``created`` is written in the file's properties. Raises UnknownName.
    """
    return workbook(Described.of(registry, association, dataset), created=created)


def workbook(about: Described, *, created: datetime, below: Callable[[Any, Styles], None] | None = None) -> bytes:
    """The template with, under its headings, what ``below`` writes in its first sheet."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, _options()) as book:
        book.set_properties({"title": _title(about), "subject": about.dataset.description, "created": created})
        to_fill, styles = _fill(book, about)
        if below:
            below(to_fill, styles)
    return data.getvalue()


def file_name(about: Described) -> str:
    """« modele-materiel-anonymal.xlsx »."""
    return f"modele-{about.dataset.code.replace('_', '-')}-{about.association.code}.xlsx"


def sheet_name(dataset: Dataset) -> str:
    """The name of the sheet to fill: the dataset's title, within what spreadsheets allow."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", dataset.title).strip(" '’")
    if len(plain) > _LONGEST_NAME:
        plain = _CUT_SHORT.sub("", plain[: _LONGEST_NAME + 1].rpartition(" ")[0]) or plain[:_LONGEST_NAME]
    return plain if plain and is_free(plain) else f"Données {plain}".strip()


def _options() -> dict[str, Any]:
    """Made anew each time: the library writes in the mapping that it is given."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }


def _title(about: Described) -> str:
    return f"{about.dataset.title} – {about.association.name}"


def _fill(book: xlsxwriter.Workbook, about: Described) -> tuple[Any, Styles]:
    styles = Styles(book)
    name = sheet_name(about.dataset)
    to_fill, shown, notes, lists = (book.add_worksheet(each) for each in (name, EXAMPLE, NOTES, LISTS))
    ranges = _write_lists(lists, about)
    _write_columns(to_fill, about, styles)
    for place, column in enumerate(about.dataset.columns):
        for rows, options in validation(about, column, ranges.get(column.name)):
            to_fill.data_validation(rows[0], place, rows[1], place, options)
    _mark_missing(to_fill, about, styles)
    _write_example(shown, about, styles)
    template_help.write(notes, about, name, styles)
    for sheet in (shown, notes):
        sheet.protect("", {"format_columns": True, "format_rows": True})
    lists.hide()
    to_fill.activate()
    for sheet in (to_fill, shown):
        _for_paper(sheet, about)
    return to_fill, styles


def _write_lists(sheet: Any, about: Described) -> dict[str, str]:
    """Each list in a column of its own; gives the range of cells by column name."""
    found = {}
    for column in about.dataset.columns:
        if values := about.allowed(column):
            place = len(found)
            sheet.write_string(0, place, column.title)
            for row, one in enumerate(values, start=1):
                sheet.write_string(row, place, one.written)
            letters = xlsxwriter.utility.xl_col_to_name(place)
            found[column.name] = f"={LISTS}!${letters}$2:${letters}${len(values) + 1}"
    return found


def _write_columns(sheet: Any, about: Described, styles: Styles, *, row: int = 0) -> None:
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


def _mark_missing(sheet: Any, about: Described, styles: Styles) -> None:
    """Tint the required cells that are still blank in a row that was begun."""
    last = xlsxwriter.utility.xl_col_to_name(len(about.dataset.columns) - 1)
    for place, column in enumerate(about.dataset.columns):
        if column.required:
            here = xlsxwriter.utility.xl_col_to_name(place)
            begun = f'=AND({here}2="",COUNTA($A2:${last}2)>0)'
            rule = {"type": "formula", "criteria": begun, "format": styles.missing}
            sheet.conditional_format(1, place, Cells.LAST, place, rule)


def _write_example(sheet: Any, about: Described, styles: Styles) -> None:
    """That it is only an example, then one row as people would fill it."""
    said = f"Exemple : cette ligne n’est jamais lue. Remplissez l’onglet « {sheet_name(about.dataset)} »."
    sheet.write_string(0, 0, french.typeset(said), styles.remark)
    _write_columns(sheet, about, styles, row=2)
    typed = example(about)
    for place, column in enumerate(about.dataset.columns):
        Written(column, typed[column.name]).write(sheet, 3, place, styles)
    sheet.set_tab_color("#B8B2A6")


def _for_paper(sheet: Any, about: Described) -> None:
    """As many sheets of A4 across as stay legible, the first column on each."""
    across = sum(_width(column) for column in about.dataset.columns)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(-(-across // _LEGIBLE), 0)
    sheet.repeat_columns(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
