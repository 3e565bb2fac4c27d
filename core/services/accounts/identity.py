"""Who an account is for the rest of the product: an address, a name, an Actor."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from core.domain import access
from core.domain.access import Action
from core.domain.actor import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.storage.accounts import AccountRow
from core.storage.writing import Writing

OF_PEOPLE = (Role.LEAD, Role.COMMITTEE, Role.ASSOCIATION)
"""The roles that an account may have."""
TYPED = {"chefferie": Role.LEAD, "comite": Role.COMMITTEE, "association": Role.ASSOCIATION}
"""How roles are typed in the command and in the settings."""
_EMAIL = re.compile(r"[^@\s<>\"',;:()\\]+@[^@\s<>\"',;:()\\]+\.[^@\s<>\"',;:()\\]+")
_LONGEST_EMAIL, _LONGEST_NAME = 254, 80


def email_of(text: str) -> str:
    """The address as it is kept: no space around, small letters.

    Raises Refused when it is no address.
    """
    found = plain_email(text)
    if len(found) > _LONGEST_EMAIL or not _EMAIL.fullmatch(found):
        raise Refused("Ce courriel n’en est pas un. Écrivez-le comme « prenom.nom@exemple.fr ».")
    return found


def plain_email(text: str) -> str:
    """The address as it is looked for, whether it is one or not."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def name_of(text: str) -> str:
    """The name that history shows.

    Raises Refused when it is empty or too long.
    """
    found = " ".join(unicodedata.normalize("NFC", text).split())
    if not found or not found.isprintable() or len(found) > _LONGEST_NAME:
        raise Refused(f"Donnez le nom que l’historique montrera, en {_LONGEST_NAME} caractères au plus.")
    return found


def check_place(role: Role, association: str | None) -> None:
    """Raise Refused when this role cannot have this association."""
    if role not in OF_PEOPLE:
        raise Refused("Un compte est celui de la chefferie de projet, du comité ou d’une association.")
    if role is Role.ASSOCIATION and association is None:
        raise Refused("Dites de quelle association est ce compte.")
    if role is not Role.ASSOCIATION and association is not None:
        raise Refused("Seul un compte d’association a une association.")


def role_of(text: str) -> Role:
    """The role that is typed: chefferie, comite or association; English codes are understood too.

    Raises UnknownName when it is none of them.
    """
    typed = text.strip().casefold().replace("é", "e")
    found = TYPED.get(typed) or next((role for role in OF_PEOPLE if role.value == typed), None)
    if found is None:
        raise UnknownName(f"Le rôle « {text} » n’existe pas. Les rôles : {', '.join(TYPED)}.")
    return found


def actor_of(account: AccountRow) -> Actor:
    """Who acts when this account does."""
    return Actor(account.name, Role(account.role), account.association)


def note(writing: Writing, account: AccountRow, action: str, **more: Any) -> None:
    """A line of the journal about an account: its identifier, role and association, never its address or name."""
    writing.note(action, f"compte/{account.id}", {"role": account.role, "association": account.association, **more})


def acting_for(actor: Actor, association: str) -> Actor:
    """The project lead typing « pour le compte de » an association, which history then says.

    Raises Forbidden for anybody else; an association acts for itself.
    """
    if actor.role is Role.ASSOCIATION and actor.association == association:
        return actor
    if not access.allowed(actor, Action.STEER):
        raise Forbidden("Accès refusé : seule la chefferie de projet saisit pour le compte d’une association.")
    return replace(actor, on_behalf_of=association)
