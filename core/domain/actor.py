"""Who acts: the name that history shows and the role that the policy asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The four roles of the programme, and the machine itself."""

    ASSOCIATION = "association"
    COMMITTEE = "committee"
    LEAD = "lead"
    PUBLIC = "public"
    SYSTEM = "system"


ROLE_WORDS: Mapping[Role, str] = {
    Role.LEAD: "chefferie de projet",
    Role.COMMITTEE: "comité",
    Role.ASSOCIATION: "association",
    Role.PUBLIC: "public",
    Role.SYSTEM: "Fabrique",
}
"""How people read a role."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or process that acts.

    ``on_behalf_of`` is the association in whose stead the project lead types
    (« saisi pour le compte de »), else None.
    """

    name: str
    role: Role
    association: str | None = None
    on_behalf_of: str | None = None
