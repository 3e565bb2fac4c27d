"""A declaration may change; no value is ever lost, and what cannot be done is refused."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from core import Schema, entier, jour, liste, texte
from core.domain.dataset import Dataset, Upgrade
from core.errors import Conflict, Misconfigured, Refused
from core.storage import engine
from core.storage.deposits import UPGRADE
from core.storage.store import Store
from tests.core.storage.factories import (
    COLUMNS,
    DAY,
    MATERIEL,
    NADIA,
    NOON,
    TEXT,
    WHOLE,
    Kind,
    dataset,
    opened,
    row,
    save,
)

LATER = NOON + timedelta(days=200)
WITH_LOT = dataset({**COLUMNS, "lot": TEXT})


def version_two(columns: dict[str, Any], apply: Callable[[Any], Any], **changes: Any) -> Dataset:
    return dataset(columns, version=2, upgrades=(Upgrade(2, "vers la version 2", apply),), **changes)


def in_cents(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("prix") * 100)


def reopen(url: str, declared: Dataset) -> Store:
    store = Store.open(url)
    store.prepare("anonymal", declared, at=LATER)
    return store


def refused(url: str, declared: Dataset, match: str) -> None:
    """Preparing ``declared`` is refused, and the base is as before."""
    with Store.open(url) as store:
        lines = store.journal.verify().lines
        with pytest.raises(Refused, match=match):
            store.prepare("anonymal", declared, at=LATER)
        assert store.journal.verify().lines == lines
        store.prepare("anonymal", MATERIEL, at=LATER)
        assert store.rows("anonymal", "materiel").height == 1


def filled(url: str) -> None:
    """A first revision, changed by a second."""
    with opened(url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 3), day=1, remove=["B"])


def test_preparing_again_changes_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        store.prepare("anonymal", MATERIEL, at=LATER)
        assert [(line.action, line.subject) for line in store.journal.lines()] == [("schéma", "anonymal/materiel")]
        assert store.journal.lines()[0].at == NOON


def test_a_new_column_stands_beside_the_others(database_url: str) -> None:
    filled(database_url)
    with reopen(database_url, WITH_LOT) as store:
        assert store.rows("anonymal", "materiel").select("prix", "lot").rows() == [(3, None)]
        with store.writing(NADIA, LATER) as writing:
            rows = writing.rows("anonymal", "materiel").with_columns(lot=pl.lit("L1"))
            writing.save("anonymal", "materiel", rows)
        assert store.rows("anonymal", "materiel").select("prix", "lot").rows() == [(3, "L1")]
        assert store.rows("anonymal", "materiel", 1)["prix"].to_list() == [1, 2]
        assert store.journal.lines()[1].details["new"] == ["lot"]


def test_a_required_new_column_needs_a_step(database_url: str) -> None:
    filled(database_url)
    refused(database_url, dataset({**COLUMNS, "lot": TEXT}, required=("lot",)), "nouvelle colonne obligatoire")


def test_an_empty_table_takes_a_required_column(database_url: str) -> None:
    with opened(database_url):
        pass
    with reopen(database_url, dataset({**COLUMNS, "lot": TEXT}, required=("lot",))) as store:
        assert "lot" in store.rows("anonymal", "materiel").columns


def test_a_column_no_longer_declared_is_kept(database_url: str) -> None:
    filled(database_url)
    less = dataset({name: kind for name, kind in COLUMNS.items() if name != "prix"})
    with reopen(database_url, less) as store:
        assert "prix" not in store.rows("anonymal", "materiel").columns
    with reopen(database_url, MATERIEL) as store:
        assert store.rows("anonymal", "materiel")["prix"].to_list() == [3]


def test_a_changed_type_needs_a_version(database_url: str) -> None:
    filled(database_url)
    refused(database_url, dataset({**COLUMNS, "prix": TEXT}), "« prix » .* a changé de type")


def test_a_changed_key_is_refused(database_url: str) -> None:
    filled(database_url)
    refused(database_url, dataset(key=("numero", "prix")), "La clé du jeu")


def test_an_older_program_is_refused(database_url: str) -> None:
    with opened(database_url, dataset(version=3)):
        pass
    with Store.open(database_url) as store, pytest.raises(Refused, match="version plus récente"):
        store.prepare("anonymal", MATERIEL, at=LATER)


def test_a_step_changes_values_as_a_revision(database_url: str) -> None:
    filled(database_url)
    with reopen(database_url, version_two(COLUMNS, in_cents)) as store:
        assert store.rows("anonymal", "materiel").select("prix", "_since").rows() == [(300, 3)]
        assert store.rows("anonymal", "materiel", 2)["prix"].to_list() == [300], "the past is told in today's unit"
        assert store.rows("anonymal", "materiel", 1)["prix"].to_list() == [100, 200]
        with store.connect() as connection:
            told = connection.exec_driver_sql("SELECT prix FROM d_anonymal_materiel WHERE prix < 100").scalars()
            assert sorted(told) == [1, 2, 3], "what was told then is kept"
        store.journal.verify()
        last = store.deposits()[-1]
        assert (last.action, last.changed, last.reports) == (UPGRADE, 1, False)
        with pytest.raises(Refused, match="mise à niveau"), store.writing(NADIA, LATER) as writing:
            writing.undo(3)
    with reopen(database_url, version_two(COLUMNS, in_cents)) as store:
        assert store.latest() == 3


def test_only_the_rows_that_a_step_changes_are_written_again(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 200))
    mended = version_two(COLUMNS, lambda rows: rows.with_columns(pl.max_horizontal("prix", pl.lit(100))))
    with reopen(database_url, mended) as store:
        assert store.rows("anonymal", "materiel").select("prix", "_since").rows() == [(100, 2), (200, 1)]
        assert store.rows("anonymal", "materiel", 1)["prix"].to_list() == [100, 200]
        assert (store.deposits()[-1].action, store.deposits()[-1].changed) == (UPGRADE, 1)
        save(store, row("B", 300), day=300)
        assert store.rows("anonymal", "materiel", 2)["prix"].to_list() == [100, 200]
        store.journal.verify()


def test_a_deposit_of_before_an_upgrade_is_still_undone(database_url: str) -> None:
    filled(database_url)
    with reopen(database_url, version_two(COLUMNS, in_cents)) as store:
        with store.writing(NADIA, LATER) as writing:
            assert (writing.undo(2).changed, writing.latest()) == (1, 4)
        assert store.rows("anonymal", "materiel").select("numero", "prix").rows() == [("A", 100), ("B", 200)]
        with store.writing(NADIA, LATER) as writing:
            writing.undo(4)
        assert store.rows("anonymal", "materiel").select("numero", "prix").rows() == [("A", 300)]
        store.journal.verify()


def test_what_was_empty_at_the_upgrade_comes_back_in_the_new_form(database_url: str) -> None:
    filled(database_url)
    with opened(database_url) as store, store.writing(NADIA, NOON) as writing:
        writing.undo(2)
        writing.undo(1)
    with reopen(database_url, version_two(COLUMNS, in_cents)) as store:
        assert store.rows("anonymal", "materiel").is_empty()
        with store.writing(NADIA, LATER) as writing:
            writing.undo(writing.latest())
        assert store.rows("anonymal", "materiel").select("numero", "prix").rows() == [("A", 100), ("B", 200)]


def test_a_deposit_of_before_two_upgrades_passes_both_steps(database_url: str) -> None:
    filled(database_url)
    columns = {("valeur" if name == "prix" else name): kind for name, kind in COLUMNS.items()}
    third = Upgrade(3, "nouveau nom", lambda rows: rows.rename({"prix": "valeur"}))
    second = Upgrade(2, "en centimes", in_cents)
    with reopen(database_url, version_two(COLUMNS, in_cents)):
        pass
    with reopen(database_url, dataset(columns, version=3, upgrades=(second, third))) as store:
        with store.writing(NADIA, LATER) as writing:
            writing.undo(2)
        assert store.rows("anonymal", "materiel").select("numero", "valeur").rows() == [("A", 100), ("B", 200)]
        store.journal.verify()


def test_rows_that_somebody_changed_after_the_upgrade_are_not_undone(database_url: str) -> None:
    filled(database_url)
    with reopen(database_url, version_two(COLUMNS, in_cents)) as store:
        save(store, row("A", 999), day=300)
        with pytest.raises(Conflict, match="changé depuis"), store.writing(NADIA, LATER) as writing:
            writing.undo(2)


def test_a_renamed_column_is_read_in_the_past(database_url: str) -> None:
    filled(database_url)
    columns = {("valeur" if name == "prix" else name): kind for name, kind in COLUMNS.items()}
    with reopen(database_url, version_two(columns, lambda rows: rows.rename({"prix": "valeur"}))) as store:
        assert [store.rows("anonymal", "materiel", r)["valeur"].to_list() for r in (1, 2, 3)] == [[1, 2], [3], [3]]


def test_a_retyped_column_keeps_the_old_values(database_url: str) -> None:
    filled(database_url)
    told = {**COLUMNS, "prix": TEXT}

    def step(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.format("{} €", "prix").alias("prix"))

    with reopen(database_url, version_two(told, step)) as store:
        assert [store.rows("anonymal", "materiel", r)["prix"].to_list() for r in (1, 2)] == [["1 €", "2 €"], ["3 €"]]
        with store.connect() as connection:
            old = connection.exec_driver_sql("SELECT prix FROM d_anonymal_materiel WHERE prix > 0").scalars().all()
        assert sorted(old) == [1, 2, 3]
        visible = store.visible("anonymal", "materiel", 1)
        with store.connect() as connection:
            assert connection.scalars(sa.select(visible.c.prix).order_by(visible.c.prix)).all() == ["1 €", "2 €"]


def test_steps_run_in_the_order_of_versions(database_url: str) -> None:
    filled(database_url)
    steps = (
        Upgrade(3, "un de plus", lambda rows: rows.with_columns(pl.col("prix") + 1)),
        Upgrade(2, "en centimes", in_cents),
    )
    with reopen(database_url, replace(MATERIEL, version=3, upgrades=steps)) as store:
        assert store.rows("anonymal", "materiel")["prix"].to_list() == [301]


def test_a_raised_version_without_rows_needs_no_step(database_url: str) -> None:
    with opened(database_url):
        pass
    with reopen(database_url, dataset({**COLUMNS, "prix": DAY}, version=2)) as store:
        assert store.rows("anonymal", "materiel").schema["prix"] == pl.Date
        with store.writing(NADIA, LATER) as writing:
            handed_in = pl.DataFrame({"numero": ["A"], "prix": [date(2021, 9, 1)], "_key": ["A"]})
            writing.save("anonymal", "materiel", handed_in)
        assert store.rows("anonymal", "materiel")["prix"].to_list() == [date(2021, 9, 1)]


def explode(_rows: pl.DataFrame) -> pl.DataFrame:
    raise ZeroDivisionError("division par zéro")


@pytest.mark.parametrize(
    ("declared", "match"),
    [
        (dataset(version=2), "vers la version 2"),
        (version_two(COLUMNS, explode), "elle a échoué .division par zéro"),
        (version_two(COLUMNS, sys.exit), "elle a échoué"),
        (version_two(COLUMNS, lambda _rows: None), "elle rend NoneType"),
        (version_two(COLUMNS, lambda rows: rows.lazy()), "elle rend LazyFrame"),
        (version_two(COLUMNS, lambda rows: rows.with_columns(numero=pl.lit("Z"))), "la clé des lignes"),
        (version_two(COLUMNS, lambda rows: rows.head(0)), "les mêmes lignes"),
        (version_two(COLUMNS, lambda rows: rows.drop("_since")), "les mêmes lignes"),
        (version_two(COLUMNS, lambda rows: rows.drop("prix")), "la colonne « prix »"),
        (
            version_two({**COLUMNS, "lot": WHOLE}, lambda rows: rows.with_columns(lot=pl.lit("x"))),
            "autre type",
        ),
        (
            version_two({**COLUMNS, "lot": TEXT}, lambda rows: rows.with_columns(lot=None), required=("lot",)),
            "reste vide",
        ),
    ],
)
def test_a_bad_step_changes_nothing(database_url: str, declared: Dataset, match: str) -> None:
    filled(database_url)
    refused(database_url, declared, match)


def test_a_value_that_its_column_does_not_take_is_told_row_by_row(database_url: str) -> None:
    """Bounds, a form, a list, a blank: what a deposit would have to mend, a step has to."""

    class Mended(Schema):
        numero: pl.String = texte("Numéro", max_length=3)
        prix: pl.Int64 = entier("Prix", at_least=0, at_most=5, optional=True)
        statut: pl.String = liste("Statut", ("neuf", "usé"), optional=True)
        jour: pl.Date = jour("Jour", help="Quand.")

    def step(rows: pl.DataFrame) -> pl.DataFrame:
        day = pl.when(pl.col("numero") != "C").then(pl.date(2021, 9, 1))
        worn = pl.when(pl.col("numero") == "B").then(pl.lit("perdu")).otherwise(pl.lit("neuf"))
        return rows.with_columns(pl.col("prix") - 2, statut=worn, jour=day)

    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 4), row("C", 9))
    declared = Dataset("materiel", "Matériel", Mended, ("numero",), version=2, upgrades=(Upgrade(2, "moins", step),))
    with Store.open(database_url) as store:
        with pytest.raises(Refused, match="4 cellules ne conviennent pas") as raised:
            store.prepare("anonymal", declared, at=LATER)
        told = re.sub("[\u00a0\u202f]", " ", str(raised.value))
        assert "A, « Prix » (« -1 ») : il faut 0 au moins." in told.replace("−", "-")
        assert "B, « Statut » (« perdu ») : il faut" in told and "« usé »" in told
        assert "C, « Prix » (« 7 ») : il faut 5 au plus." in told
        assert "C, « Jour » : cette case est obligatoire et reste vide." in told
        store.prepare("anonymal", MATERIEL, at=LATER)
        assert store.rows("anonymal", "materiel")["prix"].to_list() == [1, 4, 9]


def test_a_type_that_cannot_be_kept_is_refused(sqlite_database_url: str) -> None:
    odd = dataset({**COLUMNS, "heure": Kind(pl.Time, sa.Time())})
    with Store.open(sqlite_database_url) as store, pytest.raises(Refused, match="« heure » du jeu « materiel »"):
        store.prepare("anonymal", odd, at=NOON)


def test_a_base_of_before_the_second_factor_asks_everybody_to_sign_in_again(database_url: str) -> None:
    filled(database_url)
    bound = engine.open_engine(database_url)
    with engine.writing(bound) as connection:
        for name in ("recovery_codes", "second_factors", "known_browsers", "sign_in_tries", "sessions"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql("CREATE TABLE sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL)")
        connection.exec_driver_sql("INSERT INTO sessions VALUES ('a', 'b')")
        connection.exec_driver_sql("CREATE TABLE sign_in_attempts (email_hash TEXT PRIMARY KEY)")
        connection.exec_driver_sql("UPDATE fabrique_versions SET version = 5")
    bound.dispose()
    with opened(database_url) as store, store.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM sessions WHERE waits")) == 0
        names = set(sa.inspect(connection).get_table_names())
        assert {"sign_in_tries", "second_factors"} <= names and "sign_in_attempts" not in names
        assert store.rows("anonymal", "materiel").height == 1


def test_a_base_from_the_future_is_refused(database_url: str) -> None:
    with opened(database_url):
        pass
    bound = engine.open_engine(database_url)
    with engine.writing(bound) as connection:
        connection.exec_driver_sql("UPDATE fabrique_versions SET version = 99")
    bound.dispose()
    with pytest.raises(Misconfigured, match="version plus récente"):
        Store.open(database_url)
