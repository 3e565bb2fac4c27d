"""Where a table begins and ends: its rows of data, and what stands among, between and under them.

What is left aside is listed with its lines and its reason, and can be taken back in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from core.domain.column_type import ColumnType
from core.domain.dataset import Dataset, Problem, Severity
from core.reading.headings import Matched
from core.reading.problems import ProblemBatch
from core.reading.units import unit_alone

_TOTAL = (
    r"(?i)^\s*((sous[- ]?)?(tota(l|ux)\b|somme\b|cumul\b|moyenne\b)|s/[- ]?t(ota(l|ux))?\b|ensemble\b|r[ée]cap|[Σ∑])"
    r"|\btota(l|ux)\s*:?\s*$"
)
_SUMS = (
    r"(?:grand\s+|sous[- ]?|s/[- ]?)?(?:tota(?:l|ux)|ttl|tot)(?:\s+(?:g[ée]n[ée]ra(?:l|ux)|partiel|cumul[ée]|final))?"
    r"|t\s?o\s?t\s?a\s?l|s/[- ]?t|[Σ∑]|sommes?|cumuls?|moy(?:ennes?)?|m[ée]dianes?|max(?:i(?:mum)?)?|min(?:i(?:mum)?)?"
    r"|[ée]carts?(?:[- ]type)?|soldes?|r[ée]cap(?:itulati(?:f|on))?|objectifs?|pr[ée]vus?|pourcentages?|(?:en\s+)?%"
    r"|[ée]volutions?|variations?|n-1"
)
"""Words that say of a row that it is made of the others; no thing is called so."""
_PERHAPS_SUMS = r"ensemble|report|à\s+reporter|reste|r[ée]sultats?|nombre|nbre|nb|effectifs?(?:\s+tota(?:l|ux))?"
"""Words that say so, and that a thing may be called by too."""
_ENDING = r"\s*\.?\s*(?:\*+|\(\d+\))?\s*:?\s*(?:\d+\s*)?$"
_TOTAL_ALONE = rf"(?i)^\s*(?:(?:{_SUMS}){_ENDING}|tota(?:l|ux)\s)|\s(?:tota(?:l|ux))\s*:?\s*$"
_PERHAPS_ALONE = rf"(?i)^\s*(?:{_PERHAPS_SUMS}){_ENDING}"
_COUNTED = (
    r"(?i)\btotal\s*$|^\s*(nombre|nbre|nb|n°|total|effectifs?|dont|soit|moyenne|somme|cumul|report|à reporter"
    r"|ensemble|reste|r[ée]sultats?)\b"
)
_FIGURES_ONLY = r"^[\d\s.,%€+-]+$"
_IN_BRACKETS = r"^(\(.*\)|\[.*\])$"
_NOTE = re.compile(
    r"(?i)^\s*(\*|\(\*+\)|\(\d\)|[¹²³]|n\.?\s?b\.?\b|nota\b|notes?\b|sources?\b|remarques?\b|légende\b|attention\b"
    r"|chiffres?\b|données?\b|fait\b|établi\b|mis à jour\b|dernière mise)"
)
_LABEL = re.compile(
    r"(?i)^\s*(\*+|n\.?\s?b\.?|nota( bene)?|notes?|sources?|remarques?|légende|date d’édition|édité le"
    r"|(fait|établi|mis|mise) (à|le|par)\b.{0,60})\s*:?\s*$"
)
"""What announces a note that stands in the next cell."""
_LAST_ROWS = 200  # a note stands under a table, not among its rows
_LABEL_AND_NOTE = 2

TOTAL, TITLES, NOTE, OTHER_TABLE = "total", "titres", "note", "autre_tableau"
_REASONS = {
    TOTAL: "ligne de total, laissée de côté",
    TITLES: "ligne de titres, laissée de côté",
    NOTE: "note sous le tableau, laissée de côté",
    OTHER_TABLE: "sous la fin du tableau, laissée de côté",
}


@dataclass(frozen=True, slots=True)
class LeftAside:
    """A row that was not read: its line in the spreadsheet, its first text, why (``TOTAL``, ``TITLES``…)."""

    line: int
    text: str
    reason: str

    @property
    def said(self) -> str:
        """The reason, in French."""
        return _REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class DataRows:
    """The rows of a table: ``texts`` by column name with ``_line``; ``whole`` the same rows, every column of the file.

    ``aside`` is what was not read, ``left`` its texts by column name.
    """

    texts: pl.DataFrame
    whole: pl.DataFrame
    aside: tuple[LeftAside, ...]
    left: pl.DataFrame


def data_rows(
    below: pl.DataFrame,
    matched: Matched,
    dataset: Dataset,
    taken: Collection[int] = (),
    totals: Collection[int] = (),
) -> DataRows:
    """Tell the rows that hold data from the others; the lines of ``taken`` are read whatever they look like.

    ``totals`` are the lines that the workbook itself makes of those above.
    """
    numbered = _trimmed(below).with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + matched.row + 2).alias("_line"))
    cells = below.columns
    blank = numbered.select(pl.all_horizontal(pl.col(cells).is_null()).alias("blank"))["blank"]
    filled = numbered.filter(~blank) if blank.any() else numbered
    names = {f"c{position}": name for position, name in matched.columns.items()}
    table = _FilledRows(filled, cells, names, matched, dataset)
    why = {line: reason for line, reason in table.left_aside(totals).items() if line not in taken}
    aside = filled["_line"].is_in(list(why)) if why else None
    kept = filled if aside is None else filled.filter(~aside)
    left = filled.clear() if aside is None else filled.filter(aside)
    texts, beside = (
        rows.select("_line", **{name: pl.col(cell) for cell, name in names.items()}) for rows in (kept, left)
    )
    return DataRows(texts, kept, _told(left, cells, why) if why else (), beside)


def _trimmed(below: pl.DataFrame) -> pl.DataFrame:
    """Texts without the spaces around them, null when nothing is left; a column is gone over again only for that."""
    bare = below.select(pl.all().str.strip_chars())
    emptied = [name for name, least in bare.select(pl.all().str.len_bytes().min()).to_dicts()[0].items() if least == 0]
    return bare.with_columns(pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)) for name in emptied)


@dataclass
class _FilledRows:
    """The filled rows under the headings, and what each may be."""

    filled: pl.DataFrame
    cells: Sequence[str]
    names: dict[str, str]
    matched: Matched
    dataset: Dataset

    def left_aside(self, totals: Collection[int] = ()) -> dict[int, str]:
        """The lines that hold no data of this table, each with its reason; ``totals``: those known to be sums."""
        again = self._headings_again()
        end = self._end(again)
        found = dict.fromkeys([*again, *self._hints_under_the_titles()], TITLES) | self._totals()
        found |= {line: TOTAL for line in totals if line in self.filled["_line"]}
        if end is not None:
            found |= dict.fromkeys(self.filled["_line"].filter(self.filled["_line"] >= end), OTHER_TABLE)
        notes = self._notes(found)
        return found | notes | self._unnamed_total(found | notes)

    def _headings_again(self) -> list[int]:
        """Lines on which the headings are written again, whatever their line breaks, their case and their order."""
        first = [f"c{n}" for n in sorted(self.matched.columns)[:3]]
        known = [self.matched.headings[n].lower() for n in self.matched.columns]
        rows = self.filled
        for cell in sorted(first, key=lambda cell: not self._kind(cell).few):  # few rows are left after the first one
            said = rows.select(pl.col(cell).unique() if self._kind(cell).few else pl.col(cell))
            bare = pl.col(cell).str.to_lowercase().str.replace_all(r"\s+", " ")
            rows = rows.filter(pl.col(cell).is_in(said.filter(bare.is_in(known))[cell].unique().implode()))
        return rows["_line"].to_list()

    def _hints_under_the_titles(self) -> list[int]:
        """The first row, when it only says in brackets how to write: « (texte) », « (jj/mm/aaaa) », but no unit."""
        first = list(self._texts(0).values()) if self.filled.height > 1 else []
        hints = bool(first) and all(re.match(_IN_BRACKETS, text) and not unit_alone(text) for text in first)
        return [self.filled["_line"][0]] if hints else []

    def _in_another_order(self, place: int) -> bool:
        """Whether a line of headings has one of ours over another column than ours: what follows is another table."""
        where = {self.matched.headings[n].lower(): f"c{n}" for n in self.matched.columns}
        said = ((cell, " ".join(text.lower().split())) for cell, text in self._texts(place).items())
        return any(where.get(text, cell) != cell for cell, text in said)

    def _end(self, again: list[int]) -> int | None:
        """The first line of what follows the table: a blank line or a title, then other headings."""
        starts = [start for line in again if (start := self._opening(line)) is not None]
        starts += [start for line in self._after_blanks() if (start := self._other_headings(line)) is not None]
        return min(starts, default=None)

    def _opening(self, line: int) -> int | None:
        """Where a second table under the same headings begins; None when a page only repeats them."""
        place = self.filled["_line"].search_sorted(line)
        before = place - 1
        if before < 0:
            return line if self._in_another_order(place) else None
        title = self._texts(before)
        if len(title) == 1 and not self._is_data(before):
            return self.filled["_line"][before]
        apart = self.filled["_line"][before] < line - 1 or self._in_another_order(place)
        return line if apart else None

    def _after_blanks(self) -> list[int]:
        """Places of the rows that follow a blank line."""
        gap = (self.filled["_line"] - self.filled["_line"].shift(1)).fill_null(1) > 1
        return gap.arg_true().to_list()

    def _other_headings(self, place: int) -> int | None:
        """The line where another table begins, when these rows are its title and its headings, or its headings."""
        last = min(place + 3, self.filled.height)
        for row in range(place, last):
            texts = self._texts(row)
            if len(texts) > 1:
                return self.filled["_line"][place] if self._reads_like_headings(texts) else None
        return None

    def _reads_like_headings(self, texts: dict[str, str]) -> bool:
        """At least two words where numbers, dates or lists are asked, and nothing that these columns can read."""
        typed = {cell: text for cell, text in texts.items() if self._is_typed(cell)}
        if len(texts) < 2 or not typed or any(character.isdigit() for text in texts.values() for character in text):
            return False
        return all(self._kind(cell).read(pl.Series([text])).values[0] is None for cell, text in typed.items())

    def _is_typed(self, cell: str) -> bool:
        return cell in self.names and (self._kind(cell).dtype != pl.String or self._kind(cell).choices is not None)

    def _kind(self, cell: str) -> ColumnType:
        return self.dataset.by_name[self.names[cell]].kind

    def _texts(self, place: int) -> dict[str, str]:
        row = self.filled.row(place, named=True)
        return {cell: text for cell, text in row.items() if text is not None and cell != "_line"}

    def _is_data(self, place: int) -> bool:
        required = self._required()
        return bool(required) and set(required) <= set(self._texts(place)) and len(self._texts(place)) > 1

    def _required(self) -> list[str]:
        return [cell for cell, name in self.names.items() if self.dataset.by_name[name].required]

    def _totals(self) -> dict[int, str]:
        """Rows that say « Total » and nothing else, and incomplete rows in which a cell says it."""
        required = self._required()
        key = [cell for cell, name in self.names.items() if name in self.dataset.key]
        first = {self.cells[0], self.cells[min(self.matched.columns)]}
        alone, perhaps = (
            pl.any_horizontal(pl.col(cell).str.contains(words) for cell in {*first, *key}).fill_null(False)
            for words in (_TOTAL_ALONE, _PERHAPS_ALONE)
        )
        missing = pl.any_horizontal(pl.col(required).is_null()) if required else pl.lit(False)
        found = self.filled.select(alone.alias("alone"), perhaps.alias("perhaps"), missing.alias("incomplete"))
        aside = found["alone"] | self._summed(found["perhaps"])
        if found["incomplete"].any():
            aside |= found["incomplete"] & self._labelled(found["incomplete"])
        return dict.fromkeys(self.filled["_line"].filter(aside | self._counted(key)), TOTAL)

    def _summed(self, perhaps: pl.Series) -> pl.Series:
        """Among rows that may be totals, those of which every number is the sum of those above."""
        sums = [bool(place) and self._adds_up(place) for place in perhaps.arg_true()]
        return pl.repeat(False, len(perhaps), dtype=pl.Boolean, eager=True).scatter(perhaps.arg_true(), sums)

    def _adds_up(self, place: int) -> bool:
        texts = self._texts(place)
        kinds = {cell: self._kind(cell) for cell in texts if cell in self.names}
        numbers = {cell: kind for cell, kind in kinds.items() if kind.dtype.is_numeric()}
        above = self.filled.head(place)
        return bool(numbers) and all(_is_sum(kind, above[cell], texts[cell]) for cell, kind in numbers.items())

    def _counted(self, key: Sequence[str]) -> pl.Series:
        """Rows of a word that counts, « Nombre de fiches », « dont nouvelles », beside nothing but figures."""
        said = pl.any_horizontal(pl.col(cell).str.contains(_COUNTED) for cell in key) if key else pl.lit(False)
        rows = self.filled.select(said.fill_null(False).alias("said"))["said"]
        places = rows.arg_true()
        if places.is_empty():
            return rows
        others = [cell for cell in self.cells if cell not in key]
        beside = self.filled[places].select(
            pl.all_horizontal(pl.col(others).str.contains(_FIGURES_ONLY).fill_null(True))
            & pl.any_horizontal(pl.col(others).is_not_null())
        )
        nowhere = pl.repeat(False, self.filled.height, dtype=pl.Boolean, eager=True)
        return nowhere.scatter(places.filter(beside.to_series()), True) if beside.to_series().any() else nowhere

    def _labelled(self, incomplete: pl.Series) -> pl.Series:
        """Among incomplete rows, those in which a cell says « Total »; the others are not looked at."""
        places = incomplete.arg_true()
        label = pl.any_horizontal(pl.col(self.cells).str.contains(_TOTAL)).fill_null(False).alias("said")
        said = self.filled[places].select(label)["said"]
        nowhere = pl.repeat(False, self.filled.height, dtype=pl.Boolean, eager=True)
        return nowhere.scatter(places.filter(said), True) if said.any() else nowhere

    def _notes(self, found: dict[int, str]) -> dict[int, str]:
        """The last rows, when each holds one text only under rows that hold more: a note, a source, a legend."""
        if len(self.names) < 2:
            return {}
        notes: dict[int, str] = {}
        gap = False
        lines = self.filled["_line"]
        for place in range(self.filled.height - 1, max(-1, self.filled.height - 1 - _LAST_ROWS), -1):
            line = lines[place]
            texts = self._texts(place)
            if line in found:
                continue
            if not self._may_be_a_note(texts):
                break
            notes[line] = NOTE
        first = min(notes, default=None)
        if first is None:
            return {}
        place = lines.search_sorted(first)
        if place == 0:
            return {}
        gap = lines[place - 1] < first - 1
        found_there = [self._texts(lines.search_sorted(line)) for line in notes]
        written = [text for texts in found_there for text in texts.values()]
        full = len(self._texts(place - 1)) > max(map(len, found_there))
        return notes if full and (gap or self._incomplete_alone() or any(map(_NOTE.match, written))) else {}

    def _incomplete_alone(self) -> bool:
        """Whether one cell can never make a row of this dataset."""
        return len(self._required()) > 1

    def _may_be_a_note(self, texts: dict[str, str]) -> bool:
        """One text that is no number, or « Source : » and what it announces."""
        where, text = next(iter(texts.items()))
        if len(texts) > 1:
            return len(texts) == _LABEL_AND_NOTE and _LABEL.match(text) is not None
        return not (where in self.names and self._kind(where).dtype.is_numeric() and text.strip().isdigit())

    def _unnamed_total(self, found: dict[int, str]) -> dict[int, str]:
        """The last row too, when it holds nothing but the sums of the columns above it."""
        data = (~self.filled["_line"].is_in(list(found))).arg_true() if found else range(self.filled.height)
        if len(data) < 3:
            return {}
        last = self._texts(data[-1])
        kinds = {cell: self._kind(cell) for cell in last if cell in self.names}
        if not kinds or len(kinds) < len(last) or not all(kind.dtype.is_numeric() for kind in kinds.values()):
            return {}
        above = self.filled[list(data[:-1])]
        if all(_is_sum(kind, above[cell], last[cell]) for cell, kind in kinds.items()):
            return {self.filled["_line"][data[-1]]: TOTAL}
        return {}


def lines_of_one_cell(texts: pl.DataFrame, whole: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Rows of data (``_line`` and ``text``) that hold one text and nothing beside, under and over rows that hold more.

    Where one cell could make a row, a text of several words only.
    """
    cells = [name for name in whole.columns if name != "_line"]
    asked = [column.name for column in dataset.columns if column.required and column.name in texts.columns]
    filled = pl.sum_horizontal(pl.col(cells).is_not_null())
    alone = whole.filter(filled == 1).select("_line", pl.coalesce(cells).alias("text"))
    if len(cells) < 2 or 2 * alone.height > whole.height:
        return alone.clear()
    said = pl.col("text").str.contains(r"\p{L}" if len(asked) > 1 else r"\p{L}\S*\s+\S")
    return alone.filter(said)


def _is_sum(kind: ColumnType, above: pl.Series, text: str) -> bool:
    values = kind.read(above).values.drop_nulls()
    total = kind.read(pl.Series(above.name, [text])).values[0]
    return len(values) > 1 and total is not None and abs(values.sum() - total) < 1e-9


def _told(aside: pl.DataFrame, cells: Sequence[str], why: dict[int, str]) -> tuple[LeftAside, ...]:
    labels = aside.select("_line", pl.coalesce(pl.col(cells)).alias("label"))
    return tuple(LeftAside(line, " ".join(label.split())[:80], why[line]) for line, label in labels.iter_rows())


def beyond_headings(kept: pl.DataFrame, matched: Matched) -> ProblemBatch[Problem] | None:
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
            lines[place],
            None,
            first[place][:80],
            "Cette ligne a plus de cellules qu’il n’y a de titres.",
            "Mettez entre guillemets le texte qui contient le séparateur, ou déposez le fichier du tableur.",
            Severity.ERROR,
            "trop_de_cellules",
        )

    return ProblemBatch(lines, -1, make)
