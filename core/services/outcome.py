"""What became of a deposit, and how each end of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.problem import Problem, Repair
from core.services.judgement import Judged, Together
from core.services.reading import Reading
from core.storage.diff import Diff
from core.storage.records import Saved


@dataclass(frozen=True)
class Outcome:
    """What became of a deposit.

    ``revision`` is None when nothing was stored: on a dry run, a refusal, or when every row
    was already there. ``refused`` says that rows stopped the whole deposit. ``diff`` compares
    the valid rows with those that hold; ``diff.missing`` are the rows that the file no longer
    has, which stay unless named in ``removals``; ``kept`` is their number.
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

    @property
    def problems(self) -> Sequence[Problem]:
        """The errors, which refuse their row, then the warnings, which are counted and followed up."""
        return Together(self.errors, self.warnings)


def stops(judged: Judged, keep_valid: bool) -> bool:
    """Whether what was judged stops the whole deposit."""
    return judged.whole_refused or bool(judged.rejected and (not keep_valid or judged.valid.is_empty()))


def refusal(judged: Judged, reading: Reading) -> Outcome:
    """The outcome of a deposit that its own rows stopped."""
    return Outcome(
        rejected=judged.rejected,
        errors=judged.errors,
        warnings=judged.warnings,
        repairs=reading.repairs,
        refused=True,
        reading=reading,
    )


def foreseen(judged: Judged, reading: Reading | None, diff: Diff, removals: Sequence[str], keep_valid: bool) -> Outcome:
    """The outcome of a dry run: what would happen."""
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
        repairs=reading.repairs if reading else (),
        diff=diff,
        refused=stops(judged, keep_valid),
        reading=reading,
    )


def stored(saved: Saved, judged: Judged, reading: Reading | None, kept: int = 0) -> Outcome:
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
        reading.repairs if reading else (),
        saved.diff,
        reading=reading,
    )
