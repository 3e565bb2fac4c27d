"""A programme in a store, row by row: the real datasets and figures, without plugins nor intake."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.catalogue import CATALOGUE, DATASETS, indicators_for, lead
from core.catalogue.keys import with_key
from core.contract.failures import FailureStage, Plugin, wall
from core.deliberation import ASSOCIATIONS, EXPERIMENTS
from core.domain.access import Actor, Role
from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.memory import TypedMemory
from core.domain.programme import Experiment
from core.figures import Monitor
from core.settings import sqlite_url
from core.storage.store import Store
from tests.support.filled import copied

AIX, SALON, MARTIGUES = "ct2-pays-d-aix", "ct3-pays-salonais", "ct6-pays-de-martigues"
FRAIS_VALLON, PLAN_D_AOU, RECHERCHE = "ct1-frais-vallon", "ct1-plan-d-aou", "recherche-action"
LEAD = "metropole"
TODAY = date(2022, 7, 5)
SOMEBODY = Actor("Rig", Role.LEAD)
NOT_HANDED_IN = {"arsenic": {"materiel", "immeubles", "raccordements", "concertations"}}


class Programme:
    """A registry of the six experiments; ``extra`` indicators are followed by all of them."""

    def __init__(self, extra: Iterable[Indicator] = ()) -> None:
        self._extra = tuple(extra)
        self.failed: dict[str, str] = {}
        self.memory = TypedMemory()
        self.plugins: tuple[Plugin, ...] = ()
        self.catalogue = {**CATALOGUE, **{one.code: one for one in self._extra}}
        self.experiments: tuple[Experiment, ...] = tuple(sorted(EXPERIMENTS.values(), key=lambda one: one.rank))
        self.associations = tuple(ASSOCIATIONS.values())

    @property
    def failures(self) -> tuple[str, ...]:
        """The figures that could not be computed."""
        return tuple(self.failed)

    def indicator_failed(self, indicator: str, experiment: str | None, reason: str) -> None:
        self.failed[indicator] = reason

    def indicator_computed(self, indicator: str, experiment: str | None) -> None:
        self.failed.pop(indicator, None)

    def compute(self, indicator: str, call: Callable[[], Any]) -> Any:
        return wall(FailureStage.COMPUTE, indicator, call)

    def experiment(self, code: str) -> Experiment:
        return EXPERIMENTS[code]

    def datasets(self, association: str) -> tuple[Dataset, ...]:
        if association == LEAD:
            return tuple(lead.DATASETS)
        missing = NOT_HANDED_IN.get(association, {"appuis"})
        return tuple(one for code, one in DATASETS.items() if code not in missing)

    def dataset(self, association: str, code: str) -> Dataset:
        return next(one for one in self.datasets(association) if one.code == code)

    def indicators(self, experiment: str) -> tuple[Indicator, ...]:
        return (*indicators_for(self.experiment(experiment)), *self._extra)


class Rig:
    """A store and a registry, with short ways to hand things in."""

    def __init__(self, url: str, extra: Iterable[Indicator] = ()) -> None:
        self.registry = Programme(extra)
        self.store = Store.open(url)
        for association in (LEAD, *ASSOCIATIONS):
            self.store.prepare(association, *self.registry.datasets(association), at=moment(date(2021, 6, 5)))

    def monitor(self, today: date = TODAY) -> Monitor:
        return Monitor(self.registry, self.store, today=today)

    def put(
        self,
        association: str,
        code: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        on: date = date(2022, 7, 2),
        remove: Sequence[str] = (),
    ) -> int:
        """Hand rows in on a day; returns the last revision."""
        dataset = self.registry.dataset(association, code)
        with self.store.writing(SOMEBODY, moment(on)) as writing:
            writing.save(association, code, frame(self.registry, association, dataset, rows), remove=remove)
        return self.store.latest()

    def nothing(self, association: str, code: str, period: str, *, on: date = date(2022, 7, 2)) -> None:
        """Declare that there is nothing for a period."""
        with self.store.writing(SOMEBODY, moment(on)) as writing:
            writing.declare_nothing(association, code, period)

    def close(self) -> None:
        self.store.close()


@cache
def prepared_on_sqlite() -> str:
    """The address of a base with every table and no row, made once per process: copied, never written."""
    folder = tempfile.TemporaryDirectory(prefix="fabrique-rig-")
    atexit.register(folder.cleanup)
    url = sqlite_url(Path(folder.name) / "prepared.sqlite3")
    Rig(url).close()
    return url


@contextmanager
def begun_again() -> Iterator[Rig]:
    """An empty programme on SQLite, for each of many generated cases: one store, whose file is put back first.

    Nothing that was kept in memory of the case before is there, but how its statements are written.
    """
    rig = _again()
    copied(prepared_on_sqlite(), Path(str(sa.make_url(_again_url()).database)))
    rig.registry, rig.store.memory = Programme(), TypedMemory()
    yield rig


@cache
def _again_url() -> str:
    folder = tempfile.TemporaryDirectory(prefix="fabrique-rig-")
    atexit.register(folder.cleanup)
    return sqlite_url(Path(folder.name) / "again.sqlite3")


@cache
def _again() -> Rig:
    copied(prepared_on_sqlite(), Path(str(sa.make_url(_again_url()).database)))
    return Rig(_again_url())


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def frame(registry: Programme, association: str, dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed rows with their key, place and experiment; the columns not given are null."""
    schema = {column.name: column.kind.dtype for column in dataset.columns}
    full = [{name: row.get(name) for name in schema} for row in rows]
    placed = [_belongs(registry, association, dataset, row) for row in full]
    return with_key(pl.DataFrame(full, schema=schema), dataset).with_columns(
        pl.Series("_place", [place for place, _ in placed], dtype=pl.String),
        pl.Series("_experiment", [experiment for _, experiment in placed], dtype=pl.String),
    )


def _belongs(
    registry: Programme, association: str, dataset: Dataset, row: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    place = row.get(dataset.place) if dataset.place else None
    if dataset.programme_wide or place is None:
        return place, row.get(dataset.assigned) if dataset.assigned else None
    own = [one for one in registry.experiments if one.association.code == association]
    return place, next((one.code for one in own if one.place(place)), None)


def computer(number: str, **cells: Any) -> dict[str, Any]:
    """A machine of the Métropole, received."""
    return {
        "numero_inventaire": number,
        "type": "ordinateur portable",
        "provenance": "Métropole",
        "date_reception": date(2021, 9, 16),
        "statut": "reçu",
        **cells,
    }


def handed_over(number: str, place: str, day: date, **cells: Any) -> dict[str, Any]:
    """A machine given to a student."""
    return computer(
        number,
        date_test=date(2021, 9, 20),
        date_reconditionnement=date(2021, 9, 25),
        statut="remis",
        lieu=place,
        date_remise=day,
        **{"type_beneficiaire": "étudiant", **cells},
    )


def diagnostics(place: str, month: date, number: int, **cells: Any) -> dict[str, Any]:
    """The diagnostics of one place and month."""
    return {
        "lieu": place,
        "mois": month,
        "diagnostics": number,
        "besoin_equipement": number,
        "besoin_connexion": 0,
        "besoin_accompagnement": 0,
        **cells,
    }
