"""What the framework leaves open and has no setting for, closed once, before it listens."""

from __future__ import annotations

from streamlit import delta_generator, net_util
from streamlit.web.server.starlette import starlette_server

from dashboard.web.gate import LARGEST


def hold() -> None:
    """Make the framework ask nobody for its own address, and take no message above ``LARGEST``.

    It has one limit for what it sends and what it takes, and keeps what comes whole before it looks at it. Nor does
    it look, for the first person who comes, through the files of every module for how it was started.
    Raises AttributeError when a version of it has neither any more: better at start-up than unseen.
    """
    for module, name, ours in (
        (net_util, "get_external_ip", _nobody),
        (starlette_server, "get_max_message_size_bytes", _largest),
        (delta_generator, "_maybe_print_use_warning", _nobody),
    ):
        getattr(module, name)
        setattr(module, name, ours)


def _nobody() -> None:
    return None


def _largest() -> int:
    return LARGEST
