"""Whatever is written the French way is read the same, from every format."""

from __future__ import annotations

import csv
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import FileRefused
from core.reading.accents import mend, plausible
from tests.core.reading.factories import MACHINES, ods, reading, xls, xlsx

LETTERS = "abcXYZ019 éèêëàâîïôùûüçœÉÈÀÇŒ’–…«»;,.:!?()/-_'+%&*$\t"
WORDS = st.text(st.sampled_from(LETTERS), max_size=30)


def remark(words: str) -> str:
    """A text in one line that French may hold.

    A question mark inside a word is the trace of a lost accent, « xÈx » that of another encoding: such files are
    refused or put right, and told (test_bad_input, tests/dialects).
    """
    kept = [word for word in words.replace("?", " ? ").split() if plausible(word)]
    return " ".join(["x", *kept, "x"])


def untouched(rows: list[dict[str, object]]) -> bool:
    """Whether its words, read beside each other, are not those of another encoding: « 0à;À » makes « XÈ » one."""
    try:
        return not any(mend([[str(row["remarque"] or "")] for row in rows]))
    except FileRefused:
        return False


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["ordinateur fixe", "ordinateur portable", "écran"]),
            "valeur_unitaire": st.none() | st.integers(0, 10**9),
            "date_reception": st.none() | st.dates(date(2000, 1, 1), date(2049, 1, 1)),
            "lieu": st.none() | st.sampled_from(["aix", "port-de-bouc", "13028", "metropole"]),
            "en_qpv": st.none() | st.booleans(),
            "nombre": st.none() | st.integers(1, 10**9),
            "remarque": st.none() | WORDS.map(remark),
        }
    ),
    min_size=1,
    max_size=8,
).filter(untouched)
NAMES = ("numero_inventaire", "type", "valeur_unitaire", "date_reception", "lieu", "en_qpv", "nombre", "remarque")


def numbered(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{"numero_inventaire": f"AMP-{n:04d}"} | row for n, row in enumerate(rows)]


def expected(rows: list[dict[str, object]]) -> pl.DataFrame:
    typed = {name: MACHINES.by_name[name].kind.dtype() for name in NAMES}
    return pl.DataFrame([{name: row[name] for name in NAMES} for row in rows], schema=typed)


def written(rows: list[dict[str, object]], shown: bool) -> list[list[str]]:
    def cell(name: str, value: object) -> str:
        kind = MACHINES.by_name[name].kind
        return "" if value is None else kind.show(value) if shown else kind.write(value)

    return [[cell(name, row[name]) for name in NAMES] for row in rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ROWS, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), st.booleans()
)
def test_a_csv_written_the_french_way_is_read_the_same(
    rows: list[dict[str, object]], separator: str, encoding: str, shown: bool
) -> None:
    rows = numbered(rows)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([NAMES, *written(rows, shown and encoding != "cp1252")])
    found = reading(text.getvalue().encode(encoding))
    assert list(found.errors) == []
    assert found.rows.select(NAMES).equals(expected(rows))


@pytest.mark.parametrize("make", [xlsx, xls, ods])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_a_workbook_of_typed_cells_is_read_the_same(make: object, rows: list[dict[str, object]]) -> None:
    rows = numbered(rows)

    def cell(name: str, value: object) -> object:
        if value is None:
            return ""
        return value / 100 if name == "valeur_unitaire" else value

    cells = [[cell(name, row[name]) for name in NAMES] for row in rows]
    found = reading(make(NAMES, *cells), "f")
    assert list(found.errors) == []
    assert found.rows.select(NAMES).equals(expected(rows))
