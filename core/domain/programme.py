"""The words of a voted programme: associations, experiments and their places, conventions, lines, commitments."""

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


# --- An experiment: who tries which axes, at which places ------------------------------------------


METROPOLE = "metropole"


@dataclass(frozen=True, slots=True)
class Place:
    """A place where an experiment runs, with the axes that it tries there.

    ``code`` is the word of the column ``lieu``; the code ``metropole`` stands for every
    commune of the Métropole.
    """

    code: str
    name: str
    axes: tuple[int, ...]
    insee: str | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """One column of the comparison.

    ``rank`` orders the columns; ``territory`` is the dated label (« CT2 Pays d’Aix »);
    ``source`` is the deliberation's paragraph, or None for an experiment that was not voted.
    """

    code: str
    title: str
    short_title: str
    association: Association
    places: tuple[Place, ...]
    territory: str = ""
    rank: int = 100
    source: Citation | None = None

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes tried at one of its places at least, in order."""
        return tuple(sorted({axis for place in self.places for axis in place.axes}))

    @property
    def covers_everything(self) -> bool:
        """Whether it runs over the whole Métropole."""
        return any(place.code == METROPOLE for place in self.places)

    def place(self, code: str) -> Place | None:
        """Its place named ``code``; the whole Métropole answers for any commune."""
        for place in self.places:
            if place.code == code:
                return place
        return next((p for p in self.places if p.code == METROPOLE), None)

    def tries(self, axis: int | None, place: str | None = None) -> bool:
        """Whether it tries ``axis`` (None = any) at ``place`` (None = anywhere)."""
        if place is None:
            return axis is None or axis in self.axes
        found = self.place(place)
        return found is not None and (axis is None or axis in found.axes)
