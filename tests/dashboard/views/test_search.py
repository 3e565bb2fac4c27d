"""« Chercher »: what one may open, found by the beginning of its words."""

from __future__ import annotations

import pytest

from core.demonstration.people import COMMITTEE
from dashboard import context
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import demonstration_context


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("subv", "/subventions"),
        ("port de bouc", "/lieux?lieu=port-de-bouc"),
        ("PERTUIS", "/lieux?lieu=pertuis"),
        ("anonymal", "/experimentation-ct3-pays-salonais"),
        ("ordi remis", "/definitions?indicateur=EQ5a"),
        ("EQ5a", "/definitions?indicateur=EQ5a"),
        ("Registres", "/registres"),
    ],
)
def test_the_beginning_of_a_word_is_enough(asked: str, where: str) -> None:
    assert f'href="{where}"' in html(opened("chercher", q=asked))


@pytest.mark.usefixtures("full")
def test_what_nothing_answers_says_so() -> None:
    assert "Rien ne répond à « xylophone »" in said(opened("chercher", q="xylophone"))


def test_pages_of_others_are_not_found() -> None:
    context.install(demonstration_context(visitor=COMMITTEE))
    assert 'href="/registres"' not in html(opened("chercher", q="registres"))
