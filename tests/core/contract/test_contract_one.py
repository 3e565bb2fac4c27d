"""A plugin of contract 1, kept as it was: it loads, its page is drawn on screen, its words leave in no document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from core.committee import Snapshot, take
from core.contract import Plugin, Registry, schema_setup
from core.contract.loading import advice
from core.disclosure import masked
from core.domain.report import Callout, KeyFigures, Prose
from core.storage import Store
from core.testing import assert_conforms, complaints
from tests.core.desk import AT
from tests.core.fake_plugins import MANIFEST, Plugins, plugins_folder

PAGE = """
from core import Chart, Heading, KeyFigures, Prose, Series, Table, french, indicators_for, known, said
@hookimpl
def register_indicators(experiment):
    return indicators_for(experiment)
@hookimpl
def build_report(report):
    number = known(report.figure("AC6")) or 4321
    yield Heading(f"Les {number:g} voisins")
    yield Prose(f"Ici, {french.count(number, 'voisin rencontré', 'voisins rencontrés')}.")
    yield KeyFigures(("AC6",))
    yield Table("Où", ("Lieu", "Voisins"), (("Miramas", f"{number:g}"),))
    yield Chart("bars", ("Miramas",), (Series("Voisins", (number,)),), f"{number:g} voisins", "Miramas", "voisins")
"""
WITHHELD = (
    "Le texte de cette page n’est pas repris ici : l’extension n’indique pas quels nombres comptent des personnes."
)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def among_the_others(entry: EntryPoint) -> Registry:
    """The product’s own plugins, and this one, which is on the path."""
    assert entry.name == "essai"
    return Registry.load(strict=True)


def named(registry: Registry) -> Plugin:
    return next(one for one in registry.plugins if one.name == "essai")


@pytest.fixture
def old(plugins: Plugins) -> Registry:
    return among_the_others(plugins.write(PAGE, manifest=MANIFEST))


@pytest.fixture
def taken(old: Registry, tmp_path) -> Snapshot:
    with Store.open(f"sqlite:///{tmp_path}/un.sqlite3") as store:
        schema_setup.prepare(old, store, at=AT)
        found = take(old, store, until=date(2022, 6, 30), at=AT)
    return Snapshot.from_content(found.to_content())


def test_it_is_understood_and_advised(old: Registry) -> None:
    plugin = named(old)
    assert (plugin.contract, plugin.page_contract) == ("1", 1)
    assert_conforms("essai", old)
    (said,) = advice(plugin)
    assert "Passez au contrat 2" in said and "à partir de la version 0.3" in said


def test_on_screen_it_says_what_it_said_and_its_words_do_not_leave(taken: Snapshot) -> None:
    page = taken.pages["essai-miramas"]
    assert page.contract == 1
    assert any("4\u202f321 voisins rencontrés" in str(getattr(block, "text", "")) for block in page.blocks)
    page = masked(taken, 5).pages["essai-miramas"]
    figures, said = page.blocks
    assert figures == KeyFigures(("AC6",))
    assert isinstance(said, Callout)
    assert str(said.text).replace("\u00a0", " ") == WITHHELD
    assert "321" not in str(page) and "voisin" not in str(page)


def test_a_page_of_contract_two_that_writes_a_number_of_people_itself_is_told(plugins: Plugins) -> None:
    entry = plugins.write(PAGE, manifest=MANIFEST.replace("1", "2"))
    found = complaints(Registry.load([entry], strict=True), "essai")
    assert len(found) == 1 and "AC6" in found[0] and "Figure(" in found[0]


def test_a_page_of_contract_two_that_gives_values_passes_and_leaves(plugins: Plugins, tmp_path) -> None:
    page = """
from core import Figure, People, Prose, indicators_for, phrase
@hookimpl
def register_indicators(experiment):
    return indicators_for(experiment)
@hookimpl
def build_report(report):
    yield Prose(phrase("Ici, ", Figure("AC6", "diagnostic"), " et ", People(3, "voisin"), "."))
"""
    registry = among_the_others(plugins.write(page, manifest=MANIFEST.replace("1", "1-2")))
    assert_conforms("essai", registry)
    assert advice(named(registry)) == ()
    with Store.open(f"sqlite:///{tmp_path}/deux.sqlite3") as store:
        schema_setup.prepare(registry, store, at=AT)
        found = take(registry, store, until=date(2022, 6, 30), at=AT)
    again = Snapshot.from_content(found.to_content())
    assert again == found, "values are frozen and read again as they were"
    (said,) = masked(again, 5).pages["essai-miramas"].blocks
    assert said == Prose("Ici, diagnostics\u00a0: non suivi et moins de 5 voisins."), (
        "its association hands in no diagnostics"
    )
