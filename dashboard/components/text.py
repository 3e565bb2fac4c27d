"""Words on the page: headings, the first sentence, notes, callouts, the banner of fictitious data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
        tag("div", aside, class_="page-head__aside") if aside else None,
        class_="page-head",
    )


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


def fictitious_banner() -> Html:
    """« Données fictives », on every screen of the demonstration."""
    return tag(
        "div",
        tag("strong", "Données fictives"),
        " Démonstration : seuls les faits de la délibération du 4 juin 2021 sont réels.",
        class_="fictitious",
        role="note",
    )


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


def columns(*children: Child, wide: str = "even") -> Html:
    """Blocks side by side where there is room, else one under the other. ``wide``: even, left, right."""
    return tag("div", [tag("div", child) for child in children], class_=f"columns columns--{wide}")


def fold(summary: str, *children: Child, opened: bool = False) -> Html:
    """Something one click away (the data of a chart, a method)."""
    return tag("details", tag("summary", summary), tag("div", *children), class_="fold", open=opened)


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
