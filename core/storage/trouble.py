"""What a failure of the base is, whatever the database: gone, busy, full, read-only or damaged, and what to do."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from core.errors import BaseDown


class Trouble(StrEnum):
    """A failure of the base; its value is what to say, without a word of the installation."""

    GONE = (
        "La base ne s’ouvre pas. Vérifiez qu’elle est là et que son serveur est en marche, son adresse "
        "(FABRIQUE_DATABASE_URL) et vos droits."
    )
    BUSY = (
        "La base est occupée depuis trop longtemps. Réessayez dans une minute ; si cela dure, cherchez quel "
        "programme la tient."
    )
    FULL = (
        "La base n’a pas pu être écrite : la place manque, ou le disque ne répond plus. Rien n’a été enregistré. "
        "Vérifiez la place sur le disque, puis recommencez."
    )
    READ_ONLY = (
        "La base n’a pas pu être écrite : elle est en lecture seule. Rien n’a été enregistré. "
        "Vérifiez les droits sur le fichier et sur son dossier, puis recommencez."
    )
    DAMAGED = (
        "La base ne s’ouvre pas : son fichier est abîmé, ou n’est pas une base. Arrêtez Fabrique, gardez ce fichier "
        "de côté, puis reprenez la dernière sauvegarde (fabrique restore)."
    )
    EMPTY = (
        "La base ne s’ouvre pas : son fichier est vide, alors qu’il existe. Rien n’y est écrit. Reprenez la dernière "
        "sauvegarde (fabrique restore) ; pour commencer une base neuve, enlevez d’abord ce fichier."
    )

    VERSION = (
        "La base et ce programme ne sont pas de la même version de Fabrique. Rien n’est lu ni écrit. Arrêtez-le, puis "
        "relancez-le avec la version qui a écrit la base, ou reprenez une sauvegarde de cette version-ci."
    )


# The beginnings of the names that SQLite and PostgreSQL give to what went wrong.
_NAMES = {
    Trouble.BUSY: ("SQLITE_BUSY", "SQLITE_LOCKED", "53300", "55P03"),
    Trouble.FULL: ("SQLITE_FULL", "SQLITE_IOERR", "53100", "58030"),
    Trouble.READ_ONLY: ("SQLITE_READONLY", "SQLITE_PERM", "25006"),
    Trouble.DAMAGED: ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"),
    Trouble.GONE: ("SQLITE_CANTOPEN", "08", "57P", "28", "3D000", "53"),
}


def trouble_of(error: BaseException) -> Trouble | None:
    """What failed; None when it is a statement of ours that the base does not understand."""
    if isinstance(error, sa.exc.TimeoutError):
        return Trouble.BUSY  # all connections are taken
    if not isinstance(error, sa.exc.DBAPIError):
        return None
    name = _name(error)
    found = next((one for one, starts in _NAMES.items() if name.startswith(starts)), None)
    if found is None and (error.connection_invalidated or _is_silent(error, name)):
        return Trouble.GONE
    return found


def down(url: sa.URL, trouble: Trouble, said: object = "") -> BaseDown:
    """The failure of the base at ``url``, with what only who holds the server reads."""
    return BaseDown(trouble, detail=f"{url.render_as_string(hide_password=True)} : {said or trouble.name}")


def _name(error: sa.exc.DBAPIError) -> str:
    """« SQLITE_FULL », « 53100 »: the database's own name for what went wrong."""
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""


def _is_silent(error: sa.exc.DBAPIError, name: str) -> bool:
    """Whether a server did not even answer: its driver has no name for that."""
    return not name and isinstance(error, sa.exc.OperationalError) and hasattr(error.orig, "sqlstate")
