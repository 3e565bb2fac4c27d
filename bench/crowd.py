"""Many people who only look: the slowest pages that they wait for, against a page with nothing on it.

Each is a websocket that asks for a page, reads it two seconds, asks for another. Nothing is handed in meanwhile;
``make load`` is the one where files come, figures are frozen and processes are killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.load import Plan, Seen, people_of, share_of, thread, visit, warm
from bench.measure import Ratio, Times
from bench.service import FABRIQUE, HEALTH, filled, free_port, serving
from core.domain import french

THIRTY = Plan(sessions=30, seconds=45, workers=1)
HUNDRED = Plan(sessions=100, seconds=45, workers=2)
EMPTY = Plan(sessions=30, seconds=45, workers=1, pages=("",))
_EMPTY = (sys.executable, "-m", "bench.servers", "empty")


def run(folder: Path, *, runs: int = 2) -> list[Ratio]:
    """Thirty people on one process, a hundred on two; in front, thirty on the empty page: it is all that it serves."""
    base = filled(folder)
    cookies = people_of(base, HUNDRED.sessions)
    turns = [(_theirs(base, EMPTY), *(_ours(base, plan, cookies) for plan in (THIRTY, HUNDRED))) for _ in range(runs)]
    return [
        _ratio(plan, [(turn[rank], turn[0]) for turn in turns]) for rank, plan in enumerate((THIRTY, HUNDRED), start=1)
    ]


def _ratio(plan: Plan, turns: list[tuple[Seen, Seen]]) -> Ratio:
    middle = min(share_of(ours.times, 50) or 0.0 for ours, _ in turns)
    wrong = sum(len(ours.errors) for ours, _ in turns)
    processes = f"{plan.workers} processus" if plan.workers > 1 else "un processus"
    return Ratio(
        f"{plan.sessions} personnes : la page que 95 % ont avant, contre 30 sur une page vide",
        tuple((_slowest(ours), _slowest(theirs)) for ours, theirs in turns),
        None,
        f"une page toutes les 2 s, {processes}, sans dépôt ; médiane {french.number(1000 * middle)} ms ; "
        f"{french.count(wrong, 'erreur')}",
    )


def _ours(base: str, plan: Plan, cookies: list[str]) -> Seen:
    port = free_port()
    command = (*FABRIQUE, "serve", "--port", str(port), "--workers", str(plan.workers))
    with serving(command, base, port, ready="/pret"):
        warm(port, cookies[: 2 * plan.workers])
        return _look(plan, port, cookies)


def _theirs(base: str, plan: Plan) -> Seen:
    port = free_port()
    with serving((*_EMPTY, str(port)), base, port, ready=HEALTH):
        return _look(plan, port, [""] * plan.sessions)


def _look(plan: Plan, port: int, cookies: list[str]) -> Seen:
    """Everybody at once, until the plan’s time is over."""
    seen, until = Seen(), time.monotonic() + plan.seconds
    for one in [thread(visit, seen, plan, port, cookie, until, number) for number, cookie in enumerate(cookies)]:
        one.join()
    return seen


def _slowest(seen: Seen) -> Times:
    """The time under which 95 % of the pages came; the processor is that of everybody at once, and not told."""
    return Times(share_of(seen.times, 95) or 0.0, 0)
