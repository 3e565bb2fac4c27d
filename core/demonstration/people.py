"""Who does what in the demonstration: roles, never names of persons."""

from __future__ import annotations

from core.demonstration.story import ANONYMAL, ARSENIC, IFAC, POINT_FORMATION
from core.domain.actor import Actor, Role

LEAD = Actor("Chefferie de projet (fictive)", Role.LEAD)
COMMITTEE = Actor("Membre du comité (fictif)", Role.COMMITTEE)
PEOPLE = {
    ANONYMAL: Actor("Atelier d’Anonymal (fictif)", Role.ASSOCIATION, ANONYMAL),
    IFAC: Actor("Animation de l’IFAC (fictive)", Role.ASSOCIATION, IFAC),
    ARSENIC: Actor("Mission d’ARSENIC (fictive)", Role.ASSOCIATION, ARSENIC),
    POINT_FORMATION: Actor("Équipe de Point Formation (fictive)", Role.ASSOCIATION, POINT_FORMATION),
}
