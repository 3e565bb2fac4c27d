"""The words of a voted programme: axes, associations, conventions, lines, commitments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact stands in the deliberation: an article, or the paragraph that says it."""

    where: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the three axes; ``number`` is 1, 2 or 3."""

    number: int
    name: str
    source: Citation


@dataclass(frozen=True, slots=True)
class Association:
    """A body that runs experiments and hands in data; ``code`` is what people type."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SubsidyLine:
    """A sum voted for an object.

    ``experiments`` are the codes that the text's object covers: several, one, or none;
    a sum is never divided between them without a recorded key. ``axes`` are those the
    object names, empty when it names none.
    """

    code: str
    association: str
    cents: int
    purpose: str
    experiments: tuple[str, ...]
    axes: tuple[int, ...]
    source: Citation


@dataclass(frozen=True, slots=True)
class Convention:
    """The agreement of one association, for the sum of its lines."""

    association: str
    article: int
    cents: int
    source: Citation


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the associations undertake. ``axis`` is the condition that the text sets, or None.

    ``needs_axis`` is the axis without which the duty has no object (equipment), by the
    reading recorded in the programme's data rules.
    """

    code: str
    text: str
    title: str
    axis: int | None
    source: Citation
    datasets: tuple[str, ...]
    needs_axis: int | None = None
