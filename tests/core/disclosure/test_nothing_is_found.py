"""Invariant 8 of the figures: nothing printed for a reader lets a hidden count be found by subtraction.

A document is generated: figures of three experiments and their programme, and the page of each, which splits
them (families and students, quarters, buildings). It is masked, read again as a reader would, and solved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue import CATALOGUE
from core.committee import FrozenPage, Snapshot
from core.committee.formula import Formula
from core.deliberation import EXPERIMENTS
from core.disclosure import masked
from core.domain.observation import Cell, Observation, Progress, Standing
from core.domain.plugin_phrases import Figure, People, Share, phrase, told
from core.domain.report import Block, Chart, Prose, Series, Table
from tests.support.profile import cases

BELOW, DWELLINGS = 5, 60
WHOM = ("ct2-pays-d-aix", "ct3-pays-salonais", "ct6-pays-de-martigues")
CODES = ("EQ5a", "EQ6", "AC6", "CO3")
count = st.one_of(st.integers(0, 6), st.integers(0, 40))


@dataclass(frozen=True)
class Counts:
    """What one experiment counts."""

    families: int
    students: int
    quarters: tuple[int, ...]
    homes: tuple[int, ...]

    @property
    def figures(self) -> dict[str, tuple[int, int | None]]:
        return {
            "EQ5a": (self.families + self.students, None),
            "EQ6": (self.families, 50),
            "AC6": (sum(self.quarters), None),
            "CO3": (sum(self.homes), DWELLINGS * len(self.homes)),
        }


worlds = st.lists(
    st.builds(
        Counts,
        count,
        count,
        st.lists(count, min_size=2, max_size=3).map(tuple),
        st.lists(count, min_size=1, max_size=3).map(tuple),
    ),
    min_size=len(WHOM),
    max_size=len(WHOM),
)


def page(one: Counts) -> tuple[Block, ...]:
    quarters = [(f"T{at}", People(number, "diagnostic")) for at, number in enumerate(one.quarters, 1)]
    return (
        Prose(phrase("Remis : ", People(one.families, "famille"), " ; ", People(one.students, "étudiant"))),
        Prose(phrase(Figure("AC6", "diagnostic"))),
        Table("Trimestres", ("Quoi", *(name for name, _ in quarters)), (("Diagnostics", *(n for _, n in quarters)),)),
        Chart(
            "columns",
            tuple(name for name, _ in quarters),
            (Series("D", tuple(n for _, n in quarters)),),
            "c",
            phrase("Diagnostics. ", told(quarters)),
        ),
        Table(
            "Immeubles",
            ("I", "Accords"),
            tuple((f"I{at}", Share(People(number, "accord"), DWELLINGS)) for at, number in enumerate(one.homes)),
        ),
    )


def snapshot(world: list[Counts]) -> Snapshot:
    by_code = {code: [one.figures[code] for one in world] for code in CODES}
    cells = []
    for code, found in by_code.items():
        bottoms = [bottom for _, bottom in found if bottom is not None]
        whole = (sum(top for top, _ in found), sum(bottoms) if bottoms else None)
        for whom, (top, bottom) in zip((*WHOM, None), (*found, whole), strict=True):
            value = top if not bottom else 100 * top / bottom
            seen = Observation(code, code, "", whom, numerator=top, denominator=bottom, value=value)
            cells.append(Cell(seen, Standing(Progress.NO_TARGET)))
    return Snapshot(
        until=date(2022, 6, 30),
        taken_at=datetime(2022, 7, 5, tzinfo=UTC),
        revision=1,
        sentence="",
        experiments=tuple(EXPERIMENTS[code] for code in WHOM),
        formulas=tuple(Formula.of(CATALOGUE[code]) for code in CODES),
        followed=dict.fromkeys(WHOM, CODES),
        figures=tuple(cells),
        lines=(),
        promised=(),
        sentences=dict.fromkeys(WHOM, ""),
        pages={code: FrozenPage(page(one), contract=2) for code, one in zip(WHOM, world, strict=True)},
    )


@dataclass
class Reader:
    """What somebody reads in the document: bounds on each count, and what adds up."""

    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    true: dict[str, float] = field(default_factory=dict)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)

    def read(self, name: str, text: str, true: float) -> None:
        """A cell: its number, « moins de 5 », or words that say nothing."""
        number = re.match(r"(\d+)", text)
        small = "moins de" in text
        low, high = (float(number[1]),) * 2 if number else (1, BELOW - 1) if small else (0, np.inf)
        self.low[name] = max(low, self.low.get(name, 0))
        self.high[name] = min(high, self.high.get(name, np.inf))
        self.true[name] = true

    def found(self) -> list[str]:
        """The small counts of people that the reader ends up knowing."""
        self._propagate()
        names = [name for name in self.true if self.low[name] < self.high[name]]
        rows = [[(name in parts) - 1.0 * (name == total) for name in names] for total, parts in self.sums]
        known = [name for name in self.true if name not in names]
        if names:
            _, sizes, directions = np.linalg.svd(np.array(rows), full_matrices=True)
            free = directions[int((sizes > 1e-9).sum()) :]
            known += [name for at, name in enumerate(names) if np.abs(free[:, at]).max(initial=0) < 1e-9]
        return [name for name in known if 0 < self.true[name] < BELOW and not name.startswith("EQ5a")]

    def _propagate(self) -> None:
        for _ in range(40):
            for total, parts in self.sums:
                for one in parts:
                    rest = [other for other in parts if other != one]
                    least = self.low[total] - sum(self.high[other] for other in rest)
                    most = self.high[total] - sum(self.low[other] for other in rest)
                    self.low[one], self.high[one] = max(self.low[one], least), min(self.high[one], most)
                self.low[total] = max(self.low[total], sum(self.low[one] for one in parts))
                self.high[total] = min(self.high[total], sum(self.high[one] for one in parts))


def reader_of(world: list[Counts], shown: Snapshot) -> Reader:
    made = Reader()
    for (code, whom), cell in shown.cells.items():
        number = cell.observation.numerator
        true = sum(one.figures[code][0] for one, name in zip(world, WHOM, strict=True) if whom in (None, name))
        text = cell.observation.hidden if number is None else str(int(number))
        made.read(f"{code} {whom}", text, true)
    for code in CODES:
        made.sums.append((f"{code} None", [f"{code} {whom}" for whom in WHOM]))
    for whom, one in zip(WHOM, world, strict=True):
        split, _, table, chart, homes = shown.pages[whom].blocks
        families, students = re.sub("[\u00a0\u202f]", " ", split.text).removeprefix("Remis : ").split(" ; ")
        made.read(f"EQ6 {whom}", families, one.families)
        made.read(f"étudiants {whom}", students, one.students)
        made.sums.append((f"EQ5a {whom}", [f"EQ6 {whom}", f"étudiants {whom}"]))
        for at, number in enumerate(one.quarters):
            drawn = chart.series[0].values[at]
            for text in (table.rows[0][at + 1], "?" if drawn is None else str(int(drawn))):
                made.read(f"T{at} {whom}", text, number)
        made.sums.append((f"AC6 {whom}", [f"T{at} {whom}" for at in range(len(one.quarters))]))
        for at, number in enumerate(one.homes):
            made.read(f"I{at} {whom}", homes.rows[at][1], number)
        made.sums.append((f"CO3 {whom}", [f"I{at} {whom}" for at in range(len(one.homes))]))
    return made


@pytest.mark.generated
@settings(max_examples=cases(200, 2000), deadline=None)
@given(worlds)
def test_no_small_count_is_found_by_reading_and_subtracting(world: list[Counts]) -> None:
    assert reader_of(world, masked(snapshot(world), BELOW)).found() == []


def test_the_reader_finds_what_is_written_without_masking() -> None:
    """The property can fail: the same document for who sees everything tells its small counts."""
    world = [Counts(3, 2, (4, 30), (2, 20))] * 3
    assert len(reader_of(world, masked(snapshot(world), 1)).found()) >= 9


def test_a_document_with_nothing_small_hides_nothing() -> None:
    world = [Counts(12, 20, (14, 30), (22, 20))] * 3
    shown = masked(snapshot(world), BELOW)
    assert not any(one.observation.hidden for one in shown.figures)
    assert "non montré" not in str(shown.pages) and "moins de" not in str(shown.pages)
