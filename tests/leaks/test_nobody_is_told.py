"""Nothing made for a committee, a program or the room, nor a page that it opens, tells small numbers of people.

Two stores made by hand. In the first every number of people is unlike any other, and all of them are to be
hidden: whatever is found of them in a file was written past the masking. In the second all are between 1 and 4,
as small as the rule speaks of: the words are read, and the tables are solved.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from core.contract import Registry, schema_setup
from core.disclosure.reader import DiscreetMonitor
from core.figures import Monitor
from core.storage import Store
from tests.leaks import leaving
from tests.leaks.few_people import AT, DWELLINGS, FIRST, LAST, TODAY, few, fill, telltale

ALL, BELOW = 10**12, 5
COUNTED = (
    *("famille", "étudiant", "personne", "foyer", "diagnostic", "accompagnement", "participation", "participant"),
    *("bénéficiaire", "accord", "aidant", "inscrit", "voisin", "remise", "journée", "besoin", "orientation"),
)
"""What is counted in the pages, the sentences and the tables; « remise » is to a family or to a student."""
NOUNS = "|".join(COUNTED)


@dataclass
class Told:
    """A store, what leaves it, and every number of people that the screens show."""

    store: Store
    registry: Registry
    found: dict[str, str]
    files: dict[str, bytes]
    given: list[int]

    def observations(self, **asked: Any) -> Iterator[Any]:
        yield from Monitor(self.registry, self.store, today=TODAY).observe(**asked)

    @property
    def numbers(self) -> set[float]:
        """Those of the rows, and of the figures made of them in every scope."""
        asked = [{"until": day, "by": by} for day in (FIRST, LAST) for by in (None, "place", "month")]
        seen = [one for each in asked for one in self.observations(**each) if of_people(self.registry, one.indicator)]
        parts = {number for one in seen for number in (one.numerator, one.denominator) if number}
        return {*self.given, *(number for number in parts if number % DWELLINGS)}


def of_people(registry: Registry, code: str) -> bool:
    one = registry.catalogue[code]
    return any(getattr(part, "people", False) for part in (one.numerator, one.denominator))


def told(folder: Path, numbers: Iterator[int], below: int) -> Iterator[Told]:
    registry = Registry.load(strict=True)
    with Store.open(f"sqlite:///{folder}/essai.sqlite3") as store:
        schema_setup.prepare(registry, store, at=AT)
        given = fill(registry, store, numbers)
        files = leaving.documents(registry, store, below)
        texts = {name: leaving.text_of(data) for name, data in files.items()}
        more = {
            **leaving.room(store, below),
            **leaving.answered(registry, store, below),
            **leaving.screens(registry, store, below),
        }
        yield Told(store, registry, {**texts, **more}, files, given)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from told(tmp_path_factory.mktemp("grands"), telltale(), ALL)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from told(tmp_path_factory.mktemp("petits"), few(), BELOW)


# --- numbers unlike any other ---------------------------------------------------------------


def test_no_number_of_people_is_written_anywhere(large: Told) -> None:
    people = {int(number) for number in large.numbers if number > 10**8}
    assert len(people) > 300, "all but who received a machine: those are the rows of the other store"
    leaks = {
        f"{name} : …{text[max(0, one.start() - 60) : one.end() + 30]}…"
        for name, whole in large.found.items()
        for text in [re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", leaving.words_of(whole))]
        for one in re.finditer(r"(?<![\d,.a-f])\d{9,11}(?![\da-f])", text)
        if int(one[0]) in people
    }
    assert not leaks, "\n".join(sorted(leaks))


def test_what_is_read_holds_the_numbers_of_things(large: Told) -> None:
    """The search finds what is there: dwellings are as long, and are things."""
    dwellings = str(3 * DWELLINGS)
    for name in ("pdf 2", "pptx 2", "xlsx 2", "open-data 2", "api indicators ", "écran comites {'comite': '2'}"):
        assert dwellings in re.sub(r"[\s\u202f]", "", large.found[name]), name


# --- numbers from one to four ---------------------------------------------------------------


def test_no_small_number_stands_beside_what_it_counts(small: Told) -> None:
    # A mean (« 2 personnes en moyenne ») is made of two numbers that are shown beside it.
    after = re.compile(rf"(?<![\w,.\-–/°])[1-4] (?:{NOUNS})s?\b(?! en moyenne)")
    before = re.compile(rf"\b(?:{NOUNS})s?(?: [a-zé]+){{0,2}} : [1-4](?![\d,.])")
    leaks = [
        f"{name} : …{text[max(0, one.start() - 50) : one.end() + 40]}…"
        for name, whole in small.found.items()
        if not name.startswith("api")
        for text in [leaving.words_of(whole)]
        for pattern in (after, before)
        for one in pattern.finditer(text)
    ]
    assert not leaks, "\n".join(leaks)


def test_the_dossier_tells_the_two_families_and_the_student_to_nobody(small: Told) -> None:
    """Issue 9, line 18."""
    text = leaving.words_of(small.found["pdf 2"])
    said = re.findall(r"6 ordinateurs remis \(([^)]*étudiants?)\)", text)
    # Both are hidden; one says less, where the programme’s total would otherwise pin them all.
    assert said == ["moins de 5 familles, un nombre non montré d’étudiants"]
    report = leaving.words_of(small.found["compte-rendu anonymal-ct2 pdf"])
    assert "Matériel remis : famille moins de 5" in report and "étudiant moins de 5" in report


Cells = dict[tuple[str, str | None, str | None], tuple[float | None, float | None]]


def workbook_of(data: bytes) -> Cells:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Chiffres"]
    head, *rows = sheet.iter_rows(values_only=True)
    at = {name: rank for rank, name in enumerate(head)}
    columns = [at[name] for name in ("Code", "Expérimentation", "Lieu", "Numérateur", "Dénominateur")]
    everywhere = {"Programme": None, "Tous les lieux": None}
    found = {}
    for row in rows:
        code, whom, place, top, bottom = (row[rank] for rank in columns)
        found[code, everywhere.get(whom, whom), everywhere.get(place, place)] = (top, bottom)
    return found


def package_of(data: bytes) -> Cells:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in ("indicateurs", "indicateurs_par_lieu"):
            for row in csv.DictReader(io.StringIO(archive.read(f"donnees/{name}.csv").decode("utf-8-sig"))):
                if not row.get("periode"):
                    parts = [float(row[part]) if row[part] else None for part in ("numerateur", "denominateur")]
                    key = row["indicateur"], row["experimentation"] or None, row.get("lieu")
                    found[key] = (parts[0], parts[1])
    return found


def answer_of(text: str) -> Cells:
    return {
        (one["indicator"], one["experiment"], one["place"]): (one["numerator"], one["denominator"])
        for one in json.loads(text)["observations"]
    }


def tables(told: Told) -> dict[str, Cells]:
    live = answer_of(told.found["api indicators "]) | answer_of(told.found["api indicators place"])
    return {
        "xlsx": workbook_of(told.files["xlsx 2"]),
        "open-data": package_of(told.files["open-data 2"]),
        "api frozen": answer_of(told.found["api frozen_indicators "]),
        "api": live,
        "screens": shown_on_screens(told),
    }


def shown_on_screens(told: Told) -> Cells:
    """The figures that the pages are made of for a member of the committee, in total and by place."""
    monitor = DiscreetMonitor(told.registry, told.store, today=TODAY, below=BELOW)
    seen = (one for by in (None, "place") for one in monitor.observe(until=LAST, by=by))
    return {(one.indicator, one.experiment, one.place): (one.numerator, one.denominator) for one in seen}


@pytest.mark.parametrize("name", ["xlsx", "open-data", "api frozen", "api", "screens"])
def test_no_table_shows_a_small_number_nor_lets_it_be_solved(small: Told, name: str) -> None:
    """A reader who knows what adds up (experiments, places, the rest of a rate) finds no small count of people."""
    shown = tables(small)[name]
    assert len(shown) > 150
    told_ones = [key for key, parts in shown.items() if of_people(small.registry, key[0]) and any(parts)]
    leaks = [key for key in told_ones if any(part and 0 < part < BELOW for part in people_parts(small, key, shown))]
    assert not leaks, leaks
    solved = [f"{key} = {value}" for key, value in solve(small, shown)]
    assert not solved, "\n".join(solved)


def people_parts(told: Told, key: tuple[str, Any, Any], shown: Cells) -> list[float | None]:
    """The parts that count people, and what the first leaves of the second."""
    one, (top, bottom) = told.registry.catalogue[key[0]], shown[key]
    parts = [
        value for part, value in ((one.numerator, top), (one.denominator, bottom)) if getattr(part, "people", False)
    ]
    rest = [bottom - top] if top is not None and bottom is not None and parts else []
    return [*parts, *rest]


def solve(told: Told, shown: Cells) -> Iterator[tuple[Any, float]]:
    """The small counts that are not shown and that one solution only gives, by the sums that hold in truth."""
    for code in {key[0] for key in shown if of_people(told.registry, key[0])}:
        for rank, part in enumerate(("numerator", "denominator")):
            if not getattr(getattr(told.registry.catalogue[code], part), "people", False):
                continue
            true = truth(told, code, part, {key for key in shown if key[0] == code})
            hidden = [key for key in true if shown[key][rank] is None]
            rows = [[1.0 * (key in parts) - 1.0 * (key == total) for key in hidden] for total, parts in sums(true)]
            yield from ((key, true[key]) for key in determined(hidden, rows) if 0 < true[key] < BELOW)


def truth(told: Told, code: str, part: str, keys: set[tuple[str, Any, Any]]) -> dict[Any, float]:
    """The numbers as the screens show them, for the spots that the table has; names as the table writes them."""
    found: dict[Any, float] = {}
    for by in (None, "place"):
        for one in told.observations(codes=[code], until=LAST, by=by):
            number = getattr(one, part)
            for key in names(told, one):
                if key in keys and number is not None:
                    found[key] = number
    return found


def names(told: Told, one: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """By codes, and by the words of the workbook."""
    yield one.indicator, one.experiment, one.place
    if one.experiment:
        experiment = told.registry.experiment(one.experiment)
        place = experiment.place(one.place) if one.place else None
        yield one.indicator, experiment.short_title, place.name if place else one.place


def sums(true: dict[Any, float]) -> Iterator[tuple[Any, list[Any]]]:
    for total in true:
        _code, whom, place = total
        if place is not None:
            continue
        parts = [
            key
            for key in true
            if (key[1] is not None and key[2] is None if whom is None else key[1] == whom and key[2] is not None)
        ]
        if parts and sum(true[key] for key in parts) == true[total]:
            yield total, parts


def determined(hidden: list[Any], rows: list[list[float]]) -> list[Any]:
    if not hidden or not rows:
        return []
    _, sizes, directions = np.linalg.svd(np.array(rows), full_matrices=True)
    free = directions[int((sizes > 1e-9).sum()) :]
    return [key for at, key in enumerate(hidden) if np.abs(free[:, at]).max(initial=0) < 1e-9]
