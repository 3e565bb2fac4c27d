"""What every association knows over the year, worked out once from the seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.demonstration import accompaniment, buildings, diagnostics, equipment, receivers, story
from core.demonstration.equipment import Stock
from core.demonstration.receivers import Held

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Holdings:
    """The whole year: machines, and the dated rows from which each deposit takes its part."""

    stock: Stock
    held: Mapping[str, tuple[Held, ...]]
    held_live: tuple[Held, ...]
    diagnostics: Mapping[str, Sequence[Row]]
    diagnostics_live: Sequence[Row]
    meetings: Mapping[str, Sequence[Row]]
    actors: Sequence[Row]
    sessions: Sequence[Row]
    supports: Sequence[Row]
    relay_support: Sequence[Row]


def holdings(seed: int = story.SEED) -> Holdings:
    """The same year for the same seed."""
    rng = random.Random(seed)
    stock = equipment.stock(rng)
    held = {code: receivers.held(rng, stock, code) for code in (story.FRAIS_VALLON, story.PLAN_D_AOU, story.CT6)}
    return Holdings(
        stock=stock,
        held=held,
        held_live=receivers.held_live(rng, stock, held[story.CT6]),
        diagnostics={code: diagnostics.rows(rng, code) for code in story.EXPERIMENTS},
        diagnostics_live=diagnostics.live_rows(rng),
        meetings={place: buildings.meetings(rng, place) for place in story.MEETINGS},
        actors=accompaniment.actors(rng),
        sessions=accompaniment.sessions(rng),
        supports=accompaniment.supports(rng),
        relay_support=accompaniment.relay_support(rng),
    )
