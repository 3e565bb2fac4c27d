"""Reports made by hand, so that a page is read without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from core import BUILDINGS, LISTED
from core.contract import Registry
from core.disclosure import Audience, page_text
from core.domain.calendar import Period
from core.domain.observation import Cell, Freshness, Missing, Observation, Progress, Standing, Target
from core.domain.report import Block, Callout, Chart, Heading, Prose, Report, Table
from core.testing import blank_report

TODAY = date(2022, 7, 5)
AIX, SALON, MARTIGUES = "ct2-pays-d-aix", "ct3-pays-salonais", "ct6-pays-de-martigues"
FRAIS_VALLON, PLAN_D_AOU, RECHERCHE = "ct1-frais-vallon", "ct1-plan-d-aou", "recherche-action"
Parts = tuple[float | None, float | None]


@cache
def registry() -> Registry:
    """The five plugins as installed; a failure of one is raised."""
    return Registry.load(strict=True)


def seen(code: str, parts: Parts, **more: Any) -> Observation:
    """A figure as computed; without numerator it is not reported."""
    numerator, denominator = parts
    missing = Missing.NOT_REPORTED if numerator is None else None
    value = 100 * numerator / denominator if numerator is not None and denominator else numerator
    return Observation(
        code, code, "", numerator=numerator, denominator=denominator, value=value, missing_because=missing, **more
    )


def report(
    experiment: str,
    figures: Mapping[str, Parts] | None = None,
    *,
    places: Mapping[str, float | None] | None = None,
    months: Sequence[tuple[date, Parts]] = (),
    periods: Mapping[str, float | None] | None = None,
    buildings: Sequence[dict[str, Any]] = (),
    actors: Sequence[dict[str, Any]] = (),
    rows: Mapping[str, Sequence[dict[str, Any]]] | None = None,
    freshness: Freshness | None = None,
    target: float | None = None,
) -> Report:
    """What a plugin would receive; ``places`` and ``months`` speak of EQ5a, whatever code is asked."""
    aim = Target(target, date(2022, 12, 31)) if target else None
    given = figures or {}

    def figure(code: str) -> Cell:
        found = seen(code, given.get(code, (None, None)), freshness=freshness or Freshness())
        return Cell(found, Standing(Progress.ON_TIME if aim else Progress.NO_TARGET, aim))

    return replace(
        blank_report(registry().experiment(experiment), TODAY),
        figure=figure,
        by_place=lambda code: [seen(code, (value, None), place=place) for place, value in (places or {}).items()],
        by_month=lambda code: [seen(code, parts, month=month) for month, parts in months],
        by_period=lambda code: [
            seen(code, (value, None), period=Period.parse(name)) for name, value in (periods or {}).items()
        ],
        rows=lambda dataset: (rows or {}).get(dataset, ()),
        of_derived=lambda derived: {BUILDINGS: buildings, LISTED: actors}[derived],
    )


def draw(asked: Report) -> tuple[Block, ...]:
    """The page, through the same door as the dashboard’s, for who sees everything."""
    blocks = registry().build_report(asked.experiment.code, asked)
    return page_text(blocks, Audience(asked.figure))


def texts(blocks: Sequence[Block]) -> list[str]:
    """Every text of a page, in reading order."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Heading() | Prose() | Callout():
                found.append(block.text)
            case Chart():
                found += [block.conclusion, block.alternative, block.source, block.unit, *block.categories]
            case Table():
                found += [block.caption, block.note, *block.headings, *(cell for row in block.rows for cell in row)]
    return [text for text in found if text]


def plain(text: str) -> str:
    """A text with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def page(asked: Report) -> str:
    """The whole page as one text with ordinary spaces."""
    return plain("\n".join(texts(draw(asked))))


def charts(asked: Report) -> list[Chart]:
    """The charts of a page."""
    return [block for block in draw(asked) if isinstance(block, Chart)]


def building(code: str, dwellings: int, agreed: int = 0, **cells: Any) -> dict[str, Any]:
    """An eligible building with a threshold of one half, reported."""
    return {
        "code_immeuble": code,
        "bailleur": "bailleur A",
        "nb_logements": dwellings,
        "eligible_cable": True,
        "mode": None,
        "accords": agreed,
        "mises_en_service": 0,
        "seuil": dwellings / 2,
        "seuil_atteint": date(2022, 2, 1) if agreed >= dwellings / 2 else None,
        "dernier_mois": date(2022, 6, 1),
    } | cells
