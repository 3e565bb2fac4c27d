"""The door through another service: leave for it, come back, and only the people of an account come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self, TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.accounts import accounts, provider, sign_in
from core.accounts.identity import check_place, email_of, plain_email, role_of
from core.accounts.provider import Flow, Provider, Voucher
from core.contract import Registry
from core.domain.access import Actor, Role
from core.errors import BaseBusy, FabriqueError, Misconfigured, Refused
from core.settings import Settings
from dashboard.web.sign_in import SignInRoutes
from dashboard.web.sign_in_pages import device, give_cookie, safe_target, take_cookie

START, BACK = "/connexion/oidc", "/connexion/oidc/retour"
_PATIENCE = 600  # seconds that a person may spend at the other service
_AT_ONCE, _QUEUE = anyio.CapacityLimiter(2), 20
"""How many ask the other service at once, and how many more may wait for their turn."""
T = TypeVar("T")
Named = Mapping[str, tuple[Role, str | None]]


class OtherService:
    """Answers /connexion/oidc and /connexion/oidc/retour."""

    def __init__(self, desk: SignInRoutes, service: Provider, named: Named | None = None) -> None:
        """``named`` are the people whose account opens at their first sign-in, by address."""
        self.desk, self.door, self.service, self.named = desk, desk.door, service, named or {}
        desk.farewell = self.farewell
        self.cookie = f"{self.door.cookie}_oidc"
        self.sealing = URLSafeTimedSerializer(service.client_secret, salt="fabrique-oidc")

    @classmethod
    def configured(cls, desk: SignInRoutes, settings: Settings, registry: Registry) -> Self:
        """The one that the settings name.

        Raises Misconfigured when a setting is missing or names somebody wrongly.
        """
        if not (settings.oidc_discovery_url and settings.oidc_client_id and settings.oidc_client_secret):
            raise Misconfigured(
                "FABRIQUE_OIDC_DISCOVERY_URL est donnée sans FABRIQUE_OIDC_CLIENT_ID ou FABRIQUE_OIDC_CLIENT_SECRET. "
                "Donnez les trois, ou aucune."
            )
        secret = settings.oidc_client_secret.get_secret_value()
        service = Provider(
            settings.oidc_discovery_url,
            settings.oidc_client_id,
            secret,
            settings.oidc_label,
            sure=settings.oidc_emails_sure,
        )
        return cls(desk, service, people_named(settings.oidc_accounts, registry))

    def routes(self) -> list[BaseRoute]:
        """The two addresses."""
        return [Route(START, self.leave), Route(BACK, self.come_back)]

    async def leave(self, request: Request) -> Response:
        """Send the browser to the other service; what ties its answer to this browser goes in a sealed cookie."""
        try:
            address, flow = await _ask(
                lambda: provider.begin(
                    self.service, self._here(request) + BACK, self.door.office.chance, at=self.door.clock()
                )
            )
        except Refused as error:
            return await self.desk.refuse(request, str(error), 502)
        answer = RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})
        kept = [flow.state, flow.nonce, flow.verifier, safe_target(request.query_params.get("vers"))]
        give_cookie(answer, request, self.door, self.cookie, str(self.sealing.dumps(kept)))
        return answer

    async def come_back(self, request: Request) -> Response:
        """Let in the person whom the service vouches for, if an account bears that address."""
        try:
            state, nonce, verifier, target = self.sealing.loads(request.cookies.get(self.cookie, ""), _PATIENCE)
            flow = Flow(state, nonce, verifier)
            given, back = dict(request.query_params), self._here(request) + BACK
            voucher = await _ask(lambda: provider.finish(self.service, flow, given, back, at=self.door.clock()))
            secret = await anyio.to_thread.run_sync(lambda: self._let_in(voucher, device(request)))
        except (BadSignature, ValueError):
            return await self._refused(request, provider.ODD)
        except BaseBusy:
            raise
        except Refused as error:
            return await self._refused(request, str(error))
        answer = await self.desk.welcome(request, secret, target)
        take_cookie(answer, request, self.door, self.cookie)
        return answer

    async def _refused(self, request: Request, problem: str) -> Response:
        answer = await self.desk.refuse(request, problem, 403)
        take_cookie(answer, request, self.door, self.cookie)
        return answer

    def _let_in(self, voucher: Voucher, where: str) -> str:
        office, at = self.door.office, self.door.clock()
        email = plain_email(voucher.email)
        if email in self.named:
            role, association = self.named[email]
            accounts.open_account(office, email, Actor(voucher.name[:80], role, association), at=at)
        return sign_in.known_as(office, email, device=where, at=at, provider_token=voucher.token)

    async def farewell(self, request: Request, token: str) -> str | None:
        """Where the browser ends its session at the other service, None where it cannot."""
        back, at = f"{self._here(request)}/connexion", self.door.clock()
        try:
            return await _ask(lambda: provider.sign_out_address(self.service, token, back, at=at))
        except Refused:
            return None

    def _here(self, request: Request) -> str:
        public = self.door.settings.public_url if self.door.settings else None
        parts = urlsplit(str(request.url))
        return public or f"{parts.scheme}://{parts.netloc}"


async def _ask(work: Callable[[], T]) -> T:
    """Ask the other service, a few at a time and apart: when it is slow, only those who come by it wait."""
    if _AT_ONCE.statistics().tasks_waiting >= _QUEUE:
        raise Refused(provider.SILENT)
    return await anyio.to_thread.run_sync(work, limiter=_AT_ONCE)


def people_named(text: str | None, registry: Registry) -> Named:
    """Who is named in FABRIQUE_OIDC_ACCOUNTS: « a@b.fr=comite, c@d.fr=association:ifac ».

    Raises Misconfigured, naming what is not understood.
    """
    found: dict[str, tuple[Role, str | None]] = {}
    for one in filter(None, (part.strip() for part in (text or "").split(","))):
        email, _, place = one.partition("=")
        typed, _, association = place.partition(":")
        try:
            role = role_of(typed)
            check_place(role, association or None)
            if association:
                registry.association(association)
            found[email_of(email)] = role, association or None
        except FabriqueError as error:
            raise Misconfigured(f"FABRIQUE_OIDC_ACCOUNTS : « {one} » n’est pas compris. {error}") from error
    return found
