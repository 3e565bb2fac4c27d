"""Dates are read alike by both databases."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.domain.indicator import au, col, days_between
from core.storage.schema import text_of_day
from tests.core.storage.factories import opened, row, save


def test_rows_are_counted_by_day(database_url: str) -> None:
    days = [date(2021, 9, 1), date(2021, 9, 30), date(2021, 9, 30), date(2022, 1, 1), None]
    day_of = text_of_day(col("date_remise"))
    with opened(database_url) as store:
        save(store, *(row(str(n), date_remise=day) for n, day in enumerate(days)))
        rows = store.visible("anonymal", "materiel")
        wanted = sa.select(day_of, sa.func.count()).select_from(rows).group_by(day_of)
        with store.connect() as connection:
            assert dict(connection.execute(wanted).all()) == {
                "2021-09-01": 1,
                "2021-09-30": 2,
                "2022-01-01": 1,
                None: 1,
            }


def test_days_are_whole_and_signed(database_url: str) -> None:
    cases = {date(2021, 9, 1): 29, date(2021, 9, 30): 0, date(2021, 10, 1): -1, date(2020, 2, 28): 580, None: None}
    with opened(database_url) as store:
        save(store, *(row(str(n), date_remise=day) for n, day in enumerate(cases)))
        rows = store.visible("anonymal", "materiel")
        wanted = sa.select(days_between(col("date_remise"), au)).select_from(rows).order_by(rows.c._key)
        with store.connect() as connection:
            assert connection.scalars(wanted, {"au": date(2021, 9, 30)}).all() == list(cases.values())
