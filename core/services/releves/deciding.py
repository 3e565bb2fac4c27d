"""What is done with a relevé: sent, returned, accepted, opened again; each step one entry of the register.

Every function raises Forbidden when it is not the actor's to do, UnknownName when the calendar
asks no such relevé, Refused when its state does not allow it or when a reason is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.domain import access, french
from core.domain.access import Action, On, State
from core.domain.actor import Actor, Role
from core.domain.local_time import day_in_france
from core.domain.releve import KIND, MUST_SAY_WHY, Deed, Releve
from core.errors import Refused
from core.services.releves.calendar import read_calendar
from core.services.releves.states import Files, by_subject
from core.services.releves.wording import checked
from core.storage import Store, deposits
from core.storage.writing import Writing

_FROM: Mapping[Deed, frozenset[State]] = {
    Deed.SENT: frozenset({State.DRAFT, State.RETURNED}),
    Deed.RETURNED: frozenset({State.SUBMITTED}),
    Deed.ACCEPTED: frozenset({State.SUBMITTED}),
    Deed.REOPENED: frozenset({State.SUBMITTED, State.APPROVED}),
    Deed.ASKED: frozenset({State.SUBMITTED, State.APPROVED}),
    Deed.REFUSED: frozenset({State.SUBMITTED, State.APPROVED}),
}
_BY = {Deed.SENT: Action.TRANSMIT, Deed.ASKED: Action.TRANSMIT}


def transmit(registry: Any, store: Store, experiment: str, period: str, *, actor: Actor, at: datetime) -> Releve:
    """Send the relevé to the Métropole: the association then asks before it changes anything."""
    return _do(registry, store, experiment, period, Deed.SENT, "", actor, at)


def give_back(
    registry: Any, store: Store, experiment: str, period: str, reason: str, *, actor: Actor, at: datetime
) -> Releve:
    """Return a relevé for correction, with its reason."""
    return _do(registry, store, experiment, period, Deed.RETURNED, reason, actor, at)


def accept(
    registry: Any, store: Store, experiment: str, period: str, *, actor: Actor, at: datetime, note: str = ""
) -> Releve:
    """Accept a relevé: its data are locked for everybody."""
    return _do(registry, store, experiment, period, Deed.ACCEPTED, note, actor, at)


def reopen(
    registry: Any, store: Store, experiment: str, period: str, reason: str, *, actor: Actor, at: datetime
) -> Releve:
    """Open a sent or accepted relevé again, whether the association asked for it or not."""
    return _do(registry, store, experiment, period, Deed.REOPENED, reason, actor, at)


def ask_reopening(
    registry: Any, store: Store, experiment: str, period: str, reason: str, *, actor: Actor, at: datetime
) -> Releve:
    """Ask the Métropole to open a sent or accepted relevé again."""
    return _do(registry, store, experiment, period, Deed.ASKED, reason, actor, at)


def refuse_reopening(
    registry: Any, store: Store, experiment: str, period: str, reason: str, *, actor: Actor, at: datetime
) -> Releve:
    """Answer no to a request, with its reason."""
    return _do(registry, store, experiment, period, Deed.REFUSED, reason, actor, at)


def may(actor: Actor | None, deed: Deed, found: Releve) -> bool:
    """Whether the screen offers ``deed`` to this person for this relevé."""
    owner = found.association
    allowed = access.allowed(actor, _action(deed), On(owner, owner, state=found.state))
    return allowed and _why_not(deed, found) is None and not _for_another(actor, deed)


def _do(
    registry: Any, store: Store, experiment: str, period: str, deed: Deed, reason: str, actor: Actor, at: datetime
) -> Releve:
    owner = registry.experiment(experiment).association.code
    access.check(actor, _action(deed), On(owner, owner))
    said = _reason(deed, reason)
    with store.writing(actor, at) as writing:
        before = standing(registry, writing, owner, experiment, period, at)
        refusal = _why_not(deed, before)
        if refusal is not None:
            raise Refused(french.typeset(refusal))
        writing.enter(KIND, before.subject, {"fait": str(deed), "motif": said})
        return standing(registry, writing, owner, experiment, period, at)


def standing(
    registry: Any, writing: Writing, association: str, experiment: str, period: str, at: datetime
) -> Releve:  # fmt: skip
    """Where a relevé stands for the transaction of ``writing``."""
    calendar = read_calendar(registry, writing.rows)
    handed_in = deposits.listed(writing.connection, association=association)
    files = Files(calendar, handed_in, by_subject(writing.entries(KIND)))
    return files.fold(calendar.term(experiment, period), day_in_france(at))


def _action(deed: Deed) -> Action:
    return _BY.get(deed, Action.REVIEW)


def _for_another(actor: Actor | None, deed: Deed) -> bool:
    """The project lead does not ask herself for a reopening: she opens it."""
    return deed is Deed.ASKED and actor is not None and actor.role is not Role.ASSOCIATION


def _why_not(deed: Deed, found: Releve) -> str | None:
    """Why the state does not allow it, None when it does."""
    if found.state is None:
        return "Ce relevé est sans objet : l’expérimentation ne courait pas sur cette période."
    if found.state not in _FROM[deed]:
        return _NOT_NOW.get((deed, found.state)) or f"Ce relevé est « {found.words} » : cela ne se fait pas maintenant."
    if deed is Deed.SENT and found.today < found.period.end:
        last = french.day(found.period.end)
        return f"« {found.period.label} » n’est pas fini : le relevé se transmet à partir du {last}."
    if deed is Deed.ASKED and found.asked:
        return "La réouverture est déjà demandée : la Métropole n’a pas encore répondu."
    if deed is Deed.REFUSED and not found.asked:
        return "Personne n’a demandé la réouverture de ce relevé."
    if deed is Deed.ACCEPTED and found.asked:
        return "L’association a demandé à reprendre ce relevé : répondez-lui d’abord."
    return None


_NOT_NOW = {
    (Deed.SENT, State.DUE): "Rien n’a encore été déposé pour cette période : déposez un fichier, ou déclarez "
    "« rien à déclarer », puis transmettez le relevé.",
    (Deed.SENT, State.SUBMITTED): "Ce relevé est déjà transmis.",
    (Deed.SENT, State.APPROVED): access.LOCKED,
    (Deed.RETURNED, State.APPROVED): "Ce relevé est accepté : rouvrez-le pour que l’association le corrige.",
    (Deed.ACCEPTED, State.APPROVED): "Ce relevé est déjà accepté.",
}


def _reason(deed: Deed, reason: str) -> str:
    said = checked(reason, "Le motif")
    if not said and deed in MUST_SAY_WHY:
        raise Refused("Écrivez le motif : l’autre partie doit savoir pourquoi.")
    return said
