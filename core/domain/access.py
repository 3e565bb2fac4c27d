"""Who acts, and who may do what: one pure policy, asked by every service and every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.french import typeset
from core.domain.programme import METROPOLE
from core.errors import Forbidden


class Role(StrEnum):
    """The four roles of the programme, and the machine itself."""

    ASSOCIATION = "association"
    COMMITTEE = "committee"
    LEAD = "lead"
    PUBLIC = "public"
    SYSTEM = "system"


ROLE_WORDS: Mapping[Role, str] = {
    Role.LEAD: "chefferie de projet",
    Role.COMMITTEE: "comité",
    Role.ASSOCIATION: "association",
    Role.PUBLIC: "public",
    Role.SYSTEM: "Fabrique",
}
"""How people read a role."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or process that acts.

    ``on_behalf_of`` is the association in whose stead the project lead types
    (« saisi pour le compte de »), else None.
    """

    name: str
    role: Role
    association: str | None = None
    on_behalf_of: str | None = None


# --- Who may do what: one pure function, asked by every service and by every page ------------------
# The policy knows roles, associations and the state of a relevé, nothing else: no store, no
# screen. ``refusal`` gives the French reason, ``check`` raises it; a matrix of every role,
# action, experiment and state tests both.


class Action(StrEnum):
    """What a person may want to do."""

    READ = "read"
    """The screens: totals, money, commitments."""
    READ_ROWS = "read rows"
    """The rows behind a figure; without what they count of people for who may not see small counts."""
    READ_COUNTS = "read counts"
    """Small counts of people on the screens. Who may not reads them as in the documents: « moins de 5 »."""
    READ_HISTORY = "read history"
    """Of a table that counts people, the rows as they were handed in, their history, the files that were kept."""
    DEPOSIT = "deposit"
    """Hand in, correct, undo, declare nothing, comment, take one's data away."""
    TRANSMIT = "transmit"
    """Send a relevé to the Métropole, ask for its reopening."""
    REVIEW = "review"
    """Accept a relevé, return it, open it again."""
    STEER = "steer"
    """Targets, dates, thresholds, keys, agreements, payments, annex, grants."""
    TREAT = "treat"
    """Give an alert an owner, a note, a due date, an end."""
    CONVENE = "convene"
    """Prepare a committee, freeze figures, write decisions down."""
    EXPORT = "export"
    """Take documents and tables away."""
    ADMINISTER = "administer"
    """Accounts, invitations, tokens."""
    AUDIT = "audit"
    """Search the journal, see what plugins do."""


class ReleveState(StrEnum):
    """Where a relevé stands (one experiment, one period)."""

    DUE = "due"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class On:
    """What the action is about.

    ``association`` hands the data in and ``owner`` runs the experiment concerned (None: no
    experiment, or the association's own); ``granted`` says that the project lead let the
    association hand in there; ``state`` is that of the relevé concerned, None when there is none.
    """

    association: str | None = None
    owner: str | None = None
    granted: bool = False
    state: ReleveState | None = None


_EVERYWHERE: Mapping[Role, frozenset[Action]] = {
    Role.LEAD: frozenset(Action),
    Role.SYSTEM: frozenset(Action),
    Role.COMMITTEE: frozenset({Action.READ, Action.READ_ROWS, Action.EXPORT}),
    Role.ASSOCIATION: frozenset({Action.READ, Action.READ_COUNTS, Action.EXPORT}),
    Role.PUBLIC: frozenset(),
}
"""What a role may do whoever the data belong to."""
_AT_HOME = frozenset({Action.READ_ROWS, Action.READ_HISTORY, Action.DEPOSIT, Action.TRANSMIT})
"""What an association may do besides, with its own data."""
_CHANGES = frozenset({Action.DEPOSIT, Action.TRANSMIT})

_NOWHERE = On()
OTHERS = "Accès refusé : ces données sont celles d’une autre association."
LOCKED = "Ce relevé est accepté : il ne se modifie plus. Demandez sa réouverture."
SENT = "Ce relevé est transmis : demandez à le reprendre avant de le modifier."
SIGN_IN = "Accès refusé : connectez-vous d’abord."
RESERVED: Mapping[Role, str] = {
    Role.ASSOCIATION: "Accès refusé : cette page est réservée à la Métropole.",
    Role.COMMITTEE: "Accès refusé : les membres du comité lisent, sans modifier.",
}
COUNTS = "Accès refusé : ces lignes comptent des personnes, parfois très peu. Le comité lit les totaux."


def refusal(actor: Actor | None, action: Action, on: On = _NOWHERE) -> str | None:
    """Why ``actor`` may not do ``action`` there, in French; None when he or she may."""
    said = _refused(actor, action, on)
    return None if said is None else typeset(said)


def allowed(actor: Actor | None, action: Action, on: On = _NOWHERE) -> bool:
    """Whether ``actor`` may do ``action`` there."""
    return _refused(actor, action, on) is None


def check(actor: Actor | None, action: Action, on: On = _NOWHERE) -> None:
    """Raise Forbidden, with the French reason, when ``actor`` may not do ``action`` there."""
    said = refusal(actor, action, on)
    if said is not None:
        raise Forbidden(said)


def check_change(actor: Actor, association: str) -> None:
    """Raise Forbidden unless the data of ``association``, or the tables of the Métropole, are the actor's to change."""
    if association == METROPOLE:
        check(actor, Action.STEER)
    else:
        check(actor, Action.DEPOSIT, On(association))


def _refused(actor: Actor | None, action: Action, on: On) -> str | None:
    if actor is None or actor.role is Role.PUBLIC:
        return SIGN_IN
    if action not in _EVERYWHERE[actor.role] and not _at_home(actor, action, on):
        return _reason(actor, action)
    if action is Action.DEPOSIT and on.state is ReleveState.APPROVED:
        return LOCKED
    if action is Action.DEPOSIT and on.state is ReleveState.SUBMITTED and actor.role is Role.ASSOCIATION:
        return SENT
    return None


def _at_home(actor: Actor, action: Action, on: On) -> bool:
    """An association with its own data, for its own experiments or where it was let in."""
    if actor.role is not Role.ASSOCIATION or action not in _AT_HOME:
        return False
    if actor.association is None or actor.association != on.association:
        return False
    return on.owner in (None, actor.association) or (on.granted and action in _CHANGES)


def _reason(actor: Actor, action: Action) -> str:
    if actor.role is Role.ASSOCIATION and action in _AT_HOME:
        return OTHERS
    if actor.role is Role.COMMITTEE and action in (Action.READ_COUNTS, Action.READ_HISTORY):
        return COUNTS
    return RESERVED[actor.role]
