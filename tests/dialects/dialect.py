"""A dialect: how one person writes a table. Everything is drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

FORMATS = ("csv", "csv", "xlsx", "ods", "xls")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso8859_15", "mac_roman", "cp850", "utf-16", "twice")
DATES = (
    "french",
    "hyphens",
    "points",
    "iso",
    "short_year",
    "short_iso",
    "written",
    "american",
    "typed",
    "typed",
    "serial",
)
MONTHS = ("slashed", "hyphen", "year_first", "written", "short", "short_slashed", "first_day", "american", "typed")
AMOUNTS = ("comma", "point", "spaces", "euro", "points_and_comma", "thousands", "three_decimals", "typed", "typed")
COUNTS = ("plain", "spaces", "decimal", "points", "typed", "typed")
TITLES = ("title", "title", "name", "upper", "no_accents", "unit", "meaning", "line_breaks", "hint", "footnote")
BELOW = (
    "nothing",
    "nothing",
    "total",
    "note",
    "second_table",
    "longer_table",
    "forecasts",
    "headings_again",
    "blank_then_rows",
)
DRESS = (
    "plain",
    "plain",
    "hidden_row",
    "struck",
    "hidden_column",
    "merged_text",
    "merged_count",
    "percent_format",
    "zeros_format",
    "scaled_format",
    "general_format",
    "yes_no_format",
    "hidden_zeros",
    "day_format",
    "month_format",
    "shared_title",
    "formula",
    "formula_without_value",
    "1904",
    "comment",
    "coloured_far_cell",
)
MORE = ("shown_text", "unseen", "merged_title", "whole_total")
"""What is done beside, to one file of two."""


@dataclass(frozen=True)
class Dialect:
    """One way of writing; ``seed`` gives it again."""

    seed: int
    format: str
    encoding: str
    separator: str
    quoted: bool
    newline: str
    dates: str
    months: str
    amounts: str
    counts: str
    titles: str
    above: int
    below: str
    dress: str
    blanks: str
    keys: str
    spoilt: bool
    doubt: str
    bare: bool
    more: str


def dialect(seed: int) -> Dialect:
    """The dialect of a seed."""
    rng = random.Random(seed)
    return Dialect(
        seed=seed,
        format=rng.choice(FORMATS),
        encoding=rng.choice(ENCODINGS),
        separator=rng.choice(";;,\t"),
        quoted=rng.random() < 0.3,
        newline=rng.choice(("\n", "\r\n", "\r")),
        dates=rng.choice(DATES),
        months=rng.choice(MONTHS),
        amounts=rng.choice(AMOUNTS),
        counts=rng.choice(COUNTS),
        titles=rng.choice(TITLES),
        above=rng.choice((0, 0, 1, 3)),
        below=rng.choice(BELOW),
        dress=rng.choice(DRESS),
        blanks=rng.choice(("", "", "-", "n.c.", "ND", "idem", "»", "néant")),
        keys=rng.choice(("plain", "plain", "lower_twice", "spaces_twice")),
        spoilt=rng.random() < 0.1,
        doubt=rng.choice(("", "", "", "", "{} ?", "~ {}", "{} (?)")),
        bare=rng.random() < 0.2,
        more=rng.choice(("",) * len(MORE) + MORE),  # drawn last: the seeds give what they gave before
    )
