"""What people do to a base, each from one state of it to another: the same every time it is done."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bench.rows import french_csv, machines
from core.committee import meetings
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.demonstration.people import LEAD
from core.depositing.submit import save_rows, submit, undo
from core.domain.access import Actor, Role
from core.storage import Store

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
SOMEBODY = Actor("Mesure", Role.ASSOCIATION, "anonymal")
BEFORE = Path(__file__).parents[1] / "core" / "storage" / "before"
ROWS = 600
DATASET = ("anonymal", "materiel")


@dataclass(frozen=True, slots=True)
class Act:
    """One act on the base at an address; ``beside`` is a file of its own, that it reads or writes."""

    said: str
    do: Callable[[Registry, str, Path], None]
    start: str = "filled"
    """« filled », « empty », « old » or « unsealed »: the base that it starts from."""


def fill(registry: Registry, store: Store) -> None:
    """Machines, some of them corrected since, and a committee that waits for its figures."""
    schema_setup.prepare(registry, store, at=AT)
    _hand_in(registry, store, ROWS)
    save_rows(Scope(registry, store, SOMEBODY, AT), *DATASET, _dearer(100, 1))
    meetings.convene(Scope(registry, store, LEAD, AT), date(2022, 7, 7))


def _hand_in(registry: Registry, store: Store, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = french_csv(machines("anonymal", count), Path(folder) / "materiel.csv").read_bytes()
    outcome = submit(Scope(registry, store, SOMEBODY, AT), data, "materiel.csv", *DATASET)
    assert not outcome.errors, outcome.errors


def _dearer(count: int, more: int) -> list[dict[str, object]]:
    rows = machines("anonymal", count).with_columns(valeur_unitaire=1 + more)
    return rows.to_dicts()


def _import(registry: Registry, url: str, _beside: Path) -> None:
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=AT)
        _hand_in(registry, store, 2 * ROWS)


def _undo(registry: Registry, url: str, _beside: Path) -> None:
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=AT)
        undo(Scope(registry, store, SOMEBODY, AT), store.latest())


def _correct(registry: Registry, url: str, _beside: Path) -> None:
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=AT)
        save_rows(Scope(registry, store, SOMEBODY, AT), *DATASET, _dearer(300, 2))


def _freeze(registry: Registry, url: str, _beside: Path) -> None:
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=AT)
        meetings.freeze(Scope(registry, store, LEAD, AT), 1, date(2022, 6, 30))


def _purge(registry: Registry, url: str, _beside: Path) -> None:
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=AT)
        with store.writing(LEAD, AT) as writing:
            writing.purge(*DATASET, store.latest(), {"months": 12})


def _upgrade(_registry: Registry, url: str, _beside: Path) -> None:
    """A base of another version is brought up to date by who opens it."""
    Store.open(url).close()


def _seal(_registry: Registry, url: str, _beside: Path) -> None:
    """Rows that were stored before rows were sealed are."""
    with Store.open(url) as store:
        store.seal_the_past(at=AT)


def _backup(_registry: Registry, url: str, beside: Path) -> None:
    with Store.open(url) as store:
        store.backup(beside)


def _restore(_registry: Registry, url: str, beside: Path) -> None:
    Store.restore(url, beside)


ACTS: Mapping[str, Act] = {
    "depot": Act("dépôt d’un fichier", _import),
    "annulation": Act("annulation d’un dépôt", _undo),
    "correction": Act("correction de 300 lignes", _correct),
    "arret": Act("chiffres arrêtés pour un comité", _freeze),
    "purge": Act("fin de conservation", _purge),
    "mise-a-niveau": Act("mise à niveau d’une base antérieure", _upgrade, "old"),
    "scellement": Act("scellement des lignes antérieures", _seal, "unsealed"),
    "sauvegarde": Act("sauvegarde", _backup),
    "restauration": Act("restauration", _restore, "empty"),
}


def old_base(path: Path) -> None:
    """The SQLite file of the version that did not seal its rows."""
    path.write_bytes(gzip.decompress((BEFORE / "scelles-absents.sqlite3.gz").read_bytes()))


OLD_ARCHIVE = BEFORE / "scelles-absents.zip"
ON_BOTH = tuple(code for code, act in ACTS.items() if act.start != "old")
"""A PostgreSQL base of another version is not kept: its archive comes back in today's."""
