"""The session: it opens on frozen figures, decisions are written down, it closes; then they are followed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.committee import Snapshot
from core.committee.entries import (
    CLOSED,
    DECIDED,
    FOLLOWED,
    OPENED,
    ClosedSaid,
    DecisionSaid,
    FollowedSaid,
    OpenedSaid,
)
from core.committee.meetings import (
    all_decisions,
    fold,
    one_of,
    snapshot_of,
    subject,
    words_on,
)
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action
from core.domain.figure_text import marked, sentence
from core.domain.meeting import Decision, Freeze, Meeting, Stage, Verdict
from core.errors import Refused, UnknownName
from core.figures.sentences import parts_of
from core.storage import Store
from core.storage.events import refuse_unless_last

LONGEST = 2000
"""How many characters a decision or a note may have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is about to be written down; codes are empty or None when nothing is tied.

    ``replaces`` names the decision that this one puts an end to.
    """

    verdict: Verdict
    text: str
    point: str = ""
    owner: str = ""
    due: date | None = None
    experiment: str | None = None
    indicator: str | None = None
    replaces: str = ""


def open_session(scope: Scope, number: int) -> None:
    """Open the session of a committee. Raises Forbidden, UnknownName, Refused without frozen figures."""
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        found = one_of(fold(writing.entries), number)
        _frozen(found)
        if found.stage is not Stage.FROZEN:
            raise Refused(f"Le {found.title.lower()} est déjà « {found.stage} ».")
        OPENED.enter(writing, subject(number), OpenedSaid(_frozen(found).number))


def decide(scope: Scope, number: int, proposal: Proposal) -> str:
    """Write a decision down, with the frozen figure that was seen; return its number, « 4.1 ».

    Raises Forbidden, UnknownName, Refused: without frozen figures; on a closed committee unless it
    replaces one of its own; on a point that already has its decision; without text, and without owner
    for what is to be done.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        every = fold(writing.entries)
        found = one_of(every, number)
        frozen = _frozen(found)
        text = _text(proposal.text, "Écrivez la décision, en une phrase que les absents comprendront.")
        _refuse_rewriting(every, found, proposal)
        rank = f"{number}.{len(found.decisions) + 1}"
        said = DecisionSaid(
            rank,
            number,
            proposal.verdict,
            text,
            frozen.number,
            proposal.point,
            proposal.owner.strip(),
            proposal.due,
            proposal.experiment,
            proposal.indicator,
            seen(scope.store, frozen, proposal.experiment, proposal.indicator),
            proposal.replaces,
        )
        DECIDED.enter(writing, subject(number), said)
        return rank


def follow_up(scope: Scope, decision: str, done: bool, note: str) -> int:
    """Write what became of a decision; may be done whatever became of its committee. The number of this word.

    Raises Forbidden, UnknownName, Refused when another decision replaced it or when there is no note for
    what is not done.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        found = _decision(all_decisions(fold(writing.entries)), decision)
        if found.replaced_by:
            raise Refused(f"La décision n° {decision} est remplacée par la n° {found.replaced_by}.")
        said = note.strip() if done else _text(note, "Dites pourquoi ce n’est pas fait, et la suite.")
        return FOLLOWED.enter(writing, subject(found.committee), FollowedSaid(decision, done, said[:LONGEST]))


def take_follow_up_back(scope: Scope, decision: str, word: int) -> None:
    """Put a word on a decision aside, as a new entry: what was said before stands again.

    Raises Forbidden, UnknownName; Refused when it is taken back already, or something else was said since.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        found = _decision(all_decisions(fold(writing.entries)), decision)
        refuse_unless_last(words_on(writing.entries).get(decision, ()), word)
        FOLLOWED.enter(writing, subject(found.committee), FollowedSaid(decision, withdrawn=True))


def close(scope: Scope, number: int) -> None:
    """Close a committee: afterwards only a decision that replaces another may be added.

    Raises Forbidden, UnknownName, Refused without frozen figures, when already closed, or while a point
    of the agenda has no decision.
    """
    access.check(scope.actor, Action.CONVENE)
    with scope.writing() as writing:
        found = one_of(fold(writing.entries), number)
        _frozen(found)
        if found.stage is Stage.CLOSED:
            raise Refused(f"Le {found.title.lower()} est déjà clos.")
        if waiting := [one.title for one in found.points if not found.decisions_on(one.code)]:
            named = french.listing(f"« {title} »" for title in waiting)
            raise Refused(f"Sans décision : {named}. Écrivez-en une, au besoin « en suspens », puis clôturez.")
        CLOSED.enter(writing, subject(number), ClosedSaid(tuple(one.number for one in found.decisions)))


def seen(store: Store, frozen: Freeze, experiment: str | None, indicator: str | None) -> str:
    """The frozen figure in words, « Ordinateurs remis : 84 sur 149 (56 %) »; empty when none is named.

    Raises UnknownName when the frozen figures do not hold it.
    """
    if not indicator:
        return ""
    found = snapshot_of(store, frozen)
    if (indicator, experiment) not in found.cells:
        raise UnknownName(f"« {indicator} » ne figure pas dans les données arrêtées n° {frozen.number}.")
    return seen_in(found, experiment, indicator)


def seen_in(found: Snapshot, experiment: str | None, indicator: str) -> str:
    """The same from figures at hand, as they may be shown."""
    cell, known = found.cells[indicator, experiment], found.indicator[indicator]
    whom = found.experiment(experiment or "")
    name = f", {whom.short_title}" if whom else ""
    said = marked(sentence(cell.observation, parts=parts_of(known)), cell.observation)
    return french.typeset(f"{known.label}{name} : {said}")


def _frozen(found: Meeting) -> Freeze:
    if found.freeze is None:
        raise Refused(
            f"Le {found.title.lower()} n’a pas de données arrêtées : arrêtez-les d’abord, pour que chaque "
            "décision dise au vu de quels chiffres elle est prise."
        )
    return found.freeze


def _refuse_rewriting(every: Iterable[Meeting], found: Meeting, proposal: Proposal) -> None:
    if proposal.point and found.point(proposal.point) is None:
        raise UnknownName(f"Le point « {proposal.point} » n’est pas à l’ordre du jour.")
    if proposal.replaces:
        replaced = _decision(all_decisions(every), proposal.replaces)
        if replaced.replaced_by:
            raise Refused(
                f"La décision n° {proposal.replaces} est déjà remplacée par la n° {replaced.replaced_by} : "
                "remplacez celle-ci."
            )
        if found.stage is Stage.CLOSED and replaced.committee != found.number:
            raise Refused(
                f"Le {found.title.lower()} est clos : seules ses propres décisions s’y remplacent. Remplacez la n° "
                f"{proposal.replaces} lors d’un comité à venir, ou du sien."
            )
        return
    if found.stage is Stage.CLOSED:
        raise Refused(
            f"Le {found.title.lower()} est clos : une décision ne s’y modifie plus. Écrivez-en une qui dit "
            "laquelle elle remplace."
        )
    standing = [one for one in found.decisions_on(proposal.point) if one.stands] if proposal.point else []
    if standing:
        raise Refused(
            f"Ce point a déjà la décision n° {standing[0].number} : pour la changer, écrivez-en une qui la remplace."
        )


def _decision(known: Mapping[str, Decision], number: str) -> Decision:
    if number not in known:
        raise UnknownName(f"La décision n° {number} n’existe pas.")
    return known[number]


def _text(text: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise Refused(missing)
    if len(said) > LONGEST:
        raise Refused(f"Ce texte est trop long : {LONGEST} caractères au plus.")
    return said
