"""The slides of the whole programme: the computers voted, the money, the commitments, the communes."""

from __future__ import annotations

from collections.abc import Sequence

from core.committee import Snapshot
from core.deliberation import ASSOCIATIONS, COMMITMENTS
from core.domain import french
from core.domain.figure_text import MISSING_MARKS, lacking_text
from core.domain.observation import Missing, Observation
from core.domain.plugin_phrases import known, written
from core.domain.programme import METROPOLE
from core.figures.commitments import PROMISE_MARKS, Kept
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


_SUMS = ("Voté", "Versé", "Dépensé")


def _head() -> Html:
    return tag("thead", tag("tr", [tag("th", one, scope="col") for one in ("Ligne de subvention", *_SUMS)]))


def _line(one: LineState) -> Html:
    whose = ASSOCIATIONS[one.line.association].name
    older = tag("span", f" au {french.short_day(one.spent_older)}", class_="slide__wait") if one.spent_older else None
    return tag(
        "tr",
        tag("th", f"{whose}, {serves(one)}", scope="row"),
        [tag("td", _amount(cents), data_label=name) for name, cents in zip(_SUMS, (one.voted, one.paid), strict=False)],
        tag("td", _amount(one.spent), older, data_label=_SUMS[-1]),
    )


def _foot(ledger: Ledger) -> Html:
    sums: Sequence[int | None] = (ledger.voted, ledger.paid, ledger.spent)
    cells = [tag("td", _amount(one), data_label=name) for name, one in zip(_SUMS, sums, strict=True)]
    return tag("tfoot", tag("tr", tag("th", "Ensemble", scope="row"), cells))


def _amount(cents: int | None) -> Html:
    return tag("strong", french.euros(cents)) if cents is not None else tag("span", _UNKNOWN)


# --- The eight commitments, experiment by experiment; the places, one a row ------------------------


def commitments_body(figures: Snapshot) -> Html:
    """A shape for each commitment and experiment; its word is in the legend, and read out."""
    names = [tag("th", one.short_title, scope="col") for one in figures.experiments]
    rows = [
        tag(
            "tr",
            tag("th", f"{rank}. {one.title}", scope="row"),
            [tag("td", _kept(figures, one.code, whose.code)) for whose in figures.experiments],
        )
        for rank, one in enumerate(COMMITMENTS, 1)
    ]
    legend = [tag("li", f"{shape} {word}") for shape, word in PROMISE_MARKS.values() if shape]
    head = tag("thead", tag("tr", tag("th", "Engagement", scope="col"), names))
    dress = "slide__table slide__table--promised"
    whole = tag("table", _caption("Les engagements"), head, tag("tbody", rows), class_=dress)
    return join([whole, tag("ul", legend, class_="slide__legend")])


def _kept(figures: Snapshot, commitment: str, experiment: str) -> Html | None:
    found = figures.commitments.get((commitment, experiment))
    if found is None:
        return None
    shape, word = PROMISE_MARKS[found.state]
    strong = "strong" if found.state is Kept.SHOWN else "span"
    return tag(strong, tag("span", shape, aria_hidden="true"), tag("span", word, class_="visually-hidden"))


AT_PLACES = ("EQ5a", "CO5", "AC6")
"""What a slide tells of a place."""


def places_body(figures: Snapshot) -> Html:
    """One row for each place of an experiment: computers, homes connected, diagnostics, and their day."""
    told = [figures.indicator[code] for code in AT_PLACES if code in figures.indicator]
    seen = {(one.indicator, one.experiment, one.place): one for one in figures.places}
    rows = [
        tag(
            "tr",
            tag("th", place.name, tag("span", f" {whose.association.name}"), scope="row"),
            [tag("td", _there(seen.get((one.code, whose.code, place.code))), data_label=one.label) for one in told],
        )
        for whose in figures.experiments
        for place in whose.places
        if place.code != METROPOLE
    ]
    head = tag("tr", tag("th", "Lieu", scope="col"), [tag("th", one.label, scope="col") for one in told])
    dress = "slide__table slide__table--places"
    return tag("table", _caption("Les lieux"), tag("thead", head), tag("tbody", rows), class_=dress)


def places_title(figures: Snapshot) -> str:
    """« 8 lieux, 4 associations »: how many places the experiments have."""
    whose = [one for one in figures.experiments if any(place.code != METROPOLE for place in one.places)]
    places = sum(place.code != METROPOLE for one in whose for place in one.places)
    bodies = len({one.association.code for one in whose})
    return f"{french.count(places, 'lieu', 'lieux')}, {french.count(bodies, 'association')} : où en est chacun"


def _there(found: Observation | None) -> Html | None:
    if found is None:
        return _missing(Missing.NOT_APPLICABLE)
    if found.hidden:
        return tag("span", found.hidden, class_="slide__words")
    if found.missing_because is not None:
        return _missing(found.missing_because)
    lacking = lacking_text(found, day=french.short_day)
    wait = tag("span", f" {lacking}", class_="slide__wait") if lacking else None
    return tag("span", tag("strong", written(known(found))), wait)


def _missing(because: Missing) -> Html:
    shape, word = MISSING_MARKS[because]
    return tag("span", f"{shape} {word}".strip(), class_="slide__words")


def _caption(text: str) -> Html:
    return tag("caption", text, class_="visually-hidden")
