"""What is said of a sheet beside its values, and what is kept of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import polars as pl

from core.catalogue.keys import written_freely
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Repair, Severity
from core.domain.inert import NUMBER, RUNS, inert_but_numbers
from core.reading.apart import SheetBelow
from core.reading.headings import Matched
from core.reading.marks import Marks, Place
from core.reading.rows import LeftAside
from core.reading.units import Unit, conversion, taken_apart, unit_alone, unit_of, unit_said

_LISTED = 8


def merged_repairs(filled: Mapping[Place, str], matched: Matched, dataset: Dataset) -> Iterator[Repair]:
    """Cells of the data that took the value of the merged cell above them; numbers are refused instead."""
    for (row, column), text in filled.items():
        name = matched.columns.get(column)
        if (
            row > matched.row
            and text
            and name
            and text != matched.headings[column]
            and not dataset.by_name[name].kind.dtype.is_numeric()
        ):
            yield Repair(row + 1, name, "(cellules fusionnées)", text[:80])


def merged_values(marks: Marks, rows: Collection[int], matched: Matched, dataset: Dataset) -> Iterator[Problem]:
    """A number merged over several cells is one figure: nobody but its author can share it out.

    Nor can anybody tell of which column is a text, or a day, merged over several of them.
    """
    for (top, left), (bottom, right) in marks.merges:
        if bottom <= matched.row:
            continue
        if top <= matched.row:
            yield from _under_a_title(left, [row for row in range(matched.row + 1, bottom + 1) if row in rows], matched)
            continue
        names = [matched.columns[column] for column in range(left, right + 1) if column in matched.columns]
        numbers = [name for name in names if dataset.by_name[name].kind.dtype.is_numeric()]
        filled = [row for row in range(top, bottom + 1) if row in rows]
        if numbers and (len(filled) > 1 or len(names) > 1):
            yield from (_merged_number(row + 1, numbers[0]) for row in filled)
        elif len(names) > 1:
            yield from (_merged_across(row + 1, names, dataset) for row in filled)


def _under_a_title(column: int, rows: Sequence[int], matched: Matched) -> Iterator[Problem]:
    """A title merged over cells of the data: what they would say is not seen."""
    for row in rows if column in matched.columns else ():
        yield Problem(
            row + 1,
            matched.columns[column],
            "(cellules fusionnées)",
            french.typeset(
                f"Le titre « {matched.headings[column]} » couvre cette case : ce qu’elle contient ne se voit pas."
            ),
            "Défusionnez ces cellules, puis remplissez la case ou laissez-la vide.",
            Severity.ERROR,
            "case_sous_un_titre",
        )


def without_titles(below: pl.DataFrame, marks: Marks, matched: Matched) -> pl.DataFrame:
    """The rows under the titles, blank where a title is merged over them."""
    for (top, left), (bottom, _right) in marks.merges:
        name = f"c{left}"
        if top <= matched.row < bottom and name in below.columns:
            under = pl.int_range(pl.len()) < bottom - matched.row
            below = below.with_columns(pl.when(~under).then(pl.col(name)).alias(name))
    return below


def _merged_across(line: int, names: Sequence[str], dataset: Dataset) -> Problem:
    titles = french.listing(f"« {dataset.by_name[name].title} »" for name in names)
    return Problem(
        line,
        names[0],
        "(cellules fusionnées)",
        french.typeset(f"Cette case est écrite une fois pour {titles}."),
        "Défusionnez ces cellules et écrivez chacune.",
        Severity.ERROR,
        "cases_fusionnees",
    )


def _merged_number(line: int, column: str) -> Problem:
    return Problem(
        line,
        column,
        "(cellules fusionnées)",
        french.typeset("Ce nombre est écrit une fois pour plusieurs cases."),
        "Défusionnez ces cellules et écrivez le nombre de chacune.",
        Severity.ERROR,
        "nombre_fusionne",
    )


def shrunk_numbers(marks: Marks, rows: Collection[int], matched: Matched, dataset: Dataset) -> Iterator[Problem]:
    """A number shown in thousands under a heading that does not say so: nobody but its author knows which it is."""
    for row, column in sorted(marks.shrunk):
        name = matched.columns.get(column)
        if row not in rows or name is None or not dataset.by_name[name].kind.dtype.is_numeric():
            continue
        if taken_apart(matched.headings[column]).unit is None:
            yield _shrunk_number(row + 1, name)


def _shrunk_number(line: int, column: str) -> Problem:
    return Problem(
        line,
        column,
        "",
        french.typeset("Le format de cette case montre un nombre mille fois plus petit que le sien."),
        french.typeset("Écrivez l’unité dans le titre de la colonne, par exemple « (k€) », ou changez ce format."),
        Severity.ERROR,
        "nombre_en_milliers",
    )


def concealed_cells(marks: Marks, rows: Collection[int], matched: Matched) -> Iterator[Problem]:
    """A cell of which the sheet shows nothing: nobody has seen what would be stored."""
    said = "Le format de cette case cache ce qu’elle contient."
    return _of_formats(marks.concealed, rows, matched, said, "Changez ce format, ou videz la case.", "case_cachee")


def faceless_cells(marks: Marks, rows: Collection[int], matched: Matched) -> Iterator[Problem]:
    """A number, in a column of texts, that shows something else than itself, and nobody can tell here what."""
    said = "Le format de cette case montre autre chose que le nombre qu’elle contient."
    remedy = "Mettez la colonne au format « Texte », puis écrivez ce qu’elle doit dire."
    return _of_formats(marks.faceless, rows, matched, said, remedy, "case_formatee")


def _of_formats(
    cells: Iterable[tuple[int, int]], rows: Collection[int], matched: Matched, said: str, remedy: str, rule: str
) -> Iterator[Problem]:
    for row, column in sorted(cells):
        name = matched.columns.get(column)
        if row in rows and name is not None:
            yield Problem(row + 1, name, "", french.typeset(said), french.typeset(remedy), Severity.ERROR, rule)


def remarks(marks: Marks, lines: Collection[int], matched: Matched) -> list[Problem]:
    """What the person may not have had in sight: hidden and struck rows, hidden columns, filters, formulas."""
    found: list[Problem] = []
    hidden = sorted(row + 1 for row in marks.hidden_rows if row + 1 in lines)
    if hidden:
        by = "par un filtre" if marks.filtered else ""
        found.append(_remark("lignes_cachees", _rows_are(hidden, f"cachée{'s' * (len(hidden) > 1)} {by}".strip())))
    struck = sorted({row + 1 for row, column in marks.struck if row + 1 in lines and column in matched.columns})
    if struck:
        found.append(_remark("lignes_barrees", _rows_are(struck, f"barrée{'s' * (len(struck) > 1)}")))
    columns = [matched.headings[n] for n in sorted(marks.hidden_columns) if n in matched.columns]
    if columns:
        named = french.listing(f"« {text} »" for text in columns)
        many = len(columns) > 1
        words = f"Les colonnes {named} sont cachées" if many else f"La colonne {named} est cachée"
        found.append(_remark("colonnes_cachees", f"{words} : {'elles sont lues' if many else 'elle est lue'} aussi."))
    computed = {row + 1 for row, column in marks.formulas if row + 1 in lines and column in matched.columns}
    if computed:
        found.append(_computed(marks, sum(row + 1 in computed for row, _ in marks.formulas), sorted(computed)))
    zeros = sorted({row + 1 for row, column in marks.unseen_zeros if row + 1 in lines and column in matched.columns})
    if zeros:
        said = f"Des cases valent 0 sans le montrer ({_lines(zeros)}) : elles sont lues 0."
        found.append(_remark("zeros_caches", said, "Videz-les si le nombre n’est pas connu."))
    unseen = sorted({row + 1 for row, column in marks.invisible if row + 1 in lines and column in matched.columns})
    if unseen:
        said = f"Des cases sont écrites de la couleur de leur fond ({_lines(unseen)}) : elles sont lues aussi."
        found.append(_remark("cases_invisibles", said, "Videz-les si elles ne comptent pas."))
    found += _conditional(marks, lines, matched)
    if marks.mended:
        found.append(_mended(marks.mended))
    if marks.lost:
        named = french.listing(f"« {word} »" for word in marks.lost[:3])
        found.append(_remark("accents_perdus", f"Un accent est peut-être perdu : {named}.", "Vérifiez ces mots."))
    return found


def _conditional(marks: Marks, lines: Collection[int], matched: Matched) -> list[Problem]:
    """What a conditional format may strike or hide, nobody having computed here whether it does."""
    over = [
        column
        for column in sorted(matched.columns)
        if any(
            left <= column <= right and any(top < line <= bottom + 1 for line in lines)
            for (top, left), (bottom, right) in marks.conditional
        )
    ]
    if not over:
        return []
    named = french.listing(f"« {matched.headings[column]} »" for column in over)
    where = f"de la colonne {named}" if len(over) == 1 else f"des colonnes {named}"
    said = f"Un format conditionnel peut barrer ou cacher des cases {where} : elles sont lues aussi."
    return [_remark("format_conditionnel", said, "Videz celles qui ne comptent pas.")]


def _mended(mended: list[tuple[str, str]]) -> Problem:
    said = french.listing(f"« {before} » est lu « {after} »" for before, after in mended[:3])
    more = f" (et {french.count(len(mended) - 3, 'autre mot', 'autres mots')})" if len(mended) > 3 else ""
    return _remark("accents_repares", f"Des accents étaient abîmés : {said}{more}.", "Vérifiez ces mots.")


def _computed(marks: Marks, cells: int, lines: list[int]) -> Problem:
    count = french.count(cells, "cellule est une formule", "cellules sont des formules")
    when = f", enregistrée le {french.day(marks.saved)}" if marks.saved else ""
    age = " ; le classeur demande à être recalculé" if marks.stale else ""
    said = f"{count} ({_lines(lines)}) : nous lisons la dernière valeur calculée{when}{age}."
    return _remark(
        "formules_lues", said, "Si elle a changé depuis, ouvrez le classeur, enregistrez-le, puis déposez-le."
    )


def _rows_are(lines: list[int], what: str) -> str:
    count = french.count(len(lines), "ligne est", "lignes sont")
    return f"{count} {what} ({_lines(lines)}) : {'elles sont lues' if len(lines) > 1 else 'elle est lue'} aussi."


def _lines(lines: Iterable[int]) -> str:
    listed = list(lines)
    more = ", …" if len(listed) > _LISTED else ""
    word = "ligne" if len(listed) == 1 else "lignes"
    named = french.listing(str(line) for line in listed) if not more else ", ".join(map(str, listed[:_LISTED]))
    return f"{word} {named}{more}"


def _remark(code: str, said: str, remedy: str = "Supprimez-les du fichier si elles ne comptent plus.") -> Problem:
    return Problem(None, None, "", french.typeset(said), french.typeset(remedy), Severity.WARNING, code)


_NAMELESS = (
    r"(?i)^(?:[^\p{L}\p{N}]+|n\.?s\.?p\.?|à (?:venir|compléter|définir|préciser|attribuer)"
    r"|en (?:cours|attente)|tbd|x{2,})$"
)


def nameless_keys(texts: pl.DataFrame, dataset: Dataset) -> Iterator[Problem]:
    """« ? », « NSP », « à venir » where a row says its name: nobody would know it again."""
    for name in written_freely(dataset):
        if name not in texts.columns:
            continue
        for line, text in texts.filter(pl.col(name).str.contains(_NAMELESS)).select("_line", name).iter_rows():
            if not dataset.by_name[name].kind.says_nothing(text):
                said = f"« {text[:80]} » ne nomme rien, et cette case dit de quoi parle la ligne."
                remedy = "Écrivez son nom ou son numéro, ou retirez la ligne."
                yield Problem(line, name, text[:80], french.typeset(said), remedy, Severity.ERROR, "sans_nom")


# --- Columns that hold something and have no title of their own: what they say is not read, or changes the one beside


def untitled(marks: Marks, whole: pl.DataFrame, matched: Matched, dataset: Dataset) -> Iterator[Problem]:
    """Columns with data under no title: an error when they share the title, or the numbers, of one that is read."""
    for column in _without_title(whole, matched):
        sharing = _title_over(marks, matched, column)
        beside = matched.columns.get(column - 1)
        if sharing is not None:
            title = matched.headings[sharing]
            said = f"Le titre « {title} » couvre plusieurs colonnes remplies : une seule serait lue."
            yield _column_problem(said, "Donnez à chaque colonne son titre.", "titre_partage", title)
        elif beside is not None and _numbers(whole, column, dataset.by_name[beside]):
            said = f"La colonne {_letter(column)}, sans titre, contient des nombres "
            said += f"à côté de « {matched.headings[column - 1]} »."
            remedy = "Donnez-lui un titre, ou videz-la si elle ne compte pas."
            yield _column_problem(said, remedy, "colonne_sans_titre", _letter(column))
        else:
            said = f"La colonne {_letter(column)} n’a pas de titre : elle n’a pas été lue."
            remedy = "Donnez-lui un titre si elle devait l’être."
            one = _column_problem(said, remedy, "colonne_sans_titre", _letter(column))
            yield replace(one, severity=Severity.WARNING)


def _without_title(whole: pl.DataFrame, matched: Matched) -> Iterator[int]:
    for name in whole.columns:
        if name == "_line" or whole[name].null_count() == whole.height:
            continue
        column = int(name[1:])
        if column >= len(matched.headings) or not matched.headings[column]:
            yield column


def _title_over(marks: Marks, matched: Matched, column: int) -> int | None:
    """The column that is read and whose title is merged over this one."""
    for (top, left), (bottom, right) in marks.merges:
        if top <= matched.row <= bottom and left < column <= right and left in matched.columns:
            return left
    return None


def _numbers(whole: pl.DataFrame, column: int, beside: Column) -> bool:
    """Whether most of what a column holds could be read as the numbers of the one on its left."""
    if not beside.kind.dtype.is_numeric():
        return False
    cells = whole[f"c{column}"].drop_nulls()
    read = beside.kind.read(cells).values
    return 2 * read.null_count() <= len(cells)


def _column_problem(said: str, remedy: str, code: str, found: str) -> Problem:
    return Problem(None, None, found, french.typeset(said), french.typeset(remedy), Severity.ERROR, code)


def _letter(column: int) -> str:
    """« A », « AB »: the name of a column in a spreadsheet."""
    letters = ""
    place = column + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- What is kept of a file: what was read, and nothing beside -------------------------------------
# A file whose every column is read is kept byte for byte; of any other, and of a workbook, the read
# columns of the read sheet are, as a CSV. A column that nobody asked for may speak of people.


_PLAIN = (".csv", ".txt", ".tsv")


def kept_bytes(source: SheetBelow, below: pl.DataFrame, matched: Matched) -> bytes:
    """The bytes to keep of ``source``, of which ``below`` are the rows under the headings."""
    read = sorted(matched.columns)
    if not _beside(source.head[: matched.row + 1], below, read):
        return source.kept
    text = io.StringIO()
    above = ([row[place] if place < len(row) else "" for place in read] for row in source.head[: matched.row + 1])
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(
        [inert_but_numbers(one) for one in row] for row in above
    )
    rows = below.select(_inert(f"c{place}") for place in read).write_csv(include_header=False, separator=";")
    return (text.getvalue() + rows).encode()


def _inert(name: str) -> pl.Expr:
    """A column in which no text is run as a formula by who opens the CSV that we make."""
    column = pl.col(name)
    runs = column.str.contains(RUNS) & ~column.str.contains(NUMBER)
    return pl.when(runs).then(pl.lit("'") + column).otherwise(column).alias(name)


def kept_name(name: str) -> str:
    """The name under which what was kept opens: « releve.csv » for « releve.xlsx »."""
    path = PurePosixPath(name)
    return name if path.suffix.lower() in _PLAIN else f"{path.stem or 'fichier'}.csv"


def _beside(head: Sequence[Sequence[str]], below: pl.DataFrame, read: Iterable[int]) -> bool:
    """Whether a cell stands in a column that is not read."""
    asked = set(read)
    if any(text for row in head for place, text in enumerate(row) if place not in asked):
        return True
    others = [name for name in below.columns if int(name[1:]) not in asked]
    return any(below[name].null_count() < below.height for name in others)


# --- What the words around a table say of its numbers: « Dépenses en milliers d’euros » above, « * en k€ » under ----


Said = tuple[int, str]
"""A line and a text that stands on it, outside the table."""


def units_around(
    head: Sequence[Sequence[str]], aside: Iterable[LeftAside], cells: Iterable[Said], matched: Matched, dataset: Dataset
) -> Iterator[Problem]:
    """Nobody but its author can say whether a unit written beside the table is that of a column without one.

    ``cells`` are those that could not be read: a line under the titles may give the units.
    """
    above = [(row + 1, text) for row in range(min(matched.row, len(head))) for text in dict.fromkeys(head[row])]
    said = [*above, *((one.line, one.text) for one in aside)]
    given = [(one, unit) for one in said if (unit := unit_said(one[1])) is not None]
    given += [(one, unit) for one in cells if (unit := unit_alone(one[1])) is not None]
    for position, name in matched.columns.items():
        if not given or taken_apart(matched.headings[position]).unit is not None:
            continue
        column = dataset.by_name[name]
        other = next((one for one, unit in given if conversion(unit, column) is not None), None)
        if other is not None:
            yield _asked(other, matched.headings[position], name, unit_of(column))


def _asked(said: Said, heading: str, name: str, asked: Unit | None) -> Problem:
    line, text = said
    expected = f"La ligne {line} dit « {text[:80]} », mais le titre « {heading} » n’a pas d’unité : "
    expected += f"nous ne savons pas si ces nombres sont en {asked.label if asked else ''}."
    remedy = "Écrivez l’unité dans le titre de la colonne, par exemple « (k€) » ou « (€) »."
    if asked is not None and asked.dimension != "argent":
        remedy = f"Écrivez l’unité dans le titre de la colonne, par exemple « ({asked.label}) »."
    return Problem(
        None, name, text[:80], french.typeset(expected), french.typeset(remedy), Severity.ERROR, "unite_ailleurs"
    )
