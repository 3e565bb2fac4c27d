"""The addresses of the door: sign in, sign out, open an invitation, change one's password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.accounts import Visit, accounts, sign_in, tries, visit
from core.deliberation import ASSOCIATIONS
from core.domain import french
from core.domain.access import ROLE_WORDS, Actor, Role
from core.errors import BaseBusy, BaseDown, Refused
from dashboard.components import conformity
from dashboard.components.html import Child, Html
from dashboard.door import Door
from dashboard.web import sign_in_pages as pages
from dashboard.web.sign_in_pages import (
    AGAIN,
    EMAIL,
    NAME,
    NEW,
    OLD,
    PASSWORD,
    UNKEPT,
    FormField,
    PageDress,
    browser_cookie,
    browser_secret,
    device,
    fields_of,
    form,
    form_cookie,
    form_secret,
    form_token,
    give_cookie,
    is_ours,
    may_click,
    origin,
    safe_target,
    take_cookie,
)

CODE_STEP, FACTOR = "/connexion/code", "/double-authentification"
OWN = ("/connexion", "/deconnexion", "/invitation", "/mot-de-passe", FACTOR)
STALE = "Cette page était ouverte depuis trop longtemps, ou venait d’ailleurs. Recommencez."
STILL_IN = "Quelqu’un d’autre enregistre en ce moment : vous êtes encore connecté. Réessayez dans une minute."
DIFFERENT = "Ce n’est pas le même mot de passe que ci-dessus."
T = TypeVar("T")
_HOMES = {Role.ASSOCIATION: "/mes-donnees", Role.LEAD: "/avant-le-comite"}
"""What an association owes; what is still to be done before the committee."""
_AT_ONCE = anyio.CapacityLimiter(2)
"""How many passwords are tried at once: each try takes 64 Mio and a tenth of a second, on purpose."""


class SignInRoutes:
    """Answers the forms of the door."""

    def __init__(self, door: Door, dress: PageDress, other: Mapping[str, str] | None = None) -> None:
        """``other`` is another service that signs people in: the words of its button and its address."""
        self.door, self.dress, self.other = door, dress, other or {}
        self.farewell: Callable[[Request, str], Awaitable[str | None]] | None = None

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/connexion", self.sign_in, methods=["GET", "POST"]),
            Route(pages.STATEMENT, self.statement, methods=["GET"]),
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
                    origin=origin(request, self.door),
                )
            )
        except Refused as error:
            return await self._sign_in_page(request, fields, str(error), status_of(error, 401))
        return await self.welcome(request, secret, fields.get("vers"))

    async def statement(self, _request: Request) -> Response:
        """/connexion/accessibilite: what the service says of its accessibility, to anybody."""
        back = pages.sentence(pages.link("Se connecter", "/connexion"))
        return HTMLResponse(pages.page(self.dress, conformity.TITLE, conformity.statement(), back))

    async def click(self, request: Request) -> Response:
        """/connexion/demonstration: open one of the fictitious accounts, on this machine only."""
        fields = await fields_of(request)
        if not may_click(request, self.door) or not is_ours(request, self.door, fields):
            return await self._sign_in_page(request, fields, STALE, 403)
        email = (fields or {}).get("compte", "")
        try:
            secret = await self.quick(
                lambda: sign_in.known_as(self.door.office, email, device=device(request), at=self.door.clock())
            )
        except Refused as error:
            return await self._sign_in_page(request, fields, str(error), status_of(error, 401))
        return await self.welcome(request, secret, (fields or {}).get("vers"))

    async def welcome(self, request: Request, secret: str, wanted: str | None) -> Response:
        """Let somebody in, or ask her for a code: the session of before ends, the new one's cookie is given."""
        await self._end(request)
        waits = await self.quick(lambda: sign_in.waiting(self.door.office, secret, at=self.door.clock()))
        if waits:
            answer = RedirectResponse(f"{CODE_STEP}?vers={pages.quoted(safe_target(wanted))}", 303, UNKEPT)
            give_cookie(answer, request, self.door, self.door.cookie, secret)
            return answer
        answer = RedirectResponse(await self.landing(secret, wanted), status_code=303, headers=UNKEPT)
        await self.let_in(answer, request, secret)
        return answer

    async def let_in(self, answer: Response, request: Request, secret: str) -> None:
        """Give the cookie of a session that is open, and the one by which this browser is known from now on."""
        give_cookie(answer, request, self.door, self.door.cookie, secret)
        take_cookie(answer, request, self.door, form_cookie(self.door))
        await self.remember(answer, request, secret)

    async def remember(self, answer: Response, request: Request, secret: str | None) -> None:
        """Know this browser: no stranger's wrong passwords keep her out of it."""
        office, at, browser = self.door.office, self.door.clock(), browser_secret(request, self.door)

        def write() -> bool:
            who = visit(office, secret, at=at)
            with suppress(BaseBusy, BaseDown):
                if who:
                    tries.remember(office, who.account, browser, at)
            return who is not None

        if await self.quick(write):
            give_cookie(answer, request, self.door, browser_cookie(self.door), browser, lasts=office.rules.browser)

    async def landing(self, secret: str, wanted: str | None) -> str:
        """The page that was asked for; else what each has to do, and the first page for the others."""
        target = safe_target(wanted)
        if target != "/":
            return target
        found = await anyio.to_thread.run_sync(lambda: visit(self.door.office, secret, at=self.door.clock()))
        return _HOMES.get(found.actor.role, target) if found else target

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
        password: list[Child] = [
            form("/connexion", token, [email, PASSWORD], "Se connecter", problem=problem, hidden=hidden),
            [pages.other_way(words, f"{address}?vers={pages.quoted(target)}") for words, address in self.other.items()],
            pages.sentence("Mot de passe oublié, ou pas encore de compte ? Demandez un lien à la chefferie de projet."),
        ]
        if may_click(request, self.door):
            password = [
                pages.people(token, _fictitious_people(), target),
                pages.otherwise(*password, opened=bool(problem)),
            ]
        return self.page(request, "Se connecter", *password, status=status, secret=secret)

    # --- signing out -------------------------------------------------------------------------

    async def sign_out(self, request: Request) -> Response:
        """/deconnexion: end the session, whatever tab shows it."""
        if request.method != "POST":
            return self._sign_out_page(request)
        if not is_ours(request, self.door, await fields_of(request)):
            return self._sign_out_page(request, STALE, 403)
        held, office, at = request.cookies.get(self.door.cookie), self.door.office, self.door.clock()
        who = await self.quick(lambda: visit(office, held, at=at))
        try:
            await self._end(request)
        except BaseBusy:
            return self._sign_out_page(request, STILL_IN, 503)
        answer: Response = RedirectResponse("/connexion", status_code=303, headers=UNKEPT)
        if who and who.session.provider_token and self.farewell:
            elsewhere = await self.farewell(request, who.session.provider_token)
            answer = self._on_to(request, elsewhere) if elsewhere else answer
        take_cookie(answer, request, self.door, self.door.cookie)
        return answer

    def _on_to(self, request: Request, address: str) -> Response:
        """Go on to the other service’s own sign-out: by a page, for a form may not lead to another site."""
        told = pages.sentence("Vous êtes déconnecté de Fabrique. Reste le service par lequel vous étiez entré.")
        answer = self.page(request, "Déconnexion", told, pages.link("Continuer", address, button=True))
        answer.headers["refresh"] = f"0; url={address}"
        return answer

    def _sign_out_page(self, request: Request, problem: str = "", status: int = 200) -> Response:
        secret = form_secret(request, self.door)
        asked = form("/deconnexion", form_token(secret), [], "Se déconnecter", problem=problem)
        told = pages.sentence("Tous les onglets ouverts avec cette connexion se ferment.")
        return self.page(request, "Se déconnecter", told, asked, status=status, secret=secret)

    async def _end(self, request: Request) -> None:
        held = request.cookies.get(self.door.cookie)
        await self.quick(lambda: sign_in.end(self.door.office, held, at=self.door.clock()))

    # --- links that open once ----------------------------------------------------------------

    async def invitation(self, request: Request) -> Response:
        """/invitation/…: choose a password with a link that opens once."""
        secret = request.path_params["secret"]
        try:
            link = await self.quick(lambda: accounts.look(self.door.office, secret, at=self.door.clock()))
        except BaseBusy:
            raise
        except Refused as error:
            gone = [pages.notice(str(error), title="Lien sans effet"), pages.link("Se connecter", "/connexion")]
            return self.page(request, "Ce lien ne fonctionne plus", *gone, status=410)
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
            return self._invitation_page(request, link, fields, {"nouveau": str(error)}, status_of(error, 422))
        return await self.welcome(request, session, "/")

    def _accept(self, link: accounts.Link, secret: str, fields: Mapping[str, str], where: str) -> str:
        office, at, new = self.door.office, self.door.clock(), fields.get("nouveau", "")
        if link.account is not None:
            return accounts.accept(office, secret, new, device=where, at=at)
        email, name = fields.get("courriel", ""), fields.get("nom", "")
        return accounts.accept_set_up(office, secret, email, name, new, device=where, at=at)

    def _invitation_page(
        self,
        request: Request,
        link: accounts.Link,
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
        return self.page(request, title, told, body, status=status, secret=secret)

    # --- one's own password ------------------------------------------------------------------

    async def password(self, request: Request) -> Response:
        """/mot-de-passe: change one's own password; the other sessions end."""
        held = request.cookies.get(self.door.cookie)
        who = await self.quick(lambda: visit(self.door.office, held, at=self.door.clock()))
        if who is None:
            return RedirectResponse("/connexion?vers=/mot-de-passe", status_code=303, headers=UNKEPT)
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
            return self._password_page(request, who, {"": str(error)}, status_of(error, 422))
        answer = self.page(request, "Mot de passe changé", pages.notice(CHANGED), pages.link("Continuer", "/"))
        await self.remember(answer, request, held)
        return answer

    def _change(self, who: Visit, fields: Mapping[str, str]) -> None:
        old, new = fields.get("ancien", ""), fields.get("nouveau", "")
        accounts.change_password(self.door.office, who, old, new, at=self.door.clock())

    def _password_page(
        self, request: Request, who: Visit, problems: Mapping[str, str] | None = None, status: int = 200
    ) -> Response:
        if who.account.password is None:
            told = "Votre compte n’a pas de mot de passe : vous entrez par un autre service, ou par la démonstration."
            return self.page(request, "Changer mon mot de passe", pages.notice(told), pages.link("Revenir", "/"))
        secret = form_secret(request, self.door)
        asked, email = [OLD, NEW, AGAIN], who.account.email
        body = self._form("/mot-de-passe", secret, asked, "Changer mon mot de passe", None, problems, email)
        told = pages.identity(who.account.name, who.account.email)
        return self.page(request, "Changer mon mot de passe", told, body, status=status, secret=secret)

    # --- common ------------------------------------------------------------------------------

    def _form(
        self,
        action: str,
        secret: str,
        asked: list[FormField],
        button: str,
        fields: Mapping[str, str] | None,
        problems: Mapping[str, str] | None,
        whose: str = "",
    ) -> Html:
        known, wrong = fields or {}, problems or {}
        typed = {one.name: "" if one.kind == "password" else known.get(one.name, "") for one in asked}
        kept = [replace(one, value=typed[one.name], problem=wrong.get(one.name, "")) for one in asked]
        told = [pages.account_of_password(whose)] if whose else []
        return form(action, form_token(secret), kept, button, problem=wrong.get("", ""), hidden=told)

    def page(
        self, request: Request, title: str, *parts: Child, status: int = 200, secret: str | None = None
    ) -> Response:
        answer = HTMLResponse(pages.page(self.dress, title, *parts), status_code=status, headers=UNKEPT)
        if secret is not None:
            give_cookie(answer, request, self.door, form_cookie(self.door), secret)
        return answer

    @staticmethod
    async def quick(work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    @staticmethod
    async def _slow(work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=_AT_ONCE)


CHANGED = "Votre mot de passe est changé. Vos autres connexions, s’il y en avait, sont fermées."


def status_of(error: Refused, usual: int) -> int:
    """A base that is busy is nobody's mistake."""
    return 503 if isinstance(error, BaseBusy) else usual


def _fictitious_people() -> list[tuple[str, str, str]]:
    """The demonstration's accounts: address, name, and whose they are."""
    from core.demonstration.people import EMAILS

    return [(email, actor.name, _place(actor)) for email, actor in EMAILS.items()]


def _place(actor: Actor) -> str:
    """« Point Formation », « Comité »."""
    if actor.association in ASSOCIATIONS:
        return ASSOCIATIONS[actor.association].name
    return french.capital(ROLE_WORDS[actor.role])
