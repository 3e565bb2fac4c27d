"""The page of a plugin for who may not see small counts: which numbers are hidden, and the words without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.disclosure.table import Hidden, Total, mask, words
from core.domain import french
from core.domain.observation import Cell, Observation
from core.domain.plugin_phrases import (
    Figure,
    Part,
    People,
    Phrase,
    Share,
    Tells,
    Text,
    Value,
    people_of,
    phrase,
    rate,
    said,
    share,
    written,
)
from core.domain.report import Block, Callout, Chart, Prose, Series, Table

OVER_TIME = ("line", "steps")
"""The charts whose values follow one another: the step from one to the next is a count too."""
Content = Value | Text | float | None
Counts = list[tuple[str, int]]


def hidden_numbers(
    blocks: Iterable[Block], below: int, elsewhere: Mapping[float, Hidden] | None = None
) -> dict[float, Hidden]:
    """The numbers of people of a page that are not shown, and why.

    ``elsewhere`` are the numbers that the figures of the same document hide, and why. A number that is hidden once
    is hidden everywhere on the page, whatever it counts: two words may name the same people.
    """
    made = _Page(below, elsewhere or {})
    for one in blocks:
        made.read(one)
    return made.hidden()


def hidden_beside(
    own: Iterable[Block], beside: Iterable[Block], below: int, elsewhere: Mapping[float, Hidden] | None = None
) -> dict[float, Hidden]:
    """The numbers of people that ``own`` blocks do not show, so that they tell none of those that a page ``beside``
    them, or a figure of ``elsewhere``, hides: both are about the same people."""
    blocks = tuple(own)
    found = {**(elsewhere or {}), **hidden_numbers(beside, below, elsewhere)}
    while (more := _saying_less(found, hidden_numbers(blocks, below, found))) != found:
        found = more
    return found


def _saying_less(one: Mapping[float, Hidden], other: Mapping[float, Hidden]) -> dict[float, Hidden]:
    """What either hides, in the words that say less where they differ."""
    both = {**one, **other}
    return {
        number: Hidden.GIVES_AWAY if Hidden.GIVES_AWAY in (one.get(number), other.get(number)) else why
        for number, why in both.items()
    }


def hidden_among(counts: Iterable[float], below: int) -> dict[float, Hidden]:
    """Of counts of people whose sum is known from elsewhere, the numbers that are not shown, and why."""
    return hidden_numbers([Prose(phrase(*(People(one) for one in counts)))], below)


@dataclass(slots=True)
class _Page:
    """The counts of a page as cells of one table.

    ``shown`` are those that readers see, ``fixed`` the sums that they are taken to know, ``gone`` those that would
    tell a small number beside them.
    """

    below: int
    elsewhere: Mapping[float, Hidden]
    cells: dict[int, float] = field(default_factory=dict)
    totals: list[Total[int]] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def read(self, block: Block) -> None:
        """Add what the block counts."""
        match block:
            case Prose() | Callout():
                self._sum([cell for _, cell in self._counts([block.text])])
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def hidden(self) -> dict[float, Hidden]:
        """Each number to hide; « non montré » wins over « moins de 5 », since it says less."""
        gone = self.gone | {
            cell
            for cell, number in self.cells.items()
            if self.elsewhere.get(number) is Hidden.GIVES_AWAY and cell not in self.fixed
        }
        found: dict[float, Hidden] = {}
        for cell, why in mask(self.cells, self.totals, self.below, hidden=gone, fixed=self.fixed).items():
            if cell in self.shown and found.get(self.cells[cell]) is not Hidden.GIVES_AWAY:
                found[self.cells[cell]] = why
        return found

    # --- blocks -------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        grid = [[self._counts([cell]) for cell in row] for row in table.rows]
        for line in (*zip(*grid, strict=True), *grid):
            self._alike(line)

    def _chart(self, chart: Chart) -> None:
        for text in (chart.conclusion, chart.alternative):
            self._sum([cell for _, cell in self._counts([text])])
        grid = [[self._counts([value]) for value in one.values] for one in chart.series]
        for line in grid:
            counts = [cell for found in line for _, cell in found]
            if chart.kind in OVER_TIME:
                self._steps(counts)
            else:
                self._sum(counts)
        for across in zip(*grid, strict=True):
            self._alike(across)

    # --- cells --------------------------------------------------------------------------

    def _counts(self, contents: Iterable[Content]) -> Counts:
        """What they count, and the cell of each, in their order."""
        return [(_noun(value), cell) for value in _values(contents) if (cell := self._value(value)) is not None]

    def _alike(self, line: Iterable[Counts]) -> None:
        """Those of a line that count the same thing add up."""
        groups: dict[str, list[int]] = defaultdict(list)
        for noun, cell in (one for found in line for one in found):
            groups[noun].append(cell)
        for cells in groups.values():
            self._sum(cells)

    def _value(self, value: Value) -> int | None:
        """The cell of what the value counts, None when it shows no count of its own."""
        match value:
            case Share():
                return self._share(value)
            case People():
                return self._cell(value.number)
            case Tells():
                for one in value.counts:
                    self._cell(one.number)
        return None

    def _share(self, value: Share) -> int | None:
        """The cell of its part; a small rest hides it."""
        part, whole = (side.number if isinstance(side, People) else side for side in (value.part, value.whole))
        if isinstance(value.whole, People):
            self._cell(whole)
        if not isinstance(value.part, People):
            return None
        cell = self._cell(part)
        if cell is not None and part is not None and whole is not None and 0 < whole - part < self.below:
            self.gone.add(cell)
        return cell

    def _sum(self, parts: Sequence[int]) -> None:
        """Their sum, taken as known; one that a figure hides must not be found from its parts either."""
        if len(parts) < 2:
            return
        whole = len(self.cells)
        self.cells[whole] = sum(self.cells[one] for one in parts)
        self.fixed.add(whole)
        self.totals.append(Total(whole, tuple(parts)))
        if self.cells[whole] in self.elsewhere:
            self.gone.add(min(parts, key=lambda one: (self.cells[one] == 0, self.cells[one])))

    def _steps(self, counts: Sequence[int]) -> None:
        """What each value adds to the last one shown; a small step hides it."""
        last = 0.0
        for cell in counts:
            if 0 < abs(self.cells[cell] - last) < self.below:
                self.gone.add(cell)
            else:
                last = self.cells[cell]

    def _cell(self, number: float | None) -> int | None:
        if number is None or number < 0:
            return None
        cell = len(self.cells)
        self.cells[cell] = number
        self.shown.add(cell)
        return cell


def _values(contents: Iterable[Content]) -> Iterator[Value]:
    for one in contents:
        for part in one.parts if isinstance(one, Phrase) else (one,):
            if part is not None and not isinstance(part, str | int | float):
                yield part


def _noun(value: Value) -> str:
    counts = people_of(value)
    return counts[0].singular if counts else ""


# --- The blocks of a page written for a reader: values become words and plain numbers, what is hidden says so ----
# The only place that writes them: screen, PDF, slides, workbook draw what comes out of here.


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a page is written.

    ``figure`` gives a figure of the experiment, as this reader may see it; ``hidden`` are the numbers of people
    of the page that are not shown, and why; ``below`` is the first number that may be.
    """

    figure: Callable[[str], Cell | Observation]
    hidden: Mapping[float, Hidden] = field(default_factory=dict)
    below: int = 0

    def why(self, *counts: People) -> Hidden | None:
        """Why these are not shown, None when all are."""
        numbers = [one.number for one in counts if one.number is not None]
        found = {self.hidden[number] for number in numbers if number in self.hidden}
        return min(found, key=list(Hidden).index, default=None)


