"""Invariant 9 of a figure: a frozen meeting is identical after any later deposit, upgrade or renaming.

A programme is generated, a committee's figures are frozen, and the year goes on: rows handed in late, changed,
undone, buildings that change their code, targets and dates decided, other figures frozen, old rows purged, plugins
that are upgraded, renamed or gone. What is read of the frozen meeting stays the same to the last letter.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from core.catalogue.columns import entier
from core.committee import deciding, meetings
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import retention
from core.depositing.reference_tables import rename_building
from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.meeting import Verdict
from core.domain.programme import Experiment
from core.errors import FabriqueError
from core.exports.documents import Order
from core.exports.dossier_sheets import fiches_of
from core.exports.open_data import PublishedFigures, rows
from core.exports.workbook import about, definitions, figures
from core.settings import Settings, sqlite_url
from core.storage import Store
from dashboard.context import Context
from dashboard.web.api.answers import Ask, freeze, frozen_indicators
from tests.core.figures.rig import LEAD, SOMEBODY, Rig
from tests.core.figures.test_reported import periods
from tests.core.figures.test_totals import EQUIPPED, Told
from tests.support.filled import copied, empty_url, registry
from tests.support.profile import cases
from tests.support.scopes import acting

STORES = cases(1, 4)
ACTS = cases(200, 2000) // STORES
READ_EVERY = 20
BEFORE = 8
KINDS_OF_ACTS = 8
"""Each is done at least once after the meeting."""
UNTIL, DAY, TODAY = date(2022, 6, 30), date(2022, 7, 7), date(2022, 7, 9)
AT = datetime(2022, 7, 6, 9, tzinfo=UTC)
LATER = AT + timedelta(days=3)


class House(Rig):
    """The rig, with the plugins of the house."""

    def __init__(self, url: str) -> None:
        self.registry, self.store = registry(), Store.open(url)  # type: ignore[assignment]
        self.upgraded(self.registry)

    def upgraded(self, known: Any) -> None:
        """Open the store with what a version brings."""
        for association in (LEAD, *(one.code for one in known.associations)):
            self.store.prepare(association, *known.datasets(association), at=LATER)


def wider(schema: Any) -> Any:
    """A table with one more column."""

    class Later(schema):
        plus_tard: pl.Int64 = entier("Plus tard", optional=True)

    return Later


class Upgraded:
    """The same house a version later: a plugin is gone, the others and every figure have other names and formulas."""

    def __init__(self, known: Registry, version: int) -> None:
        self._known, self._version = known, version
        self._gone = known.experiments[version % len(known.experiments)].code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return tuple(self._later(one) for one in self._known.experiments if one.code != self._gone)

    def experiment(self, code: str) -> Experiment:
        return next(one for one in self.experiments if one.code == code)

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        return {code: self._counted(one) for code, one in self._known.catalogue.items()}

    def indicators(self, experiment: str) -> tuple[Indicator, ...]:
        return tuple(self._counted(one) for one in self._known.indicators(experiment))

    def datasets(self, association: str) -> tuple[Dataset, ...]:
        found = self._known.datasets(association)
        return tuple(replace(one, schema=wider(one.schema)) if one.code == "materiel" else one for one in found)

    def _later(self, one: Experiment) -> Experiment:
        places = tuple(replace(place, name=f"{place.name} (v{self._version})") for place in one.places)
        return replace(one, title=f"{one.title} v{self._version}", short_title=f"V{self._version}", places=places)

    def _counted(self, one: Indicator) -> Indicator:
        return replace(one, label=f"{one.label} v{self._version}", version=one.version + self._version, unit="autres")


@dataclass
class Year:
    """What goes on after the meeting."""

    told: Told
    known: Any = None
    buildings: int = 0
    versions: int = 0
    done: Counter[str] = field(default_factory=Counter)

    @property
    def rig(self) -> Rig:
        return self.told.rig

    def goes_on(self) -> None:
        """Somebody does something; what is refused changes nothing."""
        told = self.told
        often = (told.step, told.step, told.held_by_the_lead, told.money, self.undone, self.building_renamed)
        acts = often if told.maybe(0.9) else (self.upgraded, self.frozen_again, self.purged)
        act = told.chance.choice(acts)
        with suppress(FabriqueError):
            act()
            self.done[act.__name__] += 1

    def undone(self) -> None:
        revisions = [one.revision for one in self.rig.store.deposits() if one.revision is not None]
        with self.rig.store.writing(SOMEBODY, LATER) as writing:
            writing.undo(self.told.chance.choice(revisions))

    def building_renamed(self) -> None:
        association = self.told.chance.choice(EQUIPPED)
        codes = self.rig.store.rows(association, "immeubles")["code_immeuble"].sort().to_list()
        if codes:
            self.buildings += 1
            rename_building(
                Scope(registry(), self.rig.store, SOMEBODY, LATER), association, codes[0], f"J{self.buildings}"
            )

    def upgraded(self) -> None:
        self.versions += 1
        self.known = Upgraded(registry(), self.versions)
        self.rig.upgraded(self.known)  # type: ignore[attr-defined]

    def frozen_again(self) -> None:
        if len(meetings.meetings(self.rig.store)) == 1:
            convened(self.rig, DAY + timedelta(days=30))
        elif self.done["frozen_again"] == 1:
            meetings.freeze(Scope(registry(), self.rig.store, SOMEBODY, LATER), 2, date(2022, 7, 5))

    def purged(self) -> None:
        kept = [{"dataset": code, "duree_mois": 1, "decision": "Comité"} for code in ("materiel", "diagnostics")]
        self.rig.put(LEAD, "conservation", kept)
        retention.purge(Scope(registry(), self.rig.store, SOMEBODY, LATER.replace(year=2024)))


def convened(rig: Rig, day: date) -> int:
    return meetings.convene(Scope(registry(), rig.store, SOMEBODY, AT), day)


@contextmanager
def held(seed: int) -> Iterator[Year]:
    """A programme whose first committee has looked at its figures."""
    with tempfile.TemporaryDirectory() as folder:
        rig = House(sqlite_url(copied(empty_url(), Path(folder) / "some.sqlite3")))
        made = Told(rig, seed)
        rig.put(LEAD, "periodes", periods(), on=date(2021, 6, 10))
        for _ in range(BEFORE):
            made.step()
        convened(rig, DAY)
        meetings.freeze(Scope(registry(), rig.store, SOMEBODY, AT), 1, UNTIL)
        proposal = deciding.Proposal(Verdict.ACCEPTED, "Vu.", owner="La Métropole", indicator="EQ5a")
        deciding.decide(acting(rig.store, SOMEBODY, AT), 1, proposal)
        deciding.close(acting(rig.store, SOMEBODY, AT), 1)
        yield Year(made, registry())
        rig.close()


@pytest.mark.generated
@pytest.mark.parametrize("seed", range(STORES))
def test_a_frozen_meeting_is_read_as_it_was_whatever_comes_later(seed: int) -> None:
    with held(2000 + seed) as year:
        before, live = read(year), rows_of_today(year)
        assert before["answer"]["total"] > 100
        for act in range(1, ACTS + 1):
            year.goes_on()
            if act % READ_EVERY == 0:
                after = read(year)
                for what, told in before.items():
                    assert after[what] == told, f"programme {seed}, act {act}: {what}"
        assert rows_of_today(year) != live and len(year.done) == KINDS_OF_ACTS, year.done


def read(year: Year) -> dict[str, Any]:
    """What is read of the meeting by every medium: its figures, words and blocks, before they are drawn.

    The dossier, the slides and the workbook are made from the material and from nothing else.
    """
    order = order_of(year)
    material = order.material
    return {
        "figures": (material.snapshot.text, material.sha256),
        "material": material,
        "paper": fiches_of(material),
        "workbook": [[*figures(material.snapshot)], [*definitions(material.snapshot)], [*about(material, "Nadia")]],
        "open data": rows(PublishedFigures.frozen(material.snapshot, order.below)),
        "answer": told_to_programs(year, frozen_indicators),
        "its card": told_to_programs(year, freeze),
    }


def order_of(year: Year) -> Order:
    return Order(year.known, year.rig.store, SOMEBODY, LATER, freeze=1, committee=1)


def told_to_programs(year: Year, answer: Callable[[Ask], dict[str, Any]]) -> dict[str, Any]:
    """What programs are answered, but for the last deposit of the store."""
    caller: Any = SimpleNamespace(masked=False, associations=("anonymal",), public=False, sees=lambda _: True)
    settings = Settings(mask_below=5)
    context = Context(year.known, year.rig.store, lambda: TODAY, settings=settings)
    given = {"number": 1, "limit": 10_000, "offset": 0, "experiment": None, "indicator": None}
    found = answer(Ask(context, caller, given))
    return {name: told for name, told in found.items() if name != "revision"}


def rows_of_today(year: Year) -> Any:
    """The programme as it is now, which does move."""
    found = year.rig.monitor(TODAY).observe(["EQ5a", "AC6"], until=UNTIL)
    return [(one.experiment, one.numerator) for one in found]
