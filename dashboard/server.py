"""The server: one ASGI application with the pages, plain routes, our page in French and safe headers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import file_util

from core.reading.apart import readers
from core.settings import Settings
from dashboard import boundary, logs, theme
from dashboard import context as current_context
from dashboard.addresses import addresses
from dashboard.context import Context
from dashboard.warming import Warming
from dashboard.web import framework
from dashboard.web.api.routes import api_routes
from dashboard.web.gate import DATA, KEYED, LARGEST, OPEN, Gate, Sockets, Uploads
from dashboard.web.http import CompressedAssets, Lost, Observed, SafeHeaders, metrics_route, safe_headers
from dashboard.web.index import FrenchPage, french_page
from dashboard.web.routes import assets, plain_routes, remote_route, security_route
from dashboard.web.second_step import SecondStep
from dashboard.web.sign_in import OWN, SignInRoutes
from dashboard.web.sign_in_pages import PageDress
from dashboard.web.wall import Wall

logger = logging.getLogger("fabrique.dashboard")

SCRIPT = Path(__file__).with_name("app.py").resolve()


def options(settings: Settings) -> Mapping[str, object]:
    """Every option of the framework, in one mapping (a ``config.toml`` beside the script is not read)."""
    return {
        "browser.gatherUsageStats": False,
        "browser.serverAddress": settings.host,
        "server.address": settings.host,
        "server.port": settings.port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        # A million rows of a French spreadsheet weigh 100 MB; the reading has bounds of its own.
        "server.maxUploadSize": 150,
        "server.maxWidgetStateSize": LARGEST // 1_000_000,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "runner.magicEnabled": False,
        # Collecting garbage after each run costs more than the run itself; automatic collection goes on.
        "runner.postScriptGC": False,
        "logger.hideWelcomeMessage": True,
        **theme.streamlit_options(),
    }


def build_app(context: Context, *, script: Path = SCRIPT, started: Callable[[], None] | None = None) -> st.App:
    """The application, with ``context`` handed to its pages. Nothing listens yet.

    ``script`` is what runs for each person; tests give another to try components alone. ``started`` is called
    once the framework is set up, before anybody is served.
    """
    framework.hold()
    current_context.install(context)
    files = assets()
    page = french_page(files["fabrique.css"].url, files["fabrique.js"].url, files["icone.svg"].url)
    dress = PageDress(files["fabrique.css"].url, files["icone.svg"].url, context.demonstration)
    return st.App(
        script,
        lifespan=_lifespan(context, started),
        on_script_error=boundary.script_failed,
        routes=[
            *plain_routes(files, context.problem, context.beside),
            security_route(context.settings, lambda: context.instant),
            metrics_route(context.metrics, _metrics_key(context.settings)),
            *_doors(context, dress),
            *api_routes(context, dress),
        ],
        middleware=[
            Middleware(Observed, metrics=context.metrics),
            Middleware(SafeHeaders, headers=safe_headers(page.script_hashes), secure=_is_https(context.settings)),
            Middleware(Wall, dress=dress),
            Middleware(CompressedAssets, directory=Path(file_util.get_static_dir())),
            *_gates(context),
            Middleware(Lost, dress=dress, pages=partial(addresses, context.registry), own=(*OPEN, *KEYED, *DATA)),
            Middleware(FrenchPage, page=page, own=(*OWN, *KEYED)),
        ],
    )


def _gates(context: Context) -> list[Middleware]:
    """What asks for a session; nothing where nobody signs in (tests of components alone)."""
    if context.door is None:
        return []
    sockets = Middleware(Sockets, door=context.door, others=context.others)
    return [sockets, Middleware(Gate, door=context.door), Middleware(Uploads)]


def _doors(context: Context, dress: PageDress) -> list[BaseRoute]:
    """The addresses that let people in; none where nobody signs in (tests of components alone).

    Raises Misconfigured when the other service is named wrongly.
    """
    if context.door is None:
        return []
    desk = SignInRoutes(context.door, dress)
    own = [*SecondStep(desk).routes(), *desk.routes(), remote_route(context.door)]
    if context.settings is None or context.settings.oidc_discovery_url is None:
        return own
    # What verifies signatures takes a tenth of a start: read only where another service vouches for people.
    from dashboard.web.sign_in_other import START, OtherService

    other = OtherService.configured(desk, context.settings, context.registry)
    desk.other = {f"Se connecter avec {other.service.label}": START}
    return [*other.routes(), *own]


def _is_https(settings: Settings | None) -> bool:
    """Whether people reach this server by HTTPS only: its public address says so."""
    return settings is not None and (settings.public_url or "").startswith("https://")


def _metrics_key(settings: Settings | None) -> str | None:
    """What the tool that watches the server has to present; None: nobody is answered."""
    token = settings.metrics_token if settings else None
    return token.get_secret_value() if token else None


def serve(settings: Settings, *, opening: Callable[[], Context] | None = None) -> None:
    """Serve the pages until stopped; ``opening`` gives the context, by default that of the real store.

    It is called once the log speaks: a plugin that breaks while it is loaded is told there.
    """
    logs.in_json() if settings.log_format == "json" else logs.in_text()
    here = opening() if opening else Context.open(settings)
    build_app(here, started=logs.one_voice).run(config=options(settings))


def _lifespan(
    context: Context, started: Callable[[], None] | None
) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(_app: st.App) -> AsyncIterator[None]:
        if started:
            started()
        readers().start()
        warming = Warming(context)
        warming.start()
        yield
        warming.stop()

    return living
