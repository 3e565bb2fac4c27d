"""What a plugin's page is made of: neutral blocks that the core draws on screen and on paper.

Words, cells and values that count people hold values (``core.domain.plugin_phrases``); what is drawn has
been written for its reader and holds plain text and plain numbers only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.calendar import Period
from core.domain.indicator import Derived
from core.domain.observation import Cell, Observation
from core.domain.plugin_phrases import People, Share, Text, Value
from core.domain.programme import Experiment

Content = Value | Text
"""What a table shows: ready words, or values that the core writes."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of plain text."""

    text: Text


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures side by side, by indicator code."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars: a name and its values, None where nothing is known.

    A value that counts people is a ``People``, a ``Share`` is drawn as a percentage. ``role`` picks a colour by
    meaning: « main », « muted », « target », « axis1 » to « axis3 », or another name of the palette.
    ``said`` gives, for each value, the words in place of one that is hidden (« moins de 5 »), else "".
    """

    name: str
    values: tuple[float | People | Share | None, ...]
    role: str = "main"
    said: tuple[str, ...] = ()


def plain_values(series: Series) -> tuple[float | None, ...]:
    """The numbers of a series that has been written for its reader: none of them counts people any more."""
    return tuple(_plain(value) for value in series.values)


def _plain(value: float | People | Share | None) -> float | None:
    assert not isinstance(value, People | Share)
    return value


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart without a drawing engine.

    ``kind``: « bars » (horizontal), « columns », « stacked » (horizontal), « line », « steps ».
    ``conclusion`` is the title: what the reader should see. ``alternative`` says it in full
    for who cannot see it. ``reference`` draws one value to reach, with its name.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    conclusion: Text
    alternative: Text
    unit: str = ""
    source: str = ""
    reference: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A real table: caption, headings, rows of ready text or of values; the first column heads its row."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]
    note: str = ""
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Callout:
    """Something not to miss. ``tone``: « info », « attention », « blocked », « question »."""

    text: Text
    tone: str = "info"


Block = Heading | Prose | KeyFigures | Chart | Table | Callout


@dataclass(frozen=True, slots=True)
class Report:
    """What ``build_report`` receives: the experiment, the day, and ready figures to ask for.

    ``figure(code)`` gives the cell of an indicator for this experiment since its start; ``by_place(code)`` its
    observation at each place. ``by_month(code)`` goes from the start to ``until``, take ``so_far`` of it: a count, a
    sum or a median without denominator is what happened in the month; a rate is **cumulative**, both its sides
    since the start, and so is a stock, which reads ``au``. ``by_period(code)`` is what happened in each quarter.
    ``rows(dataset)`` gives the current rows of this experiment as plain dictionaries (never those of another),
    ``of_derived`` those of a derived dataset; ``experiment.place(row["lieu"])`` says the name of a place. Nothing
    here can write.
    """

    experiment: Experiment
    today: date
    until: date
    period: Period
    figure: Callable[[str], Cell]
    by_place: Callable[[str], Sequence[Observation]]
    by_month: Callable[[str], Sequence[Observation]]
    by_period: Callable[[str], Sequence[Observation]]
    rows: Callable[[str], Sequence[dict[str, Any]]]
    of_derived: Callable[[Derived], Sequence[dict[str, Any]]] = field(default=lambda _derived: ())