def page_text(blocks: Iterable[Block], reader: Audience) -> tuple[Block, ...]:
    """The blocks with plain words and plain numbers only, for ``reader``."""
    return tuple(_block(one, reader) for one in blocks)


def text_of(text: Text, reader: Audience) -> str:
    """A text in words; a sentence begins with a capital."""
    if not isinstance(text, Phrase):
        return text
    return french.capital(_phrase(text, reader))


def _block(block: Block, reader: Audience) -> Block:
    match block:
        case Prose() | Callout():
            return replace(block, text=text_of(block.text, reader))
        case Chart():
            return _chart(block, reader)
        case Table():
            return replace(block, rows=tuple(tuple(_cell(one, reader) for one in row) for row in block.rows))
        case _:
            return block


def _chart(chart: Chart, reader: Audience) -> Chart:
    return replace(
        chart,
        series=tuple(_series(one, reader) for one in chart.series),
        conclusion=text_of(chart.conclusion, reader),
        alternative=text_of(chart.alternative, reader),
    )


def _series(series: Series, reader: Audience) -> Series:
    """The numbers to draw; in place of a hidden one, the words that say so."""
    gone = [_why_hidden(value, reader) for value in series.values]
    values = tuple(None if why else _number(value) for value, why in zip(series.values, gone, strict=True))
    said_instead = tuple(words(why, reader.below) if why else "" for why in gone)
    return replace(series, values=values, said=said_instead if any(gone) else series.said)


def _why_hidden(value: float | Value | None, reader: Audience) -> Hidden | None:
    return reader.why(*people_of(value))


def _number(value: float | People | Share | None) -> float | None:
    if isinstance(value, People):
        return value.number
    if isinstance(value, Share):
        part, whole = _side(value.part), _side(value.whole)
        return round(100 * part / whole, 1) if part is not None and whole else None
    return value


def _side(side: People | float | None) -> float | None:
    return side.number if isinstance(side, People) else side


def _cell(cell: Value | Text, reader: Audience) -> str:
    """A count is a number there: the heading says of what."""
    if isinstance(cell, Phrase):
        return _phrase(cell, reader)
    return _part(People(cell.number) if isinstance(cell, People) else cell, reader)


def _phrase(text: Phrase, reader: Audience) -> str:
    return french.typeset("".join(_part(one, reader) for one in text.parts))


def _part(part: Part, reader: Audience) -> str:
    match part:
        case People():
            return _people(part, reader)
        case Share():
            return _share(part, reader)
        case Tells():
            return part.instead if reader.why(*part.counts) else part.words
        case Figure():
            return _figure(part, reader)
        case _:
            return part


def _people(count: People, reader: Audience) -> str:
    why = reader.why(count)
    if count.number is None:
        return f"{count.several}{french.NBSP}: {written(None)}" if count.several else written(None)
    if why is None:
        return french.count(count.number, count.singular, count.several) if count.singular else written(count.number)
    if why is Hidden.SMALL or not count.several:
        return f"{words(why, reader.below)} {count.several}".rstrip()
    return f"un nombre non montré {french.of(count.several)}"


def _share(value: Share, reader: Audience) -> str:
    part, whole = _side(value.part), _side(value.whole)
    why = _why_hidden(value, reader)
    if why is None:
        return rate(part, whole, value.of) if value.of else share(part, whole)
    if value.of:
        return f"une part non montrée {value.of}"
    return words(why if part in reader.hidden else Hidden.GIVES_AWAY, reader.below)


def _figure(asked: Figure, reader: Audience) -> str:
    found = reader.figure(asked.code)
    seen = found.observation if isinstance(found, Cell) else found
    if seen.hidden:
        return f"{asked.several}{french.NBSP}: {seen.hidden}"
    return said(seen, asked.singular, asked.several)
