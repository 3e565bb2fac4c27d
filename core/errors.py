"""What can go wrong, as one tree; every message says what happened, where, and what to do.

FabriqueError
├── UnknownName          an association, experiment, dataset, place or period that does not exist
├── Refused              the request is understood and declined; nothing was stored
│   ├── FileRefused      the file as a whole cannot be read or may not be kept
│   ├── RowsRefused      rows break a rule; carries the list of problems
│   ├── Conflict         somebody changed the same thing since (undo, concurrent edit)
│   └── Forbidden        this actor may not do that here
├── PluginProblem        a plugin broke at load / register / contribute / run; carries the stage
├── JournalBroken        the chain of hashes does not verify
└── Misconfigured        a setting or the installation is wrong
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class FabriqueError(Exception):
    """Any failure that the product foresees; its text is French and meant for the person in front."""


class UnknownName(FabriqueError):
    """A code that nothing bears; the message names the nearest right one."""


class Refused(FabriqueError):
    """The request is declined and nothing was stored."""


class FileRefused(Refused):
    """The file as a whole is refused: unreadable, empty, too large, or holding personal data."""


class RowsRefused(Refused):
    """Rows break a rule. ``problems`` is the complete list, in the order of the file."""

    def __init__(self, message: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Conflict(Refused):
    """The thing changed since it was read. ``details`` says where, row by row."""

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class Forbidden(Refused):
    """This actor may not do that here."""


class PluginProblem(FabriqueError):
    """A plugin failed. ``stage`` is ``load``, ``register``, ``contribute`` or ``run``."""

    def __init__(self, message: str, *, stage: str, remedy: str = "") -> None:
        super().__init__(message)
        self.stage = stage
        self.remedy = remedy


class JournalBroken(FabriqueError):
    """The journal's chain of hashes does not verify; the message names the first broken line."""


class Misconfigured(FabriqueError):
    """A setting or the installation is wrong; the message says which one and how to mend it."""
