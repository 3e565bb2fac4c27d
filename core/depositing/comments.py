"""What is said of a deposit or of a row, and the file that shows it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

import sqlalchemy as sa

from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, Actor, On, Role
from core.errors import FileRefused, Forbidden, Refused, UnknownName
from core.reading.personal import looks_personal
from core.storage import Store, deposits, event_log, purge
from core.storage.event_log import Entry
from core.storage.events import EventType
from core.storage.schema import DataTable

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""
TYPES = ("pdf", "png", "jpg", "jpeg", "csv", "xlsx", "ods", "docx", "odt")
MIME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
_STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_INSIDE = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_OPEN_DOCUMENTS = frozenset({"ods", "odt"})
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that may be kept: its bytes, and its name without any folder."""

    content: bytes
    name: str


def checked(content: bytes, name: str) -> EvidenceFile:
    """The file, once its type, size and first bytes were checked.

    Raises FileRefused with what is accepted.
    """
    plain = _name(name)
    kind = plain.rpartition(".")[2].lower()
    if kind not in TYPES:
        listed = french.listing((one for one in TYPES if one != "jpeg"), "ou")
        _refuse(f"« {plain} » n’est pas d’un type accepté. Joignez un fichier {listed}.")
    if not content:
        _refuse(f"« {plain} » est vide.")
    if len(content) > LARGEST:
        _refuse(f"« {plain} » est trop gros : {LARGEST // 1024 // 1024} Mo au plus.")
    if not _is(kind, content):
        _refuse(f"« {plain} » n’est pas un vrai fichier {kind} : enregistrez-le de nouveau, puis joignez-le.")
    return EvidenceFile(content, plain)


def mime(name: str) -> str:
    """The media type of a kept file, by its name."""
    return MIME.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _name(name: str) -> str:
    """The last part of a path, without characters that a folder could not bear, cut in its middle when too long."""
    bare = _ODD.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(" .") or "piece"
    stem, dot, end = bare.rpartition(".")
    return bare if len(bare) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - 12]}{dot}{end[:10]}"


def _is(kind: str, content: bytes) -> bool:
    if kind in _STARTS:
        return content.startswith(_STARTS[kind])
    if kind == "csv":
        return b"\x00" not in content and not content.lstrip().lower().startswith((b"<!doctype", b"<html", b"%pdf"))
    return _is_document(kind, content)


def _is_document(kind: str, content: bytes) -> bool:
    """A zip that holds what such a document holds, and no macro. Nothing else of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                _refuse("Ce document contient des macros : enregistrez-le sans elles, puis joignez-le.")
            if kind in _OPEN_DOCUMENTS:
                return "content.xml" in names and _declared(packed) == MIME[kind]
            return _INSIDE[kind] in names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return False


def _declared(packed: zipfile.ZipFile) -> str:
    try:
        with packed.open("mimetype") as said:
            return said.read(200).decode("ascii", "replace").strip()
    except KeyError:
        return ""


def _refuse(message: str) -> None:
    raise FileRefused(f"{message} Rien n’est enregistré.")


# --- Comments and evidence: what people say of a dataset, a row or a deposit, with a file that shows it ----
# Each is an entry of the event log, never rewritten: to take one back is to add an entry. Those who may
# read the rows read them, nobody else.


KIND = "commentaire"
LONGEST = 2000
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class About:
    """What is spoken of: a dataset of an association, one of its rows, or one of its deposits (by number)."""

    association: str
    dataset: str
    key: str | None = None
    deposit: int | None = None

    @property
    def subject(self) -> str:
        """« association/jeu », « association/jeu/clé » or « dépôt/12 »."""
        if self.deposit is not None:
            return f"dépôt/{self.deposit}"
        return "/".join(part for part in (self.association, self.dataset, self.key) if part is not None)


@dataclass(frozen=True, slots=True)
class EvidenceSaid:
    """The evidence of a comment, as its entry names it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CommentSaid:
    """What an entry says: a text with its evidence if any, or the number of the comment that it takes back.

    Nothing of it is left once a purge removed it.
    """

    text: str | None = None
    file: EvidenceSaid | None = None
    takes_back: int | None = None


