"""The spaces of French typography: every sentence that people read passes here, what is refused too."""

from __future__ import annotations

import re

NARROW = "\u202f"
NBSP = "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_TYPED_DAY = re.compile(rf"\b(?:\d\d?|1er) (?:{'|'.join(MONTHS)})\b(?: \d{{4}}\b)?")


def typeset(text: str) -> str:
    """The same sentence with the spaces of French typography.

    They stand before « ; : ! ? % € », inside « », after « n° » and within a day, « 20 janvier 2022 ».
    """
    text = re.sub(r" (?=[;!?%](?:\W|$))", NARROW, text)
    text = re.sub(r"(?<=n°) (?=\d)", NBSP, text)
    text = re.sub(r" (?=[:€»])", NBSP, text)
    text = _TYPED_DAY.sub(lambda found: found[0].replace(" ", NBSP), text)
    return re.sub(r"« ", f"«{NBSP}", text)
