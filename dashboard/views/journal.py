"""« Journal »: who changed what, found by words, by person, by association and by day."""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from core.catalogue.dates import Jour
from core.depositing import history
from core.depositing.history import LineInWords, LinesPage
from core.domain import french
from core.domain.programme import METROPOLE
from core.errors import FabriqueError, Forbidden
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    Option,
    answer,
    chooser_form,
    empty,
    lead,
    link,
    note,
    page_title,
    section,
    select,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context

TITLE = "Journal"
PATH = "journal"
_EVERYBODY, _EVERY = "Toutes les personnes", "Toutes"


def draw(context: Context) -> None:
    """The search, one page of lines, and the check of the whole chain."""
    asked = {name: st.query_params.get(name, "") for name in ("q", "qui", "association", "du", "au", "page")}
    since, until = _day(asked["du"]), _day(asked["au"])
    found = history.look(
        context.scope,
        words=asked["q"],
        who=asked["qui"],
        association=asked["association"],
        since=since,
        until=until,
        page=int(asked["page"]) if asked["page"].isdecimal() else 1,
    )
    show(page_title(TITLE), lead(*_sentence(found, asked)))
    if unread := [asked[name] for name, day in (("du", since), ("au", until)) if asked[name] and day is None]:
        said = f"« {unread[0]} » n’est pas une date : elle n’a pas été appliquée. Écrivez par exemple 14/10/2021."
        show(answer(said, "attention"))
    _verify(context)
    show(section("Chercher", _search(context, asked)))
    if not found.lines:
        show(empty("Aucune ligne ne correspond", "Essayez un autre mot, une autre personne ou d’autres jours."))
        return
    show(section("Ce qui a été fait, le plus récent d’abord", _table(found), _pages(found, asked)))


def _sentence(found: LinesPage, asked: dict[str, str]) -> list[Child]:
    count = french.count(found.total, "ligne")
    if any(asked[name] for name in ("q", "qui", "association", "du", "au")):
        return [strong(count), " du journal correspond" + ("" if found.total < 2 else "ent") + " à votre recherche."]
    return ["Le journal compte ", strong(count), " : rien n’y est modifié ni effacé."]


def _verify(context: Context) -> None:
    """The button, then what was found."""
    if not st.button("Vérifier le journal", key="journal-verifier"):
        return
    try:
        found = history.verify(context.scope)
    except Forbidden:
        raise
    except FabriqueError as error:
        show(answer(str(error), "blocked", title="Journal rompu"))
        return
    said = (
        f"{history.in_words(found)} Dernière empreinte : {found.last_hash[:16]}. "
        "Notez-la ailleurs pour vous en assurer encore plus tard."
    )
    show(answer(said, title="Le journal est intact"))


def _search(context: Context, asked: dict[str, str]) -> Html:
    people = [Option("", _EVERYBODY, not asked["qui"])]
    people += [Option(one, one, one == asked["qui"]) for one in context.store.journal_actors()]
    bodies = [Option("", _EVERY, not asked["association"])]
    bodies += [
        Option(code, name, code == asked["association"])
        for code, name in [*((one.code, one.name) for one in context.registry.associations), (METROPOLE, "Métropole")]
    ]
    return chooser_form(
        PATH,
        _field("Mots", "q", asked["q"], "search"),
        select("Personne", "qui", people),
        select("Association", "association", bodies),
        _field("Du (jj/mm/aaaa)", "du", asked["du"], "text"),
        _field("Au (jj/mm/aaaa)", "au", asked["au"], "text"),
        button="Chercher",
    )


def _field(label: str, name: str, value: str, kind: str) -> Html:
    return tag(
        "label",
        tag("span", label, class_="field__label"),
        tag("input", type=kind, name=name, value=value, class_="text-input", size="12"),
        class_="field field--one",
    )


def _day(text: str) -> date | None:
    """A day as people type it; what is no day does not restrict."""
    return Jour().read(pl.Series([text.strip() or None], dtype=pl.String)).values[0]


def _table(found: LinesPage) -> Html:
    body = [_row(one) for one in found.lines]
    headings = ["Quand", "Ce qui s’est passé", "Sur quoi", "Détail", "Qui", "Ligne"]
    return table("Journal", headings, body, numeric=(5,), wide=True)


def _row(one: LineInWords) -> list[Child]:
    line = one.line
    return [
        french.moment(line.at),
        tag("span", one.what, class_="journal__what"),
        one.about,
        " ; ".join(
            part for part in (one.counts, french.typeset(f"dépôt n° {line.revision}") if line.revision else "") if part
        ),
        one.who,
        french.number(line.number),
    ]


def _deposit(revision: int | None) -> str:
    return french.typeset(f"dépôt n° {revision}") if revision else ""


def _pages(found: LinesPage, asked: dict[str, str]) -> Html:
    kept = {name: value or None for name, value in asked.items() if name != "page"}

    def to(page: int, word: str) -> Html:
        return link(word, address(PATH, **kept, page=str(page)))

    before = to(found.at - 1, "Lignes plus récentes") if found.at > 1 else None
    after = to(found.at + 1, "Lignes plus anciennes") if found.at < found.last else None
    return note(f"Page {found.at} sur {found.last}. ", before, " " if before and after else None, after)
