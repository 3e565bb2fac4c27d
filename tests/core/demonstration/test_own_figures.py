"""What one association counts of its own has no total, and is told as its own."""

from __future__ import annotations

import pytest

from core.demonstration.story import CT2, FRAIS_VALLON, RECHERCHE
from core.domain.figure_text import shown
from core.domain.observation import Missing, Observation
from tests.core.demonstration.conftest import Demo


def observed(demo: Demo, code: str, experiment: str | None) -> Observation:
    (found,) = demo.monitor.observe([code], [experiment])
    return found


@pytest.mark.parametrize(("code", "name"), [("IF2", "IFAC"), ("AR1", "ARSENIC")])
def test_a_plugin_own_figure_has_no_total(before: Demo, code: str, name: str) -> None:
    found = observed(before, code, None)
    assert (found.value, found.missing_because) == (None, Missing.NOT_FOLLOWED)
    assert shown(found).text == f"Propre à {name}"


def test_who_does_not_give_a_figure_does_not_follow_it(before: Demo) -> None:
    """The axis is tried at Aix, and Anonymal does not count the neighbours; the research does not try it at all."""
    missing = [observed(before, "IF2", one).missing_because for one in (FRAIS_VALLON, CT2, RECHERCHE)]
    assert missing == [None, Missing.NOT_FOLLOWED, Missing.NOT_APPLICABLE]
    assert shown(observed(before, "IF2", CT2)).text == "Non suivi"
