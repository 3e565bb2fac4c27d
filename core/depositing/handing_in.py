"""One file handed in: looked at first, its headings asked once and remembered, then stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit
from core.depositing.concurrency import state_of
from core.domain import access
from core.domain.french import fold
from core.errors import FileRefused, Refused, UnknownName
from core.reading import Titles, titles
from core.reading.personal import heading_kind
from core.storage import Store
from core.storage.events import EventType, renamed

KIND = "titres"
"""The kind of the entries that hold these answers."""
NOT_OURS = ""
"""Stands for the column of a heading that is none of ours."""
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class HeadingsSaid:
    """What an entry says: the column that each heading means, None for one that is forgotten."""

    headings: Mapping[str, str | None]


HEADINGS = EventType(KIND, HeadingsSaid, lambda content: renamed(content, {"titres": "headings"}))


def remembered(store: Store, association: str, dataset: str) -> dict[str, str]:
    """The headings learnt for a dataset, as they were written, and the column that each means (``NOT_OURS``: none)."""
    found: dict[str, tuple[str, str]] = {}
    for entry in store.entries(KIND, _subject(association, dataset)):
        for heading, column in HEADINGS.read(entry).headings.items():
            found.pop(fold(heading), None)
            if column is not None:
                found[fold(heading)] = (heading, column)
    return dict(found.values())


def remember(scope: Scope, association: str, dataset: str, headings: Mapping[str, str]) -> None:
    """Keep that each heading means a column of the dataset, or ``NOT_OURS``.

    Raises Forbidden when the data are not the actor's, UnknownName for no such column, Refused
    for a heading that speaks of people: their column is never read.
    """
    declared = scope.registry.dataset(association, dataset)
    for heading, column in headings.items():
        if column == NOT_OURS:
            continue
        if column not in declared.by_name:
            raise UnknownName(f"« {dataset} » n’a pas de colonne « {column} ».")
        if what := heading_kind(heading):
            raise Refused(f"« {heading[:_LONGEST]} » annonce {what} : cette colonne n’est jamais lue.")
    _enter(scope, association, dataset, {heading[:_LONGEST]: column for heading, column in headings.items()})


def forget(scope: Scope, association: str, dataset: str, heading: str) -> None:
    """Forget what a heading meant. Raises Forbidden when the data are not the actor's."""
    _enter(scope, association, dataset, {heading: None})


def _enter(scope: Scope, association: str, dataset: str, headings: Mapping[str, str | None]) -> None:
    access.check_change(scope.actor, association)
    with scope.writing() as writing:
        HEADINGS.enter(writing, _subject(association, dataset), HeadingsSaid(dict(headings)))


def _subject(association: str, dataset: str) -> str:
    return f"{association}/{dataset}"


# --- A file in front of its owner: looked at first, stored only when she says so, and the very same bytes ----


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
    then says which headings were not understood, when that is why. ``taken_back`` are the lines that
    were left aside and that the person wants read. ``seen`` and ``sha256`` are what ``confirm`` holds on to.
    ``blank``: a sheet with headings and no row.
    """

    file: FileHandedIn
    sha256: str
    seen: int
    outcome: Outcome | None = None
    refusal: str = ""
    titles: Titles | None = None
    matching: tuple[tuple[str, str], ...] = ()
    dataset: str = ""
    taken_back: tuple[int, ...] = ()
    blank: bool = False

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
    scope: Scope,
    file: FileHandedIn,
    association: str,
    dataset: str,
    *,
    take_back: Sequence[int] = (),
    step: Callable[[str], object] = str,
) -> Preview:
    """Say what would become of a file, with the headings learnt before.

    Raises Forbidden when the data are not the actor's to change, UnknownName.
    """
    seen = state_of(scope.store, association)
    matching = remembered(scope.store, association, dataset)
    kept = tuple(matching.items())
    try:
        outcome = submit.submit(
            scope,
            file.data,
            file.name,
            association,
            dataset,
            sheet=file.sheet,
            dry_run=True,
            matching=matching,
            take_back=take_back,
            step=step,
        )
    except FileRefused as error:
        asked = unclear(scope.registry, file, association, dataset, matching)
        return Preview(file, file.sha256, seen, None, str(error), asked, kept, dataset, tuple(take_back))
    reading = outcome.reading
    found = Titles(reading.headings, reading.guessed, reading.unknown, ()) if reading else None
    return Preview(file, file.sha256, seen, outcome, "", found, kept, dataset, tuple(take_back))


def confirm(
    scope: Scope,
    looked: Preview,
    association: str,
    dataset: str,
    *,
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
    return submit.submit(
        scope,
        file.data,
        file.name,
        association,
        dataset,
        sheet=file.sheet,
        keep_valid=keep_valid,
        removals=removals,
        matching=dict(looked.matching),
        take_back=looked.taken_back,
        seen=looked.seen,
        step=step,
    )


def unclear(
    registry: Registry, file: FileHandedIn, association: str, dataset: str, matching: dict[str, str]
) -> Titles | None:
    """The headings of a refused file, when naming one of them would let it in."""
    declared = registry.dataset(association, dataset)
    try:
        found = titles(file.data, file.name, declared, sheet=file.sheet, matching=matching)
    except FileRefused:
        return None
    return found if found and found.missing and (found.unknown or found.guessed) else None
