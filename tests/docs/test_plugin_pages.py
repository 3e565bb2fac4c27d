"""The pages for plugin authors cannot lie: names, blocks, rules and recipes are those of the code, and run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
from core.contract import Registry
from core.contract.checks import KINDS, TONES
from core.contract.failures import FailureStage
from core.testing import RULES, PluginLevel, check
from docs.plugin_api import GROUPS, PAGE, page, read_examples
from tests.core.fake_plugins import Plugins, plugins_folder
from tests.docs.reading import ROOT, blocks, prose, read

FOLDER = ROOT / "docs" / "plugins"
COOKBOOK, RULES_PAGE = FOLDER / "cookbook.md", FOLDER / "rules.md"
MANIFEST = """
title = "Recettes"
contract = "2"

[schemas]
permanences = 2
diagnostics = 1
jalons = 1
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def test_page_of_names_is_the_one_that_the_code_writes() -> None:
    assert read(PAGE) == page(), "write it again: python -m docs.plugin_api"


def test_every_public_name_has_its_place_and_its_example() -> None:
    named = " ".join(GROUPS.values()).split()
    assert sorted(named) == sorted(core.__all__) and len(named) == len(set(named))
    examples = read_examples()[1]
    assert set(examples) == set(core.__all__)
    for name, example in examples.items():
        assert re.search(rf"\b{name}\b", example), f"the example of {name} does not use it"


def test_every_block_and_kind_of_it_is_in_the_cookbook() -> None:
    table = prose(COOKBOOK)
    for name in GROUPS["A page"].split():
        assert name in ("Report", "Series") or f"`{name}`" in table
    for word in (*KINDS, *TONES):
        assert re.search(f"«\u00a0{word}\u00a0»", table), word


def test_every_rule_is_explained_with_an_example_under_its_level() -> None:
    text = read(RULES_PAGE)
    for level in PluginLevel:
        part = text.partition(f"\n## {level.value.capitalize()}\n")[2].partition("\n## ")[0]
        told = re.findall(r"^### (\S+)$", part, flags=re.MULTILINE)
        assert told == [rule.code for rule in RULES if rule.level is level]
        for section in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
            assert "```" in section and len(section.split("```")[0].strip().splitlines()) > 1, section[:20]


def test_the_recipes_make_a_plugin_that_keeps_every_rule_of_the_code(plugins: Plugins) -> None:
    source = "\n".join(block.text for block in blocks(COOKBOOK, "python"))
    plugins.write(f'"""Recettes."""\n{source}', name="essai_recettes", base="", manifest=MANIFEST)
    registry = Registry.load(strict=True)
    assert {"XR1", "XR2", "XR3"} <= {one.code for one in registry.indicators("essai-recettes")}
    assert [one.told for one in check(registry, "essai_recettes").findings] == []


def test_every_stage_at_which_a_plugin_may_break_is_told_in_their_order() -> None:
    table = read(FOLDER / "README.md").partition("\n## What happens to a plugin that breaks\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == [stage.value for stage in FailureStage]


@pytest.mark.parametrize(
    "document", [one for one in sorted(FOLDER.glob("*.md")) if blocks(one, "python")], ids=lambda path: path.name
)
def test_python_of_the_pages_can_be_read(document: Path) -> None:
    """Fragments of the rules end with « … »: they compile all the same, inside a function."""
    for block in blocks(document, "python"):
        inside = "\n".join(f"    {line}" for line in block.text.replace("...)", "**more)").splitlines())
        unstarred = re.sub(r"^    from core import \*$", "    pass", inside, flags=re.MULTILINE)
        compile(f"def fragment():\n    pass\n{unstarred}", document.name, "exec")
