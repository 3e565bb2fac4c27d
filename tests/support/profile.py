"""How many cases a generated test tries: few in `make test`, many at night (`make nightly`)."""

from __future__ import annotations

import os

NIGHTLY = "FABRIQUE_TESTS_NIGHTLY"
"""The variable that `make nightly` sets."""


def cases(usual: int, nightly: int) -> int:
    """The number of cases to try in this run."""
    return nightly if os.environ.get(NIGHTLY) else usual
