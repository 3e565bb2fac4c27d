"""What people do with an alert: an owner, a note, a day, an end; and the risks that they write down.

Each word is an entry of the register; the last one tells the state, all of them the history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from core.alerts.alert import Alert, AlertFollowUp, AlertType, Followed, Status
from core.alerts.attention import PointToTreat
from core.alerts.finding import code_of
from core.contract import Registry
from core.domain import access, french
from core.domain.access import Action, Actor
from core.errors import Refused, UnknownName
from core.storage import Store
from core.storage.event_log import Entry

FOLLOW_UP, RISK = "suivi", "risque"
"""The kinds of the register's entries."""
LONGEST = 1000


def followed(store: Store, found: Iterable[Alert]) -> tuple[Followed, ...]:
    """The alerts found, then the risks that stand, each with what was said of it last."""
    said = {entry.subject: _follow_up(entry) for entry in store.entries(FOLLOW_UP)}
    return tuple(Followed(alert, said.get(alert.code, AlertFollowUp())) for alert in (*found, *risks(store)))


def still_open(store: Store, points: Iterable[PointToTreat]) -> tuple[PointToTreat, ...]:
    """The points without those that somebody closed, as long as no other row is concerned."""
    said = {entry.subject: _follow_up(entry) for entry in store.entries(FOLLOW_UP)}

    def is_open(point: PointToTreat) -> bool:
        alert = Alert(code_of(point), AlertType.RULE, point.title, "", subjects=point.subjects)
        return Followed(alert, said.get(alert.code, AlertFollowUp())).status is not Status.CLOSED

    return tuple(one for one in points if is_open(one))


def treat(
    store: Store,
    alert: Alert,
    *,
    owner: str,
    note: str,
    due: date | None,
    closed: bool = False,
    actor: Actor,
    at: datetime,
) -> None:
    """Say who treats an alert, until when, or that it is over.

    Raises Forbidden; Refused when an end has no note, or when a text is too long.
    """
    access.check(actor, Action.TREAT)
    if closed and not note.strip():
        raise Refused("Pour clore un point, écrivez en une phrase ce qui a été fait ou décidé.")
    said = AlertFollowUp(_short(owner), _short(note), due, closed, alert.print)
    with store.writing(actor, at) as writing:
        writing.enter(FOLLOW_UP, alert.code, _content(said))


def assign(store: Store, found: Iterable[Followed], *, owner: str, due: date | None, actor: Actor, at: datetime) -> int:
    """Give several points to one owner, with one day if any, in one go; what was noted of each stays. Their number.

    Raises Forbidden; Refused without an owner or without a point.
    """
    access.check(actor, Action.TREAT)
    chosen = list(found)
    if not owner.strip():
        raise Refused("Écrivez à qui ces points sont confiés.")
    if not chosen:
        raise Refused("Choisissez au moins un point dans la liste.")
    with store.writing(actor, at) as writing:
        for one in chosen:
            kept = one.follow_up
            said = AlertFollowUp(_short(owner), kept.note, due or kept.due, False, one.alert.print)
            writing.enter(FOLLOW_UP, one.alert.code, _content(said))
    return len(chosen)


def take_back(store: Store, codes: Iterable[str], *, actor: Actor, at: datetime) -> None:
    """Put the last follow-up of some points aside: what was said before stands again, as a new entry.

    Raises Forbidden.
    """
    access.check(actor, Action.TREAT)
    with store.writing(actor, at) as writing:
        for code in codes:
            said = history(store, code)
            before = said[-2] if len(said) > 1 else AlertFollowUp()
            writing.enter(FOLLOW_UP, code, _content(before))


def _content(said: AlertFollowUp) -> dict[str, Any]:
    return {
        "responsable": said.owner,
        "note": said.note,
        "échéance": said.due.isoformat() if said.due else None,
        "clos": said.closed,
        "état": said.seen,
    }


def add_risk(
    registry: Registry, store: Store, title: str, why: str, experiment: str | None, *, actor: Actor, at: datetime
) -> str:
    """Write a risk down; return its code.

    Raises Forbidden; Refused without a title; UnknownName for an experiment that does not exist.
    """
    access.check(actor, Action.TREAT)
    if not title.strip():
        raise Refused("Un risque a besoin d’un titre : dites en quelques mots ce qui pourrait arriver.")
    if experiment is not None:
        registry.experiment(experiment)
    with store.writing(actor, at) as writing:
        code = f"{AlertType.RISK}/{len(writing.entries(RISK)) + 1}"
        content = {"titre": _short(title), "pourquoi": _short(why), "expérimentation": experiment}
        writing.enter(RISK, code, content)
    return code


def drop_risk(store: Store, code: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Say that a risk is one no more, and why; it stays in the history.

    Raises Forbidden, UnknownName, Refused without a reason.
    """
    access.check(actor, Action.TREAT)
    if not reason.strip():
        raise Refused("Écrivez pourquoi ce risque est écarté.")
    if code not in {one.code for one in risks(store)}:
        raise UnknownName(french.typeset(f"Aucun risque ne porte le code « {code} ». Rechargez la page."))
    with store.writing(actor, at) as writing:
        writing.enter(RISK, code, {"écarté": True, "motif": _short(reason)})


def restore_risk(store: Store, code: str, *, actor: Actor, at: datetime) -> None:
    """Say that a risk that was put aside is one again.

    Raises Forbidden, UnknownName for a code that no risk ever had.
    """
    access.check(actor, Action.TREAT)
    if not store.entries(RISK, code):
        raise UnknownName(french.typeset(f"Aucun risque n’a jamais porté le code « {code} »."))
    with store.writing(actor, at) as writing:
        writing.enter(RISK, code, {"écarté": False, "motif": ""})


def risks(store: Store) -> tuple[Alert, ...]:
    """The risks that stand, the oldest first."""
    last: dict[str, dict[str, Any]] = {}
    for entry in store.entries(RISK):
        last[entry.subject] = {**last.get(entry.subject, {}), **entry.content}
    return tuple(
        Alert(code, AlertType.RISK, said["titre"], said["pourquoi"], experiment=said["expérimentation"])
        for code, said in last.items()
        if not said.get("écarté")
    )


def history(store: Store, code: str) -> list[AlertFollowUp]:
    """Everything that was said of one alert, the oldest first."""
    return [_follow_up(entry) for entry in store.entries(FOLLOW_UP, code)]


def _follow_up(entry: Entry) -> AlertFollowUp:
    said = entry.content
    due = said.get("échéance")
    return AlertFollowUp(
        said["responsable"],
        said["note"],
        date.fromisoformat(due) if due else None,
        said["clos"],
        said["état"],
        entry.actor,
        entry.at,
    )


def _short(text: str) -> str:
    cleaned = " ".join(text.split())
    if len(cleaned) > LONGEST:
        raise Refused(f"Ce texte est trop long : {french.number(LONGEST)} caractères au plus.")
    return cleaned
