"""The figures of a committee are frozen, numbered, and read again exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor
from core.domain.local_time import day_in_france
from core.domain.meeting import VERDICT_MARKS, Decision, Freeze, Meeting, Stage
from core.errors import JournalBroken, Refused
from core.services.meetings.folding import FROZEN, fold, meetings, one_of, subject
from core.services.snapshots import Decided, Snapshot, take
from core.storage import Store


def freeze(
    registry: Any,
    store: Store,
    number: int,
    until: date,
    *,
    actor: Actor,
    at: datetime,
    fictitious: bool = False,
) -> Freeze:
    """Freeze the figures of the days up to ``until`` for a committee, under the next number.

    Nothing frozen changes afterwards: data handed in later are for the next one. Raises Forbidden,
    UnknownName, Refused when ``until`` is still to come, when the committee is closed, or when it
    already decided on figures.
    """
    access.check(actor, Action.CONVENE)
    known = meetings(store)
    _refuse(one_of(known, number), until, day_in_france(at))
    taken = take(registry, store, until=until, at=at, fictitious=fictitious, decisions=known_decisions(known))
    with store.writing(actor, at) as writing:
        standing = fold(writing.entries)
        _refuse(one_of(standing, number), until, day_in_france(at))
        rank = 1 + sum(len(one.freezes) for one in standing)
        kept = taken.numbered(rank, one_of(standing, number).full_title)
        told = {
            "numero": rank,
            "jour": until.isoformat(),
            "revision": kept.revision,
            "sha256": writing.keep_file(kept.text.encode()),
            "experiences": [one.code for one in kept.experiments],
            "formules": {one.code: one.version for one in kept.formulas},
            "plugins": {one.name: one.version for one in kept.plugins},
        }
        writing.enter(FROZEN, subject(number), told)
    found = one_of(meetings(store), number).freeze
    assert found is not None
    return found


def snapshot_of(store: Store, frozen: Freeze) -> Snapshot:
    """The figures frozen under a number, as they were; never computed again.

    Raises JournalBroken when what is kept is no longer what was frozen.
    """
    data = store.file(frozen.sha256)
    if hashlib.sha256(data).hexdigest() != frozen.sha256:
        raise JournalBroken(
            french.typeset(
                f"Les données arrêtées n° {frozen.number} ont été modifiées après coup : leur empreinte n’est plus "
                f"{frozen.sha256}. Reprenez-les dans une sauvegarde."
            )
        )
    return _read(data)


@lru_cache(maxsize=16)
def _read(data: bytes) -> Snapshot:
    return Snapshot.from_content(json.loads(data))


def _refuse(found: Meeting, until: date, today: date) -> None:
    if found.stage is Stage.CLOSED:
        raise Refused(french.typeset(f"Le {found.title.lower()} est clos : ses chiffres ne changent plus."))
    if found.decisions and found.freeze:
        raise Refused(
            french.typeset(
                f"Le comité a déjà décidé au vu des données n° {found.freeze.number} : elles restent celles de cette "
                "séance. Les chiffres nouveaux seront arrêtés pour le comité suivant."
            )
        )
    if until > today:
        raise Refused(french.typeset(f"Le {french.day(until)} n’est pas passé : arrêtez les données à un jour révolu."))


def known_decisions(known: Iterable[Meeting]) -> tuple[Decided, ...]:
    """The decisions of the committees before, as they stand."""
    return tuple(_told(one, decision) for one in known for decision in one.decisions)


def _told(found: Meeting, decision: Decision) -> Decided:
    point = found.point(decision.point)
    return Decided(
        number=decision.number,
        verdict=VERDICT_MARKS[decision.verdict][1],
        title=point.title if point else decision.text,
        text=decision.text,
        owner=decision.owner,
        due=decision.due,
        done=decision.done,
        note=decision.follow_ups[-1].note if decision.follow_ups else "",
        replaced_by=decision.replaced_by,
    )
