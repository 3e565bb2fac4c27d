"""Every component on one page, with constant content: what browser tests open and people look at."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.deliberation import EXPERIMENTS
from core.domain.report import Callout, Heading, KeyFigures, Prose, Table
from dashboard.components import (
    ChooserLink,
    KeyFigure,
    Option,
    Panel,
    band,
    bullets,
    callout,
    checkboxes,
    choices,
    chooser_form,
    columns,
    download_table,
    empty,
    facts,
    fold,
    key_figures,
    lead,
    legend,
    money_table,
    multiples,
    note,
    page_title,
    section,
    show,
    show_blocks,
    show_chart,
    strong,
    table,
    territory_map,
)
from dashboard.components.text import run_mark
from tests.dashboard.fakes import COLUMNS, UNKNOWN, FakeMonitor, cell
from tests.dashboard.gallery_data import CHARTS, LINES, PLACES


def words() -> None:
    """Words, facts, callouts."""
    show(
        page_title("Composants", kicker="Pour les essais"),
        band({"Données au": "5 juillet 2022", "État": "en cours"}),
        lead("Au 30 juin, ", strong("179 ordinateurs remis"), " ; deux expérimentations sont en retard."),
        callout("Le bailleur B suspend les discussions.", "blocked"),
        callout("Trois remises hors quartier prioritaire."),
        columns(facts({"Association": "IFAC", "Ligne": "20 000 €", "Source": "Article 5"}), legend(5), wide="right"),
        empty("Rien n’a encore été déposé", "Déposez un premier fichier."),
        bullets(["Un point", "Un autre"]),
        note("Une note."),
        fold("Méthode", "Comptés ligne par ligne."),
        choices("Période", [ChooserLink("T1", "/?periode=2022-T1"), ChooserLink("T2", "/?periode=2022-T2", True)]),
        chooser_form("", checkboxes("Lieux", "lieu", [Option("aix", "Aix"), Option("salon", "Salon")]), button="Voir"),
        note("Période demandée : ", st.query_params.get("periode", "aucune")),
        note("Lieux demandés : ", ", ".join(st.query_params.get_all("lieu")) or "aucun"),
    )


def figures() -> None:
    """Key figures, money, multiples, map, tables."""
    keys = [
        KeyFigure("Ordinateurs remis", cell(84, of=149, target=100, before=50), 1, "numerator", "/?chiffre=EQ5a"),
        KeyFigure("Bâtiments au seuil", cell(1, of=3, target=3), 2, "numerator"),
        KeyFigure("Diagnostics réalisés", cell(168, unit="diagnostics", target=200)),
        KeyFigure("Foyers connectés", cell(None, missing_because=UNKNOWN, reason="Aucun dépôt depuis le début."), 2),
    ]
    show(section("Chiffres clés", key_figures(keys)))
    show(section("Six lignes, 115 000 €", money_table(LINES, caption="Voté, versé, dépensé par ligne")))
    series = FakeMonitor().series("EQ5a", COLUMNS[:5])
    panels = [
        Panel(EXPERIMENTS[code].short_title, tuple(series[code]), target)
        for code, target in zip(COLUMNS[:5], (30, 25, 100, 70, 25), strict=True)
    ]
    show(
        multiples(
            [*panels, Panel("Recherche-action", (), empty="Sans objet")],
            conclusion="Le Pays d’Aix remet la moitié des ordinateurs",
            unit="ordinateurs remis, cumul par mois",
            alternative="Six courbes de juillet 2021 à juin 2022.",
            source="materiel",
        ),
    )
    show(
        section(
            "Où",
            territory_map(
                PLACES,
                caption="Les lieux",
                alternative="Carte des huit lieux.",
                figure_name="Remis",
                everywhere="La recherche-action couvre les 92 communes.",
            ),
        ),
    )
    show(
        table(
            "Ordinateurs remis",
            ["Lieu", "3e trim.", "4e trim."],
            [["Aix", "15", "17"], ["Gardanne", "9", "7"]],
            numeric=(1, 2),
            total=["Total", "24", "24"],
            note="Numéros distincts.",
        )
    )
    download_table(["Lieu", "Remis"], [["Aix", "46"]], "remis.csv", key="remis")


def drawings() -> None:
    """Charts, and the blocks of a plugin."""
    for kind, chart in CHARTS.items():
        show_chart(chart, key=kind)
    blocks = (
        Heading("L’atelier"),
        Prose("Quinze machines par semaine."),
        KeyFigures(("EQ5a",)),
        Table("Livraisons", ("Date", "Ordinateurs"), (("16 septembre 2021", "120"),), numeric=(1,)),
        Callout("Il manque un véhicule.", "attention"),
        CHARTS["columns"],
    )
    show_blocks(blocks, lambda code: KeyFigure(code, cell(84, of=149)), key="plugin")


def widgets() -> None:
    """The framework's own widgets, whose English words must go."""
    st.selectbox("Expérimentation", ["Frais Vallon", "Plan d’Aou"], index=None)
    st.multiselect("Indicateurs", ["EQ5a", "CO4"])
    st.date_input("Au", value=date(2022, 6, 30), format="DD/MM/YYYY")
    st.date_input("Du … au …", value=(date(2022, 4, 1), date(2022, 6, 30)), format="DD/MM/YYYY")
    st.segmented_control("Par", ["lieu", "mois"])
    st.file_uploader("Fichier", type=["csv", "xlsx"])
    st.text_input("Nom")
    st.number_input("Nombre")
    st.dataframe({"Lieu": ["Aix"], "Remis": [46]})
    with st.expander("Autres choix"):
        st.write("…")


st.set_page_config(page_title="Composants", layout="wide")
words()
figures()
drawings()
widgets()
show(run_mark())
