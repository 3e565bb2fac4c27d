"""A figure that cannot be computed says so, and costs no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from core.domain.indicator import Computed, Count, CountDistinct, Derived, Indicator, Sum, col
from core.domain.observation import Missing
from core.errors import FabriqueError, UnknownName
from tests.core.figures.rig import AIX, Rig, diagnostics


def indicator(code: str, numerator) -> Indicator:
    return Indicator(code=code, label=code, definition="Essai.", numerator=numerator, unit="lignes")


def broken(*_parts):
    raise RuntimeError("cassé")


BROKEN = (
    indicator("X1", Count(source="diagnostics", where=col("absente") > 0, date="mois")),
    indicator("X2", Sum(source="diagnostics", expression=sa.func.fonction_inconnue(col("diagnostics")), date="mois")),
    indicator("X3", Count(source="inconnu")),
    indicator("X4", Count(source=Derived("d", "D", ("diagnostics",), broken))),
    indicator("X5", Computed(codes=("AC6",), function=broken)),
    indicator("X6", Count(source=Derived("e", "E", ["diagnostics"], broken))),  # a list cannot be a key
    indicator("X7", Computed(codes=("AC6",), function=lambda *_parts: ("beaucoup", None))),
    indicator("X8", Count(source=Derived("f", "F", ("diagnostics",), lambda _tables: 3))),
)
SOUND = indicator("X0", CountDistinct(source="diagnostics", expression=col("structure"), date="mois"))


@pytest.fixture
def rig(database_url: str) -> Iterator[Rig]:
    made = Rig(database_url, extra=(*BROKEN, SOUND))
    made.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 3)])
    yield made
    made.close()


def test_a_broken_figure_says_so_and_costs_no_other(rig: Rig) -> None:
    found = {one.indicator: one for one in rig.monitor().observe(experiments=[AIX])}
    for one in BROKEN:
        assert found[one.code].missing_because is Missing.ERROR, one.code
        assert found[one.code].reason.startswith("Calcul impossible")
    assert found["AC6"].value == 3
    assert found["X0"].value == 0
    assert "absente" in found["X1"].reason


def test_a_broken_figure_breaks_no_breakdown_nor_comparison(rig: Rig) -> None:
    for by in ("place", "month"):
        assert rig.monitor().observe(by=by)
    cells = rig.monitor().compare().cells
    assert cells["X2", AIX].observation.missing_because is Missing.ERROR
    assert cells["AC6", AIX].observation.value == 3


def test_an_unknown_code_names_the_nearest(rig: Rig) -> None:
    with pytest.raises(UnknownName, match="EQ5b"):
        rig.monitor().observe(["EQ5x"])
    assert rig.monitor().observe(["eq5a"], [None])[0].indicator == "EQ5a"


def test_rows_of_a_broken_figure_are_refused_in_words(rig: Rig) -> None:
    with pytest.raises(FabriqueError, match="inconnu"):
        rig.monitor().rows_behind("X3")
