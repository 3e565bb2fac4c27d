"""The places that a breakdown shows."""

from __future__ import annotations

NO_PLACE = "sans-lieu"
"""The line of a breakdown by place for rows that have no place yet, so that the parts add up."""
