"""The three servers that ``bench.page`` compares: ``python -m bench.servers ours|constant|empty PORT``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from core.demonstration import TODAY
from core.figures import Monitor
from core.settings import Settings
from dashboard.context import Context
from dashboard.server import serve

EMPTY = Path(__file__).with_name("empty_page.py")


class Constant:
    """A monitor that answers from memory what the real one answered the first time."""

    def __init__(self, real: Monitor) -> None:
        self._real = real
        self._answers: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._real, name)

        def answer(*args: Any, **options: Any) -> Any:
            key = repr((name, args, options))
            if key not in self._answers:
                self._answers[key] = asked(*args, **options)
            return self._answers[key]

        return answer


def main(kind: str, port: int) -> None:
    """Serve until stopped."""
    if kind == "empty":
        _empty(port)
        return
    settings = Settings.read().model_copy(update={"port": port, "host": "127.0.0.1"})
    context = Context.open(settings, clock=lambda: TODAY, demonstration=True)
    if kind == "constant":
        context.make_monitor = lambda registry, store, today: Constant(Monitor(registry, store, today=today))
    serve(settings, opening=lambda: context)


def _empty(port: int) -> None:
    """The framework as it comes, but without opening a browser; our imports are already made above."""
    import streamlit as st

    app = st.App(EMPTY)
    app.run(config={"server.port": port, "server.headless": True, "browser.gatherUsageStats": False})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
