"""« Définitions »: what each figure means, how it is computed, and what the deliberation says."""

from __future__ import annotations

import streamlit as st

from core.catalogue import DISCARDED
from core.deliberation import (
    ACT,
    ASSOCIATIONS,
    AXES,
    AXIS_2_FORMS,
    BUDGET_LINE,
    CONTEXT,
    CONVENTIONS,
    EQUIPMENT,
    EXPERIMENTS,
    LINES,
    TOTAL_CENTS,
)
from core.domain import french
from core.domain.indicator import Indicator
from core.domain.observation import Freshness
from core.domain.programme import Place
from core.figures.definitions import counted_rows, direction, held_by_lead, programme_total, related
from core.figures.sentences import by_axis
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    bullets,
    facts,
    fold,
    freshness_text,
    heading,
    lead,
    link,
    note,
    page_title,
    second_section,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.shared import rows

TITLE = "Définitions"


def draw(context: Context) -> None:
    """The indicators by axis, those that were set aside, the voted facts."""
    indicators = list(context.registry.catalogue.values())
    asked = context.registry.catalogue.get(st.query_params.get("indicateur", ""))
    cells, due = context.monitor.compare().cells, _due(context)

    def card(one: Indicator, *, opened: bool = False) -> Html:
        return _card(context, one, cells[one.code, None].observation.freshness, due, opened=opened)

    show(
        page_title(TITLE),
        lead(
            f"{french.count(len(indicators), 'indicateur suivi', 'indicateurs suivis')}, "
            f"{len(DISCARDED)} écartés avec leur raison, et les faits votés avec leur source."
        ),
        note(
            "Dates, totaux, écarts, petits nombres : ",
            link("Comment lire un chiffre", address("guide", partie="figures")),
        ),
        note("Ce que contiennent les tableaux transmis : ", link("Dictionnaire des données", "/dictionnaire")),
    )
    if asked is not None:
        show(
            section("L’indicateur demandé", tag("div", card(asked, opened=True), class_="definitions definitions--one"))
        )
    for axis, title, found in by_axis(indicators):
        name = f"Axe {axis} – {title}" if axis else title
        show(second_section(name, tag("div", [card(one) for one in found], class_="definitions")))
    show(_discarded(), _voted(), note(link("État des plugins", "/etat-des-plugins")))


def _card(context: Context, one: Indicator, fresh: Freshness, due: str, *, opened: bool = False) -> Html:
    """One indicator: its sentence at once, the rest one click away."""
    details = facts(
        {
            "Responsable": _owner(context, one),
            "Dernières données": freshness_text(fresh),
            "Prochaine échéance": due,
            "Ce qui est compté": counted_rows(one),
            "Divisé par": related(one),
            "Unité": one.unit,
            "Sens": direction(one),
            "Total du programme": programme_total(one),
            "Objectif": "lu sur le total depuis le début" if one.cumulative else "lu par période",
            "Source": one.source,
            "Remarque": one.note,
            "Code": f"{one.code}, version {one.version}",
            "Liste": "socle : suivi partout"
            if one.shortlist == "socle"
            else "optionnel : suivi quand les colonnes sont remplies",
        }
    )
    kind = "Déclaré" if one.declared else "Calculé"
    return tag(
        "article",
        heading(one.label, 3, anchor=None if opened else one.code),
        tag("p", tag("span", kind, class_="tag"), f" {one.definition}"),
        fold(
            "Calcul, unité, source",
            details,
            link("Comparer les expérimentations", address("comparer", indicateur=one.code)),
            opened=opened,
        ),
        class_="definition",
    )


def _owner(context: Context, one: Indicator) -> str:
    """Who gives the figure: the Métropole, or the associations that follow it."""
    if held_by_lead(one):
        return "Métropole"
    names = {
        found.association.name: None
        for found in context.registry.experiments
        if one.code in {each.code for each in context.registry.indicators(found.code)}
    }
    return french.listing(names) or "personne encore"


def _due(context: Context) -> str:
    """The next day by which figures are expected."""
    days = [row["echeance"] for row in rows(context, "periodes") if row["echeance"] >= context.today]
    return french.day(min(days)) if days else "à renseigner par la Métropole"


def _discarded() -> Html:
    rows = [[one.label, one.reason, one.code] for one in DISCARDED]
    return section("Écartés", table("Indicateurs écartés", ["Indicateur", "Pourquoi", "Code"], rows))


def _voted() -> Html:
    """The facts of the deliberation, each with its article or paragraph."""
    return section(
        "Les faits votés",
        note(f"Délibération {ACT.number} du {french.day(ACT.session)}, {ACT.body}. {ACT.title}."),
        table("Les faits votés", ["Fait", "Ce que dit la délibération", "Où"], _facts()),
    )


def _facts() -> list[list[Child]]:
    told: list[list[Child]] = [
        ["Axes", french.listing(f"{n} {axis.name}" for n, axis in AXES.items()), AXES[1].source.where]
    ]
    told += [
        [one.title, french.listing(_place(place) for place in one.places), one.source.where if one.source else ""]
        for one in EXPERIMENTS.values()
    ]
    told += [
        [f"Ligne : {line.purpose}", f"{french.euros(line.cents)} ({line.source.words})", line.source.where]
        for line in LINES.values()
    ]
    told += [
        [f"Convention : {ASSOCIATIONS[one.association].name}", french.euros(one.cents), one.source.where]
        for one in CONVENTIONS.values()
    ]
    told += [
        ["Total des subventions", french.euros(TOTAL_CENTS), "Articles 2 à 5"],
        [
            "Budget",
            f"{BUDGET_LINE.year}, chapitre {BUDGET_LINE.chapter}, nature {BUDGET_LINE.nature}, "
            f"fonction {BUDGET_LINE.function}",
            BUDGET_LINE.source.where,
        ],
        ["Matériel cédé", f"{EQUIPMENT.computers} ordinateurs et {EQUIPMENT.screens} écrans", EQUIPMENT.source.where],
        ["Bénéficiaires du matériel", EQUIPMENT.rule, EQUIPMENT.source.where],
        ["Formes de l’axe 2", bullets(AXIS_2_FORMS), "Exposé, axe 2"],
    ]
    told += [["Contexte", f"{french.percent(one.percent)} {one.label}", one.source.where] for one in CONTEXT]
    return told


def _place(place: Place) -> str:
    return f"{place.name} (axe {french.listing(map(str, place.axes))})"
