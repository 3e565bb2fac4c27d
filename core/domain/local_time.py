"""Moments are kept in UTC; the day on which they fall is that of France, where the programme runs."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

FRANCE = ZoneInfo("Europe/Paris")


def day_in_france(moment: datetime) -> date:
    """The day of the aware instant ``moment`` for somebody in France."""
    return moment.astimezone(FRANCE).date()


def start_of(day: date) -> datetime:
    """The aware instant at which ``day`` begins in France."""
    return datetime.combine(day, time(), FRANCE)
