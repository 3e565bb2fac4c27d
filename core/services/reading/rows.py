"""Rows that are no data: blank lines, totals, headings written again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from core.axes.columns import Kind
from core.domain.dataset import Dataset
from core.domain.problem import Problem, Repair, Severity
from core.services.reading.headings import Matched
from core.services.reading.problems import Part

_TOTAL = r"(?i)^\s*(sous[- ]?)?(tota(l|ux)\b|somme\b|cumul\b|moyenne\b)"
_TOTAL_ALONE = r"(?i)^\s*(sous[- ]?)?tota(l|ux)(\s+g[ée]n[ée]ral|\s+g[ée]n[ée]raux)?\s*:?\s*$"


def data_rows(
    below: pl.DataFrame, matched: Matched, dataset: Dataset
) -> tuple[pl.DataFrame, list[Part[Repair]], pl.DataFrame]:
    """The rows that hold data, with ``_line``; what was left aside; and those rows whole.

    The first frame has the columns of the dataset by name, the last every column of the file.
    """
    numbered = below.select(_trimmed(pl.all())).with_columns(
        (pl.int_range(pl.len(), dtype=pl.Int64) + matched.row + 2).alias("_line")
    )
    cells = below.columns
    filled = numbered.filter(~pl.all_horizontal(pl.col(cells).is_null()))
    names = {f"c{position}": name for position, name in matched.columns.items()}
    no_data = _no_data(filled, names, matched, dataset, cells)
    no_data = _with_unnamed_total(filled, no_data, names, dataset)
    aside = filled.filter(no_data)
    kept = filled.filter(~no_data) if not aside.is_empty() else filled
    return kept.select("_line", **{name: pl.col(cell) for cell, name in names.items()}), _told(aside, cells), kept


def _trimmed(cell: pl.Expr) -> pl.Expr:
    """Texts without the spaces around them, null when nothing is left."""
    bare = cell.str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare)


def _no_data(
    filled: pl.DataFrame, names: dict[str, str], matched: Matched, dataset: Dataset, cells: Sequence[str]
) -> pl.Series:
    required = [cell for cell, name in names.items() if dataset.by_name[name].required]
    key = [cell for cell, name in names.items() if name in dataset.key]
    first = cells[min(matched.columns)]
    again = pl.col(first) == matched.headings[min(matched.columns)]
    again &= pl.all_horizontal(pl.col(f"c{n}") == matched.headings[n] for n in sorted(matched.columns)[:3])
    alone = pl.any_horizontal(pl.col(cell).str.contains(_TOTAL_ALONE) for cell in {cells[0], first, *key})
    found = filled.select(again.fill_null(False).alias("again"), alone.fill_null(False).alias("alone"))
    aside = found["again"] | found["alone"]
    incomplete = filled.select(pl.any_horizontal(pl.col(required).is_null()).alias("i"))["i"] if required else None
    if incomplete is not None and incomplete.any():
        aside |= incomplete & _labelled(filled, incomplete, cells)
    return aside


def _labelled(filled: pl.DataFrame, incomplete: pl.Series, cells: Sequence[str]) -> pl.Series:
    """Among incomplete rows, those in which a cell says « Total »; the others are not looked at."""
    places = incomplete.arg_true()
    said = filled[places].select(pl.any_horizontal(pl.col(cells).str.contains(_TOTAL)).fill_null(False).alias("said"))[
        "said"
    ]
    nowhere = pl.repeat(False, filled.height, dtype=pl.Boolean, eager=True)
    return nowhere.scatter(places.filter(said), True) if said.any() else nowhere


def _with_unnamed_total(filled: pl.DataFrame, no_data: pl.Series, names: dict[str, str], dataset: Dataset) -> pl.Series:
    """The last row too, when it holds nothing but the sums of the columns above it."""
    data = (~no_data).arg_true()
    if len(data) < 3:
        return no_data
    row = filled.row(data[-1], named=True)
    last = {cell: text for cell, text in row.items() if text is not None and cell != "_line"}
    kinds = {cell: dataset.by_name[names[cell]].kind for cell in last if cell in names}
    if not kinds or len(kinds) < len(last) or not all(kind.dtype.is_numeric() for kind in kinds.values()):
        return no_data
    above = filled[data[:-1]]
    if all(_is_sum(kind, above[cell], last[cell]) for cell, kind in kinds.items()):
        return no_data.scatter(data[-1], True)
    return no_data


def _is_sum(kind: Kind, above: pl.Series, text: str) -> bool:
    values = kind.read(above).values.drop_nulls()
    total = kind.read(pl.Series(above.name, [text])).values[0]
    return len(values) > 1 and total is not None and abs(values.sum() - total) < 1e-9


def _told(aside: pl.DataFrame, cells: Sequence[str]) -> list[Part[Repair]]:
    if aside.is_empty():
        return []
    labels = aside.select(pl.coalesce(pl.col(cells)).alias("label"))["label"]
    lines = aside["_line"]

    def make(place: int) -> Repair:
        label = labels[place]
        return Repair(lines[place], "", label, "ligne de total ou de titres, laissée de côté")

    return [Part(lines, -1, make)]


def beyond_headings(kept: pl.DataFrame, matched: Matched) -> Part[Problem] | None:
    """Rows of a CSV with more cells than there are headings: a separator inside a value, most often."""
    spare = [name for name in kept.columns if name != "_line" and int(name[1:]) >= len(matched.headings)]
    if not spare:
        return None
    long = kept.filter(pl.any_horizontal(pl.col(spare).is_not_null()))
    if long.is_empty():
        return None
    lines, first = long["_line"], long.select(pl.coalesce(pl.col(spare)).alias("found"))["found"]

    def make(place: int) -> Problem:
        return Problem(
            lines[place], None, first[place][:80], "Cette ligne a plus de cellules qu’il n’y a de titres.",
            "Mettez entre guillemets le texte qui contient le séparateur, ou déposez le fichier du tableur.",
            Severity.ERROR, "trop_de_cellules",
        )  # fmt: skip

    return Part(lines, -1, make)
