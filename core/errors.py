"""What can go wrong, as one tree; every message says what happened, where, and what to do.

FabriqueError
├── UnknownName          an association, experiment, dataset, place or period that does not exist
├── Refused              the request is understood and declined; nothing was stored
│   ├── FileRefused      the file as a whole cannot be read or may not be kept
│   ├── RowsRefused      rows break a rule; carries the list of problems
│   ├── Conflict         somebody changed the same thing since (undo, concurrent edit)
│   │   └── BaseBusy     the base is held by somebody else for longer than one waits
│   └── Forbidden        this actor may not do that here
├── PluginProblem        a plugin broke at load / register / contribute / compute / run; carries the stage
├── JournalBroken        the chain of hashes does not verify
│   └── RowsBroken       rows are not those that the journal sealed; carries which
└── Misconfigured        a setting or the installation is wrong
    └── BaseDown         the base does not serve: gone, full, read-only, damaged, of another version
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.typography import typeset


class FabriqueError(Exception):
    """Any failure that the product foresees; its text is French, typeset, and meant for the person in front."""

    def __str__(self) -> str:
        return typeset(super().__str__())


class UnknownName(FabriqueError):
    """A code that nothing bears; the message names the nearest right one."""


class Refused(FabriqueError):
    """The request is declined and nothing was stored; ``remedy`` is what to do, when the message leaves it out."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class FileRefused(Refused):
    """The file as a whole is refused: unreadable, empty, too large, or holding personal data.

    ``problems`` say where, line and column, when that is known; they never repeat what was found. ``headings``
    are those of the file, when it is refused for them.
    """

    def __init__(self, message: str, problems: Sequence[Any] = (), headings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        self.headings = tuple(headings)


class FileWithoutRows(FileRefused):
    """The headings of a table, and nothing under them: in a workbook, a sheet that nobody filled."""


class RowsRefused(Refused):
    """Rows break a rule. ``problems`` is the complete list, in the order of the file."""

    def __init__(self, message: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row that changed since it was read: its ``key``, and what happened to it in ``words``."""

    key: str
    words: str


class Conflict(Refused):
    """The thing changed since it was read. ``details`` says where, row by row; ``rows`` names those concerned."""

    def __init__(self, message: str, details: Sequence[str] = (), rows: Sequence[MovedRow] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)
        self.rows = tuple(rows)


class BaseBusy(Conflict):
    """The base was held by somebody else for longer than one waits; nothing was stored."""


class Forbidden(Refused):
    """This actor may not do that here."""


class PluginProblem(FabriqueError):
    """A plugin failed. ``stage`` is ``load``, ``register``, ``contribute``, ``compute`` or ``run``."""

    def __init__(self, message: str, *, stage: str, remedy: str = "") -> None:
        super().__init__(message)
        self.stage = stage
        self.remedy = remedy


class JournalBroken(FabriqueError):
    """The journal's chain of hashes does not verify; the message names the first broken line."""


class RowsBroken(JournalBroken):
    """Rows are not those that the journal sealed, in a table of ``association`` and at ``revision``.

    ``rows`` gives the key of each that differs and what happened to it (« modifiée »); it is empty when nothing
    is left that could tell. ``gone`` says that the whole table is.
    """

    def __init__(
        self,
        message: str,
        *,
        association: str,
        dataset: str,
        revision: int,
        rows: Sequence[tuple[str, str]] = (),
        gone: bool = False,
    ) -> None:
        super().__init__(message)
        self.association = association
        self.dataset = dataset
        self.revision = revision
        self.rows = tuple(rows)
        self.gone = gone


class Misconfigured(FabriqueError):
    """A setting or the installation is wrong; the message says which one and how to mend it."""


class BaseDown(Misconfigured):
    """The base does not serve. The text says what to do and names nothing of the installation.

    ``detail`` is the address of the base and what its driver said: for who holds the server, never for a page.
    """

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
