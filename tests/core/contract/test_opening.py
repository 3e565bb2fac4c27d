"""A store is made ready for the plugins; one whose table cannot follow costs itself only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from core.contract import Registry, schema_setup
from core.contract.walls import PluginLimits
from core.errors import Conflict, UnknownName
from core.storage import Store
from tests.core.desk import AT, WHO
from tests.core.fake_plugins import MIRAMAS, Plugins, plugins_folder

FICHES = """
from core import Dataset, Schema, lieu, texte
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
@hookimpl
def register_datasets():
    return [Dataset("fiches", "Fiches", Fiches, key=KEY)]
"""

BASE = MIRAMAS.rpartition("@hookimpl")[0]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def test_every_dataset_gets_its_table(sqlite_database_url: str) -> None:
    registry = Registry.load(strict=True)
    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(registry, store, at=AT)
        for association in ("metropole", *(one.code for one in registry.associations)):
            for dataset in registry.datasets(association):
                assert store.rows(association, dataset.code).is_empty()


def test_a_table_that_cannot_follow_costs_its_plugin(plugins: Plugins, sqlite_database_url: str) -> None:
    before = Registry.load([plugins.write("KEY = ('code',)" + FICHES, name="avant")], strict=True)
    after = plugins.write("KEY = ('lieu',)" + FICHES, name="apres")
    neighbour = plugins.write(name="voisin", base=MIRAMAS.replace("essai-", "autre-").replace("entraide", "voisins"))
    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(before, store, at=AT)
        registry = Registry.load([after, neighbour], strict=True)
        registry = Registry(registry._state)
        schema_setup.prepare(registry, store, at=AT)
    (failure,) = registry.failures
    assert (failure.plugin, failure.stage) == ("apres", "contribute")
    assert "clé" in failure.reason and failure.remedy
    assert [one.code for one in registry.experiments] == ["autre-miramas"]


SECOND = """
import time
import polars as pl
from core import Dataset, Schema, Upgrade, entier, lieu, texte
asked = []
class Fiches(Schema):
    code: pl.String = texte("Code")
    lieu: pl.String = lieu("Lieu")
    note: pl.Int64 = entier("Note", optional=True)
class Autres(Schema):
    code: pl.String = texte("Code")
    lieu: pl.String = lieu("Lieu")
def step(rows):
    asked.append(rows.height)
    while True:
        pass
@hookimpl
def register_datasets():
    return [
        Dataset("autres", "Autres", Autres, key=("code",)),
        Dataset("fiches", "Fiches", Fiches, key=("code",), version=2, upgrades=(Upgrade(2, "noter", step),)),
    ]
"""


def test_a_step_that_never_ends_is_given_up_and_nothing_of_its_plugin_is_upgraded(
    plugins: Plugins, sqlite_database_url: str
) -> None:
    before = Registry.load([plugins.write("KEY = ('code',)" + FICHES, name="avant")], strict=True)
    neighbour = plugins.write(name="voisin", base=MIRAMAS.replace("essai-", "autre-").replace("entraide", "voisins"))
    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(before, store, at=AT)
        with store.writing(WHO, AT) as writing:
            row = {"code": ["A"], "lieu": ["13063"], "_key": ["A"], "_place": ["13063"], "_experiment": [None]}
            writing.save("entraide", "fiches", pl.DataFrame(row))
        revision = store.latest()
        registry = Registry.load([plugins.write(SECOND, name="apres"), neighbour], limits=PluginLimits(seconds=0.2))
        schema_setup.prepare(registry, store, at=AT)
        import apres

        assert apres.asked == [1], "what took too long is not tried a second time"
        (failure,) = registry.failures
        assert failure.plugin == "apres" and "pas de réponse en 0,2 s" in failure.reason
        assert "FABRIQUE_PLUGIN_SECONDS" in failure.reason
        assert [one.code for one in registry.experiments] == ["autre-miramas"]
        assert store.latest() == revision and store.rows("entraide", "fiches")["code"].to_list() == ["A"]
        with pytest.raises(UnknownName):
            store.rows("entraide", "autres")


TAKES = """
from core import FormerDataset
@hookimpl
def register_experiments():
    return [here("essai-autre", places=(Place("13047", "Istres", (1,), "13047"),))]
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
@hookimpl
def register_datasets():
    return [Dataset("cartes", "Cartes", Fiches, key=("code",), former=FormerDataset("fiches"))]
