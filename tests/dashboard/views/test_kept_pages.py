"""What a page keeps for the next reader: never what was made for somebody who had left."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.domain.access import Actor, Role
from core.errors import Forbidden
from core.storage import Store
from dashboard.context import Context
from dashboard.views.shared import kept

MEMBER = Actor("Une élue", Role.COMMITTEE)


def test_what_is_made_while_its_reader_leaves_is_kept_for_nobody(sqlite_database_url: str) -> None:
    """A tab closed while its page was made: the next member read it as nobody may, small counts included."""
    here: list[Actor | None] = [MEMBER]
    with Store.open(sqlite_database_url) as store:
        registry = cast("Any", SimpleNamespace())
        context = Context(registry, store, lambda: date(2022, 7, 5), visitors=lambda: here[0])

        def leaves() -> str:
            here[0] = None
            return "sans masque" if not context.discreet else "masqué"

        with pytest.raises(Forbidden):
            kept(context, "page", None, leaves)
        here[0] = MEMBER
        assert kept(context, "page", None, lambda: "masqué" if context.discreet else "sans masque") == "masqué"