COMMENTS = EventType(KIND, CommentSaid)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as it stands; ``file`` is the name of its evidence, None when there is none.

    ``text`` is empty once it was taken back (``taken_back`` says when, ``by`` whom), or ``purged`` at the
    end of its retention time.
    """

    number: int
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    text: str
    file: str | None = None
    size: int = 0
    sha256: str | None = None
    taken_back: datetime | None = None
    by: str = ""
    purged: bool = False

    @property
    def stands(self) -> bool:
        """Whether it still says something."""
        return self.taken_back is None and not self.purged


def add(scope: Scope, about: About, text: str, *, file: tuple[bytes, str] | None = None) -> int:
    """Write a comment, with its evidence if any; return its number.

    Raises Refused when it says nothing, is too long, or holds somebody's name, phone or address;
    FileRefused for an evidence of another type or too large; Forbidden when the data are not the actor's.
    """
    access.check_change(scope.actor, about.association)
    _refuse_elsewhere(scope.store, about)
    said = text.strip()
    _refuse_text(said, file is not None)
    kept = checked(*file) if file else None
    with scope.writing() as writing:
        evidence = EvidenceSaid(kept.name, len(kept.content), writing.keep_file(kept.content)) if kept else None
        return COMMENTS.enter(writing, about.subject, CommentSaid(said, evidence))


def take_back(scope: Scope, about: About, number: int) -> None:
    """Take a comment back: it stays in the event log, and is no longer shown.

    Raises UnknownName when there is no such comment, Refused when it is taken back already, Forbidden
    when the data are not the actor's or the comment is the Métropole's and the actor an association.
    """
    access.check_change(scope.actor, about.association)
    found = _one(scope.store, about, number)
    if scope.actor.role is Role.ASSOCIATION and found.role != Role.ASSOCIATION and found.on_behalf_of is None:
        raise Forbidden("Accès refusé : ce commentaire est celui de la Métropole.")
    if not found.stands:
        raise Refused("Ce commentaire est déjà retiré.")
    with scope.writing() as writing:
        COMMENTS.enter(writing, about.subject, CommentSaid(takes_back=number))


def listed(store: Store, about: About, *, actor: Actor) -> list[Comment]:
    """The comments about it, the oldest first; those taken back too, without what they said.

    Raises Forbidden when the rows are not the actor's to read.
    """
    may_read(actor, about.association)
    _refuse_elsewhere(store, about)
    return _folded(store.entries(KIND, about.subject))


def file(store: Store, about: About, number: int, *, actor: Actor) -> tuple[bytes, str]:
    """The bytes and the name of a comment's evidence.

    Raises UnknownName when it has none, or was taken back; Forbidden when the rows are not the actor's to read.
    """
    found = next((one for one in listed(store, about, actor=actor) if one.number == number), None)
    if found is None or found.sha256 is None or found.file is None:
        raise UnknownName("Cette pièce n’existe pas, ou elle a été retirée.")
    return store.file(found.sha256), found.file


def counted(store: Store, association: str, dataset: str, *, actor: Actor) -> Mapping[str, int]:
    """How many comments stand about each row of a dataset, by key.

    Raises Forbidden when the rows are not the actor's to read.
    """
    may_read(actor, association)
    start = f"{association}/{dataset}/"
    entries: dict[str, list[Entry]] = {}
    for one in store.entries(KIND):
        if one.subject.startswith(start):
            entries.setdefault(one.subject.removeprefix(start), []).append(one)
    counts = {key: sum(one.stands for one in _folded(found)) for key, found in entries.items()}
    return {key: number for key, number in counts.items() if number}


def ended(connection: sa.Connection, data: DataTable, revision: int, before: datetime) -> frozenset[int]:
    """The comments that end with a dataset's past, by number; asked in the transaction that removes it.

    They were taken back before an instant, or were written before it about a deposit made at
    ``revision`` or before, or about a row of which no version outlives it. A comment on the whole
    dataset, or on a row that does, stays for as long as nobody takes it back.
    """
    about = About(data.association, data.dataset.code)
    made = deposits.listed(connection, association=about.association, dataset=about.dataset)
    theirs = {replace(about, deposit=one.number).subject: one.after_revision for one in made}
    whole, past = about.subject, {subject for subject, after in theirs.items() if after <= revision}
    entries = event_log.entries(connection, KIND)
    here = [one for one in entries if one.subject in theirs or f"{one.subject}/".startswith(f"{whole}/")]
    said = {one.number: COMMENTS.read(one) for one in here if one.at < before}
    gone = {one.takes_back for one in said.values() if one.takes_back is not None}
    keys = {one.subject.removeprefix(f"{whole}/") for one in here if one.subject.startswith(f"{whole}/")}
    lost = {f"{whole}/{key}" for key in keys - purge.kept(connection, data, revision, keys)}
    written = {number for number, one in said.items() if one.text is not None}
    over = {one.number for one in here if one.number in written and one.subject in past | lost}
    return frozenset(gone | over)


def may_read(actor: Actor, association: str) -> None:
    """Raise Forbidden unless ``actor`` may read the rows of ``association``."""
    access.check(actor, Action.READ_ROWS, On(association))


def _refuse_elsewhere(store: Store, about: About) -> None:
    """A deposit must be one of that dataset: its number alone says nothing of whose it is."""
    if about.deposit is None:
        return
    own = store.deposits(association=about.association, dataset=about.dataset)
    if about.deposit not in {one.number for one in own}:
        raise UnknownName("Ce dépôt n’est pas de ce jeu de données.")


def _refuse_text(said: str, with_file: bool) -> None:
    if not said and not with_file:
        raise Refused("Écrivez un commentaire, ou joignez une pièce.")
    if len(said) > LONGEST:
        raise Refused(f"Ce commentaire est trop long : {french.number(LONGEST)} caractères au plus.")
    for line in said.splitlines():
        if what := looks_personal(line.strip()):
            raise Refused(
                f"Nous lisons {what} dans ce commentaire. Il n’est pas enregistré : "
                "il ne doit contenir ni nom, ni téléphone, ni adresse d’une personne."
            )


def _one(store: Store, about: About, number: int) -> Comment:
    _refuse_elsewhere(store, about)
    found = next((one for one in _folded(store.entries(KIND, about.subject)) if one.number == number), None)
    if found is None:
        raise UnknownName("Ce commentaire n’existe pas ici.")
    return found


def _folded(entries: list[Entry]) -> list[Comment]:
    """The comments with what was taken back since."""
    said = [(entry, COMMENTS.read(entry)) for entry in entries]
    gone = {one.takes_back: entry for entry, one in said}
    return [_comment(entry, one, gone.get(entry.number)) for entry, one in said if one.takes_back is None]


def _comment(entry: Entry, said: CommentSaid, gone: Entry | None) -> Comment:
    who = (entry.number, entry.at, entry.actor, entry.role, entry.on_behalf_of)
    if gone is not None:
        return Comment(*who, "", taken_back=gone.at, by=gone.actor)
    if said.text is None:
        return Comment(*who, "", purged=True)
    return Comment(*who, said.text, *((said.file.name, said.file.size, said.file.sha256) if said.file else ()))
