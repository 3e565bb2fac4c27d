"""What is done with a relevé, one entry of the event log a step; and what an association tells with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, Actor, On, ReleveState, Role
from core.domain.calendar import day_in_france
from core.domain.releve import KIND, MUST_SAY_WHY, NARRATIVE, DeedSaid, NarrativeSaid, Releve, ReleveAction, subject
from core.errors import Refused
from core.figures.told import DEEDS, NARRATIVES, Files, by_subject, read_calendar
from core.reporting.states import checked
from core.storage import Store, deposits
from core.storage.event_log import Entry
from core.storage.writing import Writing

_FROM: Mapping[ReleveAction, frozenset[ReleveState]] = {
    ReleveAction.SENT: frozenset({ReleveState.DRAFT, ReleveState.RETURNED}),
    ReleveAction.RETURNED: frozenset({ReleveState.SUBMITTED}),
    ReleveAction.ACCEPTED: frozenset({ReleveState.SUBMITTED}),
    ReleveAction.REOPENED: frozenset({ReleveState.SUBMITTED, ReleveState.APPROVED}),
    ReleveAction.ASKED: frozenset({ReleveState.SUBMITTED, ReleveState.APPROVED}),
    ReleveAction.REFUSED: frozenset({ReleveState.SUBMITTED, ReleveState.APPROVED}),
}
_BY = {ReleveAction.SENT: Action.TRANSMIT, ReleveAction.ASKED: Action.TRANSMIT}


def transmit(scope: Scope, experiment: str, period: str) -> Releve:
    """Send the relevé to the Métropole: the association then asks before it changes anything."""
    return _do(scope, experiment, period, ReleveAction.SENT, "")


def give_back(scope: Scope, experiment: str, period: str, reason: str) -> Releve:
    """Return a relevé for correction, with its reason."""
    return _do(scope, experiment, period, ReleveAction.RETURNED, reason)


def accept(scope: Scope, experiment: str, period: str, *, note: str = "") -> Releve:
    """Accept a relevé: its data are locked for everybody."""
    return _do(scope, experiment, period, ReleveAction.ACCEPTED, note)


def reopen(scope: Scope, experiment: str, period: str, reason: str) -> Releve:
    """Open a sent or accepted relevé again, whether the association asked for it or not."""
    return _do(scope, experiment, period, ReleveAction.REOPENED, reason)


def ask_reopening(scope: Scope, experiment: str, period: str, reason: str) -> Releve:
    """Ask the Métropole to open a sent or accepted relevé again."""
    return _do(scope, experiment, period, ReleveAction.ASKED, reason)


def refuse_reopening(scope: Scope, experiment: str, period: str, reason: str) -> Releve:
    """Answer no to a request, with its reason."""
    return _do(scope, experiment, period, ReleveAction.REFUSED, reason)


def may(actor: Actor | None, deed: ReleveAction, found: Releve) -> bool:
    """Whether the screen offers ``deed`` to this person for this relevé."""
    owner = found.association
    allowed = access.allowed(actor, _action(deed), On(owner, owner, state=found.state))
    return allowed and _why_not(deed, found) is None and not _for_another(actor, deed)


def _do(scope: Scope, experiment: str, period: str, deed: ReleveAction, reason: str) -> Releve:
    owner = scope.registry.experiment(experiment).association.code
    access.check(scope.actor, _action(deed), On(owner, owner))
    said = _reason(deed, reason)
    with scope.writing() as writing:
        before = standing(scope.registry, writing, owner, experiment, period, scope.now)
        refusal = _why_not(deed, before)
        if refusal is not None:
            raise Refused(refusal)
        DEEDS.enter(writing, before.subject, DeedSaid(deed, said))
        return standing(scope.registry, writing, owner, experiment, period, scope.now)


def standing(
    registry: Registry, writing: Writing, association: str, experiment: str, period: str, at: datetime
) -> Releve:
    """Where a relevé stands for the transaction of ``writing``."""
    calendar = read_calendar(registry, writing.rows)
    handed_in = deposits.listed(writing.connection, association=association)
    files = Files(calendar, handed_in, by_subject(writing.entries(KIND)))
    return files.fold(calendar.term(experiment, period), day_in_france(at))


def _action(deed: ReleveAction) -> Action:
    return _BY.get(deed, Action.REVIEW)


def _for_another(actor: Actor | None, deed: ReleveAction) -> bool:
    """The project lead does not ask herself for a reopening: she opens it."""
    return deed is ReleveAction.ASKED and actor is not None and actor.role is not Role.ASSOCIATION


def _why_not(deed: ReleveAction, found: Releve) -> str | None:
    """Why the state does not allow it, None when it does."""
    if found.state is None:
        return "Ce relevé est sans objet : l’expérimentation ne courait pas sur cette période."
    if found.state not in _FROM[deed]:
        return _NOT_NOW.get((deed, found.state)) or f"Ce relevé est « {found.words} » : cela ne se fait pas maintenant."
    if deed is ReleveAction.SENT and found.today < found.period.end:
        last = french.day(found.period.end)
        return f"« {found.period.label} » n’est pas fini : le relevé se transmet à partir du {last}."
    if deed is ReleveAction.ASKED and found.asked:
        return "La réouverture est déjà demandée : la Métropole n’a pas encore répondu."
    if deed is ReleveAction.REFUSED and not found.asked:
        return "Personne n’a demandé la réouverture de ce relevé."
    if deed is ReleveAction.ACCEPTED and found.asked:
        return "L’association a demandé à reprendre ce relevé : répondez-lui d’abord."
    return None


_NOT_NOW = {
    (
        ReleveAction.SENT,
        ReleveState.DUE,
    ): "Rien n’a encore été déposé pour cette période : déposez un fichier, ou déclarez "
    "« rien à déclarer », puis transmettez le relevé.",
    (ReleveAction.SENT, ReleveState.SUBMITTED): "Ce relevé est déjà transmis.",
    (ReleveAction.SENT, ReleveState.APPROVED): access.LOCKED,
    (
        ReleveAction.RETURNED,
        ReleveState.APPROVED,
    ): "Ce relevé est accepté : rouvrez-le pour que l’association le corrige.",
    (ReleveAction.ACCEPTED, ReleveState.APPROVED): "Ce relevé est déjà accepté.",
}


def _reason(deed: ReleveAction, reason: str) -> str:
    said = checked(reason, "Le motif")
    if not said and deed in MUST_SAY_WHY:
        raise Refused("Écrivez le motif : l’autre partie doit savoir pourquoi.")
    return said


# --- What an association tells with its relevé: how the period went, why it is late, what comes next ----
# Each writing is an entry of the event log; the last one is what is shown, all of them the history.


@dataclass(frozen=True, slots=True)
class Narrative:
    """One writing: ``text`` how it went, ``cause`` of a delay and ``next_action`` (each may be empty).

    ``axis`` is the one that the cause concerns, None for all of them.
    """

    text: str
    cause: str
    next_action: str
    at: datetime
    actor: str
    on_behalf_of: str | None = None
    number: int = 0
    axis: int | None = None


def narrative(store: Store, experience: str, periode: str) -> Narrative | None:
    """What is told of an experiment and a period; None when nothing is."""
    return next(reversed(narratives(store, experience, periode)), None)


def narratives(store: Store, experience: str, periode: str) -> list[Narrative]:
    """Every writing, the oldest first."""
    return [_read(entry) for entry in store.entries(NARRATIVE, subject(experience, periode))]


def last_narratives(store: Store, *, periods: Collection[str] | None = None) -> dict[str, tuple[str, Narrative]]:
    """For each experiment that told something, the last period told (of ``periods``, when given) and what it says."""
    found: dict[str, tuple[str, Narrative]] = {}
    for entry in store.entries(NARRATIVE):
        experiment, _, period = entry.subject.partition("/")
        if periods is not None and period not in periods:
            continue
        if experiment not in found or found[experiment][0] <= period:
            found[experiment] = (period, _read(entry))
    return found


def tell(
    scope: Scope,
    experience: str,
    periode: str,
    text: str,
    *,
    cause: str = "",
    next_action: str = "",
    axis: int | None = None,
) -> Narrative:
    """Write what is told of an experiment and a period; the same words again write nothing.

    ``axis`` says which one the cause concerns (None: all of them).

    Raises Forbidden when it is not the actor's to write, or the relevé is accepted, or sent and
    the actor its association; Refused for an empty text, one that is too long or holds personal
    data; UnknownName when the calendar asks no such relevé.
    """
    owner = scope.registry.experiment(experience).association.code
    access.check(scope.actor, Action.DEPOSIT, On(owner, owner))
    words, why = checked(text, "Le commentaire"), checked(cause, "La cause")
    said = NarrativeSaid(words, why, checked(next_action, "La prochaine action"), axis if axis and why else None)
    if said == NarrativeSaid():
        raise Refused("Écrivez au moins une phrase : rien n’est enregistré.")
    with scope.writing() as writing:
        found = standing(scope.registry, writing, owner, experience, periode, scope.now)
        access.check(scope.actor, Action.DEPOSIT, On(owner, owner, state=found.state))
        before = writing.entries(NARRATIVE, found.subject)
        if not before or NARRATIVES.read(before[-1]) != said:
            NARRATIVES.enter(writing, found.subject, said)
        return _last(writing.entries(NARRATIVE, found.subject))


def _last(entries: Iterable[Entry]) -> Narrative:
    return _read(list(entries)[-1])


def _read(entry: Entry) -> Narrative:
    said = NARRATIVES.read(entry)
    who = entry.at, entry.actor, entry.on_behalf_of, entry.number
    return Narrative(said.text, said.cause, said.next_action, *who, said.axis)
