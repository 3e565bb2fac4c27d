"""No test of a page waits by the clock, nor looks at a page before it has the size that it was given."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
BY_CHANCE = re.compile(r"\.(wait_for_timeout|wait_for_function|set_viewport_size)\(")
"""So many milliseconds; a question that our pages let be asked once only, unless it is a function; a size not drawn."""


def test_pages_are_waited_for_by_what_happens() -> None:
    """What is offered instead: ``until``, ``sized``, ``settled``."""
    found = {path.name: set(BY_CHANCE.findall(path.read_text(encoding="utf-8"))) for path in TESTS.rglob("*.py")}
    assert {name: acts for name, acts in found.items() if acts} == {
        "looking.py": {"wait_for_function", "set_viewport_size"}
    }
