"""The second factor at the door: the code after the password, and its setting up with a picture and spare codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.accounts import Visit, second_factor, sign_in, visit
from core.domain import french
from core.domain.calendar import day_in_france
from core.errors import Refused
from core.storage.accounts import AccountRow
from dashboard.components.html import Child, Html, tag
from dashboard.web import sign_in_pages as pages
from dashboard.web.sign_in import CODE_STEP, FACTOR, STALE, SignInRoutes, status_of
from dashboard.web.sign_in_pages import CODE, fields_of, form, form_secret, form_token, is_ours, origin, safe_target

TITLE = "Double authentification"
ASKED = (
    "Tapez le code à six chiffres que montre l’application de votre téléphone. Téléphone perdu : tapez un de vos "
    "codes de secours."
)
READ_IT = (
    "Dans l’application de votre téléphone qui donne des codes (FreeOTP, Aegis, Google Authenticator…), ajoutez un "
    "compte en lisant cette image, puis tapez ici le code qu’elle montre."
)
MUST = "La double authentification est exigée de la chefferie de projet : mettez-la en place pour entrer."
KEEP_THEM = (
    "Notez ces codes de secours et gardez-les loin de votre téléphone : chacun le remplace une fois. Ils ne "
    "s’afficheront plus."
)


class SecondStep:
    """Answers /connexion/code and /double-authentification."""

    def __init__(self, desk: SignInRoutes) -> None:
        self.desk, self.door = desk, desk.door

    def routes(self) -> list[BaseRoute]:
        """The two addresses."""
        return [
            Route(CODE_STEP, self.code, methods=["GET", "POST"]),
            Route(FACTOR, self.factor, methods=["GET", "POST"]),
        ]

    # --- after the password ------------------------------------------------------------------

    async def code(self, request: Request) -> Response:
        """/connexion/code: what a session that waits asks for; it then opens."""
        held, office = request.cookies.get(self.door.cookie), self.door.office
        found = await self.desk.quick(lambda: sign_in.waiting(office, held, at=self.door.clock()))
        if held is None or found is None:
            return RedirectResponse("/connexion", 303, pages.UNKEPT)
        if request.method != "POST":
            return await self._code_page(request, found)
        fields = await fields_of(request)
        if fields is None or not is_ours(request, self.door, fields):
            return await self._code_page(request, found, STALE, 403)
        given, where, at = fields.get("code", ""), origin(request, self.door), self.door.clock()
        try:
            secret, codes = await self.desk.quick(lambda: sign_in.finish(office, held, given, at=at, origin=where))
        except Refused as error:
            return await self._code_page(request, found, str(error), status_of(error, 401))
        answer: Response = RedirectResponse(await self.desk.landing(secret, fields.get("vers")), 303, pages.UNKEPT)
        if codes:
            answer = self.desk.page(request, "Codes de secours", *_spare(codes))
        await self.desk.let_in(answer, request, secret)
        return answer

    async def _code_page(
        self, request: Request, found: sign_in.Waiting, problem: str = "", status: int = 200
    ) -> Response:
        told: list[Child] = [pages.sentence(ASKED)]
        if found.sets_up:
            told = [pages.notice(MUST), *await self._picture(found.account)]
        target = pages.hidden("vers", safe_target(request.query_params.get("vers")))
        return self._asking(request, CODE_STEP, "Entrer", told, problem, status, [target])

    # --- one's own ---------------------------------------------------------------------------

    async def factor(self, request: Request) -> Response:
        """/double-authentification: set it up, or take it off with a code of it."""
        held, office = request.cookies.get(self.door.cookie), self.door.office
        who = await self.desk.quick(lambda: visit(office, held, at=self.door.clock()))
        if who is None:
            return RedirectResponse(f"/connexion?vers={FACTOR}", 303, pages.UNKEPT)
        standing = await self.desk.quick(lambda: second_factor.state_of(office, who.account))
        if request.method != "POST":
            return await self._factor_page(request, who, standing)
        fields = await fields_of(request)
        if fields is None or not is_ours(request, self.door, fields):
            return await self._factor_page(request, who, standing, STALE, 403)
        given, at = fields.get("code", ""), self.door.clock()
        try:
            if standing.since:
                await self.desk.quick(lambda: sign_in.give_up_factor(office, who, given, at=at))
                return self.desk.page(request, TITLE, pages.notice(GONE), pages.link("Continuer", "/mon-compte"))
            codes = await self.desk.quick(lambda: sign_in.set_up_factor(office, who, given, at=at))
        except Refused as error:
            return await self._factor_page(request, who, standing, str(error), status_of(error, 422))
        return self.desk.page(request, "Codes de secours", *_spare(codes))

    async def _factor_page(
        self,
        request: Request,
        who: Visit,
        standing: second_factor.FactorState,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        if standing.since is None:
            told = await self._picture(who.account)
            return self._asking(request, FACTOR, "Mettre en place", told, problem, status)
        told = [pages.sentence(standing_words(standing))]
        return self._asking(request, FACTOR, "Retirer la double authentification", told, problem, status)

    async def _picture(self, account: AccountRow) -> list[Child]:
        """The secret as a picture for the telephone, as a link for this very machine, and as letters to type."""
        office, at = self.door.office, self.door.clock()
        secret = await self.desk.quick(lambda: second_factor.begin(office, account, at=at))
        address = second_factor.telephone_address(account, secret)
        return [
            pages.sentence(READ_IT),
            tag("div", picture(address), class_="door__code"),
            pages.sentence("Ou tapez cette clé : ", tag("code", " ".join(re.findall("..?.?.?", secret)))),
            tag("p", pages.link("Ouvrir l’application de cet appareil", address)),
        ]

    def _asking(
        self,
        request: Request,
        action: str,
        button: str,
        told: Sequence[Child],
        problem: str,
        status: int,
        hidden: Sequence[Child] = (),
    ) -> Response:
        secret = form_secret(request, self.door)
        asked = form(action, form_token(secret), [CODE], button, problem=problem, hidden=hidden)
        return self.desk.page(request, TITLE, *told, asked, status=status, secret=secret)


GONE = "La double authentification est retirée de votre compte : seul votre mot de passe l’ouvre désormais."


def standing_words(standing: second_factor.FactorState) -> str:
    """« En place depuis le 3 mars 2022 ; il reste 9 codes de secours. »."""
    if standing.since is None:
        return "Non mise en place."
    left = french.count(standing.codes_left, "code de secours", "codes de secours")
    return f"En place depuis le {french.day(day_in_france(standing.since))} ; il reste {left}."


def picture(text: str) -> Html:
    """A text as a picture that a telephone reads."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=4, light="#fff", xmldecl=False, svgns=True, title="Image à lire avec le téléphone"
    )
    return Markup(out.getvalue().decode())


def _spare(codes: Sequence[str]) -> list[Child]:
    return [
        pages.notice(KEEP_THEM),
        tag("ul", [tag("li", tag("code", one)) for one in codes], class_="door__codes"),
        pages.link("C’est noté, continuer", "/", button=True),
    ]
