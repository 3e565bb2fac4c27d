"""Frozen figures: the whole of what a committee or a document shows, taken once and kept as JSON.

``take`` computes a Snapshot from what is known; ``Snapshot.to_content`` and ``from_content`` write
it and read it again, equal to itself; ``changes`` says what moved between two of them.
"""

from core.services.snapshots.changes import Change, Changes, Kind, changes
from core.services.snapshots.formula import Formula
from core.services.snapshots.snapshot import (
    Decided,
    Milestone,
    Narrative,
    Page,
    PluginVersion,
    Promised,
    Snapshot,
    Trend,
)
from core.services.snapshots.taking import take

__all__ = [
    "Change",
    "Changes",
    "Decided",
    "Formula",
    "Kind",
    "Milestone",
    "Narrative",
    "Page",
    "PluginVersion",
    "Promised",
    "Snapshot",
    "Trend",
    "changes",
    "take",
]
