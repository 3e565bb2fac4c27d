"""What the framework is made to do before it listens."""

from __future__ import annotations

import socket

import pytest
from streamlit import delta_generator, net_util
from streamlit.web.server.starlette import starlette_server

from dashboard.web import framework


@pytest.fixture(autouse=True)
def given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework as it comes once the test is over."""
    for module, name in (
        (net_util, "get_external_ip"),
        (starlette_server, "get_max_message_size_bytes"),
        (starlette_server, "_bind_socket"),
        (delta_generator, "_maybe_print_use_warning"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))


def test_what_a_server_says_is_sent_at_once() -> None:
    framework.hold()
    listening, _ = starlette_server._bind_server_socket("127.0.0.1", "127.0.0.1", 0, 1)
    with listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        with listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
