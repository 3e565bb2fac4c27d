"""Who calls the API, how often, and what a refusal says (RFC 9457), in French."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.accounts import tokens, visit
from core.domain import access
from core.domain.access import Action, Actor, On, Role
from core.domain.french import typeset
from core.errors import Forbidden
from dashboard.context import Context
from dashboard.web.gate import session_cookie

MEDIA = "application/problem+json"
TITLES = {
    400: "Demande mal formée",
    401: "Jeton ou session manquants",
    403: "Accès refusé",
    404: "Adresse ou code inconnus",
    405: "Lecture seule",
    429: "Trop de demandes",
    500: "Erreur imprévue",
    503: "Pas de réponse en ce moment",
}


@dataclass
class ProblemDetails(Exception):
    """What stops a request: ``detail`` is one French sentence that says what to do."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, path: str) -> Response:
        """The response."""
        told = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": typeset(self.detail),
            "instance": path,
        }
        headers = {"cache-control": "no-store", **self.headers}
        return JSONResponse(told, status_code=self.status, headers=headers, media_type=MEDIA)


# --- How much one caller may ask: a bucket of requests that fills again with time ------------------


AT_ONCE = 2
"""How many answers are worked out together: the pages keep the rest of the machine."""


@dataclass
class Buckets:
    """``size`` requests at once for each caller, one more every ``every`` seconds."""

    size: int = 120
    every: float = 0.5
    clock: Callable[[], float] = monotonic
    most: int = 2000
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, caller: str) -> None:
        """Count one request. Raises Problem 429, with the time to wait, when the bucket is empty."""
        with self._lock:
            now = self.clock()
            left, seen = self._held.pop(caller, (float(self.size), now))
            left = min(self.size, left + (now - seen) / self.every)
            self._held[caller] = (max(0.0, left - 1), now)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        if left < 1:
            wait = str(max(1, round((1 - left) * self.every)))
            raise ProblemDetails(429, f"Trop de demandes à la suite : réessayez dans {wait} s.", {"retry-after": wait})


# --- Who asks: a person signed in, a key, or anybody when the setting allows it --------------------


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


def caller_of(request: Request, context: Context, at: datetime) -> Caller:
    """Who sends this request. Raises Problem 401 for a key that opens nothing.

    A key wins over a session: who sends one means it. Nobody is a caller too: the policy then says
    what is public.
    """
    given = request.headers.get("authorization")
    if given is not None:
        return _bearer(given, context, at)
    door = context.door
    secret = session_cookie(request.scope, door) if door else None
    found = visit(door.office, secret, at=door.clock()) if door and secret else None
    if found is not None:
        rows = access.allowed(found.actor, Action.READ_COUNTS)
        return Caller(f"compte {found.account.id}", found.actor, rows=rows)
    host = request.client.host if request.client else "?"
    return Caller(f"public {host}", None, rows=False)


def _bearer(given: str, context: Context, at: datetime) -> Caller:
    kind, _, secret = given.partition(" ")
    token = tokens.holder(context.store, secret.strip(), at=at) if kind.lower() == "bearer" else None
    if token is None:
        raise ProblemDetails(401, BAD_TOKEN, CHALLENGE)
    actor = Actor(f"jeton « {token.name} »", Role.COMMITTEE)
    return Caller(f"jeton {token.id}", actor, token.associations, token.rows)
