"""The databases that the fixtures hand out are what they say: new, empty, of both kinds."""

from __future__ import annotations

import sqlalchemy as sa


def names(url: str) -> tuple[str, list[str]]:
    engine = sa.create_engine(url)
    try:
        return engine.dialect.name, sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def test_database_is_new_and_empty(database_url: str) -> None:
    assert names(database_url)[1] == []


def test_database_takes_and_gives_back_rows(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table places (name text)"))
        connection.execute(sa.text("insert into places values ('Éguilles'), ('aix'), ('Zac')"))
    with engine.begin() as connection:
        found = connection.execute(sa.text("select name from places order by name")).scalars().all()
    engine.dispose()
    assert found == ["Zac", "aix", "Éguilles"]


def test_both_kinds_are_handed_out(sqlite_database_url: str, postgresql_database_url: str) -> None:
    assert (names(sqlite_database_url)[0], names(postgresql_database_url)[0]) == ("sqlite", "postgresql")
