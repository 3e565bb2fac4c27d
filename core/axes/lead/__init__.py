"""What the project lead holds, declared like any dataset and handed in by ``metropole``.

One mechanism so gives it a typed table, its whole past, undo and a journal line. Nothing here
has a default: the deliberation gives no target, threshold, date or key.
"""

from core.axes.lead.datasets import DATASETS

__all__ = ["DATASETS"]
