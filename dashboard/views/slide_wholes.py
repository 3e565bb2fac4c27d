"""The slides of the whole programme: where the computers voted are, and the money, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from core.committee import Snapshot
from core.deliberation import ASSOCIATIONS
from core.domain import french
from core.figures.park import Park
from core.money.ledger import Ledger, LineState, advance_sentence, serves
from dashboard.components import Html, join, tag, with_marks
from dashboard.components.park import park_marks, park_swatch


def park_body(found: Park) -> Html:
    """One bar, and the six numbers under it as large as a room needs."""
    parts = [
        tag(
            "li",
            tag("strong", french.number(one.number), class_="slide__number"),
            tag("span", park_swatch(rank), with_marks(one.name, one.seen)),
        )
        for rank, one in enumerate(found.parts, 1)
    ]
    more = tag("p", found.beyond, class_="slide__context") if found.beyond else None
    return join([park_marks(found), tag("ul", parts, class_="slide__park"), more])


def money_body(figures: Snapshot) -> Html:
    """What the associations advanced, then each line: voted, paid, spent."""
    ledger = figures.ledger
    advance = advance_sentence(ledger)
    return join(
        [
            tag("p", advance, class_="slide__stop") if advance else None,
            tag("table", _head(), tag("tbody", [_line(one) for one in ledger.lines]), _foot(ledger), class_=_DRESS),
        ]
    )


_DRESS = "slide__table slide__table--money"
_UNKNOWN = "non renseigné"


def _head() -> Html:
    names = ("Ligne de subvention", "Voté", "Versé", "Dépensé")
    return tag("thead", tag("tr", [tag("th", one, scope="col") for one in names]))


def _line(one: LineState) -> Html:
    whose = ASSOCIATIONS[one.line.association].name
    older = tag("span", f" au {french.short_day(one.spent_older)}", class_="slide__wait") if one.spent_older else None
    return tag(
        "tr",
        tag("th", f"{whose}, {serves(one)}", scope="row"),
        [tag("td", _amount(cents)) for cents in (one.voted, one.paid)],
        tag("td", _amount(one.spent), older),
    )


def _foot(ledger: Ledger) -> Html:
    sums: Sequence[int | None] = (ledger.voted, ledger.paid, ledger.spent)
    return tag("tfoot", tag("tr", tag("th", "Ensemble", scope="row"), [tag("td", _amount(one)) for one in sums]))


def _amount(cents: int | None) -> Html:
    return tag("strong", french.euros(cents)) if cents is not None else tag("span", _UNKNOWN)
