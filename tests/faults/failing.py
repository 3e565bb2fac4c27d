"""The disk, the file, the archive or the server fails: it is refused in a sentence, and nothing is half done."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import FabriqueError
from core.storage import Store
from tests.faults.acts import ACTS
from tests.faults.bases import Bases, path_of, print_of
from tests.faults.killing import Child, Found, archive_of, look

PAGE = 4096


def disk_full(bases: Bases, hands: Child, code: str, seeds: range, folder: Path) -> Found:
    """No room is left but for some pages (SQLite): the act is refused in a sentence, and nothing of it is there."""
    found, aside = Found(code), folder / "aucun.zip"
    with bases.copy(ACTS[code].start) as url:
        first, start = [print_of(url)], path_of(url).stat().st_size // PAGE
        assert hands.order(act=code, url=url, beside=str(aside))["code"] == 0
        last, grown = print_of(url), path_of(url).stat().st_size // PAGE - start
    for seed in seeds:
        with bases.copy(ACTS[code].start) as url:
            left = random.Random(seed).randrange(grown)
            answer = hands.order(act=code, url=url, beside=str(aside), pages=start + left)
            _answered(found, answer, seed)
            look(found, url, aside, code, first, last, seed, done=answer["code"] == 0)
    return found


def damaged_pages(bases: Bases, seeds: range) -> Found:
    """A page of the file is overwritten (SQLite): it is found out, unless nothing of what is kept was on it."""
    found = Found("page abîmée")
    for seed in seeds:
        with bases.copy("filled") as url:
            path, moment = path_of(url), random.Random(seed)
            whole = print_of(url)
            with path.open("r+b") as file:
                file.seek(moment.randrange(path.stat().st_size // PAGE) * PAGE)
                file.write(moment.randbytes(PAGE))
            told = _told(url)
            found.counts["told" if told else "unseen"] += 1
            if not told and print_of(url) != whole:
                found.wrong.append(f"seed {seed}: rows are not those that were kept, and nothing says so")
    return found


def torn_archives(bases: Bases, seeds: range, folder: Path) -> Found:
    """An archive that is cut short, or of which a piece was altered, is refused, and the empty base stays empty."""
    found, archive = Found("sauvegarde abîmée"), archive_of(bases, folder).read_bytes()
    torn = folder / "coupee.zip"
    for seed in seeds:
        moment = random.Random(seed)
        at = moment.randrange(len(archive))
        cut = archive[:at] if seed % 2 else archive[:at] + moment.randbytes(64) + archive[at + 64 :]
        torn.write_bytes(cut)
        with bases.copy("empty") as url:
            try:
                Store.restore(url, torn)
            except FabriqueError:
                found.counts["refused"] += 1
                with Store.open(url) as store:
                    if store.latest() or store.journal.verify().lines:
                        found.wrong.append(f"seed {seed}: something of it is there")
            else:
                found.counts["restored"] += 1
                with bases.copy("filled") as other:
                    if print_of(url) != print_of(other):
                        found.wrong.append(f"seed {seed}: restored otherwise than it was")
    return found


def server_stopped(
    bases: Bases, hands: Child, code: str, seeds: range, folder: Path, stop: Callable[[bool], Any]
) -> Found:
    """The PostgreSQL server is stopped, at once or after its guests, while an act goes on; ``stop`` brings it back."""
    found = Found(code)
    with bases.copy(ACTS[code].start) as url:
        first = [print_of(url)]
        whole = hands.order(act=code, url=url, beside=str(folder / "aucun.zip"))
        last = print_of(url)
    for seed in seeds:
        moment = random.Random(seed)
        with bases.copy(ACTS[code].start) as url:
            late = threading.Thread(target=_later, args=(moment.uniform(0, whole["seconds"]), stop, seed % 2 == 0))
            late.start()
            answer = hands.order(act=code, url=url, beside=str(folder / "aucun.zip"))
            late.join()
            _answered(found, answer, seed)
            look(found, url, folder / "aucun.zip", code, first, last, seed, done=answer["code"] == 0)
    return found


def _answered(found: Found, answer: dict[str, Any], seed: int) -> None:
    """It was done, or refused in a sentence of ours; anything else is wrong."""
    found.counts["refused" if answer["code"] == 3 else "done"] += 1
    if answer["code"] not in (0, 3):
        found.wrong.append(f"{found.act}, seed {seed}: {answer['said']}")


def _later(seconds: float, stop: Callable[[bool], Any], at_once: bool) -> None:
    time.sleep(seconds)
    stop(at_once)


def _told(url: str) -> bool:
    """Whether opening it, asking SQLite or verifying the journal and the rows says that something is wrong."""
    try:
        with Store.open(url) as store:
            if store.damage():
                return True
            store.journal.verify()
    except FabriqueError:
        return True
    return False
