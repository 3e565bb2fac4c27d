"""The files that a server's administrator copies say what the product says: settings, addresses, folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.cli.program import COMMANDS
from core.settings import Settings
from dashboard.metrics import Metrics
from dashboard.web.http import ADDRESS
from tests.support.filled import demonstration_context

ROOT = Path(__file__).parents[1]
HOSTING = ROOT / "docs" / "hosting"
NOT_OURS = {"FABRIQUE_POSTGRES_PASSWORD"}
"""What compose itself asks for, and hands to the database."""


def text(name: str) -> str:
    return (HOSTING / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml", "fabrique.env", "nginx.conf"])
def test_every_setting_named_exists(name: str) -> None:
    known = {f"FABRIQUE_{field.upper()}" for field in Settings.model_fields}
    named = set(re.findall(r"FABRIQUE_[A-Z_]+", text(name))) - NOT_OURS
    assert named and named <= known


def test_the_image_copies_what_exists_and_everything_that_is_packaged() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Containerfile"), re.MULTILINE)
    sources = {one for line in copied for one in line.split()}
    assert all((ROOT / one).exists() for one in sources)
    assert {"core", "dashboard", "plugins", "docs/guide", "pyproject.toml", "requirements/runtime.txt"} <= sources


def test_everybody_speaks_of_the_same_port() -> None:
    port = Settings.model_fields["port"].default
    assert f"proxy_pass http://127.0.0.1:{port};" in text("nginx.conf")
    assert f"EXPOSE {port}" in text("Containerfile") and f"127.0.0.1:{port}/pret" in text("Containerfile")
    assert f"127.0.0.1:{port}:{port}" in text("compose.yaml")


def test_the_front_server_writes_down_no_address_and_says_itself_who_asks() -> None:
    (shape,) = re.findall(r"log_format \w+ '(.*)';", text("nginx.conf"))
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|remote_addr|http_\w+)\b", shape)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text("nginx.conf")


def test_the_street_reads_no_metric() -> None:
    assert f"location = {ADDRESS} {{ return 404; }}" in text("nginx.conf")


def test_the_service_writes_where_its_store_is() -> None:
    folder = re.search(r"^StateDirectory=(\w+)$", text("fabrique.service"), re.MULTILINE)
    assert folder and f"sqlite:////var/lib/{folder[1]}/" in text("fabrique.env")
    assert f"VOLUME /var/lib/{folder[1]}\n" in text("Containerfile")


def test_the_backup_of_every_night_writes_in_its_folder_and_runs_what_exists() -> None:
    folder = re.search(r"^FABRIQUE_BACKUPS=(\S+)$", text("fabrique.env"), re.MULTILINE)
    assert folder and f"ReadWritePaths={folder[1]}\n" in text("fabrique-backup.service")
    commands = re.findall(r"^Exec\w+=\S+/fabrique (\w+)", text("fabrique-backup.service"), re.MULTILINE)
    assert commands == ["backup", "doctor"] and set(commands) <= set(COMMANDS)
    settings = re.search(r"^EnvironmentFile=.*$", text("fabrique.service"), re.MULTILINE)
    assert settings and settings[0] in text("fabrique-backup.service")


def test_the_board_reads_metrics_that_the_service_gives() -> None:
    here, metrics = demonstration_context(), Metrics()
    metrics.watch(here.registry, here.store)
    with metrics.drawing("overview"):
        metrics.requests.labels("/sante", "GET", "200").inc()
        metrics.request_seconds.labels("/sante").observe(0.1)
    given = set(re.findall(r"^(?:# TYPE )?(fabrique_\w+)", metrics.text().decode(), re.MULTILINE))
    asked = set(re.findall(r"fabrique_\w+", text("grafana.json")))
    assert len(asked) > 5
    assert asked - given == set()


def test_no_file_names_a_registry() -> None:
    for path in HOSTING.iterdir():
        images = re.findall(r"^(?:FROM|\s+image:) (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert all("/" not in image for image in images), path.name
