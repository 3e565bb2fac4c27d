"""What leaves the restricted screens (documents, files, projector): figures without the small counts of people.

figures.py   ``masked``: a snapshot as it may leave
blocks.py    what a plugin tells, in its charts, tables and sentences
"""

from core.services.discretion.figures import masked, note

__all__ = ["masked", "note"]
