"""A base of this version, kept at its release: later versions must open it and find in it what it held."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import date
from pathlib import Path

from core.committee import meetings
from core.contract import Registry
from core.contract.scope import Scope
from core.demonstration.people import LEAD
from core.settings import sqlite_url
from core.storage import Store
from tests.faults.acts import AT, fill

FOLDER = Path(__file__).parents[1] / "core" / "storage" / "before"


def keep(version: str, folder: Path = FOLDER) -> list[Path]:
    """Write the base of ``version``, its archive, and what it must give back; their places."""
    base, archive, told = (folder / f"{version}.{kind}" for kind in ("sqlite3.gz", "zip", "json"))
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "fabrique.sqlite3"
        registry = Registry.load(strict=True)
        with Store.open(sqlite_url(path)) as store:
            fill(registry, store)
            meetings.freeze(Scope(registry, store, LEAD, AT), 1, date(2022, 6, 30))
            store.backup(archive)
            told.write_text(json.dumps(held(store), indent=1) + "\n", encoding="utf-8")
        base.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return [base, archive, told]


def held(store: Store) -> dict[str, object]:
    """What no later version may change: rows that hold, deposits, and the figures frozen for a committee."""
    frozen = meetings.meetings(store)[0].freeze
    assert frozen is not None
    figures = meetings.snapshot_of(store, frozen).figures
    return {
        "revision": store.latest(),
        "deposits": len(store.deposits()),
        "rows": len(store.keys("anonymal", "materiel")),
        "print": frozen.sha256,
        "frozen": {
            f"{one.observation.indicator} {one.observation.experiment or 'programme'}": one.observation.value
            for one in figures
            if one.observation.value is not None
        },
    }
