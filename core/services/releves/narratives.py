"""What an association tells with its relevé: how the period went, why it is late, what comes next.

Each writing is an entry of the register; the last one is what is shown, all of them the history.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.domain import access
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.releve import subject
from core.errors import Refused
from core.services.releves.deciding import standing
from core.services.releves.wording import checked
from core.storage import Store

KIND = "récit"


@dataclass(frozen=True, slots=True)
class Narrative:
    """One writing: ``text`` how it went, ``cause`` of a delay and ``next_action`` (each may be empty)."""

    text: str
    cause: str
    next_action: str
    at: datetime
    actor: str
    on_behalf_of: str | None = None
    number: int = 0


def narrative(store: Store, experience: str, periode: str, *, until: datetime | None = None) -> Narrative | None:
    """What is told of an experiment and a period, as known at ``until`` (None: now); None when nothing is."""
    return next(reversed(narratives(store, experience, periode, until=until)), None)


def narratives(store: Store, experience: str, periode: str, *, until: datetime | None = None) -> list[Narrative]:
    """Every writing, the oldest first."""
    return [_read(entry) for entry in store.entries(KIND, subject(experience, periode), until=until)]


def last_narratives(store: Store, *, until: datetime | None = None) -> dict[str, tuple[str, Narrative]]:
    """For each experiment that told something, the last period told and what it says."""
    found: dict[str, tuple[str, Narrative]] = {}
    for entry in store.entries(KIND, until=until):
        experiment, _, period = entry.subject.partition("/")
        if experiment not in found or found[experiment][0] <= period:
            found[experiment] = (period, _read(entry))
    return found


def tell(
    registry: Any,
    store: Store,
    experience: str,
    periode: str,
    text: str,
    *,
    actor: Actor,
    at: datetime,
    cause: str = "",
    next_action: str = "",
) -> Narrative:
    """Write what is told of an experiment and a period; the same words again write nothing.

    Raises Forbidden when it is not the actor's to write, or the relevé is accepted, or sent and
    the actor its association; Refused for an empty text, one that is too long or holds personal
    data; UnknownName when the calendar asks no such relevé.
    """
    owner = registry.experiment(experience).association.code
    access.check(actor, Action.DEPOSIT, On(owner, owner))
    content = {
        "texte": checked(text, "Le commentaire"),
        "cause": checked(cause, "La cause"),
        "prochaine_action": checked(next_action, "La prochaine action"),
    }
    if not any(content.values()):
        raise Refused("Écrivez au moins une phrase : rien n’est enregistré.")
    with store.writing(actor, at) as writing:
        found = standing(registry, writing, owner, experience, periode, at)
        access.check(actor, Action.DEPOSIT, On(owner, owner, state=found.state))
        before = writing.entries(KIND, found.subject)
        if not before or dict(before[-1].content) != content:
            writing.enter(KIND, found.subject, content)
        return _last(writing.entries(KIND, found.subject))


def _last(entries: Iterable[Any]) -> Narrative:
    return _read(list(entries)[-1])


def _read(entry: Any) -> Narrative:
    said = entry.content
    return Narrative(
        said.get("texte", ""),
        said.get("cause", ""),
        said.get("prochaine_action", ""),
        entry.at,
        entry.actor,
        entry.on_behalf_of,
        entry.number,
    )
