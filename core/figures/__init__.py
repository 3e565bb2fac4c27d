"""Figures computed on read: declared indicators over the rows of the store, as of a revision."""

from core.figures.evidence import Evidence, RowsPage
from core.figures.monitor import Comparison, Monitor
from core.figures.window import NO_PLACE

__all__ = ["NO_PLACE", "Comparison", "Evidence", "Monitor", "RowsPage"]
