"""Accepted files, kept byte for byte, once each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import sqlalchemy as sa

from core.errors import JournalBroken, UnknownName
from core.storage.tables import files


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


def verify(connection: sa.Connection, purged: Collection[str] = ()) -> None:
    """Raise JournalBroken when the bytes of a kept file changed; those of ``purged`` may be gone."""
    for sha256 in connection.scalars(sa.select(files.c.sha256).order_by(files.c.sha256)).all():
        found = bytes(connection.scalar(sa.select(files.c.content).where(files.c.sha256 == sha256)) or b"")
        if hashlib.sha256(found).hexdigest() != sha256 and (found or sha256 not in purged):
            raise JournalBroken(
                f"Un fichier gardé ne correspond plus à son empreinte {sha256} : ses octets ont changé. "
                "Reprenez-le dans une sauvegarde."
            )
