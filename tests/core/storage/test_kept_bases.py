"""A base of each version given out opens today, and gives back what it held."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from core.contract import Registry, schema_setup
from core.storage import Store
from tests.faults.acts import AT
from tests.support.kept import FOLDER, held, keep

GIVEN_OUT = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a base of this very version, kept as a release keeps it."""
    folder = tmp_path_factory.mktemp("gardee")
    keep("aujourdhui", folder)
    return folder


@pytest.mark.parametrize("version", ["aujourdhui", *GIVEN_OUT])
@pytest.mark.parametrize("how", ["opened", "restored"])
def test_a_base_that_was_kept_gives_back_what_it_held(
    version: str, how: str, of_today: Path, database_url: str
) -> None:
    folder = FOLDER if version in GIVEN_OUT else of_today
    if how == "restored":
        Store.restore(database_url, folder / f"{version}.zip")
    elif database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        path.write_bytes(gzip.decompress((folder / f"{version}.sqlite3.gz").read_bytes()))
    else:
        return  # the file of a server is not kept: its archive is
    with Store.open(database_url) as store:
        schema_setup.prepare(Registry.load(strict=True), store, at=AT)
        store.journal.verify()
        assert held(store) == json.loads((folder / f"{version}.json").read_text(encoding="utf-8"))
        assert held(store)["frozen"]
