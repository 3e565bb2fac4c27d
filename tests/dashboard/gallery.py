"""Every component on one page, with constant content: what browser tests open and people look at."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.deliberation import EXPERIMENTS
from core.domain.report import Callout, Chart, Heading, KeyFigures, Prose, Series, Table
from dashboard.components import (
    KeyFigure,
    MapPlace,
    MoneyLine,
    Panel,
    band,
    bullets,
    callout,
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
from tests.dashboard.fakes import COLUMNS, UNKNOWN, FakeMonitor, cell

QUARTERS = ("3e trim. 2021", "4e trim. 2021", "1er trim. 2022", "2e trim. 2022")
MONTHS = tuple(f"{name} {year}" for name, year in (
    ("juil.", 21), ("août", 21), ("sept.", 21), ("oct.", 21), ("nov.", 21), ("déc.", 21),
    ("janv.", 22), ("févr.", 22), ("mars", 22), ("avr.", 22), ("mai", 22), ("juin", 22),
))  # fmt: skip

CHARTS = {
    "bars": Chart(
        "bars", ("FV-01", "FV-02", "FV-03", "FV-04", "FV-05"), (Series("Accords", (63, 61, 56, 44, 35), "axis2"),),
        "Trois immeubles sur cinq ont atteint le seuil d’accord", "FV-01, FV-02 et FV-03 dépassent 50 %.",
        "% des logements", "raccordements, IFAC", ("seuil 50 %", 50),
    ),
    "columns": Chart(
        "columns", QUARTERS, (Series("Ordinateurs remis", (0, 27, 67, 85), "axis1"),),
        "Les remises ont triplé en un an", "0, 27, 67 puis 85 ordinateurs remis.", "ordinateurs remis", "materiel",
    ),
    "stacked": Chart(
        "stacked", ("Pays d’Aix", "Pays Salonais"),
        (
            Series("Remis", (84, 52), "axis1"), Series("Prêts, à remettre", (65, 61), "axis2"),
            Series("Recyclés", (58, 46), "axis3"), Series("En attente", (22, 21), "muted"),
        ),
        "Le goulot est le repérage des familles, pas l’atelier", "Deux stocks détaillés.", "ordinateurs", "materiel",
    ),
    "line": Chart(
        "line", MONTHS,
        (
            Series("Pays d’Aix", (0, 0, 0, 5, 12, 19, 26, 38, 50, 61, 72, 84), "axis1"),
            Series("Pays Salonais", (0, 0, 0, 2, 5, 8, 14, 21, 28, 36, 45, 52), "axis3"),
            Series("Martigues", (0, 0, 0, 0, 0, 0, 0, 2, 6, None, None, None), "muted"),
        ),
        "Le Pays d’Aix approche déjà de son objectif", "84 à Aix, 52 à Salon, 6 à Martigues.",
        "ordinateurs remis, cumul", "materiel", ("objectif 100", 100),
    ),
}  # fmt: skip

LINES = (
    MoneyLine("Récupérer, reformater, redistribuer, CT2", "Anonymal", 2450000, 1715000, 2190000, "Pays d’Aix"),
    MoneyLine("Récupérer, reformater, redistribuer, CT3", "Anonymal", 2150000, 1505000, 1670000, "Pays Salonais"),
    MoneyLine("Équiper et connecter", "ARSENIC", 1800000, 1260000, 1120000, "toute la Métropole", undivided=True),
    MoneyLine("Accompagner", "ARSENIC", 2500000, 1750000, 2150000, "Recherche-action"),
    MoneyLine("Pays de Martigues", "Point Formation", 600000, 600000, None, "Pays de Martigues"),
    MoneyLine("Frais Vallon et Plan d’Aou", "IFAC", 2000000, 1400000, 1580000, "deux expérimentations", undivided=True),
)  # fmt: skip

PLACES = (
    MapPlace("Aix-en-Provence", 43.52994, 5.44765, (1, 2), "Pays d’Aix", "/experimentation-ct2-pays-d-aix", "46 remis"),
    MapPlace("Pertuis", 43.6914, 5.50156, (1,), "Pays d’Aix", None, "17 remis"),
    MapPlace("Gardanne", 43.45567, 5.47065, (1,), "Pays d’Aix", None, "21 remis"),
    MapPlace("Salon-de-Provence", 43.64066, 5.09944, (1, 2), "Pays Salonais", None, "52 remis"),
    MapPlace("Martigues", 43.40524, 5.04819, (1, 2), "Pays de Martigues", None, "6 remis"),
    MapPlace("Port-de-Bouc", 43.40464, 4.98598, (1,), "Pays de Martigues", None, "0 remis"),
    MapPlace("Frais Vallon", 43.3255, 5.4232, (1, 2), "Frais Vallon", None, "24 remis"),
    MapPlace("Plan d’Aou", 43.3695, 5.359, (1, 2), "Plan d’Aou", None, "13 remis"),
)


def words() -> None:
    """Words, facts, callouts."""
    show(
        page_title("Composants", kicker="Pour les essais"),
        band({"Données au": "5 juillet 2022", "État": "en cours"}),
        lead("Au 30 juin, ", strong("179 ordinateurs remis sur 409 reçus"), " ; deux expérimentations sont en retard."),
        callout("Le bailleur B suspend les discussions.", "blocked"),
        callout("Trois remises hors quartier prioritaire."),
        columns(facts({"Association": "IFAC", "Ligne": "20 000 €", "Source": "Article 5"}), legend(), wide="right"),
        empty("Rien n’a encore été déposé", "Déposez un premier fichier."),
        bullets(["Un point", "Un autre"]),
        note("Une note."),
        fold("Méthode", "Comptés ligne par ligne."),
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
            conclusion="Le Pays d’Aix remet la moitié des ordinateurs", unit="ordinateurs remis, cumul par mois",
            alternative="Six courbes de juillet 2021 à juin 2022.", source="materiel",
        ),
    )  # fmt: skip
    show(
        section(
            "Où", territory_map(PLACES, caption="Les lieux", alternative="Carte des huit lieux.", figure_name="Remis",
            everywhere="La recherche-action couvre les 92 communes.")
        ),
    )  # fmt: skip
    show(table("Ordinateurs remis", ["Lieu", "3e trim.", "4e trim."], [["Aix", "15", "17"], ["Gardanne", "9", "7"]],
               numeric=(1, 2), total=["Total", "24", "24"], note="Numéros distincts."))  # fmt: skip
    download_table(["Lieu", "Remis"], [["Aix", "46"]], "remis.csv", key="remis")


def drawings() -> None:
    """Charts, and the blocks of a plugin."""
    for kind, chart in CHARTS.items():
        show_chart(chart, key=kind)
    blocks = (
        Heading("L’atelier"), Prose("Quinze machines par semaine."), KeyFigures(("EQ5a",)),
        Table("Livraisons", ("Date", "Ordinateurs"), (("16 septembre 2021", "120"),), numeric=(1,)),
        Callout("Il manque un véhicule.", "attention"), CHARTS["columns"],
    )  # fmt: skip
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
