"""Whatever was saved, removed and undone since, a past revision reads as it did then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.storage import sealing
from core.storage.store import Store
from tests.core.storage.factories import MATERIEL, NADIA, NOON, frame, opened, row

State = dict[str, dict[str, Any]]

KEYS = st.sampled_from(["A", "B", "é|ê", "D 4"])
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
VALUES = st.fixed_dictionaries(
    {
        "prix": st.none() | st.integers(-(2**63), 2**63 - 1),
        "date_remise": st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        "en_qpv": st.none() | st.booleans(),
        "latitude": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "_place": st.none() | TEXTS,
    }
)
SAVES = st.tuples(st.dictionaries(KEYS, VALUES), st.sets(KEYS, max_size=2))
UNDOES = st.integers(0, 12)  # which of the revisions made so far

_BARE: dict[str, Any] = dict.fromkeys(("prix", "date_remise", "en_qpv", "latitude", "_place"))
_AROUND = [
    ({"A": _BARE, "B": _BARE, "é|ê": _BARE}, set()),
    12,
    ({"A": _BARE, "B": _BARE, "é|ê": _BARE, "D 4": _BARE}, set()),
    *(2, 5, 8, 11),
]
"""What undid a revision from before the one to undo came after it: its rows came back twice."""
_numbers = count(1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with opened(database_url) as opened_store:
        yield opened_store


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(SAVES | UNDOES, min_size=1, max_size=12))
@example(steps=_AROUND)
def test_every_past_revision_reads_the_same(store: Store, steps: list[Any]) -> None:
    association = f"association-{next(_numbers)}"
    store.prepare(association, MATERIEL, at=NOON)
    past: dict[int, State] = {store.latest(): {}}
    for step in steps:
        expected = _undo(store, past, step) if isinstance(step, int) else _save(store, association, past, *step)
        now = _read(store, association)
        assert _values(now) == _values(expected)
        past[store.latest()] = now
    assert {revision: _read(store, association, revision) for revision in past} == past
    with store.connect() as connection:
        sealing.check(connection, association, "materiel")


def _read(store: Store, association: str, revision: int | None = None) -> State:
    return {r["_key"]: r for r in store.rows(association, "materiel", revision).to_dicts()}


def _values(state: State) -> State:
    return {key: {name: value for name, value in r.items() if name != "_since"} for key, r in state.items()}


def _save(store: Store, association: str, past: dict[int, State], rows: Any, removed: set[str]) -> State:
    handed_in = frame(*(row(key, **values) for key, values in rows.items()))
    gone = removed - set(rows)
    with store.writing(NADIA, NOON) as writing:
        writing.save(association, "materiel", handed_in, remove=gone)
    kept = {key: r for key, r in past[max(past)].items() if key not in gone}
    return {**kept, **{r["_key"]: r for r in handed_in.to_dicts()}}


def _undo(store: Store, past: dict[int, State], chosen: int) -> State:
    """Each row that the undone revision touched is as just before it, or all is as it was."""
    revisions, now = sorted(past), past[max(past)]
    if len(revisions) == 1:
        return now
    position = 1 + chosen % (len(revisions) - 1)
    before, after = past[revisions[position - 1]], past[revisions[position]]
    try:
        with store.writing(NADIA, NOON) as writing:
            writing.undo(revisions[position])
    except Refused:
        return now
    touched = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    kept = {key: r for key, r in now.items() if key not in touched}
    return {**kept, **{key: before[key] for key in touched if key in before}}
