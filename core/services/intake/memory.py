"""What the headings of an association's own spreadsheet mean, asked once and remembered.

Each answer is an entry of the register about one dataset of one association; a later answer for the
same heading replaces the former. A heading may also be remembered as none of ours: it is then neither
read nor asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.experiment import METROPOLE
from core.domain.words import fold
from core.errors import Refused, UnknownName
from core.registry import Registry
from core.services.reading.personal import heading_kind
from core.storage import Store

KIND = "titres"
"""The kind of the entries that hold these answers."""
NOT_OURS = ""
"""Stands for the column of a heading that is none of ours."""
_LONGEST = 120


def remembered(store: Store, association: str, dataset: str) -> dict[str, str]:
    """The headings learnt for a dataset, as they were written, and the column that each means (``NOT_OURS``: none)."""
    found: dict[str, tuple[str, str]] = {}
    for entry in store.entries(KIND, _subject(association, dataset)):
        for heading, column in entry.content["titres"].items():
            found.pop(fold(heading), None)
            if column is not None:
                found[fold(heading)] = (heading, column)
    return dict(found.values())


def remember(
    registry: Registry,
    store: Store,
    association: str,
    dataset: str,
    headings: Mapping[str, str],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep that each heading means a column of the dataset, or ``NOT_OURS``.

    Raises Forbidden when the data are not the actor's, UnknownName for no such column, Refused
    for a heading that speaks of people: their column is never read.
    """
    declared = registry.dataset(association, dataset)
    for heading, column in headings.items():
        if column == NOT_OURS:
            continue
        if column not in declared.by_name:
            raise UnknownName(french.typeset(f"« {dataset} » n’a pas de colonne « {column} »."))
        if what := heading_kind(heading):
            raise Refused(french.typeset(f"« {heading[:_LONGEST]} » annonce {what} : cette colonne n’est jamais lue."))
    _enter(store, association, dataset, {heading[:_LONGEST]: column for heading, column in headings.items()}, actor, at)


def forget(store: Store, association: str, dataset: str, heading: str, *, actor: Actor, at: datetime) -> None:
    """Forget what a heading meant. Raises Forbidden when the data are not the actor's."""
    _enter(store, association, dataset, {heading: None}, actor, at)


def _enter(
    store: Store, association: str, dataset: str, headings: Mapping[str, str | None], actor: Actor, at: datetime
) -> None:
    if association == METROPOLE:
        access.check(actor, Action.STEER)
    else:
        access.check(actor, Action.DEPOSIT, On(association))
    with store.writing(actor, at) as writing:
        writing.enter(KIND, _subject(association, dataset), {"titres": dict(headings)})


def _subject(association: str, dataset: str) -> str:
    return f"{association}/{dataset}"
