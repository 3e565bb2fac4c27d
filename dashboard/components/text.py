"""Words on the page: headings, the first sentence, notes, callouts, the banner of fictitious data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from core.deliberation import AXIS_NAMES
from core.domain import french
from core.domain.figure_text import MEANINGS, MISSING_MARKS, PROGRESS_MARKS, beside_meanings
from core.domain.french import typeset
from core.domain.observation import Missing, Observation, Progress
from dashboard.components.html import Child, Html, classes, join, tag

_TONES = {
    "info": "À savoir",
    "attention": "À vérifier",
    "blocked": "Bloqué",
    "question": "Question",
}
"""The word that says the tone of a callout, for who does not see its colour."""


def heading(text: Child, level: int = 2, *, anchor: str | None = None, kicker: str = "") -> Html:
    """A title; one of level 1 per page. ``kicker`` stands above in small type."""
    title = tag(f"h{level}", text, class_=f"h h{level}", id=anchor)
    if not kicker:
        return title
    return tag("div", tag("p", kicker, class_="kicker"), title, class_="headed")


def page_title(title: str, *, kicker: str = "", aside: Child = None) -> Html:
    """The head of a page: what it is, and on the right what it speaks of (date, state)."""
    return tag(
        "header",
        heading(title, 1, kicker=kicker),
        tag("div", aside, copy_link(), class_="page-head__aside"),
        class_="page-head",
    )


_TAKEN = {"png": "image PNG", "svg": "image SVG", "csv": "données CSV"}


def take_chart(title: str) -> Html:
    """The three ways a chart leaves the page, with its title, source and period; the script of the pages makes them."""
    buttons = [
        tag("button", words, type="button", data_take=kind, class_="copy", aria_label=f"{words} : {title}")
        for kind, words in _TAKEN.items()
    ]
    return tag("p", "Emporter : ", [[one, " "] for one in buttons], class_="take")


COPY_LINK = "Copier le lien de cette vue"


def copy_link() -> Html:
    """The button that puts the address of what is shown into the clipboard: the script of the pages does it."""
    return tag("button", COPY_LINK, type="button", data_copy="", class_="copy")


def lead(*parts: Child) -> Html:
    """The first sentence, large: what the page says. Strong parts come from ``strong``."""
    return tag("p", *parts, class_="lead")


def strong(text: Child) -> Html:
    """Words that carry the sentence."""
    return tag("strong", text)


def prose(text: str) -> Html:
    """Paragraphs of plain text, one per blank line."""
    return join(tag("p", part.strip(), class_="prose") for part in text.split("\n\n") if part.strip())


def note(*parts: Child) -> Html:
    """A small line under something: unit, source, counting rule."""
    return tag("p", *parts, class_="note")


def band(items: Mapping[str, Child]) -> Html:
    """Facts side by side under the title: « Données au » → « 5 juillet 2022 »."""
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in items.items() if value]
    return tag("dl", pairs, class_="band")


def facts(items: Mapping[str, Child]) -> Html:
    """Facts one under the other, name on the left: who, where, which line."""
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in items.items() if value]
    return tag("dl", pairs, class_="facts")


def callout(text: Child, tone: str = "info", *, title: str = "") -> Html:
    """Something not to miss. ``tone``: info, attention, blocked, question; said in a word too."""
    name = tone if tone in _TONES else "info"
    return tag(
        "div",
        tag("p", title or _TONES[name], class_="callout__title"),
        tag("div", text if isinstance(text, Html) else tag("p", text), class_="callout__text"),
        class_=classes("callout", f"callout--{name}"),
        role="note",
    )


def announced(*parts: Child, urgent: bool = False) -> Html:
    """What came of an act: the script of the pages reads it aloud once and brings it into view."""
    return tag("div", *parts, data_told="alert" if urgent else "status")


def answer(text: Child, tone: str = "info", *, title: str = "") -> Html:
    """A callout that answers an act: « C’est fait », or why it was refused or what it still asks."""
    done = tone == "info"
    return announced(callout(text, tone, title=title or ("C’est fait" if done else "")), urgent=not done)


def fictitious_banner() -> Html:
    """« Données fictives », on every screen of the demonstration."""
    return tag(
        "div",
        tag("strong", "Données fictives"),
        " Démonstration : seuls les faits de la délibération du 4 juin 2021 sont réels.",
        class_="fictitious",
        role="note",
    )


_RUNS = count(1)


def run_mark() -> Html:
    """What no run leaves as it was, seen by nobody: by it the sign of work knows that a run ended (``working.js``)."""
    return tag("span", data_run=next(_RUNS), hidden=True)


def session_over() -> Html:
    """What stands in place of everything when the session ended: one sentence, and where to sign in."""
    again = tag("a", "Se connecter", href="/connexion", target="_self", class_="link")
    return tag("p", "Votre session est terminée. ", again, class_="lead", role="status")


def section(title: str, *children: Child, level: int = 2, anchor: str | None = None, intro: str = "") -> Html:
    """A titled part of the page."""
    return tag(
        "section",
        heading(title, level, anchor=anchor),
        tag("p", intro, class_="section__intro") if intro else None,
        *children,
        class_="section",
    )


def second_section(title: str, *children: Child, first: Child = None, anchor: str | None = None) -> Html:
    """A titled part that comes second: whole on a screen and on paper, folded on a phone; ``first`` stays in sight."""
    return tag(
        "section",
        tag("div", heading(title, 2, anchor=anchor), opener(title), class_="folding"),
        first,
        tag("div", *children, class_="section second"),
        class_="section",
        data_folds="closed",
    )


def opener(what: str, *, other_rows: int = 0) -> Html:
    """The button of a phone that unfolds what is ``second`` beside it; the script of the pages does it."""
    return tag(
        "button",
        tag("span", _unfolds(other_rows), class_="opener__open"),
        tag("span", "Replier", class_="opener__close"),
        tag("span", f" : {what}", class_="visually-hidden"),
        type="button",
        data_opens="",
        aria_expanded="false",
        class_="copy opener",
    )


def _unfolds(other_rows: int) -> str:
    return f"Voir les {french.number(other_rows)} autres lignes" if other_rows else "Tout voir"


def columns(*children: Child, wide: str = "even") -> Html:
    """Blocks side by side where there is room, else one under the other.

    ``wide``: even, left, right; answer: even, and the second comes first where they are under each other.
    """
    return tag("div", [tag("div", child) for child in children], class_=f"columns columns--{wide}")


def fold(summary: str, *children: Child, opened: bool = False, annex: bool = False) -> Html:
    """Something one click away (the data of a chart, a method); an ``annex`` is printed only by who unfolded it."""
    kind = "fold fold--annex" if annex else "fold"
    return tag("details", tag("summary", summary), tag("div", *children), class_=kind, open=opened)


def link(text: Child, address: str, *, quiet: bool = False) -> Html:
    """A link to a page of ours, opened without reloading."""
    return tag("a", text, href=address, target="_self", class_=classes("link", "link--quiet" if quiet else None))


def bullets(items: Iterable[Child]) -> Html:
    """A list of short lines."""
    return tag("ul", [tag("li", item) for item in items], class_="bullets")


def empty(title: str, text: Child, *, action: Child = None) -> Html:
    """What stands where nothing is yet: why, and what to do next."""
    return tag(
        "div",
        tag("p", title, class_="empty__title"),
        text if isinstance(text, Html) else tag("p", text),
        tag("p", action) if action else None,
        class_="empty",
    )


# --- Words of people in the labels of the framework's widgets, which read Markdown: shown as they were typed ----


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!~|$:<>&])")


def plain_label(text: str) -> str:
    """The text, in French typography, with nothing of it taken for a link, bold, an icon or a colour.

    It stands on one line; its no-break spaces stay, so that a sum is not cut in two.
    """
    return _MARKS.sub(r"\\\1", typeset(re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()))


# --- A document written in Markdown, as HTML of ours: escaped, with our headings and addresses -----


_READER = MarkdownIt("commonmark", {"html": False}).enable("table")


def document(text: str, *, picture: Callable[[str], str], address: Callable[[str], str]) -> Html:
    """The text as HTML; ``picture`` and ``address`` give where a picture and a link lead.

    Its own title (« # … ») is left out: the page has one.
    """
    tokens = _READER.parse(re.sub(r"\A# .*\n", "", typeset(text)))
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                child.attrSet("src", picture(str(child.attrGet("src"))))
            if child.type == "link_open":
                child.attrSet("href", address(str(child.attrGet("href"))))
                child.attrSet("target", "_self")
    starts = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    parts = [tokens[at:end] for at, end in pairwise([0, *starts, len(tokens)])]
    return tag("div", _written(parts[0]), [_chapter(part) for part in parts[1:]], class_="document")


def _chapter(tokens: Sequence[Token]) -> Html:
    """A title of the second rank and what follows it; on a phone, behind its button."""
    title = tokens[1].content
    return tag(
        "section",
        tag("div", _written(tokens[:3]), opener(title), class_="folding"),
        tag("div", _written(tokens[3:]), class_="second"),
        data_folds="closed",
    )


def _written(tokens: Sequence[Token]) -> Html:
    """The tokens as HTML, built by the reader, which escapes every text and lets no HTML through."""
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))


# --- The five families of states: a shape and a word, always both; colour only repeats them --------


def mark(state: Progress | Missing, *, about: str = "") -> Html:
    """« ▼ En retard », with ``about`` after it (« matériel »)."""
    shape, word = PROGRESS_MARKS[state] if isinstance(state, Progress) else MISSING_MARKS[state]
    return tag(
        "span",
        tag("span", shape, class_="mark__shape", aria_hidden="true") if shape else None,
        tag("span", word, class_="mark__word"),
        tag("span", f" {about}", class_="mark__about") if about else None,
        class_=f"mark mark--{state.value}",
    )


def not_there(found: Observation) -> Html:
    """What stands in place of a figure that is missing: whose own it is (« Propre à ARSENIC »), else the mark."""
    said = tag("span", found.own, class_="mark") if found.own else mark(found.missing_because or Missing.NOT_REPORTED)
    return tag("span", said, title=found.reason) if found.reason else said


def axis_chip(number: int, *, quiet: bool = False) -> Html:
    """An axis: its sign and its name; ``quiet`` keeps the name for screen readers and tooltips only."""
    name = AXIS_NAMES[number]
    return tag(
        "span",
        tag("span", class_=f"axis__sign axis__sign--{number}", aria_hidden="true"),
        tag("span", name, class_="visually-hidden" if quiet else "axis__name"),
        class_=classes("axis", f"axis--{number}"),
        title=f"Axe {number}, {name}" if quiet else None,
    )


def legend(below: int) -> Html:
    """How to read the marks: each shape, its word and its meaning; ``below``: the first count of people shown."""
    states = [
        (mark(state), meaning)
        for state, meaning in MEANINGS.items()
        if isinstance(state, Progress | Missing) and state is not Missing.ERROR
    ]
    pairs: list[tuple[Child, str]] = [*states, *beside_meanings(below).items()]
    return tag("dl", [tag("div", tag("dt", said), tag("dd", meaning)) for said, meaning in pairs], class_="legend")
