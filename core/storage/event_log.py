"""The event log: what people decide beside rows, added and never rewritten; and files kept byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.access import Actor
from core.errors import JournalBroken, UnknownName
from core.storage import journal
from core.storage.schema import files, former_names, register, utc


def keep(connection: sa.Connection, content: bytes) -> str:
    """Store ``content`` unless it is already there; return its SHA-256 in hexadecimal.

    Bytes that a purge removed and that are handed in again are kept again.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    held = connection.scalar(sa.select(sa.func.length(files.c.content)).where(files.c.sha256 == sha256))
    if held is None:
        connection.execute(sa.insert(files).values(sha256=sha256, size=len(content), content=content))
    elif content and not held:
        connection.execute(sa.update(files).where(files.c.sha256 == sha256).values(content=content))
    return sha256


def content(connection: sa.Connection, sha256: str) -> bytes:
    """The bytes of a kept file.

    Raises UnknownName when no kept file has that SHA-256, or when a purge removed its bytes.
    """
    found = connection.execute(sa.select(files.c.content, files.c.size).where(files.c.sha256 == sha256)).first()
    if found is None:
        raise UnknownName(f"Aucun fichier gardé n’a l’empreinte « {sha256} ». Relisez-la dans l’historique.")
    if found.size and not found.content:
        raise UnknownName(
            "Ce fichier a été supprimé à la fin de sa durée de conservation ; seule son empreinte reste. "
            "Demandez-le à qui l’avait déposé."
        )
    return bytes(found.content)


def verify_files(connection: sa.Connection, purged: Collection[str] = ()) -> None:
    """Raise JournalBroken when the bytes of a kept file changed; those of ``purged`` may be gone."""
    for sha256 in connection.scalars(sa.select(files.c.sha256).order_by(files.c.sha256)).all():
        found = bytes(connection.scalar(sa.select(files.c.content).where(files.c.sha256 == sha256)) or b"")
        if hashlib.sha256(found).hexdigest() != sha256 and (found or sha256 not in purged):
            raise JournalBroken(
                f"Un fichier gardé ne correspond plus à son empreinte {sha256} : ses octets ont changé. "
                "Reprenez-le dans une sauvegarde."
            )


# --- The register: what people say and decide beside rows, one entry after the other, never rewritten ----
# A relevé that is sent, returned or accepted, a comment, a narrative, an owner given to an alert,
# the figures frozen for a committee and what it decided: each is an entry of a ``kind`` about a
# ``subject``. To correct is to add an entry; the last ones tell the state, all of them the history.
# Each entry has a line in the journal with the SHA-256 of its content.


ERASED: Mapping[str, object] = {"erased": True}
"""What an entry holds once a purge removed what it said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``content`` is plain JSON, ``number`` orders them all."""

    number: int
    kind: str
    subject: str
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    content: Mapping[str, object]
    sha256: str

    @property
    def erased(self) -> bool:
        """Whether a purge removed what it said."""
        return dict(self.content) == ERASED


def enter(
    connection: sa.Connection, actor: Actor, at: datetime, kind: str, subject: str, content: Mapping[str, object]
) -> int:
    """Add an entry and its journal line in the caller's transaction; return its number."""
    number = last_number(connection) + 1
    text = journal.canonical(content)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    connection.execute(
        sa.insert(register).values(
            number=number,
            kind=kind,
            subject=subject,
            at=utc(at),
            actor=actor.name,
            role=str(actor.role),
            on_behalf_of=actor.on_behalf_of,
            content=text,
            sha256=sha256,
        )
    )
    journal.write(connection, actor, at, kind, subject, {"entry": number, "sha256": sha256})
    return number


def entries(
    connection: sa.Connection,
    kind: str | None = None,
    subject: str | None = None,
    *,
    until: datetime | None = None,
) -> list[Entry]:
    """The entries of a kind, about a subject, known at ``until`` (None: all), the oldest first."""
    wanted = sa.select(register).order_by(register.c.number)
    if kind is not None:
        wanted = wanted.where(register.c.kind == kind)
    if subject is not None:
        wanted = wanted.where(register.c.subject.in_([subject, *_former(connection, subject)]))
    if until is not None:
        wanted = wanted.where(register.c.at <= utc(until))
    found = connection.execute(wanted).mappings()
    return [Entry(**{**row, "content": json.loads(row["content"])}) for row in found]


def _former(connection: sa.Connection, subject: str) -> list[str]:
    """The same subject under the codes that its dataset had before: « relais/permanences/P-1 »."""
    association, slash, rest = subject.partition("/")
    dataset, *more = rest.split("/", 1) if slash else [""]
    mine = (former_names.c.association == association, former_names.c.dataset == dataset)
    codes = connection.scalars(sa.select(former_names.c.former).where(*mine)) if dataset else ()
    return ["/".join((association, code, *more)) for code in codes]


def erase(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Remove for good what these entries say; that they were made, when, by whom and their SHA-256 stay."""
    wanted = register.c.number.in_(numbers)
    connection.execute(sa.update(register).where(wanted).values(content=journal.canonical(ERASED)))


_LAST_NUMBER = sa.select(sa.func.coalesce(sa.func.max(register.c.number), 0))  # asked many times by each page


def last_number(connection: sa.Connection) -> int:
    """The number of the last entry, 0 when there is none."""
    return connection.scalar(_LAST_NUMBER) or 0


def verify_events(connection: sa.Connection, told: Mapping[int, str], erased: Collection[int] = ()) -> None:
    """Raise JournalBroken when an entry is not as the journal tells; ``told`` gives each number's SHA-256.

    What those of ``erased`` said may be gone.
    """
    nothing = journal.canonical(ERASED)
    wanted = sa.select(register.c.number, register.c.content, register.c.sha256).order_by(register.c.number)
    seen: set[int] = set()
    for number, content, sha256 in connection.execute(wanted):
        seen.add(number)
        if number in erased and content == nothing and sha256 == told.get(number):
            continue
        if not sha256 == told.get(number) == hashlib.sha256(content.encode()).hexdigest():
            raise _broken(number)
    if lost := sorted(told.keys() - seen):
        raise _broken(lost[0])


def _broken(number: int) -> JournalBroken:
    return JournalBroken(
        f"Registre rompu : l’inscription {number} ne correspond pas à ce qu’en dit le journal. "
        "Elle a été modifiée, ajoutée ou retirée après coup ; comparez avec une sauvegarde."
    )
