"""The log of a real server, started as an operator would: one JSON object a line, and no secret in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.dashboard.serving import free_port, once_ready

ROOT = Path(__file__).parents[2]
KEY = "une-cle-de-seize-signes"


def test_what_speaks_later_speaks_through_ours_too() -> None:
    """The framework makes a logger for each of its modules, when the module is first needed; Python warns by itself."""
    speak = (
        "import warnings, sys; from dashboard import logs; logs.in_json(); logs.one_voice(); "
        "from streamlit.logger import get_logger; get_logger('streamlit.later').warning('late voice'); "
        "warnings.warn('old habit')"
    )
    said = subprocess.run([sys.executable, "-c", speak], capture_output=True, text=True, check=True, cwd=ROOT)
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [line["logger"] for line in lines] == ["streamlit.later", "py.warnings"]
    assert lines[0]["message"] == "late voice"


def test_every_line_is_json_and_none_holds_a_secret(tmp_path: Path) -> None:
    port = free_port()
    given = {
        "FABRIQUE_DATABASE_URL": f"sqlite:///{tmp_path / 'base.sqlite3'}",
        "FABRIQUE_LOG_FORMAT": "json",
        "FABRIQUE_METRICS_TOKEN": KEY,
    }
    log = tmp_path / "log"
    with log.open("w") as error:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("fabrique"), "serve", "--port", str(port)],
            env={**os.environ, **given},
            stdout=subprocess.PIPE,
            stderr=error,
            text=True,
        )
        try:
            url = once_ready(process, f"http://127.0.0.1:{port}")
            urllib.request.urlopen(f"{url}/connexion?vers=%2Fcomparer", timeout=60).close()
            asked = urllib.request.Request(f"{url}/metrics", headers={"authorization": f"Bearer {KEY}"})
            with urllib.request.urlopen(asked, timeout=60) as answer:
                told = answer.read().decode()
        finally:
            process.terminate()
            process.communicate(timeout=60)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"/sante", "/connexion", "/metrics"} <= {line.get("address") for line in lines}
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert {line["level"] for line in lines} == {"INFO"}, "a normal start warns of nothing"
    assert KEY not in log.read_text() and "comparer" not in log.read_text()
    assert "fabrique_store_up 1.0" in told and "fabrique_experiments 6.0" in told
