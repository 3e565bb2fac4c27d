"""What processes tell each other: how many serve, and the pages that each holds open."""

from __future__ import annotations

import asyncio
import json
import socket
from types import SimpleNamespace

from core.settings import Settings
from dashboard.others import Others, summed
from dashboard.processes.front import Front, Worker
from dashboard.web.gate import BY_ACCOUNT, BY_ADDRESS, Sockets


def test_pages_of_the_others_are_added_up() -> None:
    pages = {0: {"claire": 2}, 1: {"claire": 1, "192.0.2.7": 3}, 2: {"claire": 4}}
    assert summed(pages, but=0) == {"claire": 5, "192.0.2.7": 3}


def test_pages_that_others_hold_count_with_ours() -> None:
    others = Others(wanted=2, ready=2)
    gate = Sockets(lambda *_: None, SimpleNamespace(), others)  # type: ignore[arg-type]
    assert gate._has_room("claire", "192.0.2.7")
    others.learn(2, 2, {"claire": BY_ACCOUNT})
    assert not gate._has_room("claire", "192.0.2.7")
    others.learn(2, 2, {"192.0.2.7": BY_ADDRESS - 1})
    assert gate._has_room("claire", "192.0.2.7")
    with gate._one_more("paul", "192.0.2.7"):
        assert not gate._has_room("claire", "192.0.2.7")
    assert gate._has_room("claire", "192.0.2.7")


def test_what_is_open_here_is_told_to_the_parent() -> None:
    told: list[dict[str, int]] = []
    others = Others(wanted=2, ready=2, tell=lambda pages: told.append(dict(pages)))
    gate = Sockets(lambda *_: None, SimpleNamespace(), others)  # type: ignore[arg-type]
    with gate._one_more("claire", "192.0.2.7"), gate._one_more("claire", "192.0.2.8"):
        pass
    assert told[1] == {"claire": 2, "192.0.2.7": 1, "192.0.2.8": 1}
    assert told[-1] == {}


def test_parent_passes_on_what_one_holds_and_forgets_it_when_it_ends() -> None:
    assert asyncio.run(_passed_on()) == [
        {"wanted": 2, "ready": 1, "pages": {}},
        {"wanted": 2, "ready": 2, "pages": {}},
        {"wanted": 2, "ready": 2, "pages": {"claire": 3}},
        {"wanted": 2, "ready": 1, "pages": {}},
    ]


async def _passed_on() -> list[dict[str, object]]:
    """What the first process hears: it is ready, so is the second, which opens three pages and ends."""
    front = Front(Settings(), 2, "fabrique", fictitious=False)
    (reader, first), (_, second) = [await _worker(front, number) for number in range(2)]
    following = [asyncio.create_task(front.follow(worker)) for worker in front.workers.values()]
    heard = []
    for writer, words in ((first, {"ready": True}), (second, {"ready": True}), (second, {"pages": {"claire": 3}})):
        writer.write(json.dumps(words).encode() + b"\n")
        heard.append(json.loads(await asyncio.wait_for(reader.readline(), 60)))
    second.close()
    await second.wait_closed()
    heard.append(json.loads(await asyncio.wait_for(reader.readline(), 60)))
    first.close()
    assert await asyncio.gather(*following) == [True, True]
    await first.wait_closed()
    return heard


async def _worker(front: Front, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A process, as the parent knows it: where it hears the parent, and speaks to it."""
    said, heard = socket.socketpair()
    process, given = SimpleNamespace(pid=0), socket.socket()
    front.workers[number] = Worker(number, process, given, *await asyncio.open_connection(sock=said), begun=0.0)  # type: ignore[arg-type]
    return await asyncio.open_connection(sock=heard)
