"""Small files are made smaller, once, and only those of the framework."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.web.http import CompressedAssets, SafeHeaders, content_policy, safe_headers
from dashboard.web.routes import assets
from tests.dashboard.web.test_index import call


async def _beyond(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("beyond")(scope, receive, send)


@pytest.fixture
def site(tmp_path: Path) -> CompressedAssets:
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "a.js").write_text("let a = 1;" * 100)
    (tmp_path / "static" / "a.png").write_bytes(b"png")
    (tmp_path / "secret.js").write_text("secret")
    return CompressedAssets(_beyond, tmp_path)


def test_scripts_are_compressed_and_kept(site: CompressedAssets) -> None:
    _, headers, body = call(site, "/static/js/a.js", encoding="gzip, br")
    assert gzip.decompress(body) == b"let a = 1;" * 100
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert list(site.kept) == ["js/a.js"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/a.png",
        "/static/none.js",
        "/static/../secret.js",
        "/other/a.js",
        "/static/a\x00.js",
    ],
)
def test_whatever_is_not_a_known_script_passes_on(site: CompressedAssets, path: str) -> None:
    assert call(site, path, encoding="gzip")[2] == b"beyond"
    assert not site.kept


def test_name_that_no_file_bears_is_not_found(site: CompressedAssets) -> None:
    assert call(site, f"/static/{'a' * 5000}.js", encoding="gzip")[0] == 404
    assert call(site, f"/static/{'é' * 200}.png")[0] == 404


def test_who_refuses_compression_gets_the_original(site: CompressedAssets) -> None:
    assert call(site, "/static/js/a.js")[2] == b"beyond"


def test_policy_lets_in_nothing_foreign() -> None:
    policy = content_policy(["abc="])
    assert "http" not in policy
    assert "*" not in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-abc='" in policy
    assert "frame-ancestors 'none'" in policy


def test_every_answer_carries_the_safe_headers() -> None:
    _, headers, _ = call(SafeHeaders(_beyond, safe_headers([])), "/")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


def test_browser_that_came_by_https_is_told_to_keep_to_it() -> None:
    assert "strict-transport-security" not in call(SafeHeaders(_beyond, safe_headers([])), "/")[1]
    behind = SafeHeaders(_beyond, safe_headers([]), secure=True)
    assert call(behind, "/")[1]["strict-transport-security"] == "max-age=31536000"


def test_our_files_change_address_with_their_content() -> None:
    found = assets()
    assert len({asset.url for asset in found.values()}) == len(found)
    assert {"fabrique.css", "fabrique.js", "icone.svg", "territoire.svg", "fabrique-lisible-400.woff2"} <= set(found)


def test_style_sheets_ask_nothing_of_another_server() -> None:
    found = assets()
    for name in ("fabrique.css", "fabrique.js"):
        text = found[name].body.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text
        assert "@import" not in text


def test_style_sheets_have_no_colour_of_their_own() -> None:
    from dashboard.web.routes import _STYLES, FOLDER

    for name in _STYLES:
        text = (FOLDER / f"{name}.css").read_text(encoding="utf-8").replace("%23000", "")
        found = [
            word for word in text.replace(";", " ").split() if word.startswith("#") and word not in ("#fff", "#000")
        ]
        assert not found, f"{name}.css: {found}"
