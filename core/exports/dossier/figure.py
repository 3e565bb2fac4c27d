"""A figure ready to be drawn anywhere: its words, its bar, its state; written by the functions of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.figures import change_text, expected_text, shown, target_text, wait_text
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.marks import MISSING_MARKS, PROGRESS_MARKS
from core.domain.observation import Cell, Progress
from core.services.groups import axis_of, parts_of


@dataclass(frozen=True, slots=True)
class State:
    """A state: shape, word, the name of its colour, and what it is about (« équipement »)."""

    shape: str
    word: str
    tone: str = ""
    about: str = ""

    @property
    def text(self) -> str:
        """« ▲ En avance équipement »."""
        return " ".join(part for part in (self.shape, self.word, self.about) if part)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one experiment (or of the programme), in words.

    ``main`` is the large part, ``rest`` what follows it, ``goal`` the target; ``done`` and ``expected`` are
    shares of the target (1 = reached), None without a target. ``missing`` is the state of a value that is
    not there, with its ``reason``.
    """

    code: str
    label: str
    axis: int | None
    main: str
    rest: str = ""
    goal: str = ""
    change: str = ""
    wait: str = ""
    reason: str = ""
    said: str = ""
    missing: State | None = None
    standing: State | None = None
    done: float | None = None
    expected: float | None = None


def figure_of(indicator: Indicator, cell: Cell) -> Figure:
    """The words of one cell of the comparison."""
    what = shown(cell.observation, headline=indicator.headline, parts=parts_of(indicator))
    if what.missing is not None:
        shape, word = MISSING_MARKS[what.missing]
        missing = State(shape, word, what.missing.value)
        return Figure(
            indicator.code, indicator.label, axis_of(indicator), word, what.rest,
            wait=wait_text(cell.observation), reason=typeset(what.reason), missing=missing,
        )  # fmt: skip
    standing = cell.standing
    return Figure(
        code=indicator.code,
        label=indicator.label,
        axis=axis_of(indicator),
        main=what.main,
        rest=what.rest,
        goal=target_text(cell, headline=indicator.headline),
        change=change_text(cell, headline=indicator.headline),
        wait=wait_text(cell.observation),
        said=typeset(expected_text(standing)),
        standing=state_of(standing.progress) if standing.progress is not Progress.NO_TARGET else None,
        done=standing.done,
        expected=standing.expected,
    )


def state_of(progress: Progress, about: str = "") -> State:
    """« ▲ En avance », with what it is about."""
    shape, word = PROGRESS_MARKS[progress]
    return State(shape, word, progress.value, about)
