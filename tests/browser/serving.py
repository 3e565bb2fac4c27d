"""A server of the real pages on a filled store, in a process of its own: ``python -m tests.browser.serving``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.dashboard.serving import free_port, once_ready

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(
    database_url: str, *, beside: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of the pages of a store; ``beside`` is a folder of plugins installed with ours.

    ``environment`` is added to that of the process: settings, a proxy.
    """
    port = free_port()
    path = os.pathsep.join(str(one) for one in (beside, ROOT) if one)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.serving", str(port), database_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield once_ready(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=60)


def _main(port: int, database_url: str) -> None:
    from core.demonstration import TODAY
    from core.settings import Settings
    from core.storage import Store
    from dashboard.context import Context
    from dashboard.server import build_app, options

    settings = Settings(database_url=database_url, port=port)
    with Store.open(database_url) as store:
        filled = store.latest() > 0
    told = Context.open(settings, clock=lambda: TODAY, demonstration=filled)
    sys.argv = [sys.argv[0]]
    build_app(told).run(config=options(settings))


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2])
