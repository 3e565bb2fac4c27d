"""A file is made where nobody is signed in: what would still have to ask who looks is refused when it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from core.demonstration import people
from dashboard.components import tables
from dashboard.components.tables import download, download_table
from dashboard.context import Context


@dataclass
class Holder:
    """A part of a page that keeps the context within it, as a draft does."""

    context: Any


def make(*_given: object) -> bytes:
    return b"fait"


def over(value: object) -> Callable[[], bytes]:
    """A function that captures ``value``."""
    return lambda: make(value)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was given to the button."""
    found: list[Any] = []
    monkeypatch.setattr(tables.st, "download_button", lambda _label, data, **_rest: found.append(data))
    return found


def offer(data: Any) -> None:
    download("Télécharger", data, "a.pdf", mime="application/pdf", key="a")


def test_what_is_given_all_beforehand_is_made_at_the_click(drawn: list[Any]) -> None:
    offer(partial(make, people.LEAD))
    offer(b"fait")
    download_table(["A"], [["1"]], "a.csv", key="b")
    assert drawn[0]() == drawn[1] == b"fait"
    assert drawn[2]() == "\ufeffA\r\n1\r\n".encode()


@pytest.mark.parametrize(
    "late",
    [
        lambda context: lambda: context.actor,
        lambda context: partial(make, context),
        lambda context: partial(make, actor=context),
        lambda context: partial(make, Holder(context)),
        lambda context: partial(over(context)),
        lambda context: partial(make, partial(make, context)),
        lambda context: partial(make, over(Holder(context))),
        lambda context: partial(context.problem),
    ],
)
def test_what_would_ask_who_looks_is_refused(drawn: list[Any], late: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="Télécharger"):
        offer(late(Context(None, None)))
    assert drawn == []
