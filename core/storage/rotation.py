"""Backups made one after the other in a folder: each tried as it is made, the oldest leaving once there are enough."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import Refused
from core.storage.backup import ArchiveContents, check
from core.storage.store import Store

_NAME = re.compile(r"fabrique-(\d{8}T\d{6})Z\.zip")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A backup made in a folder: what it holds, and which older ones left."""

    made: Path
    contents: ArchiveContents
    removed: Sequence[Path]


def rotate(store: Store, folder: Path, keep: int, at: datetime) -> Rotation:
    """Save the base in ``folder`` under the hour ``at``, restore it elsewhere to be sure, then keep the ``keep`` last.

    Nothing older leaves when the new one cannot be restored. Raises Refused or JournalBroken.
    """
    if not folder.is_dir():
        raise Refused(f"« {folder} » n’est pas un dossier : créez-le, lisible par le seul service.")
    made = folder / f"fabrique-{at.astimezone(UTC):{_STAMP}}Z.zip"
    store.backup(made)
    contents = tried(made)
    removed = backups(folder)[:-keep]
    for one in removed:
        one.unlink(missing_ok=True)
    return Rotation(made, contents, removed)


def backups(folder: Path) -> list[Path]:
    """The backups that ``rotate`` made in a folder, the oldest first; what bears another name is somebody's own."""
    return sorted(one for one in folder.glob("fabrique-*.zip") if _NAME.fullmatch(one.name))


def made_at(backup: Path) -> datetime:
    """When a backup of ``rotate`` was made, by its name."""
    found = _NAME.fullmatch(backup.name)
    if found is None:
        raise ValueError(f"{backup.name} was not made by a rotation")
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)


def tried(backup: Path) -> ArchiveContents:
    """What a backup holds, once it was verified, restored into a base that is thrown away, and its journal recomputed.

    Raises Refused or JournalBroken when it could not be restored for good.
    """
    contents = check(backup)
    with tempfile.TemporaryDirectory(prefix="fabrique-essai-") as folder:
        url = f"sqlite:///{Path(folder) / 'essai.sqlite3'}"
        Store.restore(url, backup)
        with Store.open(url) as store:
            store.journal.verify()
    return contents
