"""The door through another service: leave for it, come back, and only the people of an account come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import anyio.to_thread
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.actor import Actor, Role
from core.errors import FabriqueError, Misconfigured, Refused
from core.registry import Registry
from core.services.accounts import links, provider, sign_in
from core.services.accounts.identity import check_place, email_of, plain_email, role_of
from core.services.accounts.provider import Flow, Provider, Voucher
from dashboard.web.sign_in import Desk
from dashboard.web.sign_in_forms import device, give_cookie, safe_target, take_cookie

START, BACK = "/connexion/oidc", "/connexion/oidc/retour"
_PATIENCE = 600  # seconds that a person may spend at the other service
Named = Mapping[str, tuple[Role, str | None]]


class OtherService:
    """Answers /connexion/oidc and /connexion/oidc/retour."""

    def __init__(self, desk: Desk, service: Provider, named: Named | None = None) -> None:
        """``named`` are the people whose account opens at their first sign-in, by address."""
        self.desk, self.door, self.service, self.named = desk, desk.door, service, named or {}
        self.cookie = f"{self.door.cookie}_oidc"
        self.sealing = URLSafeTimedSerializer(service.client_secret, salt="fabrique-oidc")

    @classmethod
    def configured(cls, desk: Desk, settings: Any, registry: Registry) -> Self | None:
        """The one that the settings name, None when they name none.

        Raises Misconfigured when a setting is missing or names somebody wrongly.
        """
        if settings.oidc_discovery_url is None:
            return None
        if settings.oidc_client_id is None or settings.oidc_client_secret is None:
            raise Misconfigured(
                "FABRIQUE_OIDC_DISCOVERY_URL est donnée sans FABRIQUE_OIDC_CLIENT_ID ou FABRIQUE_OIDC_CLIENT_SECRET. "
                "Donnez les trois, ou aucune."
            )
        secret = settings.oidc_client_secret.get_secret_value()
        service = Provider(settings.oidc_discovery_url, settings.oidc_client_id, secret, settings.oidc_label)
        return cls(desk, service, people_named(settings.oidc_accounts, registry))

    def routes(self) -> list[BaseRoute]:
        """The two addresses."""
        return [Route(START, self.leave), Route(BACK, self.come_back)]

    async def leave(self, request: Request) -> Response:
        """Send the browser to the other service; what ties its answer to this browser goes in a sealed cookie."""
        try:
            address, flow = await anyio.to_thread.run_sync(
                lambda: provider.begin(self.service, self._return_to(request), self.door.office.chance)
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
            given, back = dict(request.query_params), self._return_to(request)
            voucher = await anyio.to_thread.run_sync(
                lambda: provider.finish(self.service, flow, given, back, at=self.door.clock())
            )
            secret = await anyio.to_thread.run_sync(lambda: self._let_in(voucher, device(request)))
        except (BadSignature, ValueError):
            return await self._refused(request, provider.ODD)
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
            links.open_account(office, email, Actor(voucher.name[:80], role, association), at=at)
        return sign_in.known_as(office, email, device=where, at=at)

    def _return_to(self, request: Request) -> str:
        public = self.door.settings.public_url if self.door.settings else None
        parts = urlsplit(str(request.url))
        return f"{public or f'{parts.scheme}://{parts.netloc}'}{BACK}"


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
