"""Intake: bytes of a French spreadsheet become typed rows, problems and repairs.

``read`` is the way in; ``judge`` judges typed rows, ``judge_typed`` those that did not come from
a file; ``sentence`` and ``grouped`` write the problems for people.
"""

from core.services.reading.judging import judge, judge_typed
from core.services.reading.limits import Limits
from core.services.reading.problems import Findings
from core.services.reading.reader import Reading, Titles, read, sheets, titles
from core.services.reading.wording import Cause, grouped, heading, repair_sentence, sentence

__all__ = [
    "Cause",
    "Findings",
    "Limits",
    "Reading",
    "Titles",
    "grouped",
    "heading",
    "judge",
    "judge_typed",
    "read",
    "repair_sentence",
    "sentence",
    "sheets",
    "titles",
]
