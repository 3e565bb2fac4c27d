"""What people do with an alert: an owner, a note, a day, an end; and the risks that they write down.

Each word is an entry of the register; the last one tells the state, all of them the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.alerts.alert import Alert, AlertFollowUp, AlertType, Followed, FollowUpSaid, Status
from core.alerts.attention import PointToTreat
from core.alerts.finding import code_of
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action
from core.errors import Refused, UnknownName
from core.storage import Store
from core.storage.event_log import Entry
from core.storage.events import EventType, refuse_unless_last, renamed, standing

FOLLOW_UP, RISK = "suivi", "risque"
"""The kinds of the register's entries."""
LONGEST = 1000
Words = Mapping[str, int]
"""The numbers of the entries that were just made, by the code of the point that each is about."""


@dataclass(frozen=True, slots=True)
class RiskSaid:
    """What an entry says of a risk: what could happen and why, or that it is one no more."""

    title: str = ""
    why: str = ""
    experiment: str | None = None
    dropped: bool = False
    reason: str = ""


FOLLOW_UPS = EventType(
    FOLLOW_UP,
    FollowUpSaid,
    lambda content: renamed(content, {"responsable": "owner", "échéance": "due", "clos": "closed", "état": "seen"}),
)
RISKS = EventType(
    RISK,
    RiskSaid,
    lambda content: renamed(
        content,
        {"titre": "title", "pourquoi": "why", "expérimentation": "experiment", "écarté": "dropped", "motif": "reason"},
    ),
)


def followed(store: Store, found: Iterable[Alert]) -> tuple[Followed, ...]:
    """The alerts found, then the risks that stand, each with what was said of it last."""
    said = _last(store.entries(FOLLOW_UP))
    return tuple(Followed(alert, said.get(alert.code, AlertFollowUp())) for alert in (*found, *risks(store)))


def still_open(store: Store, points: Iterable[PointToTreat]) -> tuple[PointToTreat, ...]:
    """The points without those that somebody closed, as long as no other row is concerned."""
    said = _last(store.entries(FOLLOW_UP))

    def is_open(point: PointToTreat) -> bool:
        alert = Alert(code_of(point), AlertType.RULE, point.title, "", subjects=point.subjects)
        return Followed(alert, said.get(alert.code, AlertFollowUp())).status is not Status.CLOSED

    return tuple(one for one in points if is_open(one))


def treat(scope: Scope, alert: Alert, *, owner: str, note: str, due: date | None, closed: bool = False) -> Words:
    """Say who treats an alert, until when, or that it is over; what ``take_back`` needs.

    Raises Forbidden; Refused when an end has no note, or when a text is too long.
    """
    access.check(scope.actor, Action.TREAT)
    if closed and not note.strip():
        raise Refused("Pour clore un point, écrivez en une phrase ce qui a été fait ou décidé.")
    said = FollowUpSaid(_short(owner), _short(note), due, closed, alert.print)
    with scope.writing() as writing:
        return {alert.code: FOLLOW_UPS.enter(writing, alert.code, said)}


def assign(scope: Scope, found: Iterable[Followed], *, owner: str, due: date | None) -> Words:
    """Give several points to one owner, with one day if any, in one go; what was noted of each stays.

    Returns what ``take_back`` needs.

    Raises Forbidden; Refused without an owner or without a point.
    """
    access.check(scope.actor, Action.TREAT)
    chosen = list(found)
    if not owner.strip():
        raise Refused("Écrivez à qui ces points sont confiés.")
    if not chosen:
        raise Refused("Choisissez au moins un point dans la liste.")
    with scope.writing() as writing:
        return {one.alert.code: FOLLOW_UPS.enter(writing, one.alert.code, _given(one, owner, due)) for one in chosen}


def _given(one: Followed, owner: str, due: date | None) -> FollowUpSaid:
    kept = one.follow_up
    return FollowUpSaid(_short(owner), kept.note, due or kept.due, False, one.alert.print)


