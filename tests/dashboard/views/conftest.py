"""Pages on the demonstration, and on a store where nothing was ever deposited."""

from __future__ import annotations

import pytest

from dashboard import context
from tests.support.filled import demonstration_context, empty_context


@pytest.fixture
def full() -> None:
    """The pages read the demonstration."""
    context.install(demonstration_context())


@pytest.fixture
def empty() -> None:
    """The pages read a store without any row."""
    context.install(empty_context())
