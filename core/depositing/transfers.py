"""Machines on their way: sent by one association, not yet acknowledged by the one that they go to.

The sender writes « transféré » and to whom; the receiver acknowledges by entering the machine in
its own equipment, which this service does for it, from what the sender says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.catalogue.equiper import OTHER_ASSOCIATION, SCREEN
from core.checking import outcome
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.dataset import Row, RowDict
from core.domain.french import fold
from core.domain.programme import Experiment
from core.errors import Refused
from core.storage import Store
from core.storage.rows import RowsWanted

EQUIPMENT = "materiel"
_SENT = RowsWanted(equal={"statut": "transféré"})
_CARRIED = ("numero_inventaire", "type", "numero_serie", "preuve_effacement")
"""What the receiver takes over of the sender’s row: the machine, and the proof that it was erased.

Days before it arrived stay in the sender’s own row.
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one association sent to another on one day, and that waits to be acknowledged.

    ``machines`` are the sender's rows; ``sent_on`` is None when the sender gave no day.
    """

    sender: str
    receiver: str
    sent_on: date | None
    machines: tuple[Row, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The inventory numbers."""
        return tuple(row["numero_inventaire"] for row in self.machines)

    @property
    def contents(self) -> str:
        """« 14 ordinateurs et 9 écrans »."""
        return contents(self.machines)


def contents(machines: Iterable[Mapping[str, object]]) -> str:
    """« 14 ordinateurs et 9 écrans »."""
    kinds = Counter("écran" if row["type"] == SCREEN else "ordinateur" for row in machines)
    return french.listing(french.count(kinds[kind], kind) for kind in ("ordinateur", "écran") if kinds[kind])


def awaited(registry: Registry, store: Store, *, receiver: str | None = None) -> tuple[Parcel, ...]:
    """The parcels that wait, the oldest first; only those sent to ``receiver`` when one is named.

    A machine sent to a relay structure, which keeps no data here, is not awaited.
    """
    bodies = {fold(word): one.code for one in registry.associations for word in (one.code, one.name)}
    keeping = [
        code for code in dict.fromkeys(bodies.values()) if any(one.code == EQUIPMENT for one in registry.datasets(code))
    ]
    parcels: dict[tuple[str, str, date | None], list[RowDict]] = {}
    for sender in keeping:
        for row in store.rows(sender, EQUIPMENT, wanted=_SENT).to_dicts():
            target = bodies.get(fold(row["transfere_a"] or ""))
            if target not in (None, sender) and receiver in (None, target):
                parcels.setdefault((sender, target, row["date_transfert"]), []).append(row)
    left = [Parcel(*of, tuple(_not_entered(store, of[1], rows, keeping))) for of, rows in parcels.items()]
    waiting = [one for one in left if one.machines]
    return tuple(sorted(waiting, key=lambda one: (one.sent_on or date.max, one.sender, one.receiver)))


def destinations(registry: Registry, receiver: str) -> tuple[Experiment, ...]:
    """The experiments of ``receiver`` that may use machines: those that try axis 1 somewhere."""
    mine = (one for one in registry.experiments if one.association.code == receiver)
    return tuple(one for one in mine if 1 in one.axes)


def acknowledge(
    scope: Scope, receiver: str, numbers: Sequence[str], received_on: date, *, experiment: str | None = None
) -> outcome.Outcome:
    """Enter the machines ``numbers`` in the receiver's equipment, as received on that day.

    ``experiment`` is the one that they are meant for, needed when the receiver runs several.
    Raises Forbidden unless the data are the actor's to change; Refused for a machine that waits no
    more, a day before it was sent or still to come, or an experiment that is not the receiver's.
    """
    access.check(scope.actor, Action.DEPOSIT, On(receiver))
    waiting = {
        row["numero_inventaire"]: row
        for one in awaited(scope.registry, scope.store, receiver=receiver)
        for row in one.machines
    }
    _refuse_not_waiting(numbers, waiting)
    _refuse_day(received_on, scope.today, [waiting[one] for one in numbers])
    meant = _meant(destinations(scope.registry, receiver), experiment)
    rows = [
        {name: waiting[one][name] for name in _CARRIED}
        | {"provenance": OTHER_ASSOCIATION, "affectation": meant, "date_reception": received_on, "statut": "reçu"}
        for one in numbers
    ]
    return submit.save_rows(scope, receiver, EQUIPMENT, rows, action="accusé de réception")


def _not_entered(store: Store, receiver: str, rows: Sequence[RowDict], keeping: Sequence[str]) -> list[RowDict]:
    """The machines of ``rows`` that the receiver has not entered."""
    if receiver not in keeping:
        return list(rows)
    keys = [row["_key"] for row in rows]
    there = set(store.rows(receiver, EQUIPMENT, wanted=RowsWanted(keys=keys))["_key"])
    return [row for row in rows if row["_key"] not in there]


def _refuse_not_waiting(numbers: Sequence[str], waiting: Row) -> None:
    if not numbers:
        raise Refused("Aucune machine n’est choisie. Cochez celles qui sont arrivées.")
    if late := [one for one in numbers if one not in waiting]:
        raise Refused(
            f"{late[0]} n’attend plus d’accusé de réception : il a déjà été donné, ou l’envoi a été corrigé. "
            "Rien n’est enregistré : rechargez la page, puis choisissez de nouveau."
        )


def _refuse_day(received_on: date, today: date, machines: Iterable[Row]) -> None:
    if received_on > today:
        raise Refused(f"Le {french.day(received_on)} n’est pas encore passé. Corrigez la date.")
    for row in machines:
        if row["date_transfert"] and received_on < row["date_transfert"]:
            raise Refused(
                f"{row['numero_inventaire']} est parti le {french.day(row['date_transfert'])} : il n’a pas pu "
                f"arriver le {french.day(received_on)}. Corrigez la date."
            )


def _meant(offered: Sequence[Experiment], chosen: str | None) -> str | None:
    """The experiment of the machines: the only one, or the one that was chosen among several."""
    codes = [one.code for one in offered]
    if chosen is not None and chosen not in codes:
        raise Refused(f"« {chosen} » n’est pas une expérimentation de cette association. Corrigez.")
    if chosen is None and len(codes) > 1:
        names = french.listing((one.short_title for one in offered), "ou")
        raise Refused(f"Ces machines vont-elles à {names} ? Choisissez l’expérimentation.")
    return chosen or next(iter(codes), None)
