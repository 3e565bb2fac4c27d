"""Small datasets, rows and stores to try the storage with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandera.polars as pa
import polars as pl
import sqlalchemy as sa

from core.domain.access import Actor, Role
from core.domain.dataset import Dataset
from core.storage.store import Store

NADIA = Actor("Nadia", Role.ASSOCIATION, "anonymal")
KARIM = Actor("Karim", Role.LEAD, on_behalf_of="anonymal")
NOON = datetime(2021, 10, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """As little of a column kind as the storage relies on."""

    dtype: Any
    sql: Any

    def sql_type(self) -> Any:
        return self.sql


TEXT = Kind(pl.String, sa.Text())
WHOLE = Kind(pl.Int64, sa.BigInteger())
DAY = Kind(pl.Date, sa.Date())
YES = Kind(pl.Boolean, sa.Boolean())
DECIMAL = Kind(pl.Float64, sa.Double())

COLUMNS = {"numero": TEXT, "prix": WHOLE, "date_remise": DAY, "en_qpv": YES, "latitude": DECIMAL}


def dataset(columns: dict[str, Kind] | None = None, **changes: Any) -> Dataset:
    """The dataset « materiel », nullable but for its key."""
    chosen = columns or COLUMNS
    key = changes.pop("key", ("numero",))
    required = changes.pop("required", ())
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(kind.dtype, nullable=name not in (*key, *required), metadata={"kind": kind})
            for name, kind in chosen.items()
        }
    )
    return Dataset(code=changes.pop("code", "materiel"), title="Matériel", schema=_Model(schema), key=key, **changes)


@dataclass(frozen=True)
class _Model:
    schema: pa.DataFrameSchema

    def to_schema(self) -> pa.DataFrameSchema:
        return self.schema


MATERIEL = dataset()


def row(numero: str, prix: int | None = 0, **values: Any) -> dict[str, Any]:
    """One machine; the key is its number."""
    usual = {"date_remise": None, "en_qpv": None, "latitude": None, "_place": "aix", "_experiment": "ct2"}
    return {"numero": numero, "prix": prix, **usual, "_key": numero, **values}


def frame(*rows: dict[str, Any], columns: dict[str, Kind] | None = None) -> pl.DataFrame:
    """Rows as a typed frame."""
    types = {name: kind.dtype for name, kind in (columns or COLUMNS).items()}
    hidden = {"_place": pl.String, "_experiment": pl.String, "_key": pl.String}
    names = {**types, **hidden}
    return pl.DataFrame([{n: r.get(n) for n in names} for r in rows], schema=names, orient="row")


FULL = (
    row("A1", 12_000, date_remise=date(2021, 9, 1), en_qpv=True, latitude=43.25),
    row("A2", None, en_qpv=False, _place=None, _experiment=None),
    row('Écran « 3 », 24"', 0, date_remise=date(1999, 12, 31), latitude=-1e-7),
)


@contextmanager
def opened(url: str, *datasets: Dataset) -> Iterator[Store]:
    """A store at ``url`` with ``datasets`` (else « materiel ») of anonymal prepared."""
    with Store.open(url) as store:
        store.prepare("anonymal", *(datasets or (MATERIEL,)), at=NOON)
        yield store


def save(store: Store, *rows: dict[str, Any], day: int = 0, actor: Actor = NADIA, **options: Any) -> Any:
    """Save rows of « materiel » ``day`` days after the start."""
    with store.writing(actor, NOON + timedelta(days=day)) as writing:
        return writing.save("anonymal", "materiel", frame(*rows), **options)


def prices(store: Store, revision: int | None = None) -> dict[str, int | None]:
    """number → price, as held at ``revision``."""
    rows = store.rows("anonymal", "materiel", revision)
    return dict(zip(rows["numero"], rows["prix"], strict=True))
