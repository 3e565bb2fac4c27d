"""The addresses of the door: sign in, sign out, open an invitation, change one's password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.deliberation import ASSOCIATIONS
from core.domain.actor import ROLE_WORDS, Actor
from core.errors import Refused
from core.services.accounts import Visit, keeping, links, sessions, sign_in, visit
from dashboard.door import Door
from dashboard.web import sign_in_pages as pages
from dashboard.web.sign_in_forms import (
    device,
    fields_of,
    form_cookie,
    form_secret,
    form_token,
    give_cookie,
    is_ours,
    may_click,
    safe_target,
    take_cookie,
)
from dashboard.web.sign_in_pages import AGAIN, EMAIL, NAME, NEW, OLD, PASSWORD, Dress, Field, form

OWN = ("/connexion", "/deconnexion", "/invitation", "/mot-de-passe")
STALE = "Cette page était ouverte depuis trop longtemps, ou venait d’ailleurs. Recommencez."
DIFFERENT = "Ce n’est pas le même mot de passe que ci-dessus."
_AT_ONCE = anyio.CapacityLimiter(2)
"""How many passwords are tried at once: each try takes 64 Mio and a tenth of a second, on purpose."""


class Desk:
    """Answers the forms of the door."""

    def __init__(self, door: Door, dress: Dress, other: Mapping[str, str] | None = None) -> None:
        """``other`` is another service that signs people in: the words of its button and its address."""
        self.door, self.dress, self.other = door, dress, other or {}

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/connexion", self.sign_in, methods=["GET", "POST"]),
            Route("/connexion/demonstration", self.click, methods=["POST"]),
            Route("/deconnexion", self.sign_out, methods=["GET", "POST"]),
            Route("/invitation/{secret}", self.invitation, methods=["GET", "POST"]),
            Route("/mot-de-passe", self.password, methods=["GET", "POST"]),
        ]

    # --- signing in --------------------------------------------------------------------------

    async def sign_in(self, request: Request) -> Response:
        """/connexion: ask for an address and a password, and open a session."""
        if request.method != "POST":
            return await self._sign_in_page(request)
        fields = await fields_of(request)
        if fields is None or not is_ours(request, self.door, fields):
            return await self._sign_in_page(request, fields, STALE, 403)
        try:
            secret = await self._slow(
                lambda: sign_in.with_password(
                    self.door.office,
                    fields.get("courriel", ""),
                    fields.get("mot_de_passe", ""),
                    device=device(request),
                    at=self.door.clock(),
                )
            )
        except Refused as error:
            return await self._sign_in_page(request, fields, str(error), 401)
        return await self.welcome(request, secret, fields.get("vers"))

    async def click(self, request: Request) -> Response:
        """/connexion/demonstration: open one of the fictitious accounts, on this machine only."""
        fields = await fields_of(request)
        if not may_click(request, self.door) or not is_ours(request, self.door, fields):
            return await self._sign_in_page(request, fields, STALE, 403)
        email = (fields or {}).get("compte", "")
        try:
            secret = await self._quick(
                lambda: sign_in.known_as(self.door.office, email, device=device(request), at=self.door.clock())
            )
        except Refused as error:
            return await self._sign_in_page(request, fields, str(error), 401)
        return await self.welcome(request, secret, (fields or {}).get("vers"))

    async def welcome(self, request: Request, secret: str, wanted: str | None) -> Response:
        """Let somebody in: the session of before ends, the new one's cookie is given."""
        await self._end(request)
        answer = RedirectResponse(safe_target(wanted), status_code=303, headers=_UNKEPT)
        give_cookie(answer, request, self.door, self.door.cookie, secret)
        take_cookie(answer, request, self.door, form_cookie(self.door))
        return answer

    async def refuse(self, request: Request, problem: str, status: int) -> Response:
        """The sign-in page, with why another way in did not work."""
        return await self._sign_in_page(request, None, problem, status)

    async def _sign_in_page(
        self, request: Request, fields: Mapping[str, str] | None = None, problem: str = "", status: int = 200
    ) -> Response:
        target = safe_target((fields or request.query_params).get("vers"))
        secret = form_secret(request, self.door)
        token = form_token(secret)
        email = replace(EMAIL, value=(fields or {}).get("courriel", ""))
        hidden = [pages.hidden("vers", target)]
        password: list[Any] = [
            form("/connexion", token, [email, PASSWORD], "Se connecter", problem=problem, hidden=hidden),
            [pages.other_way(words, f"{address}?vers={pages.quoted(target)}") for words, address in self.other.items()],
            pages.sentence("Mot de passe oublié, ou pas encore de compte ? Demandez un lien à la chefferie de projet."),
        ]
        if may_click(request, self.door):
            password = [
                pages.people(token, _fictitious_people(), target),
                pages.otherwise(*password, opened=bool(problem)),
            ]
        return self._page(request, "Se connecter", *password, status=status, secret=secret)

    # --- signing out -------------------------------------------------------------------------

    async def sign_out(self, request: Request) -> Response:
        """/deconnexion: end the session, whatever tab shows it."""
        if request.method != "POST":
            return self._sign_out_page(request)
        if not is_ours(request, self.door, await fields_of(request)):
            return self._sign_out_page(request, STALE, 403)
        await self._end(request)
        answer = RedirectResponse("/connexion", status_code=303, headers=_UNKEPT)
        take_cookie(answer, request, self.door, self.door.cookie)
        return answer

    def _sign_out_page(self, request: Request, problem: str = "", status: int = 200) -> Response:
        secret = form_secret(request, self.door)
        asked = form("/deconnexion", form_token(secret), [], "Se déconnecter", problem=problem)
        told = pages.sentence("Tous les onglets ouverts avec cette connexion se ferment.")
        return self._page(request, "Se déconnecter", told, asked, status=status, secret=secret)

    async def _end(self, request: Request) -> None:
        held = request.cookies.get(self.door.cookie)
        await self._quick(lambda: sessions.end(self.door.office, held, at=self.door.clock()))

    # --- links that open once ----------------------------------------------------------------

    async def invitation(self, request: Request) -> Response:
        """/invitation/…: choose a password with a link that opens once."""
        secret = request.path_params["secret"]
        try:
            link = await self._quick(lambda: links.look(self.door.office, secret, at=self.door.clock()))
        except Refused as error:
            gone = [pages.notice(str(error), title="Lien sans effet"), pages.link("Se connecter", "/connexion")]
            return self._page(request, "Ce lien ne fonctionne plus", *gone, status=410)
        if request.method != "POST":
            return self._invitation_page(request, link)
        fields = await fields_of(request)
        if fields is None or not is_ours(request, self.door, fields):
            return self._invitation_page(request, link, fields, {"": STALE}, 403)
        if fields.get("nouveau") != fields.get("encore"):
            return self._invitation_page(request, link, fields, {"encore": DIFFERENT}, 422)
        try:
            session = await self._slow(lambda: self._accept(link, secret, fields, device(request)))
        except Refused as error:
            return self._invitation_page(request, link, fields, {"nouveau": str(error)}, 422)
        return await self.welcome(request, session, "/")

    def _accept(self, link: links.Link, secret: str, fields: Mapping[str, str], where: str) -> str:
        office, at, new = self.door.office, self.door.clock(), fields.get("nouveau", "")
        if link.account is not None:
            return links.accept(office, secret, new, device=where, at=at)
        email, name = fields.get("courriel", ""), fields.get("nom", "")
        return links.accept_set_up(office, secret, email, name, new, device=where, at=at)

    def _invitation_page(
        self,
        request: Request,
        link: links.Link,
        fields: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        first = link.account is None
        title = "Première mise en service" if first else "Choisir votre mot de passe"
        told = (
            pages.sentence("Ce compte sera celui de la chefferie de projet : il invitera les autres.")
            if link.account is None
            else pages.identity(link.account.name, link.account.email)
        )
        asked = [*([EMAIL, NAME] if first else []), NEW, AGAIN]
        secret = form_secret(request, self.door)
        email = link.account.email if link.account else ""
        body = self._form(request.url.path, secret, asked, "Ouvrir mon accès", fields, problems, email)
        return self._page(request, title, told, body, status=status, secret=secret)

    # --- one's own password ------------------------------------------------------------------

    async def password(self, request: Request) -> Response:
        """/mot-de-passe: change one's own password; the other sessions end."""
        held = request.cookies.get(self.door.cookie)
        who = await self._quick(lambda: visit(self.door.office, held, at=self.door.clock()))
        if who is None:
            return RedirectResponse("/connexion?vers=/mot-de-passe", status_code=303, headers=_UNKEPT)
        if request.method != "POST":
            return self._password_page(request, who)
        fields = await fields_of(request)
        if fields is None or not is_ours(request, self.door, fields):
            return self._password_page(request, who, {"": STALE}, 403)
        if fields.get("nouveau") != fields.get("encore"):
            return self._password_page(request, who, {"encore": DIFFERENT}, 422)
        try:
            await self._slow(lambda: self._change(who, fields))
        except Refused as error:
            return self._password_page(request, who, {"": str(error)}, 422)
        return self._page(request, "Mot de passe changé", pages.notice(CHANGED), pages.link("Continuer", "/"))

    def _change(self, who: Visit, fields: Mapping[str, str]) -> None:
        old, new = fields.get("ancien", ""), fields.get("nouveau", "")
        keeping.change_password(self.door.office, who, old, new, at=self.door.clock())

    def _password_page(
        self, request: Request, who: Visit, problems: Mapping[str, str] | None = None, status: int = 200
    ) -> Response:
        if who.account.password is None:
            told = "Votre compte n’a pas de mot de passe : vous entrez par un autre service, ou par la démonstration."
            return self._page(request, "Changer mon mot de passe", pages.notice(told), pages.link("Revenir", "/"))
        secret = form_secret(request, self.door)
        asked, email = [OLD, NEW, AGAIN], who.account.email
        body = self._form("/mot-de-passe", secret, asked, "Changer mon mot de passe", None, problems, email)
        told = pages.identity(who.account.name, who.account.email)
        return self._page(request, "Changer mon mot de passe", told, body, status=status, secret=secret)

    # --- common ------------------------------------------------------------------------------

    def _form(
        self,
        action: str,
        secret: str,
        asked: list[Field],
        button: str,
        fields: Mapping[str, str] | None,
        problems: Mapping[str, str] | None,
        whose: str = "",
    ) -> Any:
        known, wrong = fields or {}, problems or {}
        typed = {one.name: "" if one.kind == "password" else known.get(one.name, "") for one in asked}
        kept = [replace(one, value=typed[one.name], problem=wrong.get(one.name, "")) for one in asked]
        told = [pages.account_of_password(whose)] if whose else []
        return form(action, form_token(secret), kept, button, problem=wrong.get("", ""), hidden=told)

    def _page(
        self, request: Request, title: str, *parts: Any, status: int = 200, secret: str | None = None
    ) -> Response:
        answer = HTMLResponse(pages.page(self.dress, title, *parts), status_code=status, headers=_UNKEPT)
        if secret is not None:
            give_cookie(answer, request, self.door, form_cookie(self.door), secret)
        return answer

    @staticmethod
    async def _quick(work: Callable[[], Any]) -> Any:
        return await anyio.to_thread.run_sync(work)

    @staticmethod
    async def _slow(work: Callable[[], Any]) -> Any:
        return await anyio.to_thread.run_sync(work, limiter=_AT_ONCE)


CHANGED = "Votre mot de passe est changé. Vos autres connexions, s’il y en avait, sont fermées."
_UNKEPT = {"cache-control": "no-store"}


def _fictitious_people() -> list[tuple[str, str, str]]:
    """The demonstration's accounts: address, name, and whose they are."""
    from core.demonstration.accounts import EMAILS

    return [(email, actor.name, _place(actor)) for email, actor in EMAILS.items()]


def _place(actor: Actor) -> str:
    """« Point Formation », « Comité »."""
    if actor.association in ASSOCIATIONS:
        return ASSOCIATIONS[actor.association].name
    word = ROLE_WORDS[actor.role]
    return word[:1].upper() + word[1:]
