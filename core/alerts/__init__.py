"""What demands an action, found in the data or written down by the project lead, and what became of it."""

from core.alerts.alert import (
    Alert,
    AlertFollowUp,
    AlertType,
    Followed,
    Hand,
    Status,
    closed_accounts,
    is_closed,
    left_by,
)
from core.alerts.finding import find
from core.alerts.follow_up import add_risk, assign, drop_risk, followed, restore_risk, still_open, take_back, treat
