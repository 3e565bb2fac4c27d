"""The server: one ASGI application with the pages, plain routes, our page in French and safe headers."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import file_util

from dashboard import boundary, logs, theme
from dashboard import context as current_context
from dashboard.context import Context
from dashboard.web.api.routes import api_routes
from dashboard.web.assets import CompressedAssets
from dashboard.web.gate import KEYED, Gate
from dashboard.web.headers import SafeHeaders, safe_headers
from dashboard.web.index import FrenchPage, french_page
from dashboard.web.observed import Observed, metrics_route
from dashboard.web.routes import assets, plain_routes
from dashboard.web.sign_in import OWN, Desk
from dashboard.web.sign_in_other import START, OtherService
from dashboard.web.sign_in_pages import Dress

logger = logging.getLogger("fabrique.dashboard")

SCRIPT = Path(__file__).with_name("app.py").resolve()
_WARM = ("polars", "plotly.graph_objects", "sqlalchemy.orm", "pandera.polars", "pyarrow", "pandas")


def options(settings: Any) -> Mapping[str, Any]:
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
    current_context.install(context)
    files = assets()
    page = french_page(files["fabrique.css"].url, files["fabrique.js"].url, files["icone.svg"].url)
    dress = Dress(files["fabrique.css"].url, files["icone.svg"].url, context.demonstration)
    return st.App(
        script,
        lifespan=_lifespan(context, started),
        on_script_error=boundary.script_failed,
        routes=[
            *plain_routes(files, context.problem),
            metrics_route(context.metrics, _metrics_key(context.settings)),
            *_doors(context, dress),
            *api_routes(context, dress),
        ],
        middleware=[
            Middleware(Observed, metrics=context.metrics),
            Middleware(SafeHeaders, headers=safe_headers(page.script_hashes)),
            Middleware(CompressedAssets, directory=Path(file_util.get_static_dir())),
            *([Middleware(Gate, door=context.door)] if context.door else []),
            Middleware(FrenchPage, page=page, own=(*OWN, *KEYED)),
        ],
    )


def _doors(context: Context, dress: Dress) -> list[BaseRoute]:
    """The addresses that let people in; none where nobody signs in (tests of components alone).

    Raises Misconfigured when the other service is named wrongly.
    """
    if context.door is None:
        return []
    desk = Desk(context.door, dress)
    other = OtherService.configured(desk, context.settings, context.registry) if context.settings else None
    if other is None:
        return desk.routes()
    desk.other = {f"Se connecter avec {other.service.label}": START}
    return [*other.routes(), *desk.routes()]


def _metrics_key(settings: Any) -> str | None:
    """What the tool that watches the server has to present; None: nobody is answered."""
    token = getattr(settings, "metrics_token", None)
    return token.get_secret_value() if token else None


def serve(settings: Any, *, opening: Callable[[], Context] | None = None) -> None:
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
        await anyio.to_thread.run_sync(_warm)
        # Pages answer at once; the figures of the first one are made ready meanwhile.
        Thread(target=context.warm, daemon=True, name="warm").start()
        yield

    return living


def _warm() -> None:
    """Import what pages need before anybody waits, then take it all out of the collector's sight."""
    for name in _WARM:
        import_module(name)
    gc.collect()
    gc.freeze()
