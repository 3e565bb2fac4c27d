"""The sheets that our own template adds beside the one to fill: they never hold rows to read."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.french import fold

NOTES, EXAMPLE, LISTS = "Lisez-moi", "Exemple", "Listes"
REASONS = "À corriger"
"""The last column of the rejected rows that we hand back: read by people, never by us."""
VERSION = "Version du tableau"
"""What stands, in the notes, before the version of the dataset that the template was made for."""
_BESIDE = frozenset(fold(name) for name in (NOTES, EXAMPLE, LISTS))


def offered(names: Sequence[str]) -> tuple[str, ...]:
    """The sheets among which to choose: those of the template left out.

    A workbook of one sheet is read whatever its name; a template whose sheet was emptied has
    none to read, and its example is not taken for data.
    """
    if len(names) == 1:
        return tuple(names)
    return tuple(name for name in names if fold(name) not in _BESIDE)


def version_in(notes: Sequence[Sequence[str]]) -> int | None:
    """The version of the dataset that the notes of a template name, when they name one."""
    for row in notes:
        filled = [text.strip() for text in row if text.strip()]
        if len(filled) > 1 and filled[0] == VERSION and filled[1].isdigit():
            return int(filled[1])
    return None


def is_reasons(heading: str) -> bool:
    """Whether a heading is that of the reasons that we wrote ourselves."""
    return fold(heading) == fold(REASONS)


def is_free(name: str) -> bool:
    """Whether a sheet to fill may bear this name."""
    return fold(name) not in _BESIDE
