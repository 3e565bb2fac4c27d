"""How the server's log is written: lines to read, or one JSON object a line for the tool that gathers them."""

from __future__ import annotations

import logging

from pythonjsonlogger.json import JsonFormatter

OURS = ("core", "fabrique")
_REQUESTS = "uvicorn.access"
_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def in_text() -> None:
    """Lines to read, on the error output; each request is not told."""
    _begin(logging.Formatter(_TEXT))
    logging.getLogger("fabrique.access").setLevel(logging.WARNING)


def in_json() -> None:
    """One JSON object a line, requests included: time (UTC), level, logger, message, and what the event holds."""
    _begin(json_lines())
    logging.getLogger("fabrique.access").setLevel(logging.INFO)


def one_voice() -> None:
    """Have every logger of the process speak through ours, so that no line has another shape.

    The framework gives handlers to its own while it starts; the server under it is left with none,
    and Python then prints what it says without a date or a level. The server's own list of requests stays
    silent: it holds whole addresses, and an invitation's address is a secret.
    """
    from streamlit import logger as theirs  # the parent of several processes speaks by this log, and draws no page

    for name in set(logging.root.manager.loggerDict) - {_REQUESTS}:
        _through_ours(logging.getLogger(name))
    theirs.setup_formatter = _through_ours  # those of its modules that are loaded later
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def _through_ours(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def json_lines() -> JsonFormatter:
    """The shape of a line of JSON."""
    return JsonFormatter(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        timestamp="time",
        json_ensure_ascii=False,
    )


def _begin(formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
