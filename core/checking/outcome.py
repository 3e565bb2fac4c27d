"""What became of a deposit, and how each end of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.checking.judgement import JudgedRows, Together
from core.domain import french
from core.domain.dataset import Dataset, Problem, Repair
from core.errors import FileRefused, FileWithoutRows
from core.reading import Reading
from core.storage.recording import Saved
from core.storage.rows import Diff

_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """What became of a deposit.

    ``revision`` is None when nothing was stored: on a dry run, a refusal, or when every row
    was already there. ``refused`` says that rows stopped the whole deposit. ``diff`` compares
    the valid rows with those that hold; ``diff.missing`` are the rows that the file no longer
    has, which stay unless named in ``removals``; ``kept`` is their number. ``unnamed`` are the lines
    whose key cannot be read: with such a line ``diff.missing`` is None, nobody can tell what is absent.
    ``refusal`` says why the file or the sheet is refused as a whole; ``blank``: it has headings and no row.
    """

    revision: int | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    kept: int = 0
    errors: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    repairs: Sequence[Repair] = ()
    diff: Diff | None = None
    refused: bool = False
    reading: Reading | None = None
    unnamed: tuple[int, ...] = ()
    refusal: str = ""
    blank: bool = False

    @property
    def problems(self) -> Sequence[Problem]:
        """The errors, which refuse their row, then the warnings, which are counted and followed up."""
        return Together(self.errors, self.warnings)


def stops(judged: JudgedRows, keep_valid: bool) -> bool:
    """Whether what was judged stops the whole deposit."""
    return judged.whole_refused or bool(judged.rejected and (not keep_valid or judged.valid.is_empty()))


def refusal(judged: JudgedRows, reading: Reading) -> Outcome:
    """The outcome of a deposit that its own rows stopped."""
    return Outcome(
        rejected=judged.rejected,
        errors=judged.errors,
        warnings=judged.warnings,
        repairs=_repairs(reading, judged),
        refused=True,
        reading=reading,
        unnamed=judged.unnamed,
    )


def refused_whole(error: FileRefused) -> Outcome:
    """The outcome of a file, or of one sheet, that is refused as a whole."""
    what, _, remedy = str(error).partition(". ")
    whole = Problem(None, None, "", f"{what}.", remedy, code="fichier_refuse")
    return Outcome(
        errors=error.problems or (whole,), refused=True, refusal=str(error), blank=isinstance(error, FileWithoutRows)
    )


def unjudged(lines: Sequence[int], dataset: Dataset) -> str:
    """Why nobody can say which rows the file no longer has."""
    titles = french.listing(f"« {dataset.by_name[name].title} »" for name in dataset.key)
    shown = french.listing(str(line) for line in lines[:_SHOWN]) + (", …" if len(lines) > _SHOWN else "")
    which = f"{'de la ligne' if len(lines) == 1 else 'des lignes'} {shown}"
    return french.typeset(
        f"{titles} {which} ne se {'lit' if len(dataset.key) == 1 else 'lisent'} pas : "
        "on ne peut pas dire quelles lignes manquent dans ce fichier. Elles sont gardées."
    )


def foreseen(
    judged: JudgedRows, reading: Reading | None, diff: Diff, removals: Sequence[str], keep_valid: bool
) -> Outcome:
    """The outcome of a dry run: what would happen."""
    if judged.unnamed:
        diff = replace(diff, missing=None)
    gone = 0 if diff.missing is None else diff.missing["_key"].is_in(list(removals)).sum()
    return Outcome(
        added=diff.added.height,
        changed=diff.changed.height,
        unchanged=diff.unchanged,
        removed=int(gone),
        rejected=judged.rejected,
        kept=0 if diff.missing is None else diff.missing.height - int(gone),
        errors=judged.errors,
        warnings=judged.warnings,
        repairs=_repairs(reading, judged),
        diff=diff,
        refused=stops(judged, keep_valid),
        reading=reading,
        unnamed=judged.unnamed,
    )


def stored(saved: Saved, judged: JudgedRows, reading: Reading | None, kept: int = 0) -> Outcome:
    """The outcome of what was stored; ``kept`` rows stay although the file does not have them."""
    return Outcome(
        saved.revision,
        saved.added,
        saved.changed,
        saved.unchanged,
        saved.removed,
        judged.rejected,
        kept,
        judged.errors,
        judged.warnings,
        _repairs(reading, judged),
        saved.diff,
        reading=reading,
        unnamed=judged.unnamed,
    )


def _repairs(reading: Reading | None, judged: JudgedRows) -> Sequence[Repair]:
    """What was understood of the cells, then of the keys once compared with what holds."""
    return Together(reading.repairs if reading else (), judged.repairs)
