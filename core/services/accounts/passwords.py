"""Passwords: the rules that one must keep, and argon2, which makes each try slow."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Refused

SHORTEST, LONGEST = 12, 200
RULE = f"{SHORTEST} caractères au moins, et pas votre courriel. Une phrase se retient mieux qu’un mot compliqué."
_HASHER = PasswordHasher()


def choose(password: str, email: str) -> str:
    """What is kept of a new password.

    Raises Refused, saying which rule it breaks.
    """
    same = _same_everywhere(password)
    if len(same) < SHORTEST:
        raise Refused(f"Ce mot de passe est trop court : il faut {SHORTEST} caractères au moins.")
    if len(same) > LONGEST:
        raise Refused(f"Ce mot de passe est trop long : {LONGEST} caractères au plus.")
    if same.casefold().strip() in (email, email.partition("@")[0]):
        raise Refused("Ce mot de passe est votre courriel : choisissez-en un autre.")
    if len(set(same)) < 4:
        raise Refused("Ce mot de passe répète les mêmes caractères : choisissez-en un autre.")
    return _HASHER.hash(same)


def agrees(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was kept; as slow when nothing was."""
    try:
        return _HASHER.verify(kept or _nobodys(), _same_everywhere(password)[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """The hash that is tried for who has none, so that the answer takes as long."""
    return _HASHER.hash("le mot de passe de personne")


def _same_everywhere(password: str) -> str:
    """One keyboard writes « é » as one sign, another as two: the same password."""
    return unicodedata.normalize("NFKC", password)
