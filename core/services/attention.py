"""The points to treat: what rows that were accepted still leave to look at.

A warning lets a row in and is not forgotten: it is found again in the rows as they stand,
whoever handed them in, until the row is mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from core.domain.dataset import Dataset, Rule
from core.domain.experiment import METROPOLE
from core.domain.problem import Severity
from core.registry import Registry
from core.services import cross_checks
from core.services.cross_checks import Finding
from core.storage import Store


@dataclass(frozen=True, slots=True)
class Point:
    """One kind of thing to treat: what is expected, what to do, and each row that it touches.

    ``code`` names the rule; ``experiment`` is None when several or none are concerned.
    """

    code: str
    dataset: str
    experiment: str | None
    association: str | None
    expected: str
    remedy: str
    subjects: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many rows are concerned."""
        return len(self.subjects)


def points_to_treat(registry: Registry, store: Store, revision: int | None = None) -> tuple[Point, ...]:
    """Every point that the rows leave at ``revision``, those of one rule and experiment together.

    The order is that of the experiments, what concerns the whole programme first.
    """
    found = [*_of_rules(registry, store, revision), *_over_associations(registry, store, revision)]
    ranks = {experiment.code: experiment.rank for experiment in registry.experiments}
    return tuple(sorted(_together(found), key=lambda point: (ranks.get(point.experiment or "", 0), point.code)))


def _of_rules(registry: Registry, store: Store, revision: int | None) -> Iterator[Finding]:
    for association in registry.associations:
        for dataset in registry.datasets(association.code):
            rules = dataset.rules_of(Severity.WARNING)
            if rules:
                rows = store.rows(association.code, dataset.code, revision)
                yield from (one for rule in rules for one in _broken(rule, rows, dataset, association.code))


def _broken(rule: Rule, rows: pl.DataFrame, dataset: Dataset, association: str) -> Iterator[Finding]:
    kept = rows.filter(rule.broken.fill_null(False)).select("_key", "_experiment", "_place")
    for key, experiment, place in kept.iter_rows():
        yield Finding(
            code=rule.code,
            dataset=dataset.code,
            found=key,
            expected=rule.expected,
            remedy=rule.remedy,
            column=rule.columns[0],
            subject=key,
            association=association,
            experiment=experiment,
            place=place,
        )


def _over_associations(registry: Registry, store: Store, revision: int | None) -> Iterator[Finding]:
    def rows(association: str, code: str) -> pl.DataFrame:
        return store.rows(association, code, revision)

    frames = {
        key: frame
        for dataset in cross_checks.DEPENDS_ON
        for key, frame in cross_checks.frames_for(registry, dataset, rows).items()
    }
    yield from cross_checks.findings(registry, frames, store.rows(METROPOLE, "seuils", revision))


def _together(found: Iterable[Finding]) -> Iterator[Point]:
    groups: dict[tuple, list[Finding]] = {}
    for one in found:
        groups.setdefault((one.code, one.dataset, one.experiment, one.association), []).append(one)
    for (code, dataset, experiment, association), members in groups.items():
        first = members[0]
        subjects = tuple(one.subject or one.found for one in members)
        yield Point(code, dataset, experiment, association, first.expected, first.remedy, subjects)
