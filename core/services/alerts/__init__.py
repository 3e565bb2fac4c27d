"""What demands an action, found in the data or written down by the project lead, and what became of it."""

from core.services.alerts.alert import Alert, Followed, FollowUp, Kind, Status
from core.services.alerts.finding import find
from core.services.alerts.treating import add_risk, drop_risk, followed, treat

__all__ = [
    "Alert",
    "FollowUp",
    "Followed",
    "Kind",
    "Status",
    "add_risk",
    "drop_risk",
    "find",
    "followed",
    "treat",
]
