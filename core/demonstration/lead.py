"""What the project lead holds in the story: dates, targets, thresholds, keys, payments, documents, milestones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.demonstration import story
from core.demonstration.machines import Machine, Stock
from core.demonstration.people import LeadEntry, Step, at
from core.demonstration.receivers import Holdings
from core.demonstration.story import (
    AGREEMENTS,
    ANONYMAL,
    ARSENIC,
    ASSOCIATIONS,
    BUILDINGS,
    COMMITTEES,
    CT6,
    DELIVERIES,
    END,
    FIRST_END,
    IFAC,
    POINT_FORMATION,
    QUARTERS,
)
from core.domain import french
from core.domain.dataset import RowDict

# With plain spaces, as the reading of any file or form stores them: a register then comes back as it left.
DECISIONS = tuple(
    f"Comité n° {rank} du {french.day(day)}".replace(french.NBSP, " ") for rank, day in enumerate(COMMITTEES, start=1)
)
OWNERS = {"frais-vallon": story.IFAC, "plan-d-aou": story.IFAC, "martigues": story.POINT_FORMATION}
THRESHOLDS_ENTERED = {
    "frais-vallon": COMMITTEES[0],
    "plan-d-aou": COMMITTEES[0],
    "salon": COMMITTEES[1],
    "aix": COMMITTEES[2],
}
"""The first committee's 50 % is written down building by building, once each one was visited."""


def periods() -> list[RowDict]:
    """The four quarters and their due dates."""
    return [
        {"code": quarter.code, "debut": quarter.start, "fin": quarter.end, "echeance": due}
        for quarter, due in zip(QUARTERS, story.DUE_DATES, strict=True)
    ]


def dates(end: date) -> list[RowDict]:
    """When each experiment runs; Point Formation's starts with its late convention."""
    return [{"experience": code, "debut": _start(code), "fin": end} for code in story.EXPERIMENTS]


def targets(end: date, committee: int) -> list[RowDict]:
    """The numbers to reach by ``end``, as decided by one committee."""
    return [
        {
            "experience": experiment,
            "indicateur": code,
            "valeur": float(value),
            "echeance": end,
            "decision": DECISIONS[committee - 1],
            "decide_le": COMMITTEES[committee - 1],
        }
        for code, by_experiment in story.TARGETS.items()
        for experiment, value in by_experiment.items()
    ]


def outdated_targets() -> list[str]:
    """The keys of the first committee's targets, which the second one replaced."""
    return [f"{row['experience'] or ''}|{row['indicateur']}|{row['echeance']}" for row in targets(story.FIRST_END, 1)]


def thresholds(place: str) -> list[RowDict]:
    """The thresholds of one place's buildings; none in Martigues, where none was fixed."""
    return [
        {
            "association": OWNERS.get(place, story.ANONYMAL),
            "code_immeuble": building.code,
            "part": story.THRESHOLD_PERCENT,
            "decision": DECISIONS[0],
            "decide_le": COMMITTEES[0],
        }
        for building in BUILDINGS
        if building.place == place and building.has_threshold
    ]


def keys() -> list[RowDict]:
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


def convention(association: str) -> list[RowDict]:
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


def payments(association: str) -> list[RowDict]:
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


def document(association: str, day: date) -> list[RowDict]:
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


def annex(stock: Stock) -> list[RowDict]:
    """The list of the 455 computers and 202 screens; a lot stands on what was ceded."""
    return [_listed(unit) for unit in (*stock.units, *stock.kept_by_metropole)]


def cession(lot: str) -> list[RowDict]:
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


def _listed(unit: Machine) -> RowDict:
    return {
        "numero_inventaire": unit.number,
        "type": unit.type,
        "valeur_unitaire": unit.cents,
        "lot": unit.lot or None,
    }


def _start(experiment: str) -> date:
    return AGREEMENTS[story.POINT_FORMATION].signed if experiment == CT6 else story.START


# --- What the project lead writes down over the year, each thing on its day ------------------------


def steps(year: Holdings) -> list[Step]:
    """The whole year."""
    return [
        *_opening(year),
        *(step for association in ASSOCIATIONS for step in _agreement(association)),
        *(_entry(delivery.day, 17, "lots_cession", cession(delivery.lot)) for delivery in DELIVERIES),
        *_first_committee(),
        *_second_committee(),
        *_thresholds(),
    ]


def _opening(year: Holdings) -> list[Step]:
    day = date(2021, 7, 5)
    return [
        _entry(day, 9, "periodes", periods()),
        _entry(day, 10, "dates_experimentations", dates(FIRST_END)),
        _entry(date(2021, 9, 10), 9, "annexe_materiel", annex(year.stock)),
    ]


def _agreement(association: str) -> list[Step]:
    """Signed, paid, and the financial report that follows."""
    agreement = AGREEMENTS[association]
    eve = agreement.signed + timedelta(days=1)
    found: list[Step] = [
        _entry(eve, 14, "conventions", convention(association)),
        _entry(eve, 15, "pieces", document(association, eve)),
        _entry(agreement.paid_on, 16, "versements", payments(association)),
    ]
    received = agreement.account_received
    return [*found, _entry(received, 16, "pieces", document(association, received))] if received else found


def _first_committee() -> list[Step]:
    return [_entry(COMMITTEES[0], 17, "objectifs", targets(FIRST_END, 1))]


def _second_committee() -> list[Step]:
    """The follow-up goes on to the end of 2022; IFAC's line gets its key."""
    replaced = tuple(outdated_targets())
    return [
        _entry(COMMITTEES[1], 16, "dates_experimentations", dates(END)),
        LeadEntry(at(COMMITTEES[1], 17), "objectifs", tuple(targets(END, 2)), replaced),
        _entry(story.KEY_DECIDED, 18, "cles", keys()),
    ]


