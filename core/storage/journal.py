"""The journal: one line per change, each sealed with the hash of the line before.

A line says who did what to what, with counts and hashes, never the value of a cell: rows may
be purged one day without breaking the chain. Nobody may alter or delete a line (triggers),
and who does it all the same is found by ``verify``; what a line seals of the rows is in
``core.storage.seals``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.access import Actor
from core.errors import JournalBroken
from core.storage.schema import deposits, journal, utc

START = "0" * 64
_SEALED = ("number", "actor", "role", "on_behalf_of", "action", "subject", "revision", "details")

RENAMED, FORMER = "nouveau code", "former"
"""The line that says that a dataset took another code, its subject, and under which key of its details the former."""
_IN_DETAILS = {
    **{name: name for name in ("added", "changed", "unchanged", "removed", "period", "sha256", "undoes")},
    "file_name": "file",
}

_REFUSAL = "Le journal ne se modifie pas."
TRIGGERS: Mapping[str, Sequence[str]] = {
    "sqlite": (
        f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION fabrique_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION fabrique_refuse()",
    ),
}


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the journal; ``details`` holds counts, hashes and metadata."""

    number: int
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    action: str
    subject: str
    revision: int | None
    details: Mapping[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the journal: its number, and its hash, which no other history has."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain that holds: how many lines, and the last hash, which one may note elsewhere.

    ``entries`` gives the SHA-256 of each entry of the register that a line tells of; ``rows`` counts the
    versions of rows found as they were sealed; ``late`` is the last revision whose rows were sealed after
    the fact, as they were found then (0: none).
    """

    lines: int
    last_hash: str
    entries: Mapping[int, str] = field(default_factory=dict)
    rows: int = 0
    late: int = 0


class Journal:
    """The journal of one store."""

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[sa.Connection]],
        verify_all: Callable[[sa.Connection], Verified],
    ) -> None:
        self._connect = connect
        self._verify = verify_all

    def lines(self, limit: int | None = None) -> tuple[JournalLine, ...]:
        """Its lines, the newest first."""
        with self._connect() as connection:
            return lines(connection, limit)

    def tells(self, action: str) -> bool:
        """Whether a line tells of that action."""
        with self._connect() as connection:
            wanted = sa.select(sa.literal(1)).where(journal.c.action == action).limit(1)
            return connection.scalar(wanted.select_from(journal)) is not None

    def first_hash(self) -> str:
        """The hash of the first line, which no other store has; empty before anything was written."""
        with self._connect() as connection:
            return connection.scalar(sa.select(journal.c.hash).where(journal.c.number == 1)) or ""

    def verify(self) -> Verified:
        """Recompute the chain and what it seals; raises JournalBroken, naming the first thing that does not hold."""
        with self._connect() as connection:
            return self._verify(connection)


def seal(previous: str, content: Mapping[str, object]) -> str:
    """The SHA-256 of the previous hash and the canonical JSON of a line's content."""
    return hashlib.sha256((previous + canonical(content)).encode()).hexdigest()


def canonical(content: Mapping[str, object]) -> str:
    """JSON with sorted keys, no spaces and no escapes: one text for one content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def write(
    connection: sa.Connection,
    actor: Actor,
    at: datetime,
    action: str,
    subject: str,
    details: Mapping[str, Any],
    revision: int | None = None,
) -> str:
    """Add a line inside the caller's transaction and return its hash."""
    last = head(connection)
    previous = last.hash if last else START
    line = {
        "number": (last.number if last else 0) + 1,
        "at": utc(at),
        "actor": actor.name,
        "role": str(actor.role),
        "on_behalf_of": actor.on_behalf_of,
        "action": action,
        "subject": subject,
        "revision": revision,
        "details": canonical(details),
    }
    sealed = seal(previous, _content(line))
    connection.execute(sa.insert(journal).values(**line, previous=previous, hash=sealed))
    return sealed


def head(connection: sa.Connection) -> Head | None:
    """Where the journal ends, None when it has no line yet."""
    found = connection.execute(
        sa.select(journal.c.number, journal.c.hash).order_by(journal.c.number.desc()).limit(1)
    ).first()
    return Head(found.number, found.hash) if found else None


def lines(connection: sa.Connection, limit: int | None = None) -> tuple[JournalLine, ...]:
    """The lines, the newest first."""
    found = connection.execute(sa.select(journal).order_by(journal.c.number.desc()).limit(limit))
    return tuple(line_of(row) for row in found)


def last(connection: sa.Connection, action: str, subject: str) -> JournalLine | None:
    """The last line about that subject that tells of that action, None when there is none."""
    wanted = sa.select(journal).where(journal.c.action == action, journal.c.subject == subject)
    found = connection.execute(wanted.order_by(journal.c.number.desc()).limit(1)).first()
    return None if found is None else line_of(found)


def line_of(row: sa.Row[object]) -> JournalLine:
    """A row of the table as a line."""
    return JournalLine(**{**row._mapping, "details": json.loads(row.details)})


def verify(connection: sa.Connection) -> Verified:
    """Recompute the whole chain.

    Raises JournalBroken, naming the first line that was altered, removed, inserted or moved, or
    the first revision or deposit that does not agree with its line. Lines removed at the end,
    with their deposits, are only found by who noted the last hash elsewhere.
    """
    number, previous = 0, START
    told: set[int] = set()
    of_deposits: dict[int, dict[str, object]] = {}
    of_entries: dict[int, str] = {}
    ordered = sa.select(journal).order_by(journal.c.number).execution_options(yield_per=5000)
    with connection.execute(ordered) as found:
        for row in found.mappings():
            number += 1
            _check(number, previous, row)
            previous = row["hash"]
            told |= {row["revision"]} - {None}
            details = json.loads(row["details"])
            if "deposit" in details:
                of_deposits[details["deposit"]] = _told_of_deposit(row, details)
            if row["action"] == RENAMED:
                _rename(of_deposits, row["subject"], details[FORMER])
            if "entry" in details:
                of_entries[details["entry"]] = details["sha256"]
    _check_revisions(connection, told)
    _check_deposits(connection, of_deposits)
    return Verified(number, previous, of_entries)


def _rename(told: Mapping[int, dict[str, object]], subject: str, former: str) -> None:
    """The deposits told so far under a former code are those of the new one."""
    association, _, dataset = subject.partition("/")
    for one in told.values():
        if (one["association"], one["dataset"]) == (association, former):
            one["dataset"] = dataset


def _check(number: int, previous: str, row: sa.RowMapping) -> None:
    if row["number"] != number:
        raise JournalBroken(
            f"Journal rompu : la ligne {number} manque. Une ligne a été retirée ou déplacée ; "
            "comparez avec une sauvegarde."
        )
    if row["previous"] != previous or row["hash"] != seal(previous, _content(row)):
        raise JournalBroken(
            f"Journal rompu à la ligne {number} (« {row['action']} », {row['subject']}) : son contenu ne "
            "correspond plus à son empreinte. Elle a été modifiée après coup ; comparez avec une sauvegarde."
        )


def _check_revisions(connection: sa.Connection, told: set[int]) -> None:
    stored = set(connection.scalars(sa.select(deposits.c.revision).where(deposits.c.revision.is_not(None))))
    if odd := sorted(stored ^ told):
        raise JournalBroken(
            f"Journal rompu : le dépôt n° {odd[0]} n’est pas à la fois dans les données et dans le journal. "
            "Des lignes ont été retirées ; comparez avec une sauvegarde."
        )


def _told_of_deposit(line: sa.RowMapping, details: Mapping[str, object]) -> dict[str, object]:
    """What a line says of its deposit, under the names of the deposits' own columns."""
    association, _, dataset = line["subject"].partition("/")
    same = {name: line[name] for name in ("at", "actor", "role", "on_behalf_of", "action", "revision")}
    rest = {name: details.get(told) for name, told in _IN_DETAILS.items()}
    return {**same, **rest, "association": association, "dataset": dataset}


def _check_deposits(connection: sa.Connection, told: Mapping[int, Mapping[str, object]]) -> None:
    stored = {row["number"]: row for row in connection.execute(sa.select(deposits)).mappings()}
    for number in sorted(stored.keys() | told.keys()):
        deposit, line = stored.get(number), told.get(number)
        if deposit is None or line is None or any(deposit[name] != value for name, value in line.items()):
            raise JournalBroken(
                f"Journal rompu : {_called(number, line or deposit)} ne correspond pas à ce qu’en dit le journal. "
                "Il a été modifié, ajouté ou retiré après coup ; comparez avec une sauvegarde."
            )


def _called(number: int, found: Mapping[str, object] | sa.RowMapping | None) -> str:
    """A deposit as ``fabrique undo`` takes it; one that changed no row has no number, but a place among all."""
    revision = found["revision"] if found else None
    if revision is None:
        return f"le dépôt sans numéro inscrit au rang {number}"
    return f"le dépôt n° {revision}"


def _content(line: Mapping[str, Any] | sa.RowMapping) -> dict[str, object]:
    return {**{name: line[name] for name in _SEALED}, "at": line["at"].isoformat(timespec="microseconds")}