def take_back(scope: Scope, words: Words) -> None:
    """Put what was said of some points aside, as new entries: what was said before stands again.

    Raises Forbidden; Refused, for all of them, when one is taken back already or something else was said since.
    """
    access.check(scope.actor, Action.TREAT)
    with scope.writing() as writing:
        for code, number in words.items():
            refuse_unless_last(standing(FOLLOW_UPS, writing.entries(FOLLOW_UP, code)), number)
            FOLLOW_UPS.enter(writing, code, FollowUpSaid(withdrawn=True))


def add_risk(scope: Scope, title: str, why: str, experiment: str | None) -> str:
    """Write a risk down; return its code.

    Raises Forbidden; Refused without a title; UnknownName for an experiment that does not exist.
    """
    access.check(scope.actor, Action.TREAT)
    if not title.strip():
        raise Refused("Un risque a besoin d’un titre : dites en quelques mots ce qui pourrait arriver.")
    if experiment is not None:
        scope.registry.experiment(experiment)
    with scope.writing() as writing:
        code = f"{AlertType.RISK}/{len(writing.entries(RISK)) + 1}"
        RISKS.enter(writing, code, RiskSaid(_short(title), _short(why), experiment))
    return code


def drop_risk(scope: Scope, code: str, reason: str) -> None:
    """Say that a risk is one no more, and why; it stays in the history.

    Raises Forbidden, UnknownName, Refused without a reason.
    """
    access.check(scope.actor, Action.TREAT)
    if not reason.strip():
        raise Refused("Écrivez pourquoi ce risque est écarté.")
    if code not in {one.code for one in risks(scope.store)}:
        raise UnknownName(f"Aucun risque ne porte le code « {code} ». Rechargez la page.")
    with scope.writing() as writing:
        RISKS.enter(writing, code, RiskSaid(dropped=True, reason=_short(reason)))


def restore_risk(scope: Scope, code: str) -> None:
    """Say that a risk that was put aside is one again.

    Raises Forbidden, UnknownName for a code that no risk ever had.
    """
    access.check(scope.actor, Action.TREAT)
    with scope.writing() as writing:
        written = [said for said in map(RISKS.read, writing.entries(RISK, code)) if not said.dropped]
        if not written:
            raise UnknownName(f"Aucun risque n’a jamais porté le code « {code} ».")
        RISKS.enter(writing, code, written[-1])


def risks(store: Store) -> tuple[Alert, ...]:
    """The risks that stand, the oldest first."""
    standing: dict[str, RiskSaid] = {}
    for entry in store.entries(RISK):
        said = RISKS.read(entry)
        if said.dropped:
            standing.pop(entry.subject, None)
        else:
            standing[entry.subject] = said
    return tuple(
        Alert(code, AlertType.RISK, said.title, said.why, experiment=said.experiment) for code, said in standing.items()
    )


def history(store: Store, code: str) -> list[AlertFollowUp]:
    """Everything that was said of one alert and not taken back, the oldest first."""
    return _stands(store.entries(FOLLOW_UP, code))


def _last(entries: Iterable[Entry]) -> dict[str, AlertFollowUp]:
    """What stands last of each alert of which something does."""
    by_code: dict[str, list[Entry]] = {}
    for entry in entries:
        by_code.setdefault(entry.subject, []).append(entry)
    return {code: said[-1] for code, listed in by_code.items() if (said := _stands(listed))}


def _stands(entries: Iterable[Entry]) -> list[AlertFollowUp]:
    return [
        AlertFollowUp(said.owner, said.note, said.due, said.closed, said.seen, actor=entry.actor, at=entry.at)
        for entry, said in standing(FOLLOW_UPS, entries)
    ]


def _short(text: str) -> str:
    cleaned = " ".join(text.split())
    if len(cleaned) > LONGEST:
        raise Refused(f"Ce texte est trop long : {french.number(LONGEST)} caractères au plus.")
    return cleaned
