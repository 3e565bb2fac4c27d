"""A server of the dashboard in a process of its own, with constant figures: ``serving(script)``."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
GALLERY = Path(__file__).with_name("gallery.py")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(script: Path | None = None) -> Iterator[str]:
    """The address of a running server; ``script`` replaces the application's own."""
    port = free_port()
    command = [sys.executable, "-m", "tests.dashboard.serving", str(port), *([str(script)] if script else [])]
    with tempfile.TemporaryFile("w+") as told:  # a pipe that nobody reads fills, and holds up the server
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=subprocess.STDOUT, text=True)
        try:
            yield once_ready(process, f"http://127.0.0.1:{port}")
        except RuntimeError as error:
            told.seek(0)
            raise RuntimeError(f"{error}: {told.read()[-3000:]}") from error
        finally:
            process.terminate()
            process.wait(timeout=60)


def once_ready(process: subprocess.Popen[str], url: str) -> str:
    """``url`` once the server answers; raises RuntimeError when it stopped or stays silent."""
    for _ in range(6000):  # five minutes at least: a busy machine is slow, not wrong
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            if _answers(url):
                return url
        else:
            raise RuntimeError(f"the server stopped: {process.communicate()[0] or process.returncode}")
    raise RuntimeError("the server does not answer")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/sante", timeout=1):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _main(port: int, script: Path | None) -> None:
    from types import SimpleNamespace

    from dashboard.server import SCRIPT, build_app, options
    from tests.dashboard.fakes import fake_context

    settings = SimpleNamespace(host="127.0.0.1", port=port)
    sys.argv = [sys.argv[0]]
    build_app(fake_context(), script=script or SCRIPT).run(config=options(settings))


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
