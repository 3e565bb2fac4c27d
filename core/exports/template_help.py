"""« Lisez-moi »: how to fill the template, in two columns of plain French."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.domain import french
from core.domain.dataset import Column
from core.domain.problem import Severity
from core.exports.description import (
    ALWAYS_REFUSED,
    Allowed,
    Described,
    Judged,
    bounds_words,
    key_words,
    kind_words,
    obligation,
    reference_words,
    rules,
)
from core.exports.examples import cell_example, example
from core.exports.template_cells import Styles

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


def write(sheet: Any, about: Described, sheet_name: str, styles: Styles) -> None:
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


def _lines(sheet: Any, row: int, lines: Iterable[Line], styles: Styles) -> int:
    for name, text in lines:
        # Spreadsheets do not all stretch a row to its text when they open a file.
        tall = max(-(-len(name) // (_NAME_WIDTH - 4)), -(-len(text) // (_TEXT_WIDTH - 4)))
        sheet.set_row(row, 4 + 13 * tall)
        sheet.write_string(row, 0, french.typeset(name), styles.name)
        sheet.write_string(row, 1, french.typeset(text), styles.text)
        row += 1
    return row


def _parts(about: Described, sheet_name: str) -> Iterator[tuple[str, Iterable[Line]]]:
    yield "Comment remplir", _how(about, sheet_name)
    yield "Ce qui est refusé", (*_refused(about), *_judged(about, Severity.ERROR))
    if warned := tuple(_judged(about, Severity.WARNING)):
        yield "Ce qui est gardé, et signalé", warned
    row = example(about)
    yield "Les colonnes", (_column(about, column, cell_example(about, column, row)) for column in about.dataset.columns)


def _how(about: Described, sheet_name: str) -> tuple[Line, ...]:
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
        ("Version du tableau", str(about.dataset.version)),
    )


def _refused(about: Described) -> tuple[Line, ...]:
    linked = (("Lien avec un autre tableau", text) for text in reference_words(about))
    return (*ALWAYS_REFUSED, *linked)


def _judged(about: Described, severity: Severity) -> Iterator[Line]:
    return (_judged_line(one) for one in rules(about.dataset, severity))


def _judged_line(one: Judged) -> Line:
    return one.columns, f"Attendu : {one.expected[:1].lower()}{one.expected[1:]} {one.remedy}"


def _column(about: Described, column: Column, sample: str) -> Line:
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
