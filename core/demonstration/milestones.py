"""The milestones that the six stories turn on, with the cause and the next action of each delay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.demonstration.story import ANONYMAL, ARSENIC, IFAC, POINT_FORMATION

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Milestone:
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
    Milestone(
        ANONYMAL, "aix", 1, "J-01", "Ouverture de l’atelier de reconditionnement", date(2021, 9, 15),
        ((date(2021, 9, 20), "Terminé", None, None),), date(2021, 9, 17),
    ),
    Milestone(
        ANONYMAL, "pertuis", 1, "J-02", "Premières remises à Pertuis", date(2021, 11, 15),
        (
            (date(2021, 12, 20), "En retard", "Pas de local à Pertuis.", "Visiter une salle proposée par la commune."),
            (date(2022, 2, 7), "Terminé", None, None),
        ), date(2022, 2, 7),
    ),
    Milestone(
        ANONYMAL, "aix", 2, "J-03", "Conventions et accords dans les trois immeubles d’Aix", date(2022, 3, 31),
        ((
            date(2022, 2, 25), "En retard",
            "La ligne de l’expérimentation ne finance que le matériel.",
            "Demander au comité qui finance l’axe 2 à Aix.",
        ),),
    ),
    Milestone(
        ANONYMAL, "salon", 2, "J-04", "SA-01 au seuil d’accord", date(2022, 4, 30),
        ((date(2022, 1, 5), "En cours", None, None), (date(2022, 4, 21), "Terminé", None, None)), date(2022, 4, 21),
    ),
    Milestone(
        ANONYMAL, "salon", 1, "J-05", "Trouver des bénéficiaires pour les machines prêtes", date(2022, 6, 30),
        ((
            date(2022, 6, 15), "En retard",
            "Il y a plus d’ordinateurs prêts que de demandes remontées.",
            "Proposer au comité de garder les machines ou de les transférer.",
        ),),
    ),
    Milestone(
        IFAC, "frais-vallon", 2, "J-01", "Convention entre le bailleur A et l’opérateur X",
        date(2021, 9, 30),
        (
            (date(2021, 10, 1), "En retard", "Signature du bailleur A attendue.", "Relancer le bailleur A."),
            (date(2022, 2, 17), "Terminé", None, None),
        ), date(2022, 2, 17),
    ),
    Milestone(
        IFAC, "plan-d-aou", 2, "J-02", "Convention entre le bailleur B et l’opérateur X",
        date(2021, 12, 15),
        ((
            date(2021, 12, 10), "Bloqué",
            "Le bailleur B a suspendu les discussions pendant ses travaux ; la convention n’est pas signée.",
            "Faire trancher l’essai d’un pass-connexion, laissé en suspens par le comité n° 3.",
        ),),
    ),
    Milestone(
        IFAC, "plan-d-aou", 1, "J-03", "Arrivée des machines à Plan d’Aou", date(2022, 2, 28),
        (
            (date(2022, 3, 1), "En retard", "Les machines sont à l’atelier.", "Fixer la livraison avec Anonymal."),
            (date(2022, 5, 13), "Terminé", None, None),
        ), date(2022, 5, 13),
    ),
    Milestone(
        POINT_FORMATION, "martigues", 1, "J-01", "Premières remises à Martigues", date(2022, 3, 31),
        ((date(2021, 12, 15), "En cours", None, None), (date(2022, 3, 3), "Terminé", None, None)), date(2022, 3, 3),
    ),
    Milestone(
        ARSENIC, "metropole", 3, "J-01", "Session de formation de janvier", date(2022, 1, 18),
        (
            (date(2022, 1, 10), "En retard", "Vague épidémique.", "Reporter la session en mars."),
            (date(2022, 3, 15), "Terminé", None, None),
        ), date(2022, 3, 15),
    ),
)  # fmt: skip


def rows(association: str, day: date) -> list[Row]:
    """The milestones of one association as written on ``day``."""
    mine = (m for m in MILESTONES if m.association == association and m.steps[0][0] <= day)
    return [_row(milestone, day) for milestone in mine]


def _row(milestone: Milestone, day: date) -> Row:
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
