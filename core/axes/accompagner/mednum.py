"""The national standard of mediation places, as data: its columns, what it requires, its value lists.

Source: La MedNum, « lieux de médiation numérique » 1.0.2, Licence Ouverte 2.0.
"""

from __future__ import annotations

import json
from importlib import resources
from types import MappingProxyType

_DOCUMENT = json.loads(resources.files(__package__).joinpath("mednum.json").read_text(encoding="utf-8"))

COLUMNS: tuple[str, ...] = tuple(_DOCUMENT["champs"])
"""The 32 columns, in the official order."""

REQUIRED: tuple[str, ...] = tuple(_DOCUMENT["obligatoires"])
"""The columns that the standard wants filled."""

LISTS = MappingProxyType({name: tuple(values) for name, values in _DOCUMENT["listes"].items()})
"""The values that the standard allows, for each column that has a list."""

PATTERNS = MappingProxyType(
    {
        "pivot": r"[a-zA-Z0-9]{9,14}",
        "code_postal": r"\d{5}",
        "code_insee": r"(?:[013-9]\d|2[AB1-9])\d{3}",
        "telephone": r"\+(?:33|590|594|262|596|269|687|689|508|681)\d{6,9}",
    }
)
"""The forms that the standard imposes on a text, without the anchors."""

SUMMARY_MAX = 280
"""The length of ``presentation_resume``, in characters."""
