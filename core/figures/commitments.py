"""What the associations promised, and the rows that show it: eight duties by experiment, four more for Anonymal.

A duty is « sans objet » only where the deliberation's own condition says so. Elsewhere it is
shown by rows, declared without rows yet, or not reported. What counts as evidence is declared
once, as a count over the datasets, so that the rows behind it can be opened like any figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa

from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS
from core.domain.indicator import Count, Derived, Indicator, col
from core.domain.observation import Missing, Observation
from core.domain.programme import Commitment, Experiment


class Kept(StrEnum):
    """How a commitment stands."""

    SHOWN = "shown"
    NOTHING_YET = "nothing_yet"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


PROMISE_MARKS = {
    Kept.SHOWN: ("✓", "Montré"),
    Kept.NOTHING_YET: ("□", "Aucune ligne"),
    Kept.NOT_REPORTED: ("○", "Non renseigné"),
    Kept.NOT_APPLICABLE: ("—", "Sans objet"),
    Kept.ERROR: ("", "Calcul impossible"),
}
"""Shape and word of each state of a commitment."""


@dataclass(frozen=True, slots=True)
class CommitmentStatus:
    """One commitment in one experiment: its state, and how many rows prove it."""

    commitment: Commitment
    experiment: str
    state: Kept
    evidence: int = 0


class Observer(Protocol):
    """What the matrix needs of monitoring: counts of rows, experiment by experiment."""

    def observe(
        self,
        codes: Sequence[Indicator] | None = None,
        experiments: Sequence[str] | None = None,
        *,
        until: date | None = None,
        revision: int | None = None,
    ) -> Sequence[Observation]: ...


def matrix(
    monitor: Observer, experiments: Sequence[Experiment], *, until: date, revision: int | None = None
) -> dict[tuple[str, str], CommitmentStatus]:
    """The standing of each (commitment, experiment), Anonymal's four duties included for its experiments."""
    counts = proofs(monitor, experiments, until=until, revision=revision)
    return {
        (commitment.code, experiment.code): _standing(commitment, experiment, counts)
        for experiment in experiments
        for commitment in duties(experiment)
    }


def proofs(
    monitor: Observer, experiments: Sequence[Experiment], *, until: date, revision: int | None = None
) -> dict[tuple[str, str | None], Observation]:
    """The count of rows that shows each (commitment, experiment), by the code of the count."""
    codes = [experiment.code for experiment in experiments]
    observed = monitor.observe(list(EVIDENCE.values()), codes, until=until, revision=revision)
    return {(found.indicator, found.experiment): found for found in observed}


def duties(experiment: Experiment) -> tuple[Commitment, ...]:
    """The eight commitments, and Anonymal's four where Anonymal runs the experiment."""
    return COMMITMENTS + (ANONYMAL_DUTIES if experiment.association.code == "anonymal" else ())


def applies(commitment: Commitment, experiment: Experiment) -> bool:
    """Whether the duty has an object there, by the condition of the text (axis 2) or of the equipment (axis 1)."""
    return experiment.tries(commitment.axis) and experiment.tries(commitment.needs_axis)


def _standing(
    commitment: Commitment, experiment: Experiment, counts: Mapping[tuple[str, str | None], Observation]
) -> CommitmentStatus:
    if not applies(commitment, experiment):
        return CommitmentStatus(commitment, experiment.code, Kept.NOT_APPLICABLE)
    found = counts.get((evidence_code(commitment), experiment.code))
    if found is None or found.missing_because is Missing.ERROR:
        return CommitmentStatus(commitment, experiment.code, Kept.ERROR)
    if found.value is None:
        return CommitmentStatus(commitment, experiment.code, Kept.NOT_REPORTED)
    state = Kept.SHOWN if found.value else Kept.NOTHING_YET
    return CommitmentStatus(commitment, experiment.code, state, int(found.value))


def evidence_code(commitment: Commitment) -> str:
    """The code of the count that proves a commitment (« PREUVE-E1 »)."""
    return f"PREUVE-{commitment.code}"


def _meetings_and_votes(tables: Mapping[str, sa.FromClause]) -> sa.CompoundSelect[*tuple[object, ...]]:
    meetings, buildings = tables["concertations"], tables["immeubles"]
    kept = ("_key", "_association", "_experiment", "_place")
    held = sa.select(*(meetings.c[name] for name in kept), meetings.c.date.label("date"))
    voted = sa.select(*(buildings.c[name] for name in kept), buildings.c.date_vote.label("date"))
    return sa.union_all(held, voted.where(buildings.c.date_vote.is_not(None)))


def _trained_or_carried(tables: Mapping[str, sa.FromClause]) -> sa.CompoundSelect[*tuple[object, ...]]:
    sessions, machines = tables["formations"], tables["materiel"]
    kept = ("_key", "_association", "_experiment", "_place")
    trained = sa.select(*(sessions.c[name] for name in kept), sessions.c.date.label("date"))
    carried = sa.select(*(machines.c[name] for name in kept), machines.c.date_transfert.label("date"))
    return sa.union_all(trained, carried.where(machines.c.date_transfert.is_not(None)))


_MEETINGS = Derived(
    "reunions_et_votes", "Réunions et votes", ("concertations", "immeubles"), _meetings_and_votes, by_row=True
)
_TRANSFERS = Derived(
    "transferts_et_formations", "Transferts", ("formations", "materiel"), _trained_or_carried, by_row=True
)

_PROOFS = {
    "E1": Count(source="diagnostics", where=col("diagnostics") > 0, date="mois"),
    "E2": Count(source="immeubles", where=col("eligible_cable").is_not(None), date="date_diagnostic"),
    "E3": Count(source="acteurs"),
    "E4": Count(source="communication", date="date"),
    "E5": Count(source=_MEETINGS, date="date"),
    "E6": Count(source="raccordements", where=col("mises_en_service") > 0, date="mois"),
    "E7": Count(source="materiel", where=col("statut") == "remis", date="date_remise"),
    "E8": Count(source="formations", date="date"),
    "A1": Count(source="diagnostics", where=col("diagnostics") > 0, date="mois"),
    "A2": Count(source="materiel", where=col("date_reconditionnement").is_not(None), date="date_reconditionnement"),
    "A3": Count(source="accompagnements", date="mois"),
    "A4": Count(source=_TRANSFERS, date="date"),
}

EVIDENCE = {
    commitment.code: Indicator(
        code=evidence_code(commitment),
        label=commitment.title,
        definition=f"Lignes qui montrent l’engagement « {commitment.title} ».",
        numerator=_PROOFS[commitment.code],
        unit="lignes",
        source=commitment.source.where,
    )
    for commitment in COMMITMENTS + ANONYMAL_DUTIES
}
