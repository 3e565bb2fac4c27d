"""Lines of the journal are found by word, by person, by subject and by day, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.storage import Store
from core.storage.history import LinesWanted
from tests.core.storage.factories import KARIM, NADIA, NOON

DAYS = [NOON + timedelta(days=day) for day in range(3)]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as made:
        for at, actor, action, subject in (
            (DAYS[0], NADIA, "import", "anonymal/materiel"),
            (DAYS[1], KARIM, "saisie", "metropole/seuils"),
            (DAYS[2], KARIM, "Éteint", "anonymal"),
        ):
            with made.writing(actor, at) as writing:
                writing.note(action, subject, {"file": "100%_vrai.csv"} if actor is NADIA else {})
        yield made


def found(store: Store, **wanted: object) -> list[int]:
    return [line.number for line in store.search_journal(LinesWanted(**wanted), limit=50).lines]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [3, 2, 1]),
        ({"words": ("SAISIE",)}, [2]),
        ({"words": ("éteint",)}, [3]),
        ({"words": ("nadia", "import")}, [1]),
        ({"words": ("nadia", "saisie")}, []),
        ({"words": ("100%_",)}, [1]),
        ({"words": ("matériel",), "meant": (("matériel", ("anonymal/materiel",)),)}, [1]),
        ({"actor": "Karim"}, [3, 2]),
        ({"about": ("metropole",)}, [2]),
        ({"about": ("anonymal",)}, [3, 2, 1]),
        ({"since": DAYS[1].date()}, [3, 2]),
        ({"until": DAYS[1].date()}, [2, 1]),
    ],
)
def test_lines_are_found(store: Store, wanted: dict, numbers: list[int]) -> None:
    assert found(store, **wanted) == numbers


def test_a_page_is_cut_from_a_known_total(store: Store) -> None:
    page = store.search_journal(LinesWanted(), limit=1, offset=1)
    assert (page.total, [line.number for line in page.lines]) == (3, [2])
    assert store.journal_actors() == ["Karim", "Nadia"]
