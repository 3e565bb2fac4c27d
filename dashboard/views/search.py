"""« Chercher »: pages, places, experiments and indicators by their words; one key, « / », leads here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from core.catalogue import places
from core.domain import access, french
from core.domain.access import On
from core.domain.programme import METROPOLE
from dashboard.addresses import VIEWS, address, experiment_path
from dashboard.components import Html, chooser_form, empty, lead, link, note, page_title, section, show, tag
from dashboard.context import Context
from dashboard.views.shared import to_definition

TITLE = "Chercher"
PATH = "chercher"
MOST = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, where it leads, what is said under it, and the words by which it is found."""

    name: str
    address: str
    about: str = ""
    words: str = ""

    def answers(self, asked: str) -> bool:
        """Whether each word asked for begins one of its words."""
        known = french.fold(f"{self.name} {self.words}").split()
        return all(any(one.startswith(word) for one in known) for word in french.fold(asked).split())


def draw(context: Context) -> None:
    """The field, then what is found, kind by kind."""
    asked = st.query_params.get("q", "").strip()
    show(page_title(TITLE), _field(asked))
    if not asked:
        show(note("Une page, une commune, une expérimentation, un indicateur. La touche « / » mène ici."))
        return
    kinds = (
        ("Pages", _pages(context)),
        ("Expérimentations", _experiments(context)),
        ("Communes et quartiers", _places()),
        ("Indicateurs", _indicators(context)),
    )
    found = [(name, [one for one in every if one.answers(asked)]) for name, every in kinds]
    count = sum(len(hits) for _, hits in found)
    if not count:
        show(empty(f"Rien ne répond à « {asked} »", "Essayez un seul mot, ou le début d’un mot."))
        return
    words = french.count(count, "réponse", "réponses")
    show(lead(f"{words} pour « {asked} »."), [section(name, _list(hits)) for name, hits in found if hits])


def _field(asked: str) -> Html:
    field = tag(
        "div",
        tag("label", "Que cherchez-vous ?", for_="chercher-q", class_="field__label"),
        tag("input", type="search", id="chercher-q", name="q", value=asked, class_="text-input", autocomplete="off"),
        class_="field field--one",
    )
    return chooser_form(PATH, field, button="Chercher", boxed=False)


def _list(hits: list[Hit]) -> Html:
    more = len(hits) - MOST
    items = [tag("li", link(one.name, one.address), tag("p", one.about, class_="note")) for one in hits[:MOST]]
    rest = f"Et {french.number(more)} de plus : précisez le mot." if more > 0 else ""
    return tag("div", tag("ul", items, class_="hits"), note(rest) if rest else None)


# --- what may be found ------------------------------------------------------------------------


def _pages(context: Context) -> Iterator[Hit]:
    visitor = context.visitor
    home = On(visitor.association if visitor else None)
    for one in VIEWS:
        if not one.hidden and access.allowed(visitor, one.action, home):
            yield Hit(one.title, address(one.path), one.section)


def _experiments(context: Context) -> Iterator[Hit]:
    for one in context.registry.experiments:
        named = french.listing(place.name for place in one.places)
        words = f"{one.title} {one.association.name} {one.territory} {named}"
        yield Hit(one.short_title, address(experiment_path(one.code)), f"{one.association.name} : {named}", words)


def _places() -> Iterator[Hit]:
    for code, one in places.every().items():
        if code != METROPOLE:
            yield Hit(one.name, address("lieux", lieu=code), one.ct or "")


def _indicators(context: Context) -> Iterator[Hit]:
    for code, one in context.registry.catalogue.items():
        yield Hit(one.label, to_definition(one), one.definition, f"{code} {one.definition}")
