"""Figures computed on read: declared indicators over the rows of the store, as of a revision."""

from core.services.monitoring.evidence import Evidence
from core.services.monitoring.monitor import Comparison, Monitor
from core.services.monitoring.places import NO_PLACE

__all__ = ["NO_PLACE", "Comparison", "Evidence", "Monitor"]
