"""What the project lead holds: dates, targets, thresholds, keys, payments, documents, the annex."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.demonstration import story
from core.demonstration.equipment import Stock, Unit
from core.demonstration.story import AGREEMENTS, BUILDINGS, COMMITTEES, CT6, QUARTERS
from core.domain import french

Row = dict[str, Any]

DECISIONS = tuple(f"Comité n°{french.NBSP}{rank} du {french.day(day)}" for rank, day in enumerate(COMMITTEES, start=1))
OWNERS = {"frais-vallon": story.IFAC, "plan-d-aou": story.IFAC, "martigues": story.POINT_FORMATION}
THRESHOLDS_ENTERED = {
    "frais-vallon": COMMITTEES[0],
    "plan-d-aou": COMMITTEES[0],
    "salon": COMMITTEES[1],
    "aix": COMMITTEES[2],
}
"""The first committee's 50 % is written down building by building, once each one was visited."""


def periods() -> list[Row]:
    """The four quarters and their due dates."""
    return [
        {"code": quarter.code, "debut": quarter.start, "fin": quarter.end, "echeance": due}
        for quarter, due in zip(QUARTERS, story.DUE_DATES, strict=True)
    ]


def dates(end: date) -> list[Row]:
    """When each experiment runs; Point Formation's starts with its late convention."""
    return [{"experience": code, "debut": _start(code), "fin": end} for code in story.EXPERIMENTS]


def targets(end: date, committee: int) -> list[Row]:
    """The numbers to reach by ``end``, as decided by one committee."""
    return [
        {
            "experience": experiment,
            "indicateur": code,
            "valeur": float(value),
            "echeance": end,
            "decision": DECISIONS[committee - 1],
        }
        for code, by_experiment in story.TARGETS.items()
        for experiment, value in by_experiment.items()
    ]


def outdated_targets() -> list[str]:
    """The keys of the first committee's targets, which the second one replaced."""
    return [f"{row['experience'] or ''}|{row['indicateur']}|{row['echeance']}" for row in targets(story.FIRST_END, 1)]


def thresholds(place: str) -> list[Row]:
    """The thresholds of one place's buildings; none in Martigues, where none was fixed."""
    return [
        {
            "association": OWNERS.get(place, story.ANONYMAL),
            "code_immeuble": building.code,
            "part": story.THRESHOLD_PERCENT,
            "decision": DECISIONS[0],
        }
        for building in BUILDINGS
        if building.place == place and building.has_threshold
    ]


def keys() -> list[Row]:
    """How IFAC's line is shared between its two experiments."""
    return [
        {
            "ligne": "ifac",
            "experience": experiment,
            "part": share,
            "decision": DECISIONS[1],
            "date": story.KEY_DECIDED,
        }
        for experiment, share in story.KEY_IFAC.items()
    ]


def convention(association: str) -> list[Row]:
    """One convention as signed."""
    agreement = AGREEMENTS[association]
    return [
        {
            "association": association,
            "date_signature": agreement.signed,
            "fin_exercice": agreement.year_end,
            "conditions": "Solde au vu du compte rendu financier.",
        }
    ]


def payments(association: str) -> list[Row]:
    """The first payment of one convention, line by line."""
    agreement = AGREEMENTS[association]
    return [
        {
            "reference": f"MANDAT-FICTIF-{line}",
            "ligne": line,
            "date": agreement.paid_on,
            "montant": cents,
            "nature": agreement.nature,
        }
        for line, cents in agreement.paid
    ]


def document(association: str, day: date) -> list[Row]:
    """The financial report due from one association, as known on ``day``."""
    agreement = AGREEMENTS[association]
    received = agreement.account_received
    return [
        {
            "association": association,
            "type": "compte rendu financier",
            "exercice": agreement.year_end.year,
            "echeance": agreement.account_due,
            "recue_le": received if received and received <= day else None,
        }
    ]


def annex(stock: Stock) -> list[Row]:
    """The list of the 455 computers and 202 screens; a lot stands on what was ceded."""
    return [_listed(unit) for unit in (*stock.units, *stock.kept_by_metropole)]


def cession(lot: str) -> list[Row]:
    """The deed of one batch."""
    delivery = next(d for d in story.DELIVERIES if d.lot == lot)
    return [
        {
            "lot": lot,
            "date": delivery.day,
            "ordinateurs": delivery.ct2[0] + delivery.ct3[0],
            "ecrans": delivery.ct2[1] + delivery.ct3[1],
            "reference": f"Acte de cession fictif {lot}",
        }
    ]


def _listed(unit: Unit) -> Row:
    return {
        "numero_inventaire": unit.number,
        "type": unit.type,
        "valeur_unitaire": unit.cents,
        "lot": unit.lot or None,
    }


def _start(experiment: str) -> date:
    return AGREEMENTS[story.POINT_FORMATION].signed if experiment == CT6 else story.START
