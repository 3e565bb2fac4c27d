"""Each medium writes a figure in one place: nobody else formats a number that it took out of an observation."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("dashboard", "core/exports", "plugins")
NUMBERS = {"numerator", "denominator"}
GIVERS = {"known", "known_base", "leading", "counted"}
"""What gives the number of an observation; ``plugin_phrases`` and ``figure_text`` of the domain then write it."""
VALUES = {"value"}
"""« value » is the name of other things too: only that of something called as observations are counts."""
HOLDERS = {"observation", "found", "seen", "one", "figure", "cell", "before", "now", "after", "spent", "covered"}
WRITERS = {"number", "percent", "euros", "count", "out_of", "in_words", "unit_of", "format", "str"}
OTHERS = {
    # Figures « à armes égales » are not observations: this function is where they are written.
    "dashboard/views/fair_comparison.py": {"_parts"},
    # The one writer of JSON: numbers stay numbers there.
    "core/exports/csv.py": {"as_dict"},
}
"""Functions that write numbers and may, by file."""


def files() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def taken(node: ast.AST, tainted: set[str]) -> bool:
    """Whether an expression holds a number taken out of an observation."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in tainted:
            return True
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in GIVERS:
            return True
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load):
            if one.attr in NUMBERS and not _is_indicator(one.value):
                return True
            if one.attr in VALUES and _is_observation(one.value):
                return True
    return False


def _is_indicator(owner: ast.AST) -> bool:
    """``indicator.numerator`` is a measure, not a number."""
    return "indicator" in ast.unparse(owner)


def _is_observation(owner: ast.AST) -> bool:
    return ast.unparse(owner).rsplit(".", 1)[-1] in HOLDERS and not ast.unparse(owner).endswith("standing")


def written(tree: ast.AST, others: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Where a number taken out of an observation is put into words, function by function, those of ``others`` apart."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name not in others:
            yield from _written(function)


def _written(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    tainted: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and taken(node.value, tainted) and not _is_question(node.value):
            tainted |= {one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) in WRITERS and any(taken(a, tainted) for a in node.args):
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.FormattedValue) and not isinstance(node.value, ast.Call) and taken(node.value, tainted):
            yield node.lineno, ast.unparse(node)


def _is_question(node: ast.AST) -> bool:
    """An answer by yes or no, or a call that keeps observations, is no number."""
    return isinstance(node, ast.Compare | ast.BoolOp | ast.Call | ast.ListComp | ast.SetComp | ast.DictComp)


def _name(called: ast.AST) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_but_the_writers_formats_a_figure(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.is_relative_to(ROOT / "plugins"):
        # A plugin joins the numbers that the core gives it into sentences of its own, with ``core.french``.
        source = re.sub(r"\b(known|known_base)\(", "given_by_the_core(", source)
    found = list(written(ast.parse(source), OTHERS.get(path.relative_to(ROOT).as_posix(), ())))
    assert not found, f"{path} writes by itself a number that it took out of an observation"


@pytest.mark.parametrize(
    "source",
    [
        "def f(found):\n    return french.number(found.numerator)",
        "def f(seen):\n    number = seen.denominator\n    return french.count(number, 'ligne')",
        "def f(found):\n    return f'{found.value} %'",
        "def f(found):\n    return french.percent(known(found))",
    ],
)
def test_the_test_sees_who_does(source: str) -> None:
    assert list(written(ast.parse(source)))