"""


@pytest.mark.parametrize("name", ["avant", "zebre"])
def test_a_plugin_that_would_take_the_table_of_another_is_refused_whichever_comes_first(
    name: str, plugins: Plugins, sqlite_database_url: str
) -> None:
    holds = plugins.write("KEY = ('code',)" + FICHES, name="fiches_entraide")
    takes = plugins.write("from core import Dataset, Schema, lieu, texte\n" + TAKES, name=name, base=BASE)
    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(Registry.load([holds], strict=True), store, at=AT)
        registry = Registry.load([holds, takes])
        schema_setup.prepare(registry, store, at=AT)
        assert store.rows("entraide", "fiches").height == 0
        with pytest.raises(UnknownName):
            store.rows("entraide", "cartes")
    (failure,) = registry.failures
    assert failure.plugin == name and "il en prendrait la table" in failure.reason
    assert [one.code for one in registry.experiments] == ["essai-miramas"]


def test_two_plugins_that_both_say_they_were_one_dataset_are_both_refused(plugins: Plugins) -> None:
    imports = "from core import Dataset, Schema, lieu, texte\n"
    first = plugins.write(imports + TAKES, name="un", base=BASE)
    other = TAKES.replace("cartes", "bulletins").replace("essai-autre", "essai-miramas").replace("13047", "13063")
    second = plugins.write(imports + other, name="deux", base=BASE)
    registry = Registry.load([first, second])
    assert registry.experiments == ()
    assert {one.plugin for one in registry.failures} == {"un", "deux"}
    assert all("disent tous deux" in one.reason for one in registry.failures)


def test_a_step_has_the_time_of_its_rows() -> None:
    limits = PluginLimits(seconds=2)
    assert [limits.over_rows(rows) for rows in (0, 1, 10_000, 10_001, 45_000)] == [2, 2, 2, 4, 10]


def test_a_fictitious_store_says_so(sqlite_database_url: str) -> None:
    with Store.open(sqlite_database_url) as store:
        assert not schema_setup.is_fictitious(store)
        schema_setup.mark_fictitious(store, WHO, AT)
        assert schema_setup.is_fictitious(store)


def test_a_busy_base_withdraws_no_plugin(
    plugins: Plugins, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry.load([plugins.write("KEY = ('code',)" + FICHES)], strict=True)
    registry = Registry(registry._state)
    with Store.open(sqlite_database_url) as store:
        store.prepare("metropole", *registry.datasets("metropole"), at=AT)

        def busy(*_given: object, **_named: object) -> None:
            raise Conflict("Quelqu’un d’autre enregistre en ce moment.")

        monkeypatch.setattr(store, "prepare", busy)
        with pytest.raises(Conflict):
            schema_setup.prepare(registry, store, at=AT)
    assert registry.failures == ()
    assert [one.code for one in registry.experiments] == ["essai-miramas"]


def test_only_the_journal_says_that_a_store_is_fictitious(sqlite_database_url: str) -> None:
    with Store.open(sqlite_database_url) as store:
        schema_setup.mark_fictitious(store, WHO, AT)
        with store.writing(WHO, AT) as writing:
            for number in range(3):
                writing.note("extension", f"essai {number}", {})
        assert schema_setup.is_fictitious(store)
        assert store.journal.tells(schema_setup.FICTITIOUS)
        assert not store.journal.tells("rien de tel")
