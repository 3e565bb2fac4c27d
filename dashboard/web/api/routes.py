"""The API as routes: who asks, how much, what; then the answer, with an ETag that follows the data."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.access import SIGN_IN
from core.errors import BaseBusy, BaseDown, FabriqueError, Forbidden, UnknownName
from dashboard.context import Context
from dashboard.web.api.answers import Ask
from dashboard.web.api.caller import AT_ONCE, CHALLENGE, NO_TOKEN, Buckets, Caller, ProblemDetails, caller_of
from dashboard.web.api.specification import BASE, ENDPOINTS, Endpoint, api_page, document
from dashboard.web.sign_in_pages import PageDress
from dashboard.web.wall import AGAIN_IN, noted, told_of

logger = logging.getLogger("fabrique.api")

_at_once: RunVar[anyio.CapacityLimiter] = RunVar("api_at_once")
_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ELSEWHERE = "Cette adresse n’existe pas ; celles qui existent sont sur la page /api."
READ_ONLY = "L’interface de programmation se lit : seules les demandes GET sont comprises."
UNFORESEEN = "Une erreur imprévue arrête cette demande. Rien n’a été modifié ; signalez l’adresse à l’équipe du projet."


def api_routes(context: Context, dress: PageDress, buckets: Buckets | None = None) -> list[BaseRoute]:
    """Every address under /api."""
    return Api(context, dress, buckets or Buckets()).routes()


class Api:
    """Answers programs; everything that reads the store does it in a thread, a few at a time."""

    def __init__(self, context: Context, dress: PageDress, buckets: Buckets) -> None:
        self.context, self.dress, self.buckets = context, dress, buckets

    def routes(self) -> list[BaseRoute]:
        """The page, the description, the addresses, and a refusal for anything else."""
        return [
            Route("/api", self.page),
            Route(f"{BASE}/openapi.json", self.description),
            *[Route(f"{BASE}{_typed(one.path)}", self.answering(one)) for one in ENDPOINTS],
            Route("/api/{rest:path}", self.elsewhere, methods=_ANY),
        ]

    @property
    def public(self) -> bool:
        """Whether anybody is answered."""
        return self.context.settings is not None and self.context.settings.public

    async def page(self, _request: Request) -> Response:
        """/api: what there is, in French."""
        return HTMLResponse(api_page(self.dress, public=self.public), headers={"cache-control": "no-cache"})

    async def description(self, _request: Request) -> Response:
        """The OpenAPI document; it holds no data."""
        cookie = self.context.door.cookie if self.context.door else "fabrique"
        return JSONResponse(document(cookie), headers={"cache-control": "no-cache"})

    async def elsewhere(self, request: Request) -> Response:
        """An address that nothing bears, or a verb that changes things."""
        if request.method not in ("GET", "HEAD"):
            return ProblemDetails(405, READ_ONLY, {"allow": "GET, HEAD"}).answer(request.url.path)
        return ProblemDetails(404, ELSEWHERE).answer(request.url.path)

    def answering(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """The handler of one address."""

        async def answer(request: Request) -> Response:
            return await anyio.to_thread.run_sync(self.guarded, endpoint, request, limiter=_limiter())

        return answer

    def guarded(self, endpoint: Endpoint, request: Request) -> Response:
        """The answer, or the refusal in French; never a traceback."""
        path = request.url.path
        try:
            return self.answer(endpoint, request)
        except ProblemDetails as problem:
            return problem.answer(path)
        except UnknownName as error:
            return ProblemDetails(404, str(error)).answer(path)
        except Forbidden as error:
            return ProblemDetails(403, str(error)).answer(path)
        except (BaseDown, BaseBusy) as error:
            return unserved(error, path)
        except FabriqueError as error:
            return ProblemDetails(400, str(error)).answer(path)
        except Exception:
            logger.exception("API %s failed", path)
            return ProblemDetails(500, UNFORESEEN).answer(path)

    def answer(self, endpoint: Endpoint, request: Request) -> Response:
        """Who asks, whether he or she may, what was asked, and whether it changed."""
        caller = caller_of(request, self.context, self.context.instant)
        self.buckets.take(caller.key)
        self.allow(endpoint, caller)
        given = endpoint.read(request.path_params, dict(request.query_params))
        etag = self.etag(caller, request)
        headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "Authorization, Cookie"}
        ask = Ask(self.context, caller, given)
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return JSONResponse(endpoint.answer(ask), headers=headers)

    def allow(self, endpoint: Endpoint, caller: Caller) -> None:
        """Raise Problem 401 or Forbidden unless the caller may ask this address."""
        if not caller.public:
            caller.check(endpoint.action)
        elif not self.public:
            raise ProblemDetails(401, NO_TOKEN, CHALLENGE)
        elif not endpoint.published:
            raise ProblemDetails(401, f"{SIGN_IN} Cette adresse n’est pas ouverte à tous.", CHALLENGE)

    def etag(self, caller: Caller, request: Request) -> str:
        """Changes with the data, the day, what the caller may read and what is asked."""
        store, settings = self.context.store, self.context.settings
        known = (store.latest(), store.last_entry(), self.context.today, getattr(settings, "mask_below", 5))
        text = "|".join(map(str, (*known, caller.scope, request.url.path, request.url.query)))
        return f'"{store.latest()}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def unserved(error: BaseDown | BaseBusy, path: str) -> Response:
    """The base does not serve: what everybody may know of it, when to ask again, the rest in the log."""
    told, word = told_of(error), noted(error)
    text = f"{told.title}. Redemandez dans {AGAIN_IN} secondes. Référence pour qui tient le serveur : {word}."
    return ProblemDetails(told.status, text, {"retry-after": str(AGAIN_IN)}).answer(path)


def _limiter() -> anyio.CapacityLimiter:
    """The one of this event loop."""
    try:
        return _at_once.get()
    except LookupError:
        _at_once.set(anyio.CapacityLimiter(AT_ONCE))
        return _at_once.get()


def _typed(path: str) -> str:
    """The path as the router reads it: a number that is none is another address."""
    return path.replace("{number}", "{number:int}")
