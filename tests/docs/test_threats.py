"""The table of threats: each row is whole, and each test that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.docs.reading import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECURITY.partition("| who | what | how it is met | test |\n")[2].partition("\n\n")[0].splitlines()[1:]
]
NAMED = [name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])]


@cache
def held_by(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


def test_every_row_says_who_what_how_and_what_proves_it() -> None:
    assert len(ROWS) > 25
    for row in ROWS:
        assert len(row) == 4 and all(row) and re.findall(r"`tests/[^`]+`", row[-1]), row


@pytest.mark.parametrize("named", NAMED)
def test_test_that_is_named_exists(named: str) -> None:
    path, _, name = named.partition("::")
    assert re.fullmatch(r"test_\w+", name), named
    assert name in held_by(path)
