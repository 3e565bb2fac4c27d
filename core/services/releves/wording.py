"""What people type about a relevé: bounded, trimmed, and free of personal data."""

from __future__ import annotations

from core.domain import french
from core.errors import Refused
from core.services.reading.personal import looks_personal

LONGEST = 4000
"""How many characters one text may have."""


def checked(text: str, what: str) -> str:
    """``text`` without the spaces around it.

    Raises Refused when it is too long or holds a phone number, an address… of a person;
    ``what`` names it at the start of the sentence (« Le motif »).
    """
    said = text.strip()
    if len(said) > LONGEST:
        raise Refused(french.typeset(f"{what} est trop long : {french.number(LONGEST)} caractères au plus."))
    found = looks_personal(said) if said else None
    if found:
        raise Refused(french.typeset(f"{what} contient {found} : rien n’est enregistré. Retirez-le, puis recommencez."))
    return said