def _thresholds() -> list[Step]:
    return [
        _entry(day + timedelta(days=1), 9, "seuils", thresholds(place)) for place, day in THRESHOLDS_ENTERED.items()
    ]


def _entry(day: date, hour: int, dataset: str, rows: list[RowDict]) -> LeadEntry:
    return LeadEntry(at(day, hour), dataset, tuple(rows))


# --- The milestones that the six stories turn on, with the cause and the next action of each delay ----


@dataclass(frozen=True, slots=True)
class StoryMilestone:
    """One milestone. ``steps`` are (from when, status, cause, next action), the last known being current."""

    association: str
    place: str
    axis: int
    code: str
    title: str
    planned: date
    steps: tuple[tuple[date, str, str | None, str | None], ...]
    done: date | None = None


MILESTONES = (
    StoryMilestone(
        ANONYMAL,
        "aix",
        1,
        "J-01",
        "Ouverture de l’atelier de reconditionnement",
        date(2021, 9, 15),
        ((date(2021, 9, 20), "Terminé", None, None),),
        date(2021, 9, 17),
    ),
    StoryMilestone(
        ANONYMAL,
        "pertuis",
        1,
        "J-02",
        "Premières remises à Pertuis",
        date(2021, 11, 15),
        (
            (date(2021, 12, 20), "En retard", "Pas de local à Pertuis.", "Visiter une salle proposée par la commune."),
            (date(2022, 2, 7), "Terminé", None, None),
        ),
        date(2022, 2, 7),
    ),
    StoryMilestone(
        ANONYMAL,
        "aix",
        2,
        "J-03",
        "Conventions et accords dans les trois immeubles d’Aix",
        date(2022, 3, 31),
        (
            (
                date(2022, 2, 25),
                "En retard",
                "La ligne de l’expérimentation ne finance que le matériel.",
                "Demander au comité qui finance l’axe 2 à Aix.",
            ),
        ),
    ),
    StoryMilestone(
        ANONYMAL,
        "salon",
        2,
        "J-04",
        "SA-01 au seuil d’accord",
        date(2022, 4, 30),
        ((date(2022, 1, 5), "En cours", None, None), (date(2022, 4, 21), "Terminé", None, None)),
        date(2022, 4, 21),
    ),
    StoryMilestone(
        ANONYMAL,
        "salon",
        1,
        "J-05",
        "Trouver des bénéficiaires pour les machines prêtes",
        date(2022, 6, 30),
        (
            (
                date(2022, 6, 15),
                "En retard",
                "Il y a plus d’ordinateurs prêts que de demandes remontées.",
                "Proposer au comité de garder les machines ou de les transférer.",
            ),
        ),
    ),
    StoryMilestone(
        IFAC,
        "frais-vallon",
        2,
        "J-01",
        "Convention entre le bailleur A et l’opérateur X",
        date(2021, 9, 30),
        (
            (date(2021, 10, 1), "En retard", "Signature du bailleur A attendue.", "Relancer le bailleur A."),
            (date(2022, 2, 17), "Terminé", None, None),
        ),
        date(2022, 2, 17),
    ),
    StoryMilestone(
        IFAC,
        "plan-d-aou",
        2,
        "J-02",
        "Convention entre le bailleur B et l’opérateur X",
        date(2021, 12, 15),
        (
            (
                date(2021, 12, 10),
                "Bloqué",
                "Le bailleur B a suspendu les discussions pendant ses travaux ; la convention n’est pas signée.",
                "Faire trancher l’essai d’un pass-connexion, laissé en suspens par le comité n° 3.",
            ),
        ),
    ),
    StoryMilestone(
        IFAC,
        "plan-d-aou",
        1,
        "J-03",
        "Arrivée des machines à Plan d’Aou",
        date(2022, 2, 28),
        (
            (date(2022, 3, 1), "En retard", "Les machines sont à l’atelier.", "Fixer la livraison avec Anonymal."),
            (date(2022, 5, 13), "Terminé", None, None),
        ),
        date(2022, 5, 13),
    ),
    StoryMilestone(
        POINT_FORMATION,
        "martigues",
        1,
        "J-01",
        "Premières remises à Martigues",
        date(2022, 3, 31),
        ((date(2021, 12, 15), "En cours", None, None), (date(2022, 3, 3), "Terminé", None, None)),
        date(2022, 3, 3),
    ),
    StoryMilestone(
        ARSENIC,
        "metropole",
        3,
        "J-01",
        "Session de formation de janvier",
        date(2022, 1, 18),
        (
            (date(2022, 1, 10), "En retard", "Vague épidémique.", "Reporter la session en mars."),
            (date(2022, 3, 15), "Terminé", None, None),
        ),
        date(2022, 3, 15),
    ),
)


def rows(association: str, day: date) -> list[RowDict]:
    """The milestones of one association as written on ``day``."""
    mine = (m for m in MILESTONES if m.association == association and m.steps[0][0] <= day)
    return [_row(milestone, day) for milestone in mine]


def _row(milestone: StoryMilestone, day: date) -> RowDict:
    _, status, cause, action = [step for step in milestone.steps if step[0] <= day][-1]
    return {
        "code_jalon": milestone.code,
        "libelle": milestone.title,
        "lieu": milestone.place,
        "date_prevue": milestone.planned,
        "date_reelle": milestone.done if milestone.done and milestone.done <= day else None,
        "statut": status,
        "cause": cause,
        "prochaine_action": action,
        "axe": milestone.axis,
    }
