"""Handing in a file, as a person does it: look, understand, decide, confirm; and what is still due.

``preview`` looks without storing anything, ``confirm`` stores the very bytes that were looked at, and
``preview_workbook`` and ``confirm_workbook`` do so for several sheets at once;
``remember`` keeps what a heading means for the next time; ``handed_in`` says where each table stands.
"""

from core.depositing.handing_in import NOT_OURS, FileHandedIn, Preview, confirm, forget, preview, remember, remembered
from core.depositing.workbook import (
    HandedIn,
    SheetDecision,
    TableStanding,
    TableStatus,
    confirm_workbook,
    handed_in,
    preview_workbook,
    sheets_found,
)
