"""What leaves a page as a file: no small count of people."""

from __future__ import annotations

from core.domain.figure_text import sentence
from core.domain.observation import Observation
from dashboard.views.compare import _gap
from dashboard.views.shared import discreet, least
from tests.support.filled import demonstration_context


def seen(code: str, value: float) -> Observation:
    return Observation(code, code, "diagnostics", "ct1-frais-vallon", numerator=value, value=value)


def test_a_comparison_taken_away_does_not_tell_a_small_number() -> None:
    context = demonstration_context()
    assert least(context) == 5
    before = discreet(context, {"a": seen("AC6", 3), "b": seen("EQ1a", 3)})
    after = discreet(context, {"a": seen("AC6", 12)})
    assert sentence(before["a"]) == "moins de 5" and sentence(before["b"]).startswith("3")
    indicator = context.registry.catalogue["AC6"]
    assert _gap(indicator, before["a"], after["a"]) == ""
    assert _gap(indicator, seen("AC6", 3), after["a"]) == "+9"
