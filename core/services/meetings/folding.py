"""The committees as the register tells them: each state is folded from entries that nobody rewrites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor
from core.domain.meeting import Decision, FollowUp, Freeze, Meeting, Point, Stage, Verdict
from core.errors import UnknownName
from core.storage import Store
from core.storage.register import Entry

PREPARED, FROZEN, OPENED, DECIDED, FOLLOWED, CLOSED = "comité", "arrêté", "séance", "décision", "suite", "clôture"
KINDS = (PREPARED, FROZEN, OPENED, DECIDED, FOLLOWED, CLOSED)
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
        raise UnknownName(french.typeset(f"Le comité n° {number} n’existe pas. Comités préparés : {there}."))
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
    told = {entry.subject: _prepared(entry) for entry in entries(PREPARED)}
    for entry in entries(FROZEN):
        one = told[entry.subject]
        told[entry.subject] = replace(one, freezes=(*one.freezes, _freeze(entry, one.number)))
    for entry in entries(OPENED):
        told[entry.subject] = replace(told[entry.subject], opened_at=entry.at)
    for name, decisions in _decisions(entries).items():
        told[name] = replace(told[name], decisions=tuple(decisions))
    for entry in entries(CLOSED):
        told[entry.subject] = replace(told[entry.subject], closed_at=entry.at)
    return tuple(sorted(told.values(), key=lambda one: one.number))


def _prepared(entry: Entry) -> Meeting:
    content = entry.content
    return Meeting(content["numero"], date.fromisoformat(content["jour"]), tuple(map(point_of, content["points"])))


def point_of(told: Mapping[str, Any]) -> Point:
    """A point of the agenda as the register keeps it."""
    return Point(
        code=told["code"],
        title=told["titre"],
        question=told["question"],
        context=told["contexte"],
        options=tuple(told["options"]),
        status_quo=told["statu_quo"],
        experiment=told["experience"],
        indicator=told["indicateur"],
    )


def point_told(point: Point) -> dict[str, Any]:
    """The same, to be kept."""
    return {
        "code": point.code,
        "titre": point.title,
        "question": point.question,
        "contexte": point.context,
        "options": list(point.options),
        "statu_quo": point.status_quo,
        "experience": point.experiment,
        "indicateur": point.indicator,
    }


def _freeze(entry: Entry, committee: int) -> Freeze:
    told = entry.content
    until = date.fromisoformat(told["jour"])
    whom = tuple(told.get("experiences", ()))
    return Freeze(told["numero"], committee, until, told["revision"], told["sha256"], entry.at, entry.actor, whom)


def _decisions(entries: Entries) -> dict[str, list[Decision]]:
    followed: dict[str, list[FollowUp]] = {}
    for entry in entries(FOLLOWED):
        told = entry.content
        followed.setdefault(told["decision"], []).append(FollowUp(told["faite"], told["note"], entry.at, entry.actor))
    listed = entries(DECIDED)
    replaced = {one.content["remplace"]: one.content["numero"] for one in listed if one.content["remplace"]}
    found: dict[str, list[Decision]] = {}
    for entry in listed:
        number = entry.content["numero"]
        decision = _decision(entry, replaced.get(number, ""), tuple(followed.get(number, ())))
        found.setdefault(entry.subject, []).append(decision)
    return found


def _decision(entry: Entry, replaced_by: str, follow_ups: tuple[FollowUp, ...]) -> Decision:
    told = entry.content
    return Decision(
        number=told["numero"],
        committee=told["comite"],
        verdict=Verdict(told["issue"]),
        text=told["texte"],
        freeze=told["arrete"],
        at=entry.at,
        by=entry.actor,
        point=told["point"],
        owner=told["responsable"],
        due=date.fromisoformat(told["echeance"]) if told["echeance"] else None,
        seen=told["chiffre"],
        experiment=told["experience"],
        indicator=told["indicateur"],
        replaces=told["remplace"],
        replaced_by=replaced_by,
        follow_ups=follow_ups,
    )
