"""Codes as people type them."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from core.domain.indicator import Indicator
from core.errors import UnknownName


def one_of(catalogue: Mapping[str, Indicator], code: str | Indicator) -> Indicator:
    """The indicator ``code``, whatever its case; raises UnknownName with the nearest right one.

    An indicator itself is given back: what is not in the catalogue may be asked as well.
    """
    if isinstance(code, Indicator):
        return code
    if code in catalogue:
        return catalogue[code]
    folded = {known.casefold(): known for known in catalogue}
    if code.casefold() in folded:
        return catalogue[folded[code.casefold()]]
    near = get_close_matches(code.casefold(), folded, 1, 0.4)
    hint = f" Vouliez-vous dire «\u00a0{folded[near[0]]}\u00a0»\u202f?" if near else ""
    raise UnknownName(f"Indicateur «\u00a0{code}\u00a0» inconnu.{hint}")
