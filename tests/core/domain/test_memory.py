"""One value of each type, made once, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from core.domain.memory import TypedMemory


def test_threads_that_ask_together_get_the_same_value() -> None:
    memory, together = TypedMemory(), Barrier(4)

    def made() -> list[int]:
        together.wait(5)
        return []

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: memory.of(list, made), range(4)))
    assert len({id(one) for one in found}) == 1
    assert memory.of(list, lambda: [1]) is found[0]
    assert memory.of(dict, dict) == {}
