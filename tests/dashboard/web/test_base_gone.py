"""Attacks while the base is gone: a forged cookie or key teaches nothing, everybody reads French, it comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.errors import BaseBusy, BaseDown
from core.storage.engine import Trouble
from dashboard.web.sign_in_pages import PageDress
from dashboard.web.wall import Wall
from tests.browser import signing
from tests.browser.serving import serving
from tests.support.databases import postgres_database
from tests.support.visitor import Visitor

OF_THE_HOUSE = ("postgres", "psycopg", "sqlite", "socket", "host", "connection", "traceback", "internal server error")


@pytest.fixture(scope="module")
def url(postgres_url: str) -> Iterator[str]:
    with postgres_database(postgres_url) as found:
        yield found


@pytest.fixture(scope="module")
def address(url: str) -> Iterator[str]:
    signing.cookie(url)  # an account and a session
    with serving(url) as found:
        yield found


@contextmanager
def taken_away(server: str, url: str) -> Iterator[None]:
    """The base under another name, whoever was using it."""
    name = str(make_url(url).database)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        guests = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        until = time.monotonic() + 60
        while connection.execute(guests, [name]).fetchone() != (0,):  # each leaves in its own time
            assert time.monotonic() < until
            time.sleep(0.01)
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "away"')
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "away" RENAME TO "{name}"')
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def attacks(name: str) -> list[tuple[str, str, dict[str, str]]]:
    """What a stranger sends, with a cookie or a key that he made up."""
    forged = {"Cookie": f"{name}=forged"}
    return [
        ("GET", "/", forged),
        ("GET", "/comparer?periode=2022-T1", forged),
        ("GET", "/mot-de-passe", forged),
        ("GET", "/invitation/forged", {}),
        ("GET", "/media/a.csv", forged),
        ("PUT", "/_stcore/upload_file/a/b", forged),
        ("GET", "/api/v1/ledger", {"Authorization": "Bearer fab_x"}),
        ("GET", "/api/v1/ledger", forged),
    ]


def test_base_gone_tells_strangers_nothing_and_comes_back_by_itself(postgres_url: str, url: str, address: str) -> None:
    held = signing.cookie(url)
    signed_in = {"Cookie": f"{held['name']}={held['value']}"}
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as asking:
        assert asking.get("/", headers=signed_in).status_code == 200
        with taken_away(postgres_url, url):
            for method, path, headers in attacks(held["name"]):
                answer = asking.request(method, path, headers=headers)
                assert answer.status_code == 503, (path, answer.text)
                said = answer.text.casefold()
                assert "fabrique ne lit pas ses données" in said, path
                assert not [word for word in OF_THE_HOUSE if word in said], (path, said)
            assert asking.get("/", headers=signed_in).headers["retry-after"]
            with pytest.raises(InvalidStatus):
                connect(
                    f"{address.replace('http', 'ws', 1)}/_stcore/stream",
                    origin=address,
                    additional_headers={"Cookie": f"{held['name']}=forged"},
                    proxy=None,
                )
            assert asking.get("/sante").status_code == 200
            assert asking.get("/pret").status_code == 503
        assert asking.get("/", headers=signed_in).status_code == 200


TROUBLES = [BaseDown(one, detail="postgresql://moi@h/b : driver") for one in Trouble] + [BaseBusy("tenue ailleurs")]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda one: getattr(one, "args", [""])[0][:40])
def test_every_failure_is_one_page_in_french(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_request: object) -> None:
        raise error

    app = Starlette(routes=[Route("/", fail)], middleware=[Middleware(Wall, dress=PageDress("/a.css", "/a.svg"))])
    answer = Visitor(app).get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == answer.headers["refresh"] == "30"
    assert '<html lang="fr"' in answer.text
    assert str(error) not in answer.text and "postgresql" not in answer.text and "DATABASE_URL" not in answer.text
    word = answer.text.split("<strong>")[1][:6]
    assert word in caplog.text, "who reads the log finds it"
    assert str(getattr(error, "detail", "")) in caplog.text


def test_base_of_another_version_says_what_to_do() -> None:
    def fail(_request: object) -> None:
        raise BaseDown(Trouble.VERSION, detail="sqlite:///base : schema 9, here 6")

    app = Starlette(routes=[Route("/", fail)], middleware=[Middleware(Wall, dress=PageDress("/a.css", "/a.svg"))])
    answer = Visitor(app).get("/")
    assert answer.status_code == 503
    assert "même version" in answer.text and "reprenez une sauvegarde" in answer.text and "sqlite" not in answer.text


def test_failure_that_nobody_foresaw_is_said_in_french(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_request: object) -> None:
        raise RuntimeError("secret")

    app = Starlette(routes=[Route("/", fail)], middleware=[Middleware(Wall, dress=PageDress("/a.css", "/a.svg"))])
    answer = Visitor(app).get("/")
    assert answer.status_code == 500
    assert "Une erreur imprévue" in answer.text and "secret" not in answer.text
    assert "secret" in caplog.text
