"""Which figures a document shows: those of now, or those frozen under a number, with the committee before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from core.domain import french
from core.domain.actor import Actor
from core.domain.meeting import Freeze, Meeting, Stage
from core.errors import UnknownName
from core.exports.dossier.material import Material
from core.registry import Registry
from core.services.meetings import meetings, readable, snapshot_of
from core.services.meetings.freezing import known_decisions
from core.services.snapshots import Snapshot, take
from core.storage import Store


def live(
    registry: Registry,
    store: Store,
    *,
    actor: Actor,
    at: datetime,
    today: date,
    until: date | None = None,
    fictitious: bool = False,
) -> Material:
    """The figures of now up to ``until`` (None: today), on the agenda of the committee in preparation, if any.

    Of the committees, what ``actor`` may read.
    """
    known = readable(actor, meetings(store))
    snapshot = take(
        registry, store, until=until or today, at=at, today=today, fictitious=fictitious,
        decisions=known_decisions(known),
    )  # fmt: skip
    waiting = next((one for one in known if one.stage is not Stage.CLOSED), None)
    last = max(freezes(known), key=lambda one: one.number, default=None)
    return Material(snapshot, snapshot_of(store, last) if last else None, waiting)


def frozen(store: Store, number: int, *, actor: Actor) -> Material:
    """The figures frozen under ``number``, exactly; raises UnknownName with those that ``actor`` may read."""
    known = readable(actor, meetings(store))
    found = next((one for one in freezes(known) if one.number == number), None)
    if found is None:
        there = french.listing(str(one.number) for one in freezes(known)) or "aucune"
        raise UnknownName(
            french.typeset(f"Les données arrêtées n° {number} ne se lisent pas. Celles que vous pouvez lire : {there}.")
        )
    meeting = next(one for one in known if one.number == found.committee)
    return Material(snapshot_of(store, found), _before(store, known, found), meeting)


def _before(store: Store, known: Sequence[Meeting], found: Freeze) -> Snapshot | None:
    """The last figures frozen for a committee before that one."""
    earlier = [one for one in freezes(known) if one.committee < found.committee and one.number < found.number]
    return snapshot_of(store, earlier[-1]) if earlier else None


def freezes(known: Sequence[Meeting]) -> list[Freeze]:
    """Every set of figures frozen for these committees, the oldest first."""
    return [freeze for one in known for freeze in one.freezes]
