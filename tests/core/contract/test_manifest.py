"""The manifest is read beside the module that the entry point names, which stays unimported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.contract.hookspecs import CONTRACT, OLDEST
from core.contract.manifest import Manifest, parse_manifest, read_manifest
from core.contract.product import CONTRACTS_ENDING, installed_version, release
from core.errors import PluginProblem


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def put(folder: Path, module: str, text: str = 'title = "Essai"\ncontract = "1"\n') -> None:
    """A package that cannot be imported, with its manifest."""
    (folder / module).mkdir(parents=True)
    (folder / module / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / module / "fabrique.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["essai_seul", "essai_paquet.dedans", "essai_paquet.dedans.module"])
def test_the_manifest_is_found_without_importing(folder: Path, name: str) -> None:
    put(folder, "essai_seul")
    put(folder, "essai_paquet/dedans")
    assert read_manifest(name) == Manifest("Essai", (1, 1))
    assert name.split(".")[0] not in sys.modules


def test_a_single_file_has_its_manifest_beside(folder: Path) -> None:
    (folder / "essai_fichier.py").write_text("raise RuntimeError('imported')")
    (folder / "fabrique.toml").write_text('title = "Essai"\ncontract = 1\n', encoding="utf-8")
    assert read_manifest("essai_fichier").title == "Essai"


CONTRACTS = [("1", (1, 1)), (1, (1, 1)), ("1-2", (1, 2)), (" 2 - 3 ", (2, 3))]


@pytest.mark.parametrize(("written", "range_"), CONTRACTS)
def test_a_contract_is_a_version_or_a_range(written: object, range_: tuple[int, int]) -> None:
    manifest = parse_manifest({"title": "Essai", "contract": written})
    assert manifest.contract == range_
    first, last = range_
    assert manifest.newest(first, last) == last
    assert manifest.newest(first, first) == first, "a range is read with the newest version that both know"
    assert manifest.newest(last + 1, last + 2) is None


@pytest.mark.parametrize("written", [None, "", "un", "1.0", True, ">=1"])
def test_another_contract_is_not_understood(written: object) -> None:
    with pytest.raises(PluginProblem, match="contrat"):
        parse_manifest({"title": "Essai", "contract": written})


PRODUCTS = [("0.1", ((0, 1), (0, 1))), ("0.1-0.4", ((0, 1), (0, 4))), (" 0.9 - 1.2 ", ((0, 9), (1, 2)))]


@pytest.mark.parametrize(("written", "range_"), PRODUCTS)
def test_the_versions_of_the_product_are_a_range(written: str, range_: tuple[tuple[int, int], ...]) -> None:
    manifest = parse_manifest({"title": "Essai", "contract": "2", "product": written})
    (first, last) = manifest.product or ((), ())
    assert (first, last) == range_
    assert manifest.suits(f"{first[0]}.{first[1]}.7") and manifest.suits(f"{last[0]}.{last[1]}.0")
    assert not manifest.suits(f"{last[0]}.{last[1] + 1}.0")
    assert manifest.suits("0"), "sources that were not installed have no version to compare"


@pytest.mark.parametrize("written", ["", "1", ">=0.1", "0.4-0.1", 0.1, True])
def test_another_range_of_versions_is_not_understood(written: object) -> None:
    with pytest.raises(PluginProblem, match="versions de Fabrique"):
        parse_manifest({"title": "Essai", "contract": "2", "product": written})


def test_what_is_to_end_is_announced_two_minor_versions_before() -> None:
    for number, one in CONTRACTS_ENDING.items():
        since, removed, here = release(one.since), release(one.removed_in), release(installed_version())
        assert since and removed and here and number in range(OLDEST, CONTRACT)
        assert removed[0] > since[0] or removed[1] - since[1] >= 2
        assert since <= here < removed, f"contract {number} is announced to be gone: take it out, or announce later"
        assert one.instead
    assert set(range(OLDEST, CONTRACT)) == set(CONTRACTS_ENDING), "an old contract that is understood says its end"
