"""Each answer is counted by the kind of its address; /metrics answers who has the key, and nobody without one."""

from __future__ import annotations

import logging

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.metrics import Metrics
from dashboard.web.http import Observed, kind_of, metrics_route

KEY = "une clé de seize"


def application(metrics: Metrics, key: str | None = KEY) -> Starlette:
    def hello(_request: Request) -> Response:
        return PlainTextResponse("bonjour")

    def broken(_request: Request) -> Response:
        raise RuntimeError("broken")

    routes = [Route("/comparer", hello), Route("/invitation/{secret}", hello), Route("/api/v1/x", broken)]
    return Starlette(routes=[*routes, metrics_route(metrics, key)], middleware=[Middleware(Observed, metrics=metrics)])


def ask(app: Starlette, path: str, method: str = "GET", headers: dict[str, bytes] | None = None) -> httpx.Response:
    """The answer of the application, a failure of its own included."""

    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://essai") as client:
            return await client.request(method, path, headers=headers)

    return anyio.run(asking)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/comparer", "page"),
        ("/nowhere/at/all", "page"),
        ("/invitation/secret", "/invitation"),
        ("/api/v1/indicateurs", "/api"),
        ("/_stcore/stream", "/_stcore"),
        ("/_stcore/health", "/_stcore/health"),
        ("/metrics", "/metrics"),
    ],
)
def test_addresses_are_of_a_few_kinds(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_answers_are_counted_refusals_and_failures_too() -> None:
    metrics = Metrics()
    app = application(metrics)
    for path in ("/comparer", "/comparer", "/inconnue", "/api/v1/x"):
        ask(app, path)
    text = metrics.text().decode()
    assert 'fabrique_http_requests_total{address="page",method="GET",status="200"} 2.0' in text
    assert 'fabrique_http_requests_total{address="page",method="GET",status="404"} 1.0' in text
    assert 'fabrique_http_requests_total{address="/api",method="GET",status="500"} 1.0' in text
    assert 'fabrique_http_request_seconds_count{address="page"} 3.0' in text


def test_an_invented_method_makes_no_new_label() -> None:
    metrics = Metrics()
    ask(application(metrics), "/comparer", "BREW")
    assert 'method="other"' in metrics.text().decode()


def test_the_log_tells_the_kind_never_the_secret_nor_the_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="fabrique.access")
    ask(application(Metrics()), "/invitation/SECRET?cherche=dupont")
    (record,) = caplog.records
    assert (record.address, record.method, record.status) == ("/invitation", "GET", 200)  # type: ignore[attr-defined]
    assert "SECRET" not in str(vars(record)) and "dupont" not in str(vars(record))


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer une autre cle", f"Basic {KEY}"])
def test_metrics_want_the_key(given: str | None) -> None:
    headers = {} if given is None else {"authorization": given.encode()}
    answer = ask(application(Metrics()), "/metrics", headers=headers)
    assert answer.status_code == 401
    assert "fabrique_http" not in answer.text


def test_metrics_are_told_to_who_has_the_key() -> None:
    answer = ask(application(Metrics()), "/metrics", headers={"authorization": f"Bearer {KEY}".encode()})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    assert "fabrique_open_pages 0.0" in answer.text


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_in_the_settings_nobody_is_answered(key: str | None) -> None:
    assert ask(application(Metrics(), key), "/metrics", headers={"authorization": b"Bearer "}).status_code == 404
