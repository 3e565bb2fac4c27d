"""Whether a file in a dialect was read as its author saw it: equal, asked, refused, or (never) different in silence."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.contract import Registry
from core.errors import FileRefused
from core.reading import Reading, read
from tests.dialects.dialect import Dialect, dialect
from tests.dialects.tables import Known, known_table
from tests.dialects.writing import page_of, written

_MUST_TELL = {
    "hidden_row": "lignes_cachees",
    "struck": "lignes_barrees",
    "hidden_column": "colonnes_cachees",
}


class Verdict(StrEnum):
    """What became of a file."""

    EQUAL = "equal"
    ASKED = "asked"
    REFUSED = "refused"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Case:
    """One file and its verdict; ``why`` says the differences."""

    how: Dialect
    dataset: str
    verdict: Verdict
    why: str = ""


def tried(seed: int, registry: Registry) -> Case:
    """Write the table of this seed in the dialect of this seed, read it, and compare."""
    how = dialect(seed)
    known = _with_a_proof(known_table(random.Random(seed), registry), how)
    data, name = written(known, how)
    try:
        found = read(data, name, known.dataset)
    except FileRefused as refusal:
        return Case(how, known.dataset.code, Verdict.REFUSED, str(refusal))
    if any(one.line is None for one in found.errors):
        return Case(how, known.dataset.code, Verdict.ASKED)
    differences = list(_differences(known, how, found))
    if differences:
        return Case(how, known.dataset.code, Verdict.DIFFERENT, " ; ".join(differences))
    whole = found.rows.height == len(known.rows) and not len(found.refused_lines)
    return Case(how, known.dataset.code, Verdict.EQUAL if whole else Verdict.REFUSED)


def _with_a_proof(known: Known, how: Dialect) -> Known:
    """An American column in which no day is after the 12th is nobody's to tell: the first row always tells."""
    proving = {"american": 23, "short_iso": 14}.get(how.dates)
    if proving is None:
        return known
    days = [name for name in known.columns if known.dataset.by_name[name].kind.name == "jour"]
    first = dict(known.rows[0])
    proof = next((name for name in days if first[name]), None)
    if proof:  # the other columns have none: the habit of an author is the same in all of the file
        first[proof] = first[proof].replace(day=proving)
        return replace(known, rows=(first, *known.rows[1:]))
    blank = {name: None for name in days if first[name] is None}
    return replace(known, rows=(first, *(row | blank for row in known.rows[1:])))


def _differences(known: Known, how: Dialect, found: Reading) -> Any:
    expected = _by_line(known, how)
    read_columns = [name for name in known.columns if name in found.headings.values()]
    places = [known.columns.index(name) for name in read_columns]
    refused = set(found.refused_lines)
    for line, *values in found.rows.select("_line", *read_columns).iter_rows():
        if line in refused:
            continue
        right = expected.get(line)
        if right is None:
            yield f"line {line} is no row to keep: {values}"
        elif values != [right[place] for place in places]:
            yield f"line {line}: {values} instead of {[right[place] for place in places]}"
    if len(read_columns) < len(known.columns) and not found.unknown:
        yield "a column was dropped in silence"
    told = {one.code for one in found.warnings}
    must = _MUST_TELL.get(how.dress if how.format != "csv" else "")
    page = page_of(known, how)
    if page.shared is not None:
        yield "a title shared by two columns is not asked"
    if page.unseen is not None and "cases_invisibles" not in told and page.unseen + 1 in found.rows["_line"].to_list():
        yield "words of the colour of their ground are not told"
    if must and must not in told and found.rows.height:
        yield f"{how.dress} is not told"


def _by_line(known: Known, how: Dialect) -> dict[int, list[Any]]:
    """The right reading of each line of the file; a line that is not there may never be kept."""
    page = page_of(known, how)
    rows = [list(one) for one in known.expected()]
    first = page.head + 1
    found: dict[int, list[Any]] = {}
    place = first
    for n, row in enumerate(rows):
        if n == 1 and how.below in ("headings_again", "blank_then_rows"):
            place += 1
        found[place + 1] = row
        place += 1
    if page.merged and page.merged[0] == page.head:
        found.pop(page.merged[1] + 1, None)  # a title hides what the cell under it holds
    elif page.merged:
        top, bottom, column = page.merged
        if known.dataset.by_name[known.columns[column]].kind.dtype.is_numeric():
            for row in range(top, bottom + 1):
                found.pop(row + 1, None)
        else:
            found[bottom + 1][column] = found[top + 1][column]
    for (row, column), code in page.formats.items():
        line = found.get(row + 1)
        if line is None:
            continue  # something else hides it already
        if code in ("0%", "d-mmm") or (
            code == "mmm-yy" and known.dataset.by_name[known.columns[column]].kind.name == "jour"
        ):
            found.pop(row + 1)
        elif code == 'General" k€"':
            line[column] = 1_000 * (line[column] or 0)
        elif code == "0.00":
            line[column] = "3,10"
        elif code == "0;-0;":
            line[column] = 0
    if page.doubtful:
        found.pop(page.doubtful[0] + 1, None)
    if page.formula and not page.formula[2]:
        found.pop(page.formula[0] + 1, None)
    return found
