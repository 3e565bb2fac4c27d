"""What each association says that it spent on its line, and the accounts that the story tells."""

from __future__ import annotations

from typing import Any

from core.demonstration import story
from core.demonstration.story import QUARTERS

Row = dict[str, Any]

YEARS = {"anonymal-ct2": 2022, "point-formation": 2022, "arsenic-equiper-connecter": 2021, "arsenic-accompagner": 2021}
"""The year in which the accounting year ends."""


def spent(association: str, quarter: int) -> list[Row]:
    """The expenses to the end of quarter 1 to 4, one row per line, in cents."""
    return [
        {"ligne_subvention": line, "date": QUARTERS[quarter - 1].end, "montant": story.SPENT[line][quarter - 1]}
        for line in story.LINES_OF[association]
        if quarter <= len(story.SPENT[line])
    ]


def spent_live() -> list[Row]:
    """The last figure of Point Formation, brought by the live deposit."""
    return [{"ligne_subvention": "point-formation", "date": QUARTERS[3].end, "montant": story.SPENT_LIVE}]


def accounts(line: str) -> list[Row]:
    """The balanced budget of one line, and what was done of it when its year is over; in cents, account by account."""
    done = story.ACTUALS.get(line, {})
    return [
        {
            "ligne_subvention": line,
            "exercice": YEARS[line],
            "compte": account,
            "prevision": cents,
            "realisation": done.get(account),
        }
        for account, cents in story.BUDGETS[line].items()
    ]
