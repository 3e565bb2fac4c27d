"""The server starts, says that it does, and speaks French from the first byte."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
from starlette.routing import Route

from dashboard.server import options
from dashboard.web.routes import assets, plain_routes
from tests.dashboard.serving import GALLERY, serving
from tests.dashboard.web.test_index import call


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(GALLERY) as url:
        yield url


def get(url: str, **headers: str) -> HTTPResponse:
    """Ask for ``url``."""
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60)


def test_health_answers(address: str) -> None:
    with get(f"{address}/sante") as answer:
        assert json.load(answer) == {"etat": "en marche"}


def test_readiness_answers(address: str) -> None:
    with get(f"{address}/pret") as answer:
        assert json.load(answer) == {"etat": "prêt"}


def test_every_page_address_is_french(address: str) -> None:
    for path in ("/", "/comparer", "/experimentation-recherche-action"):
        with get(f"{address}{path}") as answer:
            assert b'<html lang="fr"' in answer.read()


def test_answers_forbid_foreign_content(address: str) -> None:
    with get(f"{address}/") as answer:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_our_files_are_served_for_a_long_time(address: str) -> None:
    for name, kind in (("fabrique.css", "text/css"), ("fabrique-lisible-400.woff2", "font/woff2")):
        with get(f"{address}/habillage/{name}") as answer:
            assert answer.headers["content-type"].startswith(kind)
            assert "immutable" in answer.headers["cache-control"]


def test_unknown_file_of_ours_is_not_found(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{address}/habillage/none.css")


def test_machine_interface_of_the_framework_is_off(address: str) -> None:
    asked = urllib.request.Request(f"{address}/_stcore/agent/interact", data=b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(asked, timeout=60)


def test_not_ready_says_why() -> None:
    routes = {route.path: route for route in plain_routes(assets(), lambda: "La base ne répond pas.")}
    route = routes["/pret"]
    assert isinstance(route, Route)
    status, _, body = call(route.app, "/pret")
    assert status == 503
    assert json.loads(body)["raison"] == "La base ne répond pas."


def test_options_leave_nothing_to_the_framework() -> None:
    class Settings:
        host, port = "127.0.0.1", 1

    found = options(Settings())
    assert found["browser.gatherUsageStats"] is False
    assert found["client.showErrorDetails"] == "none"
    assert found["runner.postScriptGC"] is False
    assert found["server.enableAgentApi"] is False
