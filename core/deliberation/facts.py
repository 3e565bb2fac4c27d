"""Who, where, which axes, which machines: the facts that carry no amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.experiment import Experiment, Place
from core.domain.programme import Association, Axis, Citation


@dataclass(frozen=True, slots=True)
class Act:
    """The deliberation itself."""

    number: str
    report: str
    title: str
    session: date
    received: date
    body: str


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Where the credits stand in the budget."""

    year: int
    chapter: str
    nature: str
    function: str
    source: Citation


@dataclass(frozen=True, slots=True)
class Equipment:
    """What is ceded: counts of machines; the annex that lists them is not in the text."""

    computers: int
    screens: int
    beneficiary: str
    unit_value_ceiling_cents: int
    rule: str
    resale: str
    source: Citation


@dataclass(frozen=True, slots=True)
class ContextFigure:
    """A figure that the text gives about the Métropole, in percentage points."""

    percent: float
    label: str
    source: Citation


ACT = Act(
    number="CHL 009-10024/21/BM",
    report="MET 21/19213/BM",
    title="Attribution de subventions pour le lancement des projets « équiper, connecter, accompagner »",
    session=date(2021, 6, 4),
    received=date(2021, 6, 11),
    body="Bureau de la Métropole Aix-Marseille-Provence",
)

BUDGET_LINE = BudgetLine(2021, "E111", "65748", "52", Citation("Article 7"))

_AXES = Citation("Exposé, « en trois axes »")
AXES = {
    1: Axis(1, "Équiper", _AXES),
    2: Axis(2, "Connecter", _AXES),
    3: Axis(3, "Accompagner", _AXES),
}

AXIS_2_FORMS = (
    "Une convention entre les bailleurs sociaux et le fournisseur d’accès à internet",
    "Une expérimentation de pass-connexion impulsée par les bailleurs sociaux",
)

ASSOCIATIONS = {
    "anonymal": Association("anonymal", "Anonymal"),
    "arsenic": Association("arsenic", "ARSENIC"),
    "ifac": Association("ifac", "IFAC"),
    "point-formation": Association("point-formation", "Point Formation"),
}

EQUIPMENT = Equipment(
    computers=455,
    screens=202,
    beneficiary="anonymal",
    unit_value_ceiling_cents=300_00,
    rule="distribution exclusivement au bénéfice d’étudiants et de familles en manque "
    "d’ordinateur des quartiers prioritaires de la ville",
    resale="aucune revente de matériel ne sera possible",
    source=Citation("Exposé, première partie, et axe 1"),
)

CONTEXT = (
    ContextFigure(25.0, "des ménages de la Métropole ne possèdent pas d’ordinateur", Citation("Exposé")),
    ContextFigure(12.0, "des ménages de la Métropole n’ont pas de connexion", Citation("Exposé")),
)

QUESTIONS = (
    "L’axe 2 est prévu à Aix-en-Provence et à Salon-de-Provence, alors que les deux lignes votées "
    "pour Anonymal ne nomment que la récupération, le reformatage et la redistribution : "
    "quelle ligne paie l’axe 2 dans ces deux villes ?",
)

_SIX = Citation("Exposé, « Il est proposé de commencer avec 6 expérimentations »")


def _voted(code, title, short, association, territory, rank, *places) -> Experiment:
    return Experiment(code, title, short, ASSOCIATIONS[association], places, territory, rank, _SIX)


EXPERIMENTS = {
    found.code: found
    for found in (
        _voted(
            "ct1-frais-vallon", "Marseille – Frais Vallon", "Frais Vallon", "ifac", "CT1 Marseille-Provence", 1,
            Place("frais-vallon", "Frais Vallon", (1, 2), "13213"),
        ),
        _voted(
            "ct1-plan-d-aou", "Marseille – Plan d’Aou", "Plan d’Aou", "ifac", "CT1 Marseille-Provence", 2,
            Place("plan-d-aou", "Plan d’Aou", (1, 2), "13215"),
        ),
        _voted(
            "ct2-pays-d-aix", "Pays d’Aix", "Pays d’Aix", "anonymal", "CT2 Pays d’Aix", 3,
            Place("aix", "Aix-en-Provence", (1, 2), "13001"),
            Place("pertuis", "Pertuis", (1,), "84089"),
            Place("gardanne", "Gardanne", (1,), "13041"),
        ),
        _voted(
            "ct3-pays-salonais", "Pays Salonais", "Pays Salonais", "anonymal", "CT3 Pays Salonais", 4,
            Place("salon", "Salon-de-Provence", (1, 2), "13103"),
        ),
        _voted(
            "ct6-pays-de-martigues", "Pays de Martigues", "Pays de Martigues", "point-formation",
            "CT6 Pays de Martigues", 5,
            Place("martigues", "Martigues", (1, 2), "13056"),
            Place("port-de-bouc", "Port-de-Bouc", (1,), "13077"),
        ),
        _voted(
            "recherche-action", "Recherche-action métropolitaine", "Recherche-action", "arsenic",
            "Ensemble de la Métropole", 6,
            Place("metropole", "Ensemble de la Métropole", (3,)),
        ),
    )
}  # fmt: skip
