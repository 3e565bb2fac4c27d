"""The French sentences that say why a figure is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.deliberation import AXES
from core.domain import french
from core.domain.period import Period
from core.domain.programme import SubsidyLine

NOT_FOLLOWED = "Cet indicateur n’est pas suivi par cette expérimentation."
NOT_BY_PLACE = "Ce chiffre n’est pas suivi par lieu."
NOT_BY_MONTH = "Ce chiffre n’est pas daté\u202f: il ne se répartit pas par mois."
NOTHING_AT_ALL = "L’association n’a encore rien déposé."
LEFT_BLANK = "Ce nombre est facultatif, et aucune ligne ne le donne."
NO_LINE = "Aucune ligne de subvention ne finance cela pour cette expérimentation."


def axis_not_tried(axes: Iterable[int], at_place: bool) -> str:
    """The axis is not tried there."""
    named = french.listing(f"{axis} ({AXES[axis].name})" for axis in axes)
    here = "à ce lieu" if at_place else "pour cette expérimentation"
    return f"L’axe {named} n’est pas prévu {here}."


def not_started(start: date) -> str:
    """The experiment had not begun."""
    return f"L’expérimentation n’avait pas commencé\u202f: elle débute le {french.day(start)}."


def not_handed_in(association: str, titles: Iterable[str], period: Period | None) -> str:
    """Nothing came for these datasets."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    when = f" pour {_the_period(period)}" if period else ""
    never = "n’a rien transmis" if period else "n’a encore rien transmis"
    return f"{association} {never}{when} ({named})."


def not_among(association: str, titles: Iterable[str]) -> str:
    """The association does not hand in these datasets."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    return f"{association} ne transmet pas {named}."


def nobody(titles: Iterable[str], period: Period | None) -> str:
    """No association handed it in."""
    return not_handed_in("Aucune association", titles, period)


def lead_has_not(titles: Iterable[str]) -> str:
    """The project lead has recorded nothing yet."""
    named = french.listing(f"«\u00a0{title}\u00a0»" for title in titles)
    return f"La Métropole n’a encore rien saisi ({named})."


def not_divided(lines: Iterable[SubsidyLine]) -> str:
    """The sum waits for its key."""
    named = french.listing(f"«\u00a0{line.code}\u00a0» ({french.euros(line.cents)})" for line in lines)
    return (
        f"Somme non ventilée\u202f: la ligne {named} couvre plusieurs expérimentations, "
        "et aucune clé de répartition n’est enregistrée."
    )


def _the_period(period: Period) -> str:
    return f"le {period.label}" if period.is_quarter else period.label
