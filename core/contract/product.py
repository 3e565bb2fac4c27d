"""The version of Fabrique that runs, and what a later one will stop understanding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

Release = tuple[int, int]
"""« 0.3 » as numbers: a major and a minor version."""


def installed_version() -> str:
    """« 0.1.0 »; « 0 » when the sources run without having been installed."""
    try:
        return version("fabrique-inclusive")
    except PackageNotFoundError:
        return "0"


def release(text: str) -> Release | None:
    """The major and minor numbers of a version, « 0.3.1 » as « 0.3 »; None when it does not say them."""
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Deprecation:
    """What still works and will not always: announced since a version, ended by another, replaced by something."""

    what: str
    since: str
    removed_in: str
    instead: str


CONTRACTS_ENDING: Mapping[int, Deprecation] = {
    1: Deprecation(
        "Le contrat 1",
        since="0.1",
        removed_in="0.3",
        instead="Passez au contrat 2 : People, Share, Tells et Figure, dans docs/plugins/README.md.",
    )
}
"""The contracts that are still understood and will not always be: two minor versions of warnings at least."""
