"""What the project lead made of some points two days before the committee, and a risk written down."""

from __future__ import annotations

from datetime import date

from core.demonstration import people
from core.demonstration.steps import at
from core.demonstration.story import COMMITTEES, TODAY
from core.registry import Registry
from core.services import alerts
from core.services.monitoring import Monitor
from core.storage import Store

_TREATED = (
    ("famille_hors_qpv", "Chefferie de projet (fictive)", "À l’ordre du jour du comité n° 4.", COMMITTEES[3], False),
    ("transfert_non_confirme", "Équipe de Point Formation (fictive)", "Accusé de réception demandé.",
     date(2022, 7, 15), False),
    ("valeur_superieure_a_300", "Atelier d’Anonymal (fictif)",
     "Mises de côté : le comité n° 3 a écarté leur remise.", None, True),
)  # fmt: skip
_RISK = (
    "Du matériel voté pourrait ne pas être cédé à temps",
    "46 ordinateurs et 22 écrans ne sont pas encore cédés, et le suivi s’arrête le 31 décembre 2022.",
)


def play(registry: Registry, store: Store) -> None:
    """Three points followed, of which one is closed; one risk."""
    when = at(TODAY, 9)
    found = alerts.find(registry, store, Monitor(registry, store, today=TODAY), today=TODAY)
    for rule, owner, note, due, closed in _TREATED:
        for alert in found:
            if alert.code.startswith(f"{alerts.Kind.RULE}/{rule}/"):
                said = {"owner": owner, "note": note, "due": due, "closed": closed}
                alerts.treat(store, alert, **said, actor=people.LEAD, at=when)
    alerts.add_risk(registry, store, *_RISK, None, actor=people.LEAD, at=when)
