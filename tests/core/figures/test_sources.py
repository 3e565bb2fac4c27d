"""What is told of a source without its statements is what its statements say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from core.contract.schema_setup import prepare
from core.domain.indicator import Derived, Measure, Source, au
from core.domain.programme import METROPOLE
from core.figures import commitments, lines
from core.figures.ownership import OwnershipSql
from core.figures.reader import measures_of
from core.figures.sources import PAYMENTS, SPENDING, SUBSIDY_LINES, Descriptions, Sources
from core.storage import Store
from tests.support.filled import NOW, empty_url, registry


@pytest.fixture(scope="module")
def sources() -> Sources:
    with Store.open(empty_url()) as store:
        prepare(registry(), store, at=NOW)
    return Sources(Descriptions(registry()), store, OwnershipSql(registry().experiments), lines.Keys.of(()))


def _in_pieces(tables: Mapping[str, sa.FromClause]) -> sa.SelectBase:
    """Three pieces: of a table that all hand in, of the thresholds, and of the machines on the day looked at."""
    kept = ("_key", "_association", "_experiment", "_place")

    def of(code: str, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
        table = tables[code]
        return sa.select(*(table.c[name] for name in kept), table.c["_since"].label("nombre")).where(*conditions)

    machines = tables["materiel"].c
    return sa.union_all(of("diagnostics"), of("seuils"), of("materiel", machines["date_reception"] <= au))


ASKED = Derived(
    "en_morceaux", "En morceaux", ("materiel", "diagnostics", "seuils", "immeubles"), _in_pieces, by_row=True
)
WHOLE = Derived("d_un_bloc", "D’un bloc", ASKED.datasets, _in_pieces)


def every_source() -> dict[str, Source]:
    """By what it is called: all that figures read, and all that commitments do."""
    codes = {
        one.code
        for who in (*registry().associations, None)
        for one in registry().datasets(who.code if who else METROPOLE)
    }
    read = [
        one.source for each in registry().catalogue.values() for one in measures_of(each) if isinstance(one, Measure)
    ]
    derived = [one for one in (*read, *vars(commitments).values(), ASKED, WHOLE) if isinstance(one, Derived)]
    return {
        **{code: code for code in (*sorted(codes), SUBSIDY_LINES, PAYMENTS, SPENDING)},
        **{one.code: one for one in derived},
    }


@pytest.mark.parametrize("source", every_source().values(), ids=every_source())
def test_what_is_told_of_a_source_is_what_its_statements_say(sources: Sources, source: Source) -> None:
    told = sources.layout(source), sources.uses_day(source)
    branches = sources.branches(source)
    assert told[0] == tuple(branch.reads for branch in branches)
    assert told[1] is any(lines.uses_day(branch.clause) for branch in branches)


def test_nothing_is_made_to_tell_it(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Sources(Descriptions(registry()), sources._store, OwnershipSql(registry().experiments), lines.Keys.of(()))
    monkeypatch.setattr(fresh, "branches", lambda _source: pytest.fail("a statement was made"))
    assert fresh.uses_day(ASKED) and len(fresh.layout(ASKED)) == len(sources.branches(ASKED))
