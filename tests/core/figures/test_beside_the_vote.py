"""A plugin that nobody voted changes no figure of the others: its experiment stands beside the programme, not in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from core.catalogue import DATASETS
from core.domain.dataset import Dataset
from core.domain.observation import Observation
from core.domain.programme import Association, Experiment, Place
from core.figures import Monitor
from tests.core.figures.rig import TODAY, Programme, Rig, begun_again, computer, diagnostics, moment
from tests.core.figures.test_properties import deposits, rows
from tests.support.profile import cases

ETANG = Association("etang", "Étang")
SEVENTH = Experiment("ct5-miramas", "Miramas", "Miramas", ETANG, (Place("miramas", "Miramas", (1, 2, 3)),), rank=200)
HANDED_IN = ("materiel", "diagnostics", "concertations")
IN_STOCK = [
    computer("S1"),
    computer("S2", statut="transféré", transfere_a="Anonymal", date_transfert=date(2022, 2, 1)),
    computer("S3", statut="transféré", transfere_a="relais", date_transfert=date(2022, 2, 1)),
]
"""Machines at no place yet, and on their way: they belong to none of its experiments."""


class WithSeventh(Programme):
    """The six, and one more whose association hands in three tables of everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.experiments = (*self.experiments, SEVENTH)
        self.associations = (*self.associations, ETANG)

    def experiment(self, code: str) -> Experiment:
        return SEVENTH if code == SEVENTH.code else super().experiment(code)

    def datasets(self, association: str) -> tuple[Dataset, ...]:
        if association == ETANG.code:
            return tuple(DATASETS[code] for code in HANDED_IN)
        return super().datasets(association)


def figures(registry: Programme, rig: Rig, whom: list[str | None]) -> list[tuple[Any, ...]]:
    observed = Monitor(registry, rig.store, today=TODAY).observe(None, whom)
    return [told(one) for one in observed]


def told(one: Observation) -> tuple[Any, ...]:
    apart = tuple((part.words, part.numerator, part.denominator) for part in one.apart)
    return (
        one.indicator,
        one.experiment,
        one.numerator,
        one.denominator,
        one.value,
        one.missing_because,
        one.own,
        apart,
        replace(one.freshness, deposited=None),
    )


@pytest.mark.generated
@settings(max_examples=cases(6, 200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deposits)
def test_it_changes_no_figure_of_the_others(found: list[Any]) -> None:
    with begun_again() as rig:
        for association, listed in found:
            rig.put(association, "materiel", rows(association, listed))
        six = [one.code for one in rig.registry.experiments]
        before = figures(rig.registry, rig, [*six, None])
        rig.registry = more = WithSeventh()
        rig.store.prepare(ETANG.code, *more.datasets(ETANG.code), at=moment(date(2021, 6, 6)))
        for _, listed in found:
            machines = [
                {**row, "numero_inventaire": f"M{row['numero_inventaire']}", "lieu": "miramas"}
                for row in rows("anonymal", listed)
            ]
            rig.put(ETANG.code, "materiel", machines)
        rig.put(ETANG.code, "materiel", IN_STOCK)
        rig.put(ETANG.code, "diagnostics", [diagnostics("miramas", date(2022, 3, 1), 7)])
        assert figures(more, rig, [*six, None]) == before
        own = {one.indicator: one for one in Monitor(more, rig.store, today=TODAY).observe(["AC6"], [SEVENTH.code])}
        assert own["AC6"].numerator == 7, "its own figures are known"
        for code in ("EQ5a", "EQ1a"):
            behind = Monitor(more, rig.store, today=TODAY).rows_behind(code, None)
            (counted,) = Monitor(more, rig.store, today=TODAY).observe([code], [None])
            assert behind.count == (counted.numerator or 0), "nor are its rows behind the programme's figures"
