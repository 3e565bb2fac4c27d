"""Each measure runs at a tiny size and compares like with like; no time is ever asserted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import append, documents, felt, filling, growth, indicators, intake, page, raw, rejects, report, start
from bench.client import Answer, BrokenPage
from bench.measure import HEADINGS, Ratio, Times, compare, table
from bench.report import Machine
from core.contract import Registry, schema_setup
from core.demonstration import TODAY
from core.domain.indicator import Count, Programme, Sum
from core.figures import Monitor
from core.figures.cache import Cache
from core.storage import Store
from tests.core.exports.documents import material
from tests.support.filled import NOW, copied, demonstration_url

SHARE = 0.001


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(strict=True)


@pytest.fixture(scope="module")
def store(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    copy = copied(demonstration_url(), tmp_path_factory.mktemp("bench") / "filled.sqlite3")
    with Store.open(f"sqlite:///{copy}") as opened:
        schema_setup.prepare(registry, opened, at=NOW)
        filling.fill(registry, opened, share=SHARE)
        yield opened


def ratio(ours: float, theirs: float, bound: float | None) -> Ratio:
    return Ratio("Une mesure", ((Times(ours, ours), Times(theirs, theirs)),), bound)


@pytest.mark.parametrize(
    ("ours", "theirs", "bound", "kept"), [(3.0, 2.0, 1.5, True), (3.1, 2.0, 1.5, False), (9.0, 1.0, None, True)]
)
def test_a_bound_is_held_up_to_itself(ours: float, theirs: float, bound: float | None, kept: bool) -> None:
    assert ratio(ours, theirs, bound).kept is kept


def test_the_ratio_is_the_median_of_turns() -> None:
    turns = [(1.0, 1.0), (9.0, 1.0), (4.0, 2.0)]
    found = Ratio("Une mesure", tuple((Times(mine, 0), Times(other, 0)) for mine, other in turns))
    assert (found.ratio, found.processor) == (2.0, None)


def test_both_sides_run_in_turn() -> None:
    done: list[str] = []
    compare(
        "n",
        lambda: done.append("ours"),
        lambda: done.append("theirs"),
        bound=None,
        runs=2,
        before=lambda: done.append("before"),
    )
    assert done == ["before", "ours", "theirs"] * 2


def test_the_table_has_one_line_each() -> None:
    lines = table([ratio(1, 2, 1.5), ratio(4, 2, 1.5)]).splitlines()
    assert [line.count("|") for line in lines] == [len(HEADINGS) + 1] * 4
    assert "0,5 fois" in lines[2] and "tenu" in lines[2] and "DÉPASSÉ" in lines[3]


def test_figures_find_their_place_in_the_page(tmp_path: Path) -> None:
    text = tmp_path / "page.md"
    text.write_text(f"avant\n{report.START}\nvieux\n{report.END}\naprès\n", encoding="utf-8")
    report.publish("neuf", text)
    assert text.read_text(encoding="utf-8") == f"avant\n{report.START}\n\nneuf\n\n{report.END}\naprès\n"


def test_a_page_without_a_place_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "page.md"
    text.write_text("rien", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        report.publish("neuf", text)


def test_what_is_written_names_no_machine() -> None:
    said = report.written(report.Machine("Linux x86_64", 2, 3.0), [ratio(4, 2, 1.5)])
    assert "à refaire au calme" in said and "Borne dépassée" in said
    assert str(Path.home()) not in said


def test_the_documentation_has_a_place_for_figures() -> None:
    page_text = report.PAGE.read_text(encoding="utf-8")
    assert page_text.count(report.START) == page_text.count(report.END) == 1


def test_an_unknown_measure_is_said_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["lenteur"]) == 2
    assert "Mesure inconnue" in capsys.readouterr().err


def test_a_broken_bound_makes_the_command_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(command.MEASURES, "start", lambda _folder: [ratio(9, 1, 1.5)])
    assert command.main(["start"]) == 1


def test_loading_is_measured_in_new_processes() -> None:
    assert [len(one.pairs) for one in start.run(runs=1)] == [1]


def test_every_row_of_a_deposit_is_stored(tmp_path: Path) -> None:
    (deposit,) = intake.run(tmp_path, count=300, runs=1)
    assert "300" in deposit.name and deposit.bound == 3.0


def test_rows_are_added_over_rows(tmp_path: Path) -> None:
    (added,) = append.run(tmp_path, runs=2)
    assert len(added.pairs) == 2 and added.bound == 10.0


def test_every_bad_cell_is_told_and_comes_back(tmp_path: Path) -> None:
    (told,) = rejects.run(tmp_path, count=300, runs=1)
    assert told.name.startswith("Les 3 lignes") and told.bound == 1.0


def test_a_million_is_spread_over_all_associations(registry: Registry) -> None:
    rows = {code: sum(counts.values()) for code, counts in filling.SHARES.items()}
    assert sum(rows.values()) + rows["immeubles"] == 1_000_000  # one threshold for each building
    assert {one for counts in filling.SHARES.values() for one in counts} == {one.code for one in registry.associations}


def test_raw_selects_give_the_same_totals(registry: Registry, store: Store) -> None:
    """Every figure that is a plain sum of rows is found again in the raw selects.

    A rate of the programme sums the experiments that have both of its sides: it is no plain sum of all rows.
    """
    sent = raw.selects(registry, store, TODAY)
    monitor = Monitor(registry, store, today=TODAY, cache=Cache())
    checked = 0
    for indicator in registry.catalogue.values():
        measure = indicator.numerator
        (found,) = monitor.observe([indicator.code], [None])
        plain = indicator.programme is Programme.SUM and isinstance(measure, Sum | Count)
        if plain and found.numerator is not None:
            cents = 100 if indicator.is_money or in_cents(measure) else 1
            assert total(store, sent, measure) == round(found.numerator * cents), indicator.code
            checked += 1
    assert checked > 8


def test_raw_selects_read_every_table_that_figures_read(registry: Registry, store: Store) -> None:
    read = {pair for one in raw.selects(registry, store, TODAY) for pair in one.reads}
    assert {(association, code) for code, counts in filling.SHARES.items() for association in counts} <= read


def test_selects_without_distinct_are_as_many(registry: Registry, store: Store) -> None:
    texts = [[one.sql for one in raw.selects(registry, store, TODAY, distinct=kind)] for kind in (True, False)]
    assert len(texts[0]) == len(texts[1])
    assert [any("count(DISTINCT" in text for text in one) for one in texts] == [True, False]


def test_a_revision_changes_the_dataset_alone(registry: Registry, store: Store) -> None:
    before = store.last_revisions()
    indicators.revise(registry, store, 1234)
    after = store.last_revisions()
    assert {pair for pair in after if after[pair] != before.get(pair)} == {indicators.REVISED}


def test_indicators_are_measured_with_their_bounds(registry: Registry, store: Store) -> None:
    found = indicators.measured(registry, store, "SQLite", runs=1)
    assert [one.bound for one in found] == [1.5, None, None, 1.2, None, None]


def test_a_page_that_lacks_its_figures_is_refused() -> None:
    class Wrong:
        def rerun(self) -> Answer:
            return Answer(0.001, 1, b"Une erreur est survenue")

    with pytest.raises(BrokenPage, match="179 ordinateurs remis"):
        page.Page(Wrong(), 0, "179 ordinateurs remis (objectif 250, incomplet)").rerun()


@pytest.mark.slow
def test_the_three_pages_say_what_they_should(tmp_path: Path) -> None:
    copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    found = page.run(tmp_path, runs=1, warming=1)
    assert [one.bound for one in found] == [1.5, 0.5]


@pytest.mark.slow
def test_what_a_person_feels_is_measured_beside_the_framework(tmp_path: Path) -> None:
    copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    found = felt.run(tmp_path, runs=1, clicks=2)
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF")
    assert [(one.bound, len(one.pairs)) for one in found] == [
        (None, 1),
        (None, 1),
        (1.5, 1),
        (None, 1),
        (None, 1),
        (None, 2),
    ]
    assert "dont le serveur" in found[-1].note


def in_cents(measure: Sum | Count) -> bool:
    """Whether the rows hold cents where the figure tells euros, as both sides of a rate of money do."""
    return isinstance(measure, Sum) and getattr(measure.expression, "name", "") in ("montant", "realisation")


def total(store: Store, sent: list[raw.Raw], measure: Sum | Count) -> int:
    """The sum of one measure over the rows of every select that has it."""
    found = 0
    with store.connect() as connection:
        for one in sent:
            place = next((rank for rank, other in enumerate(one.measures) if other is measure), None)
            if place is not None:
                rows = connection.exec_driver_sql(one.sql).all()
                found += sum(row[place - len(one.measures)] or 0 for row in rows)
    return found


def test_documents_are_measured_against_the_least_of_their_kind(tmp_path: Path) -> None:
    found = documents.run(tmp_path, runs=1, figures=material())
    assert [one.bound for one in found] == [5.0, 5.0]
    assert "17 pages" in found[1].note  # two slides for the table of the six, two for what the vote asks beside


def test_what_grows_is_measured_on_a_filled_store(registry: Registry, store: Store, tmp_path: Path) -> None:
    found = growth.measured(registry, store, tmp_path)
    assert all(one > 0 for one in found.values())
    tenfold = {name: 10 * one for name, one in found.items()}
    told = growth.written(Machine.now(), "SQLite", {1_000: found, 10_000: tenfold})
    lines = told.splitlines()[4:]
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines] == [*found]
    assert all(line.endswith("| 1 |") for line in lines)


def test_curves_find_the_place_of_their_base(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- growth, SQLite -->\nb\n<!-- end of growth, SQLite -->\nc\n", encoding="utf-8")
    growth.publish("SQLite", "neuf", page)
    words = page.read_text(encoding="utf-8").split()
    assert "neuf" in words and "b" not in words and (words[0], words[-1]) == ("a", "c")
    with pytest.raises(ValueError, match="PostgreSQL"):
        growth.publish("PostgreSQL", "neuf", page)
