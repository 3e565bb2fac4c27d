"""How an association keeps the calendar: relevés sent on time, tables handed in, once they are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.releve import Releve
from core.services.releves.contents import expected_datasets
from core.services.releves.states import Files, board, read_files
from core.storage import Store


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The relevés of one association that are due: ``due`` of them, of which ``on_time`` and ``sent``.

    ``handed`` of the ``asked`` tables of these periods were handed in or declared empty;
    ``days_late`` lists the delays, those that last still included.
    """

    association: str
    due: int
    on_time: int
    sent: int
    handed: int
    asked: int
    days_late: tuple[int, ...] = ()


def punctuality(registry: Any, store: Store, today: date) -> tuple[Punctuality, ...]:
    """One per association, in the order of the columns."""
    rows = [one for one in board(registry, store, today) if one.state is not None and (one.sent or one.today > one.due)]
    files = read_files(registry, store)
    return tuple(
        _of(registry, files, association.code, [one for one in rows if one.association == association.code])
        for association in registry.associations
    )


def _of(registry: Any, files: Files, association: str, rows: Sequence[Releve]) -> Punctuality:
    codes = [dataset.code for dataset in expected_datasets(registry, association)]
    periods = _periods(rows)
    handed = sum(_handed(files, one, code) for one in periods for code in codes)
    late = tuple(one.days_late for one in rows if one.days_late)
    on_time, sent = sum(not one.days_late for one in rows), sum(one.sent for one in rows)
    return Punctuality(association, len(rows), on_time, sent, handed, len(periods) * len(codes), late)


def _periods(rows: Iterable[Releve]) -> list[Releve]:
    """One relevé for each period: tables are handed in once for all the experiments of an association."""
    return list({one.period: one for one in rows}.values())


def _handed(files: Files, releve: Releve, dataset: str) -> bool:
    return any(
        one.association == releve.association and one.dataset == dataset and one.reports
        for one in files.deposits
        if files.tells(one, releve.term)
    )
