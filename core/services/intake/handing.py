"""A file in front of its owner: looked at first, stored only when she says so, and the very same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Actor
from core.domain.words import fold
from core.errors import FileRefused
from core.registry import Registry
from core.services import submissions
from core.services.intake.memory import remembered
from core.services.moved import state_of
from core.services.reading import Titles, titles
from core.services.submissions import Outcome
from core.storage import Store

_LONGEST_NAME = 120
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class FileHandedIn:
    """The bytes as they came, the file's own name (never a path), the sheet to read."""

    data: bytes
    name: str
    sheet: str | None = None

    @classmethod
    def of(cls, data: bytes, name: str, sheet: str | None = None) -> FileHandedIn:
        """A file whose name lost its folders, its invisible characters and what exceeds 120 of them."""
        bare = _UNPRINTABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
        stem, dot, extension = bare.rpartition(".")
        if len(bare) > _LONGEST_NAME:
            bare = f"{stem[: _LONGEST_NAME - len(extension) - 1]}{dot}{extension}"[:_LONGEST_NAME]
        return cls(data, bare or "fichier", sheet)

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a file. Nothing is stored.

    ``outcome`` is None when the file is refused as a whole, which ``refusal`` explains; ``titles``
    then says which headings were not understood, when that is why. ``seen`` and ``sha256`` are what
    ``confirm`` holds on to.
    """

    file: FileHandedIn
    sha256: str
    seen: int
    outcome: Outcome | None = None
    refusal: str = ""
    titles: Titles | None = None
    matching: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The headings to ask about: guessed, or unknown and not yet said to be none of ours."""
        if self.titles is None:
            return ()
        known = {fold(heading) for heading, _ in self.matching}
        return (*self.titles.guessed, *(one for one in self.titles.unknown if fold(one) not in known))

    @property
    def ready(self) -> int:
        """How many rows would be stored: new, changed and already there."""
        found = self.outcome
        return 0 if found is None else found.added + found.changed + found.unchanged


def preview(
    registry: Registry,
    store: Store,
    file: FileHandedIn,
    association: str,
    dataset: str,
    *,
    actor: Actor,
    at: datetime,
    step: Callable[[str], object] = str,
) -> Preview:
    """Say what would become of a file, with the headings learnt before.

    Raises Forbidden when the data are not the actor's to change, UnknownName.
    """
    seen = state_of(store, association)
    matching = remembered(store, association, dataset)
    kept = tuple(matching.items())
    try:
        outcome = submissions.submit(
            registry, store, file.data, file.name, association, dataset,
            actor=actor, at=at, sheet=file.sheet, dry_run=True, matching=matching, step=step,
        )  # fmt: skip
    except FileRefused as error:
        unclear = _unclear(registry, file, association, dataset, matching)
        return Preview(file, file.sha256, seen, refusal=str(error), titles=unclear, matching=kept)
    reading = outcome.reading
    found = Titles(reading.headings, reading.guessed, reading.unknown, ()) if reading else None
    return Preview(file, file.sha256, seen, outcome, titles=found, matching=kept)


def confirm(
    registry: Registry,
    store: Store,
    looked: Preview,
    association: str,
    dataset: str,
    *,
    actor: Actor,
    at: datetime,
    keep_valid: bool = False,
    removals: Sequence[str] = (),
    step: Callable[[str], object] = str,
) -> Outcome:
    """Store what was looked at.

    Raises Conflict when the data changed meanwhile (look again), FileRefused when these are not
    the bytes that were looked at, and whatever ``submissions.submit`` raises.
    """
    file = looked.file
    if file.sha256 != looked.sha256:
        raise FileRefused("Ce n’est pas le fichier qui a été vérifié. Déposez-le de nouveau.")
    return submissions.submit(
        registry, store, file.data, file.name, association, dataset,
        actor=actor, at=at, sheet=file.sheet, keep_valid=keep_valid, removals=removals,
        matching=dict(looked.matching), seen=looked.seen, step=step,
    )  # fmt: skip


def _unclear(
    registry: Registry, file: FileHandedIn, association: str, dataset: str, matching: dict[str, str]
) -> Titles | None:
    """The headings of a refused file, when naming one of them would let it in."""
    declared = registry.dataset(association, dataset)
    try:
        found = titles(file.data, file.name, declared, sheet=file.sheet, matching=matching)
    except FileRefused:
        return None
    return found if found and found.missing and (found.unknown or found.guessed) else None
