"""A store is made ready for the plugins; one whose table cannot follow costs itself only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import Registry, schema_setup
from core.errors import Conflict
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
