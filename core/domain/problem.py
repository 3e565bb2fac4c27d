"""What is wrong, odd or repaired in a file, as data: line, column, found, expected, remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the row; a warning lets it in, and is counted and followed up."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint.

    ``line`` is counted as the spreadsheet shows it (1 = first line of the file), None when
    the whole file is meant; ``column`` is the heading as the schema names it; ``code``
    groups problems of one cause (« date_impossible », « valeur_plus_300 »).
    """

    line: int | None
    column: str | None
    found: str
    expected: str
    remedy: str
    severity: Severity = Severity.ERROR
    code: str = ""

    @property
    def stops(self) -> bool:
        """Whether the row is refused."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Repair:
    """A cell that was understood although it was not written as expected, and is shown so."""

    line: int
    column: str
    found: str
    understood: str
