"""The last wall: whatever fails behind it, one page in French, and nothing of the installation.

A base that does not serve answers 503 and comes back by itself; a failure that nobody foresaw, 500. The log
says the rest, under a reference that the page gives: who reads it holds the server.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.domain.french import typeset
from core.errors import BaseBusy, BaseDown
from core.storage.engine import Trouble
from dashboard.boundary import reference
from dashboard.components.html import Child, tag
from dashboard.web.index import is_under
from dashboard.web.sign_in_pages import PageDress, page, sentence

logger = logging.getLogger("fabrique.dashboard")

AGAIN_IN = 30
"""Seconds after which the page asks again."""
_BARE = ("/media", "/_stcore", "/component", "/static", "/habillage", "/metrics")


@dataclass(frozen=True, slots=True)
class FailureAnswer:
    """What a failure answers."""

    status: int
    title: str
    sentence: str


DOWN = FailureAnswer(
    503,
    "Fabrique ne lit pas ses données en ce moment",
    "Ce qui est enregistré le reste. Cette page redemande toute seule : il n’y a rien à faire d’autre qu’attendre.",
)
FULL = FailureAnswer(
    503,
    "Fabrique n’enregistre rien en ce moment",
    "Ce qui était enregistré le reste ; ce que vous venez d’envoyer ne l’est pas. Réessayez plus tard.",
)
BUSY = FailureAnswer(
    503,
    "Fabrique est occupée",
    "Quelqu’un d’autre enregistre en ce moment. Rien n’a été changé : réessayez dans une minute.",
)
VERSION = FailureAnswer(
    503,
    "Fabrique change de version",
    "Sa base et ce serveur ne sont pas de la même version : rien n’est lu ni enregistré. Si vous tenez ce serveur, "
    "relancez-le avec la version qui a écrit la base, ou reprenez une sauvegarde de la version d’avant.",
)
ODD = FailureAnswer(
    500,
    "Cette page ne s’affiche pas",
    "Une erreur imprévue l’arrête. Rien n’a été modifié. Rechargez la page.",
)

_OF_TROUBLE = {Trouble.FULL: FULL, Trouble.READ_ONLY: FULL, Trouble.VERSION: VERSION}
MALFORMED = FailureAnswer(400, "Cette adresse est mal formée", "Elle contient un caractère qu’aucune adresse ne porte.")


class Wall:
    """ASGI middleware: an exception becomes an answer."""

    def __init__(self, app: ASGIApp, dress: PageDress) -> None:
        self.app, self.dress = app, dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if _is_malformed(scope):
            await self._answer(scope, MALFORMED, "", receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last wall
            told, word = told_of(error), noted(error)
            if not begun:
                await self._answer(scope, told, word, receive, send)

    async def _answer(self, scope: Scope, told: FailureAnswer, word: str, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})  # the page tries again by itself
            return
        await self._page(scope, told, word)(scope, receive, send)

    def _page(self, scope: Scope, told: FailureAnswer, word: str) -> Response:
        headers = {"cache-control": "no-store"} | ({"retry-after": str(AGAIN_IN)} if told.status == 503 else {})
        if (scope["method"] not in ("GET", "HEAD") and told is ODD) or is_under(scope["path"], _BARE):
            text = f"{told.title}. {told.sentence} Référence : {word}."
            return PlainTextResponse(typeset(text), status_code=told.status, headers=headers)
        if told.status == 503 and scope["method"] == "GET":
            headers["refresh"] = str(AGAIN_IN)
        known = [_for_who_knows(word), _again()] if word else [tag("p", tag("a", "Revenir", href="/", class_="link"))]
        body = page(self.dress, told.title, sentence(told.sentence), *known)
        return HTMLResponse(body, status_code=told.status, headers=headers)


def _is_malformed(scope: Scope) -> bool:
    """Whether an address holds the one character that neither files nor PostgreSQL keep."""
    return "\x00" in scope["path"] or b"%00" in scope.get("query_string", b"")


def told_of(error: Exception) -> FailureAnswer:
    """What a failure answers: nothing of its own words."""
    if isinstance(error, BaseBusy):
        return BUSY
    if isinstance(error, BaseDown):
        return _OF_TROUBLE.get(error.args[0], DOWN)
    return ODD


def noted(error: Exception) -> str:
    """Write a failure to the log; return the reference under which it stands there."""
    word = reference()
    if isinstance(error, BaseDown):
        logger.error("base down, reference %s: %s (%s)", word, error, error.detail)
    elif isinstance(error, BaseBusy):
        logger.warning("base busy, reference %s", word)
    else:
        logger.error("request failed, reference %s", word, exc_info=error)
    return word


def _for_who_knows(word: str) -> Child:
    return sentence(
        "Si vous tenez ce serveur : son journal dit ce qui manque et quoi faire, à la référence ",
        tag("strong", word),
        ".",
    )


def _again() -> Child:
    return tag("p", tag("a", "Réessayer maintenant", href="", class_="link"))
