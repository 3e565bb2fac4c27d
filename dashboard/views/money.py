"""« Subventions »: the six lines and four agreements, voted, paid, spent, and what no key divides."""

from __future__ import annotations

from typing import Any

from core.deliberation import ASSOCIATIONS, BUDGET_LINE, LINES, QUESTIONS
from core.domain import french
from core.domain.observation import Missing
from core.services.ledger import Ledger, LineState
from dashboard.components import (
    band,
    bullets,
    callout,
    lead,
    link,
    mark,
    note,
    page_title,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.agreements import agreements, amount, settled_lines
from dashboard.views.parts.budgets import budgets
from dashboard.views.parts.kept import ledger, rows
from dashboard.views.parts.moment import TODAY, Moment, moment_chooser, read_moment
from dashboard.views.parts.purse import money_of, money_sentence, serves, undivided_sentence

TITLE = "Subventions"


def draw(context: Context) -> None:
    """The lines, the agreements, the payments, the questions that the text leaves open."""
    moment = read_moment(context)
    state = ledger(context, **moment.asked)
    show(
        page_title(TITLE, aside=moment_chooser("subventions", moment)),
        band(
            {
                "Voté le 4 juin 2021": french.euros(state.voted),
                "Versé": amount(state.paid),
                "Dépensé": amount(state.spent),
                "Reste à verser": french.euros(sum(one.to_pay for one in state.lines))
                if state.paid is not None
                else None,
            }
        ),
        lead(f"Au {french.day(moment.until)}, {money_sentence(state)}"),
    )
    show(section("Les six lignes de subvention", money_of(state, "Les six lignes de subvention"), _undivided(state)))
    show(_lines(context, state, moment))
    show(agreements(context, state, moment))
    show(_payments(context, moment))
    show(budgets(context, moment))
    show(section("Questions laissées ouvertes", [callout(text, tone="question") for text in QUESTIONS]))
    show(_sources())


def _undivided(state: Ledger) -> Any:
    said = undivided_sentence(state)
    return callout(said, title="Non ventilé") if said else None


def _lines(context: Context, state: Ledger, moment: Moment) -> Any:
    """Line by line: for whom, how it is divided, what was justified and is left, where the text says so."""
    settled = {one.code: one for one in settled_lines(context, state, moment)}
    body = [
        [
            tag("span", french.sentence(one.line.purpose).rstrip("."), id=one.line.code),
            ASSOCIATIONS[one.line.association].name,
            _divided(one),
            _spent_on(one),
            amount(settled[one.line.code].justified),
            amount(settled[one.line.code].to_pay),
            amount(settled[one.line.code].unspent),
            f"{one.line.source.where} : « {french.unbroken(one.line.source.words)} »",
        ]
        for one in state.lines
    ]
    headings = [
        "Ligne",
        "Association",
        "Pour quelle expérimentation",
        "Dépenses connues au",
        "Justifié",
        "Reste à verser",
        "Versé et non dépensé",
        "Source",
    ]
    return section("Ligne par ligne", table("Ligne par ligne", headings, body, numeric=(4, 5, 6), hide_caption=True))


def _divided(one: LineState) -> Any:
    if one.key_decision:
        return tag("div", serves(one), note(f"Clé de répartition : {one.key_decision}"))
    if one.allocated:
        return serves(one)
    if not one.line.experiments:
        return tag("span", tag("span", "Non ventilé", class_="tag"), " aucune expérimentation seule")
    return tag("span", tag("span", "Non ventilé", class_="tag"), f" entre {serves(one)}")


def _spent_on(one: LineState) -> Any:
    return french.day(one.spent_on) if one.spent_on else mark(Missing.NOT_REPORTED)


def _payments(context: Context, moment: Moment) -> Any:
    known = rows(context, "versements", moment.revision)
    paid = [row for row in known if row["date"] <= moment.until]
    later = _later([row["montant"] for row in known if row["date"] > moment.until], moment)
    if not paid:
        return section("Versements", tag("p", "Aucun versement n’est encore renseigné."), later)
    body = [
        [french.day(row["date"]), ASSOCIATIONS[LINES[row["ligne"]].association].name,
         french.sentence(LINES[row["ligne"]].purpose).rstrip("."), row["nature"], french.euros(row["montant"])]
        for row in sorted(paid, key=lambda row: (row["date"], row["ligne"]))
    ]  # fmt: skip
    total = ["Total", "", "", "", french.euros(sum(row["montant"] for row in paid))]
    headings = ["Date", "Association", "Ligne", "Nature", "Montant"]
    told = table("Versements", headings, body, numeric=(4,), hide_caption=True, total=total)
    return section("Versements", told, later)


def _later(cents: list[int], moment: Moment) -> Any:
    """What was paid after the day shown: who has just written it would look for it in vain."""
    if not cents:
        return None
    count = french.count(len(cents), "versement inscrit", "versements inscrits")
    words = f"{french.sentence(count).rstrip('.')} après le {french.day(moment.until)} : {french.euros(sum(cents))}. "
    return note(words, link("Voir aujourd’hui", address("subventions", periode=TODAY)))


def _sources() -> Any:
    return section(
        "D’où viennent ces sommes",
        bullets(
            [
                "Sommes votées : délibération CHL 009-10024/21/BM du 4 juin 2021, exposé et articles 2 à 6.",
                f"Budget {BUDGET_LINE.year} : chapitre {BUDGET_LINE.chapter}, nature {BUDGET_LINE.nature}, "
                f"fonction {BUDGET_LINE.function} ({BUDGET_LINE.source.where}).",
                "Versements, conventions signées et clés de répartition : saisis par la Métropole.",
                "Dépenses : déclarées par les associations, ligne par ligne, en cumul.",
            ]
        ),
    )
