"""To which experiment a row belongs, and which rows an association may not hand in.

The rule: among the association's own experiments, the one that tries the dataset's axis at the
place; if there is none and the project lead has granted this dataset at that place to the
association, the experiment that tries the axis there; otherwise the row is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.catalogue import places
from core.contract import Registry
from core.deliberation import AXES, LINES
from core.domain import french
from core.domain.dataset import Dataset, Problem
from core.domain.french import nearest
from core.domain.programme import METROPOLE, Experiment
from core.reading.problems import ProblemBatch

PLACE, EXPERIMENT = "_place", "_experiment"
_RANK = 800  # after what is said of the cells themselves
_MARSEILLE = "13055"
_ARRONDISSEMENT = re.compile(r"132(0[1-9]|1[0-6])")  # source: INSEE, arrondissements of Marseille


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a value says of its row: an experiment (or none) and a place, or why the row is refused."""

    experiment: str | None = None
    place: str | None = None
    expected: str = ""
    remedy: str = ""

    @property
    def refused(self) -> bool:
        """Whether the row is stopped."""
        return bool(self.expected)


class ExperimentAssigner:
    """The rule, for one dataset of one association.

    ``grants`` are the places at which the project lead granted this dataset to it.
    """

    def __init__(self, registry: Registry, association: str, dataset: Dataset, grants: Iterable[str] = ()) -> None:
        self.registry = registry
        self.association = registry.association(association)
        self.dataset = dataset
        self.grants = frozenset(grants)
        self._own = [one for one in registry.experiments if one.association.code == association]

    def apply(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[ProblemBatch[Problem]]]:
        """``rows`` with ``_place`` and ``_experiment``, and the rows that are refused."""
        parts: list[ProblemBatch[Problem]] = []
        place, experiment = pl.lit(None, pl.String), pl.lit(self._alone, pl.String)
        for name in self._coded("ligne"):
            parts += self._refused(rows, name, "ligne_subvention", self.of_line)
        for name in self._coded("experience"):
            verdict = self._assigned if name == self.dataset.assigned else self.of_experiment
            parts += self._refused(rows, name, "experimentation", verdict)
        if self.dataset.assigned:
            experiment = self._mapped(rows, self.dataset.assigned, self._assigned)
        if self._place_column:
            parts += self._refused(rows, self._place_column, "lieu", self.of_place)
            place = _mapped(rows, self._place_column, lambda value: self.of_place(value).place)
            decided = self._mapped(rows, self._place_column, self.of_place)
            experiment = pl.when(pl.col(self._place_column).is_null()).then(experiment).otherwise(decided)
        return rows.with_columns(place.alias(PLACE), experiment.alias(EXPERIMENT)), parts

    @property
    def _alone(self) -> str | None:
        """The experiment of a row that may do without a place, when the association runs only one."""
        may_be_assigned_later = self.dataset.assigned or not self.dataset.place
        if self.dataset.programme_wide or may_be_assigned_later or len(self._own) != 1:
            return None
        return self._own[0].code

    def of_place(self, written: str) -> Assignment:
        """The experiment of a row at ``written``: a place code, or the INSEE code of a commune."""
        code = self._code(written)
        known = code if code in places.every() else None
        if self.dataset.programme_wide or self.association.code == METROPOLE:
            return Assignment(place=known)
        mine = trying(self._own, self.dataset.axis, code)
        if not mine and code in self.grants:
            mine = trying(self.registry.experiments, self.dataset.axis, code)
        if not mine and self._around(code):
            return Assignment(self._only_around(code), known)
        if not mine and known is None and self._by_commune:
            return Assignment(self._alone)  # outside the 92: a warning of the dataset, no refusal
        if len(mine) > 1:
            return Assignment(
                expected="Plusieurs expérimentations de l’association sont à ce lieu.",
                remedy=f"Précisez le lieu, pour choisir entre {french.listing(one.title for one in mine)}.",
            )
        return Assignment(mine[0].code, known) if mine else self._elsewhere(code)

    def _code(self, written: str) -> str:
        """The place code; an arrondissement of Marseille means the association's own place there, else Marseille."""
        if _ARRONDISSEMENT.fullmatch(written):
            own = [p.code for one in self._own for p in one.places if p.insee == written]
            return own[0] if len(own) == 1 else _MARSEILLE
        if written in places.every() and not self._by_commune:
            return written
        found = places.of_insee(written) if self._by_commune else places.resolve(written)
        return found or written

    def _around(self, commune: str) -> list[Experiment]:
        """Where only a commune can be written: the association's experiments in a quartier of it."""
        if not self._by_commune:
            return []
        inside = {code for code, place in places.every().items() if place.insee == commune}
        return [one for one in self._own if any(p.code in inside for p in one.places)]

    def _only_around(self, commune: str) -> str | None:
        """The experiment of that commune's quartiers when it is alone; else the row stays with the association."""
        found = self._around(commune)
        return found[0].code if len(found) == 1 else None

    def of_experiment(self, code: str) -> Assignment:
        """The experiment named by a cell, when it exists."""
        known = [one.code for one in self.registry.experiments]
        if code in known:
            return Assignment(code)
        near = nearest(code, known, 0.4)
        hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(known)}."
        return Assignment(expected="Aucune expérimentation ne porte ce code.", remedy=hint)

    def of_line(self, code: str) -> Assignment:
        """A subsidy line is the association's own; the project lead may name any."""
        line = LINES.get(code)
        if line is not None and self.association.code in (line.association, METROPOLE):
            return Assignment()
        mine = [one.code for one in LINES.values() if self.association.code in (one.association, METROPOLE)]
        return Assignment(
            expected=f"Ce n’est pas une ligne de subvention {french.of(self.association.name)}.",
            remedy=f"Choisissez parmi : {', '.join(mine) or 'aucune ligne votée'}.",
        )

    def _assigned(self, code: str) -> Assignment:
        """The experiment for which a row is meant; for an association, one of its own that tries the axis."""
        found = self.of_experiment(code)
        if found.refused or self.association.code == METROPOLE:
            return found
        fit = [one.code for one in self._own if one.tries(self.dataset.axis)]
        granted = {
            one.code for place in self.grants for one in trying(self.registry.experiments, self.dataset.axis, place)
        }
        if code in {*fit, *granted}:
            return found
        return Assignment(
            expected=f"Ce n’est pas une expérimentation {french.of(self.association.name)}{self._on_axis()}.",
            remedy=f"Choisissez parmi : {', '.join(fit) or 'aucune'}.",
        )

    def _elsewhere(self, place: str) -> Assignment:
        axis = self.dataset.axis
        fit = [p for one in self._own for p in one.places if axis is None or axis in p.axes]
        if axis is not None and any(one.place(place) for one in self._own):
            expected = f"{self.association.name} ne mène pas l’axe {axis} ({AXES[axis].name}) à ce lieu."
        else:
            expected = f"{self.association.name} n’a pas d’expérimentation à ce lieu."
        choices = f"Choisissez parmi : {french.listing((p.name for p in fit), 'ou')}" if fit else ""
        if not trying(self.registry.experiments, axis, place):  # nobody does: a grant would change nothing
            return Assignment(expected=expected, remedy=f"{choices or 'Retirez la ligne'}.")
        granted = "emandez à la Métropole d’autoriser ce dépôt à ce lieu."
        return Assignment(expected=expected, remedy=f"{choices} ; sinon, d{granted}" if choices else f"D{granted}")

    def _on_axis(self) -> str:
        return f" qui essaie l’axe {self.dataset.axis}" if self.dataset.axis else ""

    @property
    def _place_column(self) -> str | None:
        return self.dataset.place if self.dataset.place in self.dataset.by_name else None

    @property
    def _by_commune(self) -> bool:
        column = self._place_column
        return column is not None and self.dataset.by_name[column].kind.name == "code_commune"

    def _coded(self, kind: str) -> list[str]:
        return [column.name for column in self.dataset.columns if column.kind.name == kind]

    def _mapped(self, rows: pl.DataFrame, name: str, verdict: Callable[[str], Assignment]) -> pl.Expr:
        return _mapped(rows, name, lambda value: verdict(value).experiment)

    def _refused(
        self, rows: pl.DataFrame, name: str, code: str, verdict: Callable[[str], Assignment]
    ) -> list[ProblemBatch[Problem]]:
        bad = {value: found for value in _values(rows, name) if (found := verdict(value)).refused}
        if not bad:
            return []
        lines = rows.filter(pl.col(name).is_in(list(bad))).select("_line", name)
        # A place is told by its name; a line or an experiment by its code, which is what people type.
        kind = self.dataset.by_name[name].kind
        told = kind.write if kind.name in ("ligne", "experience") else kind.show

        def problem(place: int) -> Problem:
            line, value = lines.row(place)
            said = bad[value]
            return Problem(
                line, name, str(told(value)), french.typeset(said.expected), french.typeset(said.remedy), code=code
            )

        return [ProblemBatch(lines["_line"], _RANK, problem)]


def trying(experiments: Iterable[Experiment], axis: int | None, place: str) -> list[Experiment]:
    """The experiments that try ``axis`` at ``place``; one that names the place comes before one that covers all."""
    found = [one for one in experiments if one.tries(axis, place)]
    named = [one for one in found if any(p.code == place for p in one.places)]
    return named or found


def grants_of(rows: pl.DataFrame, association: str, dataset: str) -> frozenset[str]:
    """The places of the project lead's dataset ``autorisations`` that concern one dataset of one association."""
    mine = rows.filter((pl.col("association") == association) & (pl.col("dataset") == dataset))
    return frozenset(mine["lieu"].drop_nulls().to_list())


def _values(rows: pl.DataFrame, name: str) -> list[Any]:
    return rows[name].drop_nulls().unique().to_list() if name in rows.columns else []


def _mapped(rows: pl.DataFrame, name: str, code: Callable[[Any], str | None]) -> pl.Expr:
    """The column ``name`` with each distinct value replaced by its code, asked once each."""
    known = {value: code(value) for value in _values(rows, name)}
    if not known:
        return pl.lit(None, pl.String)
    return pl.col(name).replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
