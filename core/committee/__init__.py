"""Frozen figures: the whole of what a committee or a document shows, taken once and kept as JSON.

``take`` computes a Snapshot from what is known; ``Snapshot.to_content`` and ``from_content`` write
it and read it again, equal to itself; ``changes`` says what moved between two of them, ``counted_from`` from which
committee the changes of each figure are counted.
"""

from core.committee.changes import (
    FIGURE_CHANGES,
    Change,
    Changes,
    ChangeType,
    changes,
    counted_from,
    hushed,
    reference_of,
)
from core.committee.snapshot import (
    FrozenMilestone,
    FrozenNarrative,
    FrozenPage,
    FrozenTrend,
    KnownDecision,
    Snapshot,
    SnapshotNumbers,
    take,
    take_numbers,
)
