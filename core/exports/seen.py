"""The figures that decisions were taken on, as a document may repeat them: small counts of people are hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.domain.meeting import Decision, Meeting
from core.services.discretion import masked
from core.services.meetings import seen_in, snapshot_of
from core.storage import Store


def discreet_words(store: Store, known: Sequence[Meeting], below: int) -> Mapping[str, str]:
    """For each figure seen that may not be repeated, as it was written, what is written instead."""
    cited = {one.freeze for meeting in known for one in meeting.decisions if one.seen}
    freezes = [one for meeting in known for one in meeting.freezes if one.number in cited]
    found: dict[str, str] = {}
    for freeze in freezes:
        whole = snapshot_of(store, freeze)
        shown = masked(whole, below)
        for (code, whom), cell in shown.cells.items():
            if cell.observation.hidden:
                found[seen_in(whole, whom, code)] = seen_in(shown, whom, code)
    return found


def discreet(found: Sequence[Decision], words: Mapping[str, str]) -> tuple[Decision, ...]:
    """The decisions, each with the figure that it may repeat."""
    return tuple(replace(one, seen=words.get(one.seen, one.seen)) for one in found)
