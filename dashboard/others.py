"""What a process knows of those that serve beside it: how many there are, and the pages that they hold open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _alone(_pages: Mapping[str, int]) -> None:
    """Nobody else serves."""


@dataclass
class Others:
    """The other processes; a process that serves alone has none.

    wanted  how many processes should serve, this one included
    ready   how many do
    pages   the pages open in the others, by account and by network address
    tell    says which are open here
    """

    wanted: int = 1
    ready: int = 1
    pages: Mapping[str, int] = field(default_factory=dict)
    tell: Callable[[Mapping[str, int]], None] = _alone

    def learn(self, wanted: int, ready: int, pages: Mapping[str, int]) -> None:
        """Take what the parent says, whenever it changes."""
        self.wanted, self.ready, self.pages = wanted, ready, pages

    def state(self) -> dict[str, dict[str, int]]:
        """What /sante and /pret say of all of them; nothing where one serves alone."""
        return {} if self.wanted == 1 else {"processus": {"voulus": self.wanted, "prêts": self.ready}}


def summed(pages: Mapping[int, Mapping[str, int]], but: int) -> Counter[str]:
    """The pages open in every process but one."""
    found: Counter[str] = Counter()
    for number, held in pages.items():
        if number != but:
            found.update(held)
    return found
