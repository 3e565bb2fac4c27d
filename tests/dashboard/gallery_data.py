"""Constant content for the components: charts, subsidy lines, places."""

from __future__ import annotations

from core.domain.report import Chart, Series
from dashboard.components import MapPlace, MoneyLine

QUARTERS = ("3e trim. 2021", "4e trim. 2021", "1er trim. 2022", "2e trim. 2022")
MONTHS = tuple(
    f"{name} {year}"
    for name, year in (
        ("juil.", 21),
        ("août", 21),
        ("sept.", 21),
        ("oct.", 21),
        ("nov.", 21),
        ("déc.", 21),
        ("janv.", 22),
        ("févr.", 22),
        ("mars", 22),
        ("avr.", 22),
        ("mai", 22),
        ("juin", 22),
    )
)

CHARTS = {
    "bars": Chart(
        "bars",
        ("FV-01", "FV-02", "FV-03", "FV-04", "FV-05"),
        (Series("Accords", (63, 61, 56, 44, 35), "axis2"),),
        "Trois immeubles sur cinq ont atteint le seuil d’accord",
        "FV-01, FV-02 et FV-03 dépassent 50 %.",
        "% des logements",
        "raccordements, IFAC",
        ("seuil 50 %", 50),
    ),
    "columns": Chart(
        "columns",
        QUARTERS,
        (Series("Ordinateurs remis", (0, 27, 67, 85), "axis1"),),
        "Les remises ont triplé en un an",
        "0, 27, 67 puis 85 ordinateurs remis.",
        "ordinateurs remis",
        "materiel",
    ),
    "stacked": Chart(
        "stacked",
        ("Pays d’Aix", "Pays Salonais"),
        (
            Series("Remis", (84, 52), "axis1"),
            Series("Prêts, à remettre", (65, 61), "axis2"),
            Series("Recyclés", (58, 46), "axis3"),
            Series("En attente", (22, 21), "muted"),
        ),
        "Le goulot est le repérage des familles, pas l’atelier",
        "Deux stocks détaillés.",
        "ordinateurs",
        "materiel",
    ),
    "line": Chart(
        "line",
        MONTHS,
        (
            Series("Pays d’Aix", (0, 0, 0, 5, 12, 19, 26, 38, 50, 61, 72, 84), "axis1"),
            Series("Pays Salonais", (0, 0, 0, 2, 5, 8, 14, 21, 28, 36, 45, 52), "axis3"),
            Series("Martigues", (0, 0, 0, 0, 0, 0, 0, 2, 6, None, None, None), "muted"),
        ),
        "Le Pays d’Aix approche déjà de son objectif",
        "84 à Aix, 52 à Salon, 6 à Martigues.",
        "ordinateurs remis, cumul",
        "materiel",
        ("objectif 100", 100),
    ),
}

LINES = (
    MoneyLine("Récupérer, reformater, redistribuer, CT2", "Anonymal", 2450000, 1715000, 2190000, "Pays d’Aix"),
    MoneyLine("Récupérer, reformater, redistribuer, CT3", "Anonymal", 2150000, 1505000, 1670000, "Pays Salonais"),
    MoneyLine("Équiper et connecter", "ARSENIC", 1800000, 1260000, 1120000, "toute la Métropole", undivided=True),
    MoneyLine("Accompagner", "ARSENIC", 2500000, 1750000, 2150000, "Recherche-action"),
    MoneyLine("Pays de Martigues", "Point Formation", 600000, 600000, None, "Pays de Martigues"),
    MoneyLine("Frais Vallon et Plan d’Aou", "IFAC", 2000000, 1400000, 1580000, "deux expérimentations", undivided=True),
)

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
