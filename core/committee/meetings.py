"""The committees: folded from entries that nobody rewrites, prepared, and frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from core.committee import KnownDecision, Snapshot, take
from core.committee.entries import (
    CLOSED,
    DECIDED,
    FOLLOWED,
    FROZEN,
    OPENED,
    PREPARED,
    DecisionSaid,
    FollowedSaid,
    FrozenSaid,
    PreparedSaid,
)
from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, Actor
from core.domain.meeting import VERDICT_MARKS, AgendaPoint, Decision, FollowUp, Freeze, Meeting, Stage
from core.errors import JournalBroken, Refused, UnknownName
from core.storage import Store
from core.storage.event_log import Entry
from core.storage.events import standing
from core.storage.writing import Writing

Entries = Callable[[str], Sequence[Entry]]
"""The entries of one kind, the oldest first."""


def subject(number: int) -> str:
    """What the entries of committee ``number`` are about."""
    return f"comite-{number}"


def meetings(store: Store) -> tuple[Meeting, ...]:
    """Every committee, by its number."""
    return fold(store.entries)


def meeting(store: Store, number: int) -> Meeting:
    """Committee ``number``; raises UnknownName with those that exist."""
    return one_of(meetings(store), number)


def one_of(found: Iterable[Meeting], number: int) -> Meeting:
    """The committee of that number; raises UnknownName with those that exist."""
    known = {one.number: one for one in found}
    if number not in known:
        there = french.listing(str(one) for one in known) or "aucun"
        raise UnknownName(f"Le comité n° {number} n’existe pas. Comités préparés : {there}.")
    return known[number]


def readable(actor: Actor | None, found: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """The committees that this person may read: an association reads those that are closed."""
    if not access.allowed(actor, Action.READ):
        return ()
    everything = access.allowed(actor, Action.READ_ROWS) or access.allowed(actor, Action.CONVENE)
    return tuple(one for one in found if everything or one.stage is Stage.CLOSED)


def all_decisions(found: Iterable[Meeting]) -> dict[str, Decision]:
    """Every decision by its number."""
    return {decision.number: decision for one in found for decision in one.decisions}


def last_freeze(found: Iterable[Meeting], experiment: str | None = None) -> Freeze | None:
    """The last figures that were frozen, whatever the committee; those that hold ``experiment`` when it is given."""
    every = (freeze for one in found for freeze in one.freezes)
    held = (one for one in every if experiment is None or experiment in one.experiments)
    return max(held, key=lambda one: one.number, default=None)


def fold(entries: Entries) -> tuple[Meeting, ...]:
    """The committees that ``entries`` tell."""
    told = {entry.subject: _prepared(entry) for entry in entries(PREPARED.kind)}
    for entry in entries(FROZEN.kind):
        one = told[entry.subject]
        told[entry.subject] = replace(one, freezes=(*one.freezes, _freeze(entry, one.number)))
    for entry in entries(OPENED.kind):
        told[entry.subject] = replace(told[entry.subject], opened_at=entry.at)
    for name, decisions in _decisions(entries).items():
        told[name] = replace(told[name], decisions=tuple(decisions))
    for entry in entries(CLOSED.kind):
        told[entry.subject] = replace(told[entry.subject], closed_at=entry.at)
    return tuple(sorted(told.values(), key=lambda one: one.number))


def _prepared(entry: Entry) -> Meeting:
    said = PREPARED.read(entry)
    return Meeting(said.number, said.day, said.points)


def _freeze(entry: Entry, committee: int) -> Freeze:
    said = FROZEN.read(entry)
    by = entry.at, entry.actor, said.experiments
    return Freeze(said.number, committee, said.until, said.revision, said.sha256, *by)


def words_on(entries: Entries) -> dict[str, list[tuple[Entry, FollowedSaid]]]:
    """By the number of each decision, what stands of what was said of it, the oldest first."""
    by_decision: dict[str, list[Entry]] = {}
    for entry in entries(FOLLOWED.kind):
        by_decision.setdefault(FOLLOWED.read(entry).decision, []).append(entry)
    return {decision: standing(FOLLOWED, listed) for decision, listed in by_decision.items()}


def _decisions(entries: Entries) -> dict[str, list[Decision]]:
    followed = {
        decision: tuple(FollowUp(said.done, said.note, entry.at, entry.actor) for entry, said in words)
        for decision, words in words_on(entries).items()
    }
    listed = [(entry, DECIDED.read(entry)) for entry in entries(DECIDED.kind)]
    replaced = {said.replaces: said.number for _, said in listed if said.replaces}
    found: dict[str, list[Decision]] = {}
    for entry, said in listed:
        decision = _decision(entry, said, replaced.get(said.number, ""), followed.get(said.number, ()))
        found.setdefault(entry.subject, []).append(decision)
    return found


def _decision(entry: Entry, said: DecisionSaid, replaced_by: str, follow_ups: tuple[FollowUp, ...]) -> Decision:
    return Decision(
        number=said.number,
        committee=said.committee,
        verdict=said.verdict,
        text=said.text,
        freeze=said.freeze,
        at=entry.at,
        by=entry.actor,
        point=said.point,
        owner=said.owner,
        due=said.due,
        seen=said.seen,
        experiment=said.experiment,
        indicator=said.indicator,
        replaces=said.replaces,
        replaced_by=replaced_by,
        follow_ups=follow_ups,
    )


# --- A committee is convened: its day and its agenda, each point with its options and the statu quo ----


LONGEST = {"title": 120, "question": 400, "context": 1000, "status_quo": 300, "options": 300}
"""How many characters a text may have: what one slide, or one page, still shows; each option by itself."""
_NAMES = {
    "title": "le titre",
    "question": "la question",
    "context": "le contexte",
    "status_quo": "le statu quo",
    "options": "chaque option",
}
MOST_OPTIONS = 8
"""How many characters a text of the agenda may have."""


def convene(scope: Scope, day: date, points: Sequence[AgendaPoint] = ()) -> int:
    """Prepare the next committee; return its number.

    Raises Forbidden, Refused when the one before is not closed or a point is not complete.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        before = fold(writing.entries)
        if before and before[-1].stage is not Stage.CLOSED:
            raise Refused(f"Le {before[-1].title.lower()} n’est pas clos : clôturez-le d’abord.")
        if before and day < before[-1].day:
            raise Refused(f"Le {before[-1].full_title} est déjà passé : choisissez un jour qui le suit.")
        number = before[-1].number + 1 if before else 1
        _write(scope.registry, writing, Meeting(number, day), day, points)
        return number


