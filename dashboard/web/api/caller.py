"""Who asks: a person signed in, a key, or anybody when the setting allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from core.domain import access
from core.domain.access import Action, On
from core.domain.actor import Actor, Role
from core.errors import Forbidden
from core.services import tokens
from core.services.accounts import visit
from dashboard.web.api.problems import Problem
from dashboard.web.gate import session_cookie

CHALLENGE = {"www-authenticate": 'Bearer realm="Fabrique"'}
NO_ROWS = "Ce jeton ne lit que des totaux : ni les lignes, ni les dépôts."
BAD_TOKEN = "Ce jeton n’ouvre rien : il est mal recopié, terminé ou révoqué. Demandez-en un autre à la Métropole."
NO_TOKEN = "Donnez un jeton dans l’en-tête « Authorization: Bearer … », ou connectez-vous d’abord."
ELSEWHERE = "Ce jeton ne lit que les données de son association."


@dataclass(frozen=True, slots=True)
class Caller:
    """What somebody may read.

    ``actor`` is None for anybody; ``associations`` are those read (empty: all); ``rows`` lets rows,
    deposits and small counts be read. ``key`` tells callers apart, ``scope`` what is answered to them.
    """

    key: str
    actor: Actor | None
    associations: tuple[str, ...] = ()
    rows: bool = True

    @property
    def public(self) -> bool:
        """Whether nobody in particular asks."""
        return self.actor is None

    @property
    def masked(self) -> bool:
        """Whether small counts of people are hidden."""
        return not self.rows

    @property
    def scope(self) -> str:
        """What the answer depends on."""
        who = f"{self.actor.role}/{self.actor.association}" if self.actor else "public"
        return f"{who}|{','.join(self.associations)}|{self.rows}"

    def sees(self, association: str) -> bool:
        """Whether figures of that association are answered."""
        return not self.associations or association in self.associations

    def check(self, action: Action, association: str | None = None) -> None:
        """Raise Forbidden unless the policy lets the caller do this with the data of ``association``."""
        if action is Action.READ_ROWS and not self.rows:
            raise Forbidden(NO_ROWS)
        if association is not None and not self.sees(association):
            raise Forbidden(ELSEWHERE)
        access.check(self._acting(association), action, On(association))

    def may(self, action: Action, association: str) -> bool:
        """Whether ``check`` would pass."""
        try:
            self.check(action, association)
        except Forbidden:
            return False
        return True

    def _acting(self, association: str | None) -> Actor | None:
        """A key of some associations acts for the one concerned, one after the other."""
        if self.actor is None or not self.associations:
            return self.actor
        return Actor(self.actor.name, Role.ASSOCIATION, association or self.associations[0])


def caller_of(request: Request, context: Any, at: datetime) -> Caller:
    """Who sends this request. Raises Problem 401 for a key that opens nothing.

    A key wins over a session: who sends one means it. Nobody is a caller too: the policy then says
    what is public.
    """
    given = request.headers.get("authorization")
    if given is not None:
        return _bearer(given, context, at)
    secret = session_cookie(request.scope, context.door) if context.door else None
    found = visit(context.door.office, secret, at=context.door.clock()) if secret else None
    if found is not None:
        return Caller(f"compte {found.account.id}", found.actor)
    host = request.client.host if request.client else "?"
    return Caller(f"public {host}", None, rows=False)


def _bearer(given: str, context: Any, at: datetime) -> Caller:
    kind, _, secret = given.partition(" ")
    token = tokens.holder(context.store, secret.strip(), at=at) if kind.lower() == "bearer" else None
    if token is None:
        raise Problem(401, BAD_TOKEN, CHALLENGE)
    actor = Actor(f"jeton « {token.name} »", Role.COMMITTEE)
    return Caller(f"jeton {token.id}", actor, token.associations, token.rows)
