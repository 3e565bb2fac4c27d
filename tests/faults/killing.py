"""An act killed at some moment: the base stands wholly before it or wholly after, says so, and the act can be done."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import FabriqueError
from core.storage import Store, backup
from tests.faults.acts import ACTS
from tests.faults.bases import Bases, print_of

AROUND_COMMIT = 0.006
"""Seconds after a commit has begun, within which half of the kills fall."""


@dataclass
class Child:
    """The process that forks those that are killed."""

    _process: subprocess.Popen[str]

    def order(self, **words: Any) -> dict[str, Any]:
        """Have an act done, and killed or not; what became of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def child() -> Iterator[Child]:
    """One that has read the product, and goes away at the end."""
    command = [sys.executable, "-m", "tests.faults.child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Child(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=60)


@dataclass
class Found:
    """How many bases stood before the act, after it, or neither, once they were opened again."""

    act: str
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """The kills that fell while the act was going on."""
        return self.counts["killed"]


def killed(bases: Bases, hands: Child, code: str, seeds: range, folder: Path) -> Found:
    """Do the act ``code`` once for each seed, and kill it: anywhere for even seeds, around a commit for the others."""
    act, found = ACTS[code], Found(code)
    archive = archive_of(bases, folder)
    with bases.copy(act.start) as url:
        first = [print_of(url)]
        whole = hands.order(act=code, url=url, beside=str(_beside(code, archive, folder, "whole")))
        assert whole["code"] == 0, whole
        last = print_of(url)
    if act.start == "empty":
        with bases.copy("empty") as url:
            Store.open(url).close()
            first.append(print_of(url))  # made, with nothing in it yet
    for seed in seeds:
        moment = random.Random(seed)
        with bases.copy(act.start) as url:
            beside = _beside(code, archive, folder, str(seed))
            answer = hands.order(act=code, url=url, beside=str(beside), **_when(moment, seed, whole))
            found.counts["killed"] += answer["code"] is None
            look(found, url, beside, code, first, last, seed)
            if seed % 5 == 0:
                _do_again(found, hands, code, url, beside, last, seed)
    return found


def _do_again(
    found: Found, hands: Child, code: str, url: str, beside: Path, last: Mapping[str, str], seed: int
) -> None:
    """Who was interrupted does it again: it is done, or refused because it was done already."""
    if print_of(url) == last:
        return
    again = hands.order(act=code, url=url, beside=str(beside))
    if again["code"] != 0 or print_of(url) != last:
        found.wrong.append(f"{code}, seed {seed}: done again, it says {again['said'] or 'nothing'}")


def _when(moment: random.Random, seed: int, whole: Mapping[str, Any]) -> dict[str, float]:
    if seed % 2 and whole["commits"]:
        return {"commit": whole["commits"], "delay": moment.uniform(0, AROUND_COMMIT)}
    return {"delay": moment.uniform(0, whole["seconds"])}


def look(
    found: Found,
    url: str,
    beside: Path,
    code: str,
    first: list[Mapping[str, str]],
    last: Mapping[str, str],
    seed: int,
    *,
    done: bool = False,
) -> None:
    """Count on which side of the act the base stands, and have the product verify it; ``done``: it was said to be."""
    stands = print_of(url)
    side = "after" if stands == last else "before" if stands in first else "neither"
    found.counts[side] += 1
    if side == "neither":
        differ = sorted(name for name in {*stands, *last} if stands.get(name) != last.get(name))
        found.wrong.append(f"{code}, seed {seed}: neither before nor after ({', '.join(differ)})")
    if done and side != "after":
        found.wrong.append(f"{code}, seed {seed}: said to be done, and it is not there")
    try:
        with Store.open(url) as store:
            store.journal.verify()
            assert store.damage() is None
        if code == "sauvegarde" and beside.exists():
            backup.check(beside)
    except FabriqueError as error:
        found.wrong.append(f"{code}, seed {seed}: {error}")


def archive_of(bases: Bases, folder: Path) -> Path:
    """An archive of the base that acts start from."""
    out = folder / "archive.zip"
    if not out.exists():
        with bases.copy("filled") as url, Store.open(url) as store:
            store.backup(out)
    return out


def _beside(code: str, archive: Path, folder: Path, name: str) -> Path:
    return archive if code == "restauration" else folder / f"{code}-{name}.zip"
