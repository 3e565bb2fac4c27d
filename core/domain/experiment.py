"""An experiment: who tries which axes, at which places."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.programme import Association, Citation

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
