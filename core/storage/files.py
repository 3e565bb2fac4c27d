"""Accepted files, kept byte for byte, once each."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from core.errors import UnknownName
from core.storage.tables import files


def keep(connection: sa.Connection, content: bytes) -> str:
    """Store ``content`` unless it is already there; return its SHA-256 in hexadecimal."""
    sha256 = hashlib.sha256(content).hexdigest()
    if connection.scalar(sa.select(files.c.sha256).where(files.c.sha256 == sha256)) is None:
        connection.execute(sa.insert(files).values(sha256=sha256, size=len(content), content=content))
    return sha256


def content(connection: sa.Connection, sha256: str) -> bytes:
    """The bytes of a kept file.

    Raises UnknownName when no kept file has that SHA-256.
    """
    found = connection.scalar(sa.select(files.c.content).where(files.c.sha256 == sha256))
    if found is None:
        raise UnknownName(f"Aucun fichier gardé n’a l’empreinte « {sha256} ». Relisez-la dans l’historique.")
    return bytes(found)
