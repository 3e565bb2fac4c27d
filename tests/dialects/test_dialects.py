"""Files in every dialect: what is stored is what the person saw, or it is asked, or it is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from core.contract import Registry
from tests.dialects.checking import Verdict, tried
from tests.support.profile import cases

FIRST = 20_210_604
"""The seeds are this number and those that follow it."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(strict=True)


@pytest.mark.generated
def test_no_file_is_read_otherwise_than_seen(registry: Registry) -> None:
    found = [tried(seed, registry) for seed in range(FIRST, FIRST + cases(300, 5_000))]
    wrong = [one for one in found if one.verdict is Verdict.DIFFERENT]
    assert not wrong, "\n".join(f"{one.how} {one.dataset}: {one.why}" for one in wrong[:10])


def test_the_dialects_are_not_all_refused(registry: Registry) -> None:
    counts = Counter(tried(seed, registry).verdict for seed in range(FIRST, FIRST + 60))
    assert counts[Verdict.EQUAL] > 10, counts
    assert counts[Verdict.ASKED] + counts[Verdict.REFUSED] > 10, counts
