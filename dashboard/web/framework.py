"""What the framework leaves open and has no setting for, closed once, before it listens."""

from __future__ import annotations

import socket

from streamlit import delta_generator, net_util
from streamlit.web.server.starlette import starlette_server

from dashboard.web.gate import LARGEST

_bound = starlette_server._bind_socket


def hold() -> None:
    """Make the framework ask nobody for its own address, take no message above ``LARGEST``, and send each at once.

    It has one limit for what it sends and what it takes, and keeps what comes whole before it looks at it. Nor does
    it look, for the first person who comes, through the files of every module for how it was started. Its messages
    are small: the system would hold each back until the one before is acknowledged, 40 ms on most machines.
    Raises AttributeError when a version of it has neither any more: better at start-up than unseen.
    """
    for module, name, ours in (
        (net_util, "get_external_ip", _nobody),
        (starlette_server, "get_max_message_size_bytes", _largest),
        (delta_generator, "_maybe_print_use_warning", _nobody),
        (starlette_server, "_bind_socket", _sending_at_once),
    ):
        getattr(module, name)
        setattr(module, name, ours)


def _nobody() -> None:
    return None


def _largest() -> int:
    return LARGEST


def _sending_at_once(address: str, port: int, backlog: int) -> socket.socket:
    """The framework's listening socket; asyncio does not see that it speaks TCP, and what it accepts is as it is."""
    listening = _bound(address, port, backlog)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
