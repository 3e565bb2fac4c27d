"""What is saved is read back, today and as of any past revision, on both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from core.catalogue import DATASETS, lead
from core.domain.dataset import Dataset
from core.errors import Refused, UnknownName
from core.storage.rows import RowsWanted
from tests.core.storage.factories import FULL, MATERIEL, NADIA, NOON, frame, opened, prices, row, save


def test_an_empty_table_has_the_types(database_url: str) -> None:
    with opened(database_url) as store:
        rows = store.rows("anonymal", "materiel")
    assert rows.height == 0
    assert dict(rows.schema) == {
        "numero": pl.String,
        "prix": pl.Int64,
        "date_remise": pl.Date,
        "en_qpv": pl.Boolean,
        "latitude": pl.Float64,
        "_key": pl.String,
        "_place": pl.String,
        "_experiment": pl.String,
        "_since": pl.Int64,
    }


def test_rows_come_back_exactly_as_saved(database_url: str) -> None:
    with opened(database_url) as store:
        saved = save(store, *FULL)
        rows = store.rows("anonymal", "materiel")
    assert (saved.revision, saved.added, saved.changed, saved.unchanged, saved.removed) == (1, 3, 0, 0, 0)
    assert rows.drop("_since").equals(frame(*FULL).select(rows.drop("_since").columns).sort("_key"), null_equal=True)
    assert rows["_since"].to_list() == [1, 1, 1]


def test_saving_again_makes_no_revision(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, *FULL)
        again = save(store, *FULL, day=1)
        deposits = store.deposits()
    assert (again.revision, again.unchanged) == (None, 3)
    assert [(d.revision, d.after_revision) for d in deposits] == [(1, 1), (None, 1)]


def test_a_long_table_is_read_once_in_a_transaction(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, *FULL)
        with store.writing(NADIA, NOON) as writing:
            before, reads = writing.rows("anonymal", "materiel"), []
            sa.event.listen(writing.connection, "before_cursor_execute", lambda *said: reads.append(said[2]))
            assert writing.rows("anonymal", "materiel") is before
            writing.save("anonymal", "materiel", frame(*FULL))
            # Neither by another reading nor by the comparison; a deposit reads only its own tables.
            assert not [one for one in reads if "latitude" in one]
            writing.save("anonymal", "materiel", frame(row("Z", 9)))
            assert "Z" in writing.rows("anonymal", "materiel")["numero"]


def test_only_changed_rows_are_written(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        saved = save(store, row("A", 1), row("B", None), row("C", 3), day=1)
        rows = store.rows("anonymal", "materiel")
        assert (saved.added, saved.changed, saved.unchanged) == (1, 1, 1)
        assert dict(zip(rows["numero"], rows["_since"], strict=True)) == {"A": 1, "B": 2, "C": 2}
        assert prices(store, 1) == {"A": 1, "B": 2}
        assert prices(store) == {"A": 1, "B": None, "C": 3}
        assert prices(store, 0) == {}


def test_removals_are_only_those_asked(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2), row("C", 3))
        saved = save(store, row("A", 1), day=1, remove=["B", "unknown"])
        assert saved.removed == 1
        assert prices(store) == {"A": 1, "C": 3}
        assert prices(store, 1) == {"A": 1, "B": 2, "C": 3}


def test_a_lacking_column_keeps_its_values(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1, en_qpv=True))
        with store.writing(NADIA, NOON) as writing:
            writing.save("anonymal", "materiel", frame(row("A", 5), row("B", 6)).drop("en_qpv"))
        rows = store.rows("anonymal", "materiel")
    assert rows.select("prix", "en_qpv").rows() == [(5, True), (6, None)]


def test_a_row_both_given_and_removed_is_refused(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 1))
        with pytest.raises(Refused, match="à la fois à déposer et à retirer"):
            save(store, row("A", 1), day=1, remove=["A", "B"])
        assert prices(store) == {"A": 1, "B": 1}


def test_a_key_twice_is_refused(database_url: str) -> None:
    with opened(database_url) as store:
        with pytest.raises(Refused, match="deux fois"):
            save(store, row("A", 1), row("A", 2))
        assert store.deposits() == []


def test_an_exception_undoes_the_whole_writing(database_url: str) -> None:
    with opened(database_url) as store:
        with pytest.raises(RuntimeError), store.writing(NADIA, NOON) as writing:
            writing.save("anonymal", "materiel", frame(row("A")), file=(b"x", "x.csv"))
            raise RuntimeError
        assert store.latest() == 0
        assert store.deposits() == []
        assert prices(store) == {}


def test_a_moment_gives_its_last_revision(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 2), day=10)
        cases = {
            date(2021, 9, 30): 0,
            date(2021, 10, 1): 1,
            date(2021, 10, 10): 1,
            date(2021, 10, 11): 2,
            datetime(2021, 10, 11, 11, 59, tzinfo=UTC): 1,
            datetime(2021, 10, 11, 12, 0, tzinfo=UTC): 2,
            1: 1,
            99: 2,
        }
        assert {moment: store.revision_at(moment) for moment in cases} == cases


def test_a_select_sees_the_revision(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 10), day=1)
        totals = []
        with store.connect() as connection:
            for revision in (1, 2, None):
                rows = store.visible("anonymal", "materiel", revision)
                totals.append(connection.scalar(sa.select(sa.func.sum(rows.c.prix))))
    assert totals == [3, 12, 12]


WANTED = {
    "every row": RowsWanted(),
    "some keys": RowsWanted(keys=["B", "nobody's", "É"]),
    "one experiment": RowsWanted(experiments=["ct3"]),
    "one experiment or none": RowsWanted(experiments=["ct3", None]),
    "one value": RowsWanted(equal={"_place": "aix"}),
    "some days": RowsWanted(dated=(("date_remise",), date(2021, 9, 1), date(2021, 9, 30))),
    "several conditions": RowsWanted(experiments=["ct2"], equal={"_place": "aix"}, keys=["A", "B", "É"]),
}


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_what_is_wanted_is_what_a_look_at_every_row_keeps(database_url: str, wanted: RowsWanted) -> None:
    def keeps(one: dict[str, Any]) -> bool:
        columns, first, last = wanted.dated or ((), date.min, date.max)
        return (
            (wanted.keys is None or one["_key"] in wanted.keys)
            and (wanted.experiments is None or one["_experiment"] in wanted.experiments)
            and all(one[name] == value for name, value in wanted.equal.items())
            and all(one[name] is not None and first <= one[name] <= last for name in columns)
        )

    with opened(database_url) as store:
        save(store, row("A", 1, date_remise=date(2021, 9, 30)), row("b", 2, _experiment="ct3"), row("B", 3))
        save(store, row("É", 4, date_remise=date(2021, 10, 1), _place=None), row("Z", 5, _experiment=None), day=1)
        save(store, row("A", 9, date_remise=date(2021, 8, 31)), day=2)
        for revision in (None, 1, 2, 3):
            every = store.rows("anonymal", "materiel", revision)
            kept = [one["_key"] for one in every.to_dicts() if keeps(one)]
            assert store.rows("anonymal", "materiel", revision, wanted)["_key"].to_list() == kept
            assert store.count("anonymal", "materiel", revision, wanted) == len(kept)
            pages = [store.rows("anonymal", "materiel", revision, replace(wanted, page=(at, 2))) for at in (0, 2, 4)]
            assert [key for page in pages for key in page["_key"]] == kept


def test_each_dataset_has_its_last_revision(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        with store.writing(NADIA, NOON) as writing:
            writing.save("ifac", MATERIEL, frame(row("Z", 1)))
        save(store, row("A", 2), day=1)
        assert store.last_revisions() == {("anonymal", "materiel"): 3, ("ifac", "materiel"): 2}
        assert store.last_revisions(2) == {("anonymal", "materiel"): 1, ("ifac", "materiel"): 2}


def test_comparing_stores_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2), row("C", 3))
        diff = store.compare("anonymal", "materiel", frame(row("A", 1), row("B", 9), row("D", 4)))
        assert diff.added["numero"].to_list() == ["D"]
        assert [(c.key, c.column, c.before, c.after) for c in diff.cells()] == [("B", "prix", 2, 9)]
        assert diff.unchanged == 1
        assert diff.missing is not None
        assert diff.missing["numero"].to_list() == ["C"]
        assert store.latest() == 1


def test_nothing_to_declare_is_a_revision(database_url: str) -> None:
    with opened(database_url) as store:
        with store.writing(NADIA, NOON) as writing:
            writing.declare_nothing("anonymal", "materiel", "2021-T3")
        (deposit,) = store.deposits()
    assert (deposit.revision, deposit.period) == (1, "2021-T3")
    assert deposit.declares_nothing
    assert deposit.reports


def test_an_unknown_dataset_is_named(database_url: str) -> None:
    with opened(database_url) as store, pytest.raises(UnknownName, match="« matériel »"):
        store.rows("anonymal", "matériel")


def test_an_accepted_file_is_kept_once(database_url: str) -> None:
    content = bytes(range(256))
    with opened(database_url) as store:
        save(store, row("A", 1), file=(content, "septembre.csv"), period="2021-T3")
        save(store, row("A", 2), file=(content, "copie.csv"), day=1)
        first, second = store.deposits()
        assert (first.file_name, second.file_name) == ("septembre.csv", "copie.csv")
        assert first.sha256 == second.sha256
        assert first.sha256 is not None
        assert store.file(first.sha256) == content
        with pytest.raises(UnknownName):
            store.file("0" * 64)


def test_a_number_that_is_none_reads_as_blank(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", latitude=float("nan")))
        assert store.rows("anonymal", "materiel")["latitude"].to_list() == [None]
        assert save(store, row("A", latitude=float("nan")), day=1).unchanged == 1


def test_an_invisible_character_is_refused_alike(database_url: str) -> None:
    with opened(database_url) as store, pytest.raises(Refused, match="« numero » contient un caractère invisible"):
        save(store, row("A\0"))


def test_thousands_of_rows_are_saved_and_compared(database_url: str) -> None:
    numbers = [f"{n:05}" for n in range(25_000)]
    random.Random(1).shuffle(numbers)
    with opened(database_url) as store:
        save(store, *(row(n, int(n)) for n in numbers))
        assert store.rows("anonymal", "materiel")["prix"].to_list() == list(range(25_000))
        saved = save(store, *(row(n, int(n) // 2 * 2) for n in numbers), day=1, remove=["absent"])
        assert (saved.changed, saved.unchanged, saved.removed) == (12_500, 12_500, 0)
        assert sum(price or 0 for price in prices(store, 1).values()) == sum(range(25_000))


@pytest.mark.parametrize("declared", [*DATASETS.values(), *lead.DATASETS], ids=lambda declared: declared.code)
def test_every_dataset_of_the_programme_is_kept(sqlite_database_url: str, declared: Dataset) -> None:
    read = {c.name: c.kind.parse(pl.lit(c.kind.example)) for c in declared.columns}
    example = pl.select(**read, _key=pl.lit("A"))
    with opened(sqlite_database_url, declared) as store, store.writing(NADIA, NOON) as writing:
        writing.save("anonymal", declared, example)
        assert writing.rows("anonymal", declared).select(example.columns).equals(example, null_equal=True)
