"""The side-by-side page: what a rerun costs on the server, against the same page with ready figures.

Three servers of the same machine, each in its own process, are asked in turn through the
websocket that a browser uses: the page on the demonstration; the same page whose monitor gives
back, from memory, what it answered the first time; an empty page under the framework's default
settings, in a process that has imported what ours has.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from bench.measure import Ratio

HERE = Path(__file__).parent
SERVERS = ("ours", "constant", "empty")
PAUSE = 0.3  # seconds between two reruns: closer ones wait on the framework's own pacing


def run(folder: Path, *, runs: int = 30) -> list[Ratio]:
    """Measure warm reruns of the first page, the three servers in turn."""
    base = f"sqlite:///{folder / 'demonstration.sqlite3'}"
    subprocess.run([*_fabrique(), "demo", "--fill-only"], env=_env(base), check=True, capture_output=True)
    with _serving("ours", base) as ours, _serving("constant", base) as constant, _serving("empty", base) as empty:
        pages = dict(zip(SERVERS, (ours, constant, empty), strict=True))
        for page in pages.values():
            for _ in range(5):
                _rerun(page)
        times = [{name: _rerun(page) for name, page in pages.items()} for _ in range(runs)]
    return [
        _ratio("Page côte à côte, contre la même aux chiffres tout prêts", times, "constant", 1.5),
        _ratio("Page côte à côte, contre une page vide aux réglages d’origine", times, "empty", 0.5),
    ]


def _ratio(name: str, times: list[dict[str, float]], other: str, bound: float) -> Ratio:
    median = {key: statistics.median(one[key] for one in times) for key in SERVERS}
    ratio = statistics.median(one["ours"] / one[other] for one in times)
    return Ratio(name, median["ours"], median[other], ratio, bound, "à chaud, figures en mémoire")


def _rerun(page: ClientConnection) -> float:
    """The seconds from asking for a rerun to the end of the script, everything sent."""
    time.sleep(PAUSE)
    message = BackMsg()
    message.rerun_script.query_string = ""
    start = time.perf_counter()
    page.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(page.recv(timeout=60))
        if answer.WhichOneof("type") == "script_finished":
            return time.perf_counter() - start


@contextmanager
def _serving(kind: str, base: str) -> Iterator[ClientConnection]:
    port = _free_port()
    command = [sys.executable, "-m", "bench.servers", kind, str(port)]
    server = subprocess.Popen(command, cwd=HERE.parent, env=_env(base), stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        origin = f"http://127.0.0.1:{port}"
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", origin=origin, max_size=None) as page:
            yield page
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not start within thirty seconds.")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _fabrique() -> list[str]:
    return [sys.executable, "-c", "from core.cli import main; main()"]


def _env(base: str) -> dict[str, str]:
    return {**os.environ, "FABRIQUE_DATABASE_URL": base}