def prepare(scope: Scope, number: int, day: date, points: Sequence[AgendaPoint]) -> None:
    """Write the day and the whole agenda of a committee again; a point without ``code`` is new.

    Raises Forbidden, UnknownName, Refused when it is closed, when a point is not complete or when
    one is taken out although it was decided upon.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        _write(scope.registry, writing, one_of(fold(writing.entries), number), day, points)


def _write(registry: Registry, writing: Writing, found: Meeting, day: date, points: Sequence[AgendaPoint]) -> None:
    if found.stage is Stage.CLOSED:
        raise Refused(f"Le {found.title.lower()} est clos : son ordre du jour ne change plus.")
    kept = _numbered(found, [_checked(registry, one) for one in points])
    lost = {one.point for one in found.decisions if one.point} - {one.code for one in kept}
    if lost:
        title = next(one.title for one in found.points if one.code in lost)
        raise Refused(f"« {title} » a déjà sa décision : ce point reste à l’ordre du jour.")
    PREPARED.enter(writing, subject(found.number), PreparedSaid(found.number, day, tuple(kept)))


def _numbered(found: Meeting, points: Sequence[AgendaPoint]) -> list[AgendaPoint]:
    """Each new point gets the next number; one that was taken out keeps its own for itself."""
    ranks = [int(one.code[1:]) for one in (*found.points, *points) if one.code]
    following = iter(range(max(ranks, default=0) + 1, max(ranks, default=0) + 1 + len(points)))
    return [one if one.code else replace(one, code=f"p{next(following)}") for one in points]


def _checked(registry: Registry, point: AgendaPoint) -> AgendaPoint:
    """The point, trimmed; raises Refused when something that the committee needs is missing."""
    options = tuple(text.strip() for text in point.options if text.strip())
    said = replace(
        point,
        title=point.title.strip(),
        question=point.question.strip(),
        context=point.context.strip(),
        options=options,
        status_quo=point.status_quo.strip(),
    )
    if not said.title or not said.question:
        raise Refused("Un point de l’ordre du jour a un titre et la question posée au comité.")
    if not options:
        raise Refused(f"« {said.title} » : écrivez au moins une option, en plus du statu quo.")
    if not said.status_quo:
        raise Refused(f"« {said.title} » : écrivez le statu quo, ce qui se passe si rien n’est décidé.")
    _refuse_longer(said)
    if said.experiment:
        registry.experiment(said.experiment)
    if said.indicator:
        registry.indicator(said.indicator)
    return said


def _refuse_longer(said: AgendaPoint) -> None:
    """Raise Refused for a text that a slide or a page could not show, or more options than one does."""
    for name, most in LONGEST.items():
        held = getattr(said, name)
        if any(len(text) > most for text in (held if isinstance(held, tuple) else (held,))):
            raise Refused(f"« {said.title[:60]} » : {most} caractères au plus pour {_NAMES[name]}.")
    if len(said.options) > MOST_OPTIONS:
        raise Refused(f"« {said.title[:60]} » : {MOST_OPTIONS} options au plus.")


# --- The figures of a committee are frozen, numbered, and read again exactly -----------------------


def freeze(scope: Scope, number: int, until: date, *, fictitious: bool = False) -> Freeze:
    """Freeze the figures of the days up to ``until`` for a committee, under the next number.

    Nothing frozen changes afterwards: data handed in later are for the next one. Raises Forbidden,
    UnknownName, Refused when ``until`` is still to come, when the committee is closed, or when it
    already decided on figures.
    """
    access.check(scope.actor, Action.CONVENE)
    known = meetings(scope.store)
    _refuse(one_of(known, number), until, scope.today)
    earlier = freeze_before(known, number)
    taken = take(
        scope.registry,
        scope.store,
        until=until,
        at=scope.now,
        fictitious=fictitious,
        decisions=known_decisions(known),
        since=earlier.until if earlier and earlier.until < until else None,
    )
    with scope.writing() as writing:
        standing = fold(writing.entries)
        _refuse(one_of(standing, number), until, scope.today)
        rank = 1 + sum(len(one.freezes) for one in standing)
        kept = taken.numbered(rank, one_of(standing, number).full_title)
        said = FrozenSaid(
            rank,
            until,
            kept.revision,
            writing.keep_file(kept.text.encode()),
            tuple(one.code for one in kept.experiments),
            {one.code: one.version for one in kept.formulas},
            {one.name: one.version for one in kept.plugins},
        )
        FROZEN.enter(writing, subject(number), said)
    found = one_of(meetings(scope.store), number).freeze
    assert found is not None
    return found


def freeze_before(known: Iterable[Meeting], number: int) -> Freeze | None:
    """The last figures frozen for a committee before the one of that ``number``: its changes are counted from them."""
    return next((one.freeze for one in reversed(tuple(known)) if one.number < number and one.freeze), None)


def snapshot_of(store: Store, frozen: Freeze) -> Snapshot:
    """The figures frozen under a number, as they were; never computed again.

    Raises JournalBroken when what is kept is no longer what was frozen.
    """
    data = store.file(frozen.sha256)
    if hashlib.sha256(data).hexdigest() != frozen.sha256:
        raise JournalBroken(
            f"Les données arrêtées n° {frozen.number} ont été modifiées après coup : leur empreinte n’est plus "
            f"{frozen.sha256}. Reprenez-les dans une sauvegarde."
        )
    return _read(data)


@lru_cache(maxsize=16)
def _read(data: bytes) -> Snapshot:
    return Snapshot.from_content(json.loads(data))


def _refuse(found: Meeting, until: date, today: date) -> None:
    if found.stage is Stage.CLOSED:
        raise Refused(f"Le {found.title.lower()} est clos : ses chiffres ne changent plus.")
    if found.decisions and found.freeze:
        raise Refused(
            f"Le comité a déjà décidé au vu des données n° {found.freeze.number} : elles restent celles de cette "
            "séance. Les chiffres nouveaux seront arrêtés pour le comité suivant."
        )
    if until > today:
        raise Refused(f"Le {french.day(until)} n’est pas passé : arrêtez les données à un jour révolu.")


def known_decisions(known: Iterable[Meeting]) -> tuple[KnownDecision, ...]:
    """The decisions of the committees before, as they stand."""
    return tuple(_told(one, decision) for one in known for decision in one.decisions)


def _told(found: Meeting, decision: Decision) -> KnownDecision:
    point = found.point(decision.point)
    return KnownDecision(
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
