"""Handing in a file, as a person does it: look, understand, decide, confirm; and what is still due.

``preview`` looks without storing anything, ``confirm`` stores the very bytes that were looked at;
``remember`` keeps what a heading means for the next time; ``handed_in`` says where each table stands.
"""

from core.services.intake.handing import FileHandedIn, Preview, confirm, preview
from core.services.intake.memory import NOT_OURS, forget, remember, remembered
from core.services.intake.standing import HandedIn, Standing, TableStanding, handed_in

__all__ = [
    "NOT_OURS",
    "FileHandedIn",
    "HandedIn",
    "Preview",
    "Standing",
    "TableStanding",
    "confirm",
    "forget",
    "handed_in",
    "preview",
    "remember",
    "remembered",
]
