"""What identifies a row: the values of its key columns, written one way, joined with « | »."""

from __future__ import annotations

import polars as pl

from core.catalogue.texts import Texte
from core.domain.dataset import Dataset

KEY = "_key"
SEPARATOR = "|"
_BETWEEN_ASCII = r"[ \t\n\r\-_.'`]+"
_BETWEEN = r"[\s\-‐‑–—_.'’ʼ´`\p{Mn}]+"


def with_key(rows: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """``rows`` with ``_key``; a blank part of a key counts as an empty text, days are written 2021-09-01."""
    return rows.with_columns(key_of(dataset).alias(KEY))


def key_of(dataset: Dataset) -> pl.Expr:
    """The key of each row, as an expression over the dataset's typed columns."""
    return pl.concat_str([_text(dataset, name) for name in dataset.key], separator=SEPARATOR)


def _text(dataset: Dataset, name: str) -> pl.Expr:
    column = pl.col(name)
    if dataset.by_name[name].kind.dtype == pl.Date:
        column = column.dt.to_string("%Y-%m-%d")
    return column.cast(pl.String).fill_null("")


def folded(column: pl.Expr) -> pl.Expr:
    """The texts of a column without what people write in several ways: case, accents, spaces, hyphens, apostrophes.

    Zeros in front stay: « 0042 » is what the label says.
    """
    return column.map_batches(_folded, return_dtype=pl.String)


def _folded(texts: pl.Series) -> pl.Series:
    small = texts.str.to_lowercase()
    if (small.str.len_bytes() == small.str.len_chars()).all():
        return small.str.replace_all(_BETWEEN_ASCII, "")
    return small.str.normalize("NFD").str.replace_all(_BETWEEN, "")


_ZEROS = r"(^|[^0-9])0+([0-9])"
NOTE_CALL = r"\s*(?:[*†]+|[¹²³⁴⁵⁶⁷⁸⁹]+)$"
"""A sign that sends to a note under the table: « MA-01* »."""
_FIGURE, _LIKE_A_FIGURE = "[0-9]", "[OoIl]"


def bare(column: pl.Expr) -> pl.Expr:
    """The same without the zeros in front of numbers nor the call of a note, letters like figures taken for them."""
    column = column.str.replace(NOTE_CALL, "")
    as_figures = column.str.replace_all("[Oo]", "0").str.replace_all("[Il]", "1")
    figures = folded(pl.when(_typed(column)).then(as_figures).otherwise(column))
    return figures.str.replace_all(_ZEROS, "${1}${2}")


def is_unsure(column: pl.Expr) -> pl.Expr:
    """Whether a text has zeros in front of a number, letters that could be figures, or the call of a note."""
    return column.str.contains(_ZEROS) | _typed(column) | column.str.contains(NOTE_CALL)


def _typed(column: pl.Expr) -> pl.Expr:
    return column.str.contains(_FIGURE) & column.str.contains(_LIKE_A_FIGURE)


def written_freely(dataset: Dataset) -> tuple[str, ...]:
    """The parts of the key that people type as they like: texts that are no list, no place, no code of a list."""
    return tuple(name for name in dataset.key if type(dataset.by_name[name].kind) is Texte)


def alike(dataset: Dataset) -> pl.Expr:
    """What two rows of one thing have in common, however each was written."""
    free = written_freely(dataset)
    parts = [folded(pl.col(name)).fill_null("") if name in free else _text(dataset, name) for name in dataset.key]
    return pl.concat_str(parts, separator=SEPARATOR)
