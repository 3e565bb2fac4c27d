"""The slides of a committee: what was decided, the six one by one, side by side, what changed, each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.meeting import Decision, Meeting
from core.services.snapshots import Kind, changes
from dashboard.components import Html, join, tag
from dashboard.views.parts.meeting_words import follow_mark, last_decided, verdict_mark
from dashboard.views.parts.projected import Deck
from dashboard.views.parts.slide_figures import comparison_body, experiment_body, figure_seen

LONG, SHORT = 230, 120
MOST_CHANGES, MOST_DECISIONS, MOST_OPTIONS = 7, 6, 5
LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Slide:
    """One idea: a small line, a title that says it, a body that fits on one screen."""

    name: str
    kicker: str
    title: str
    body: Html


def slides(deck: Deck) -> list[Slide]:
    """Everything that is presented, in order."""
    found = [_first(deck)]
    last = last_decided([one for one in deck.every if one.number < deck.meeting.number])
    if last is not None:
        found.append(_decided(last, f"Décidé la dernière fois, le {french.day(last.day)}", followed=True))
    found += [_experiment(deck, one) for one in _experiments(deck)]
    found.append(Slide("compared", "Les six côte à côte", deck.now.figures.sentence, comparison_body(deck.now)))
    if deck.old is not None and deck.last is not None:
        found.append(_changes(deck))
    found += [_point(deck, rank) for rank in range(1, len(deck.meeting.points) + 1)]
    if deck.meeting.decisions:
        found.append(_decided(deck.meeting, "Ce que le comité a décidé", followed=False))
    return found


def clipped(text: str, most: int) -> str:
    """The text, cut at a word: a slide is not read, it is looked at."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(',;:. ')}…"


def _first(deck: Deck) -> Slide:
    agenda = [tag("li", one.title) for one in deck.meeting.points]
    body = join([
        tag("p", deck.now.figures.sentence, class_="slide__lead"),
        tag("ol", agenda, class_="slide__agenda") if agenda else None,
    ])  # fmt: skip
    return Slide("first", deck.now.figures.mark, deck.meeting.full_title, body)


def _experiments(deck: Deck) -> list[Experiment]:
    """Those of that day, and those of the committee before that are not there any more."""
    now = list(deck.now.figures.experiments)
    known = {one.code for one in now}
    gone = [one for one in deck.old.figures.experiments if one.code not in known] if deck.old else []
    return sorted([*now, *gone], key=lambda one: (one.rank, one.code))


def _experiment(deck: Deck, one: Experiment) -> Slide:
    there = deck.now.figures.experiment(one.code) is not None
    source = deck.now if there or deck.old is None else deck.old
    body = experiment_body(source, one, warning=_warning(deck, one, there))
    return Slide("experiment", f"{one.territory} · {one.association.name}".strip(" ·"), one.title, body)


def _warning(deck: Deck, one: Experiment, there: bool) -> str:
    """What is said when the plugin was broken on the day."""
    if not there and deck.old is not None:
        return f"Le plugin ne fonctionne pas aujourd’hui : derniers chiffres connus. {deck.old.figures.mark}."
    if deck.now.figures.pages[one.code].problem:
        return "La page du plugin ne s’affichait pas ce jour-là ; ses chiffres, eux, sont ceux de ce comité."
    return ""


def _changes(deck: Deck) -> Slide:
    assert deck.old is not None and deck.last is not None
    found = changes(deck.old.figures, deck.now.figures).listed
    shown = [one for one in found if one.kind is not Kind.COMMITMENT and not _hidden(deck, one.indicator)][
        :MOST_CHANGES
    ]
    rows = [tag("li", clipped(one.text, SHORT)) for one in shown]
    body = (
        tag("ul", rows, class_="slide__list") if rows else tag("p", "Aucun chiffre n’a changé.", class_="slide__lead")
    )
    old, new = french.day(deck.old.figures.until), french.day(deck.now.figures.until)
    return Slide("changes", f"Du {old} au {new}", f"Ce qui a changé depuis le {deck.last.title.lower()}", body)


def _hidden(deck: Deck, indicator: str | None) -> bool:
    """Whether a figure of that indicator is hidden somewhere: its changes could give it away."""
    assert deck.old is not None
    return any(code == indicator for code, _ in (*deck.now.hidden, *deck.old.hidden))


def _point(deck: Deck, rank: int) -> Slide:
    point = deck.meeting.points[rank - 1]
    options = [
        tag("li", tag("span", LETTERS[at], class_="option__letter"), tag("span", clipped(text, SHORT)))
        for at, text in enumerate(point.options[:MOST_OPTIONS])
    ]
    quo = tag(
        "li", tag("span", "–", class_="option__letter"), tag("span", f"Statu quo : {clipped(point.status_quo, SHORT)}")
    )
    seen = figure_seen(deck.now, point.experiment, point.indicator)
    decided = [one for one in deck.meeting.decisions_on(point.code) if one.stands]
    body = join([
        tag("p", clipped(point.context, LONG), class_="slide__context") if point.context else None,
        tag("ul", [*options, quo], class_="slide__options"),
        tag("p", seen, class_="slide__seen") if seen else None,
        tag("p", verdict_mark(decided[0].verdict), f" {clipped(decided[0].text, SHORT)}", class_="slide__verdict")
        if decided else None,
    ])  # fmt: skip
    kicker = f"Point {rank} sur {len(deck.meeting.points)} · {clipped(point.title, 60)}"
    return Slide("point", kicker, clipped(point.question, SHORT), body)


def _decided(found: Meeting, title: str, *, followed: bool) -> Slide:
    standing = [one for one in found.decisions if one.stands]
    rows = [tag("li", _decision(one, followed), class_="slide__decision") for one in standing[-MOST_DECISIONS:]]
    return Slide("decided", found.full_title, title, tag("ul", rows, class_="slide__decisions"))


def _decision(one: Decision, followed: bool) -> Sequence[Html | None]:
    who = " · ".join(part for part in (one.owner, f"pour le {french.day(one.due)}" if one.due else "") if part)
    return [
        tag("p", verdict_mark(one.verdict)),
        tag("p", clipped(one.text, SHORT)),
        follow_mark(one) if followed else tag("p", who),
    ]
