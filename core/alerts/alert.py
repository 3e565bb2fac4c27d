"""An alert, what somebody said of it, and whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain.dataset import Hand
from core.storage import Store, accounts


class AlertType(StrEnum):
    """Where an alert comes from; the order is that of the screen."""

    LATE_DATA = "donnees"
    OFF_TRACK = "retard"
    BLOCKED = "blocage"
    RULE = "regle"
    COMMITMENT = "engagement"
    REPORT = "compte-rendu"
    UNPAID = "versement"
    PUBLICATION = "publication"
    PLUGIN = "plugin"
    RISK = "risque"


@dataclass(frozen=True, slots=True)
class AlertKind:
    """What a kind of alert is, as the screen says it, and who can do something about it."""

    name: str
    meaning: str
    hand: Hand


KINDS = {
    AlertType.LATE_DATA: AlertKind(
        "Données attendues", "La date est passée et le relevé n’est pas arrivé.", Hand.ASSOCIATION
    ),
    AlertType.OFF_TRACK: AlertKind(
        "En retard sur l’objectif",
        "Plus de dix points sous ce qui est attendu à cette date, ou objectif non atteint à son jour.",
        Hand.COMMITTEE,
    ),
    AlertType.BLOCKED: AlertKind("Bloqué", "Un jalon est arrêté par une cause extérieure.", Hand.COMMITTEE),
    AlertType.RULE: AlertKind(
        "Règle à vérifier", "Des lignes acceptées s’écartent du droit ou de la délibération.", Hand.LEAD
    ),
    AlertType.COMMITMENT: AlertKind(
        "Engagement sans preuve", "Aucune ligne ne montre encore ce qui a été promis.", Hand.ASSOCIATION
    ),
    AlertType.REPORT: AlertKind(
        "Pièce attendue", "Un document dû par une association n’est pas arrivé.", Hand.ASSOCIATION
    ),
    AlertType.UNPAID: AlertKind(
        "Rien n’est versé", "La convention est signée et aucun versement n’est inscrit.", Hand.LEAD
    ),
    AlertType.PUBLICATION: AlertKind(
        "Publication à faire", "La loi donne un délai pour publier les données d’une convention.", Hand.LEAD
    ),
    AlertType.PLUGIN: AlertKind("Plugin en panne", "Une expérimentation n’est pas entièrement affichée.", Hand.LEAD),
    AlertType.RISK: AlertKind("Risque", "Écrit par la Métropole : ce qui pourrait arriver.", Hand.COMMITTEE),
}
"""What each kind is; a rule says of itself to whom it is shown."""


HANDS = {
    Hand.COMMITTEE: (
        "Ce que le comité doit voir",
        "Un objectif en retard, un arrêt, un écart au droit ou au vote, un risque : cela se discute et se décide.",
    ),
    Hand.ASSOCIATION: (
        "Ce que les associations peuvent faire",
        "Des données ou une pièce à envoyer, des lignes à corriger.",
    ),
    Hand.LEAD: ("Ce que la Métropole peut faire", "Un versement, une publication, une saisie, une réparation."),
}
"""Name and meaning of each, as the screen says them."""


class Status(StrEnum):
    """What became of an alert: word and shape, in a family of their own."""

    NEW = "new"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that demands an action.

    ``code`` names it for good (« regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal »);
    ``title`` says it in a few words, ``why`` in a sentence, ``remedy`` what to do.
    ``subjects`` are the rows or things concerned, ``names`` what people call them;
    ``experiment`` and ``association`` whose it is, None when it is everybody's; ``dataset`` where its rows are;
    ``shown_to`` whose it is to do something about it, when the rule that is broken says so.
    """

    code: str
    kind: AlertType
    title: str
    why: str
    remedy: str = ""
    experiment: str | None = None
    association: str | None = None
    subjects: tuple[str, ...] = ()
    dataset: str | None = None
    since: date | None = None
    names: tuple[str, ...] = ()
    shown_to: Hand | None = None

    @property
    def concerned(self) -> tuple[str, ...]:
        """The subjects as people call them."""
        return self.names or self.subjects

    @property
    def hand(self) -> Hand:
        """Who can do something about it: as the rule that is broken says, else as alerts of its kind."""
        return self.shown_to or KINDS[self.kind].hand

    @property
    def print(self) -> str:
        """What changes when other rows are concerned: an alert that was closed then opens again."""
        return hashlib.sha256("\n".join(sorted(self.subjects)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FollowUpSaid:
    """What an entry says of an alert; ``seen`` is the print that was closed.

    ``withdrawn``: nothing, but that the last word on it is taken back.
    """

    owner: str = ""
    note: str = ""
    due: date | None = None
    closed: bool = False
    seen: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class AlertFollowUp(FollowUpSaid):
    """What was said last of an alert, by whom and when."""

    actor: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """An alert with its follow-up."""

    alert: Alert
    follow_up: AlertFollowUp = AlertFollowUp()

    @property
    def status(self) -> Status:
        """Closed as long as nothing changed since, taken when it has an owner, else new."""
        if self.follow_up.closed and self.follow_up.seen == self.alert.print:
            return Status.CLOSED
        return Status.TAKEN if self.follow_up.owner else Status.NEW

    @property
    def reopened(self) -> bool:
        """Whether it was closed, and other rows are concerned since."""
        return self.follow_up.closed and self.status is not Status.CLOSED

    def overdue(self, today: date) -> bool:
        """Whether the day that was given is over."""
        return self.status is not Status.CLOSED and self.follow_up.due is not None and self.follow_up.due < today


# --- Who owns a point, and what a person whose account is closed leaves without anybody ------------


def closed_accounts(store: Store) -> frozenset[str]:
    """The names of the people whose account is closed, unless somebody of the same name may come in."""
    with store.connect() as connection:
        every = accounts.all_accounts(connection)
    open_ = {_plain(one.name) for one in every if one.deactivated_at is None}
    return frozenset(_plain(one.name) for one in every if one.deactivated_at is not None) - open_


def is_closed(owner: str, closed: Iterable[str]) -> bool:
    """Whether the owner, as typed, is a person whose account is closed."""
    return bool(owner.strip()) and _plain(owner) in closed


def left_by(name: str, found: Iterable[Followed]) -> tuple[Followed, ...]:
    """The points, not closed, that a person owns: what she leaves when her account is closed."""
    whose = _plain(name)
    return tuple(one for one in found if one.status is not Status.CLOSED and _plain(one.follow_up.owner) == whose)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
