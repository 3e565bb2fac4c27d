"""« Projection »: the slides of a committee, one address each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.accounts import remote
from core.committee import ChangeType, Snapshot, changes, counted_from, reference_of, take
from core.domain import access, french
from core.domain.access import Action
from core.domain.change import nothing_changed, reference_text
from core.domain.meeting import Decision, Meeting
from core.domain.programme import Experiment
from core.errors import Refused, UnknownName
from core.figures.park import park_of
from core.figures.sentences import together
from core.money.ledger import money_sentence
from dashboard.addresses import address
from dashboard.components import Child, Html, empty, join, page_title, show, tag
from dashboard.context import Context
from dashboard.views.commitments import commitments_sentence
from dashboard.views.meeting_agenda import (
    PATH,
    before,
    follow_mark,
    frozen_figures,
    last_decided,
    readable_meetings,
    verdict_mark,
)
from dashboard.views.meetings import chosen
from dashboard.views.shared import kept, least, read_moment
from dashboard.views.slide_figures import (
    Deck,
    clipped,
    commitments_body,
    comparison_body,
    experiment_body,
    figure_seen,
    masked,
    money_body,
    park_body,
    places_body,
    places_title,
)

LONG, SHORT, LONGEST_LINE = 230, 120, 90
MOST_CHANGES, MOST_DECISIONS, MOST_OPTIONS = 6, 6, 5
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
    found.append(
        Slide(
            "compared",
            f"{together(deck.now.figures.experiments)} côte à côte",
            deck.now.figures.sentence,
            comparison_body(deck.now),
        )
    )
    found += _wholes(deck)
    if deck.old is not None and deck.last is not None:
        found.append(_changes(deck))
    found += [_point(deck, rank) for rank in range(1, len(deck.meeting.points) + 1)]
    if deck.meeting.decisions:
        found.append(_decided(deck.meeting, "Ce que le comité a décidé", followed=False))
    return found


def _wholes(deck: Deck) -> list[Slide]:
    """The computers voted, where each of them is known to be, the money, the commitments, the places."""
    figures = deck.now.figures
    machines = park_of(figures.cells)
    shown = [Slide("park", "Parc de matériel", machines.conclusion, park_body(machines))] if machines else []
    promised = commitments_sentence(figures.commitments, figures.experiments, figures.until)
    return [
        *shown,
        Slide("money", "Subventions", money_sentence(figures.ledger), money_body(figures)),
        Slide("promised", "Engagements", promised, commitments_body(figures)),
        Slide("places", "Communes et quartiers", places_title(figures), places_body(figures)),
    ]


def _first(deck: Deck) -> Slide:
    agenda = [tag("li", one.title) for one in deck.meeting.points]
    body = join(
        [
            tag("p", deck.now.figures.sentence, class_="slide__lead"),
            tag("ol", agenda, class_="slide__agenda") if agenda else None,
        ]
    )
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
    shown = [one for one in found if one.kind is not ChangeType.COMMITMENT and not _hidden(deck, one.indicator)][
        :MOST_CHANGES
    ]
    rows = [tag("li", clipped(one.text, LONG)) for one in shown]
    body = (
        tag("ul", rows, class_="slide__list")
        if rows
        else tag("p", nothing_changed(one.observation for one in deck.now.figures.figures), class_="slide__lead")
    )
    old, new = french.day(deck.old.figures.until), french.day(deck.now.figures.until)
    since = reference_text(reference_of(deck.now.figures))
    return Slide("changes", f"Du {old} au {new}", f"Ce qui a changé {since}", body)


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
    body = join(
        [
            tag("p", clipped(point.context, LONG), class_="slide__context") if point.context else None,
            tag("ul", [*options, quo], class_="slide__options"),
            tag("p", seen, class_="slide__seen") if seen else None,
            tag("p", verdict_mark(decided[0].verdict), f" {clipped(decided[0].text, SHORT)}", class_="slide__verdict")
            if decided
            else None,
        ]
    )
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


# --- The projector: one idea a screen, large type, left and right on the keyboard; frozen figures only, or marked so


TITLE = "Projection"
PATH_HERE = "projection"


def draw(context: Context) -> None:
    """The slide that the address names, over the whole screen."""
    every = readable_meetings(context)
    asked = st.query_params.get("comite")
    if asked is None:
        show(page_title(TITLE), empty("Choisissez d’abord un comité", "Ouvrez un comité, puis « Projeter »."))
        return
    found = chosen(context, asked, every)
    figures, deck = projected(context, found, every)
    listed = slides(deck)
    rank = _rank(len(listed))
    account = account_of(context)
    if account is not None:
        remote.told(context.office, account, found.number, rank, at=context.instant)
    show(_slide(found, figures, listed, rank, context.demonstration))


def projected(context: Context, found: Meeting, every: Sequence[Meeting]) -> tuple[Snapshot, Deck]:
    """The figures of a committee, and what its slides tell of them beside those of the committee before.

    Raises Refused when they are not frozen and the visitor does not prepare the committee.
    """
    last = before(every, found)
    old = frozen_figures(context, last) if last else None
    figures = frozen_figures(context, found) or _live(context, old)
    shown_before = masked(old, least(context)) if old else None
    counted = counted_from(figures, old, last.number) if old and last else figures
    return figures, Deck(found, every, masked(counted, least(context), shown_before), shown_before, last)


def account_of(context: Context) -> str | None:
    """The account that projects, or whose telephone turns the slides; None where nobody signs in."""
    found = context.door.visit() if context.door else None
    return found.account.id if found else None


def _live(context: Context, old: Snapshot | None) -> Snapshot:
    """The figures of now, for who prepares the committee; the slide says that they are not frozen."""
    if not access.allowed(context.visitor, Action.CONVENE):
        raise Refused("Les données de ce comité ne sont pas encore arrêtées : il n’y a rien à projeter.")
    until = read_moment(context).until
    return kept(
        context,
        ("live snapshot", until, old and old.until),
        None,
        lambda: take(
            context.registry,
            context.store,
            until=until,
            at=context.now,
            today=context.today,
            since=old.until if old else None,
        ),
    )


def _rank(count: int) -> int:
    """The slide of the address, the nearest one when there is none of that number."""
    text = st.query_params.get("diapo", "1")
    if not (text.isascii() and text.isdecimal()):
        raise UnknownName(f"Diapositive « {text} » inconnue. Écrivez un nombre, par exemple 1.")
    return min(max(int(text), 1), count)


def _slide(found: Meeting, figures: Snapshot, listed: Sequence[Slide], rank: int, fictitious: bool) -> Html:
    one = listed[rank - 1]
    return tag(
        "section",
        tag(
            "header",
            tag("p", one.kicker, class_="slide__kicker"),
            tag("h1", one.title, class_="slide__title"),
            class_="slide__head",
        ),
        tag("div", one.body, class_="slide__body"),
        _foot(found, figures, listed, rank, fictitious),
        class_=f"slide slide--{one.name}",
        data_count=len(listed),
        data_committee=found.number,
        data_rank=rank,
    )


def _foot(found: Meeting, figures: Snapshot, listed: Sequence[Slide], rank: int, fictitious: bool) -> Html:
    live = figures.number is None
    return tag(
        "footer",
        tag("span", figures.mark, class_="slide__mark slide__mark--live" if live else "slide__mark"),
        tag("strong", "Données fictives", class_="slide__fictitious") if fictitious else None,
        tag("nav", *_links(found, listed, rank), class_="slide__nav", aria_label="Diapositives"),
        class_="slide__foot",
    )


def _links(found: Meeting, listed: Sequence[Slide], rank: int) -> list[Child]:
    def to(number: int) -> str:
        return address(PATH_HERE, comite=str(found.number), diapo=str(number))

    back = tag("a", "◀", href=to(rank - 1), rel="prev", target="_self", aria_label="Diapositive précédente")
    ahead = tag("a", "▶", href=to(rank + 1), rel="next", target="_self", aria_label="Diapositive suivante")
    out = tag("a", "Quitter", href=address(PATH, comite=str(found.number)), target="_self", data_leave="")
    whole = tag("button", "Plein écran", type="button", data_full="", class_="slide__full")
    every = tag(
        "details",
        tag("summary", f"{rank} sur {len(listed)}", title="La liste des diapositives"),
        tag("ol", [tag("li", _listed(one, at, to(at), at == rank)) for at, one in enumerate(listed, 1)]),
        class_="slide__all",
    )
    return [back if rank > 1 else None, every, ahead if rank < len(listed) else None, whole, out]


def _listed(one: Slide, at: int, to: str, current: bool) -> Html:
    """A line of the list: what the slide is about, and what it says."""
    told = clipped(f"{one.kicker} : {one.title}" if one.name != "first" else one.title, LONGEST_LINE)
    return tag("a", f"{at}. {told}", href=to, target="_self", aria_current="true" if current else None)
