"""The vote of 4 June 2021 as data: who, where, which machines, which amounts, which promises; with its articles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from core.domain import french
from core.domain.programme import Association, Axis, Citation, Commitment, Convention, Experiment, Place, SubsidyLine
from core.errors import UnknownName


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
AXIS_NAMES = {number: axis.name for number, axis in AXES.items()}

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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the programme exists, in the very words of the text; ``about`` groups those that say the same."""

    about: str
    words: str
    source: Citation


_QUOTES = tomllib.loads(files("core").joinpath("data/quotes.toml").read_text(encoding="utf-8"))
REASONS = tuple(Reason(one["about"], one["words"], Citation(one["where"])) for one in _QUOTES["reasons"])
USAGES: tuple[str, ...] = tuple(_QUOTES["usages"]["words"])
"""What the modules of 1, 2 or 3 days must let people help with."""
USAGES_SOURCE = Citation(_QUOTES["usages"]["where"])

QUESTIONS = (
    "L’axe 2 est prévu à Aix-en-Provence et à Salon-de-Provence, alors que les deux lignes votées "
    "pour Anonymal ne nomment que la récupération, le reformatage et la redistribution : "
    "quelle ligne paie l’axe 2 dans ces deux villes ?",
)

_SIX = Citation("Exposé, « Il est proposé de commencer avec 6 expérimentations »")


def _voted(
    code: str, title: str, short: str, association: str, territory: str, rank: int, *places: Place
) -> Experiment:
    return Experiment(code, title, short, ASSOCIATIONS[association], places, territory, rank, _SIX)


EXPERIMENTS = {
    found.code: found
    for found in (
        _voted(
            "ct1-frais-vallon",
            "Marseille – Frais Vallon",
            "Frais Vallon",
            "ifac",
            "CT1 Marseille-Provence",
            1,
            Place("frais-vallon", "Frais Vallon", (1, 2), "13213"),
        ),
        _voted(
            "ct1-plan-d-aou",
            "Marseille – Plan d’Aou",
            "Plan d’Aou",
            "ifac",
            "CT1 Marseille-Provence",
            2,
            Place("plan-d-aou", "Plan d’Aou", (1, 2), "13215"),
        ),
        _voted(
            "ct2-pays-d-aix",
            "Pays d’Aix",
            "Pays d’Aix",
            "anonymal",
            "CT2 Pays d’Aix",
            3,
            Place("aix", "Aix-en-Provence", (1, 2), "13001"),
            Place("pertuis", "Pertuis", (1,), "84089"),
            Place("gardanne", "Gardanne", (1,), "13041"),
        ),
        _voted(
            "ct3-pays-salonais",
            "Pays Salonais",
            "Pays Salonais",
            "anonymal",
            "CT3 Pays Salonais",
            4,
            Place("salon", "Salon-de-Provence", (1, 2), "13103"),
        ),
        _voted(
            "ct6-pays-de-martigues",
            "Pays de Martigues",
            "Pays de Martigues",
            "point-formation",
            "CT6 Pays de Martigues",
            5,
            Place("martigues", "Martigues", (1, 2), "13056"),
            Place("port-de-bouc", "Port-de-Bouc", (1,), "13077"),
        ),
        _voted(
            "recherche-action",
            "Recherche-action métropolitaine",
            "Recherche-action",
            "arsenic",
            "Ensemble de la Métropole",
            6,
            Place("metropole", "Ensemble de la Métropole", (3,)),
        ),
    )
}


# --- The six sums voted and the four conventions that carry them -----------------------------------


_PLEDGE = "Exposé, « La Métropole s’engage à soutenir ces projets »"

LINES = {
    line.code: line
    for line in (
        SubsidyLine(
            "anonymal-ct2",
            "anonymal",
            24_500_00,
            "récupération, reformatage et redistribution sur le CT2",
            ("ct2-pays-d-aix",),
            (1,),
            Citation(_PLEDGE, "24 500 euros pour ANONYMAL"),
        ),
        SubsidyLine(
            "anonymal-ct3",
            "anonymal",
            21_500_00,
            "récupération, reformatage et redistribution sur le CT3",
            ("ct3-pays-salonais",),
            (1,),
            Citation(_PLEDGE, "21 500 euros pour ANONYMAL"),
        ),
        SubsidyLine(
            "arsenic-equiper-connecter",
            "arsenic",
            18_000_00,
            "actions « équiper et connecter » sur l’ensemble de la Métropole",
            (),
            (1, 2),
            Citation(_PLEDGE, "18 000 euros ARSENIC"),
        ),
        SubsidyLine(
            "arsenic-accompagner",
            "arsenic",
            25_000_00,
            "action « accompagner » sur l’ensemble de la Métropole",
            ("recherche-action",),
            (3,),
            Citation(_PLEDGE, "25 000 euros pour ARSENIC"),
        ),
        SubsidyLine(
            "point-formation",
            "point-formation",
            6_000_00,
            "déploiement des actions sur le CT6",
            ("ct6-pays-de-martigues",),
            (),
            Citation(_PLEDGE, "6 000 euros pour Point Formation"),
        ),
        SubsidyLine(
            "ifac",
            "ifac",
            20_000_00,
            "déploiement des actions sur le CT1",
            ("ct1-frais-vallon", "ct1-plan-d-aou"),
            (),
            Citation(_PLEDGE, "20 000 euros pour IFAC"),
        ),
    )
}

CONVENTIONS = {
    found.association: found
    for found in (
        Convention("anonymal", 2, 46_000_00, Citation("Articles 2 et 6")),
        Convention("arsenic", 3, 43_000_00, Citation("Articles 3 et 6")),
        Convention("ifac", 4, 20_000_00, Citation("Articles 4 et 6")),
        Convention("point-formation", 5, 6_000_00, Citation("Articles 5 et 6")),
    )
}

TOTAL_CENTS = sum(line.cents for line in LINES.values())


def convention_text(association: str) -> str:
    """« Convention d’objectifs, 46 000 € (article 2) », or that none was voted for the association."""
    found = CONVENTIONS.get(association)
    if found is None:
        return "Aucune convention votée"
    return f"Convention d’objectifs, {french.euros(found.cents)} (article{french.NBSP}{found.article})"


def lines_of(experiment: str) -> tuple[SubsidyLine, ...]:
    """The lines whose voted object covers ``experiment``, wholly or with others; empty when none was voted."""
    return tuple(line for line in LINES.values() if experiment in line.experiments)


# --- What the associations undertake: eight duties for all, four more for Anonymal -----------------


_ALL = Citation("Exposé, « Les associations s’engagent à »")
_ANONYMAL = Citation("Exposé, axe 1, « qui aurait aussi en charge »")

COMMITMENTS = (
    Commitment(
        "E1",
        "Diagnostic des besoins des habitants : besoin connexion, besoin équipement, "
        "besoin accompagnement et niveau d’acculturation",
        "Diagnostic des besoins",
        None,
        _ALL,
        ("diagnostics",),
    ),
    Commitment(
        "E2",
        "Diagnostic des équipements d’un territoire en câble pour l’offre Numérisun "
        "(dans le cas du déploiement de l’axe 2)",
        "Diagnostic du câble",
        2,
        _ALL,
        ("immeubles",),
    ),
    Commitment(
        "E3",
        "Cartographie des acteurs du territoire de la médiation et potentiels relais",
        "Cartographie des acteurs",
        None,
        _ALL,
        ("acteurs",),
    ),
    Commitment(
        "E4",
        "Communication de la démarche auprès des habitants",
        "Communication",
        None,
        _ALL,
        ("communication",),
    ),
    Commitment(
        "E5",
        "Animation de la concertation habitant qui doivent être un minimum à accepter l’offre "
        "sur l’ensemble du bâtiment (dans le cas de l’axe 2)",
        "Concertation des habitants",
        2,
        _ALL,
        ("concertations", "immeubles"),
    ),
    Commitment(
        "E6",
        "Médiation dans la réception de l’offre ou le transfert sur l’offre (dans le cas de l’axe 2)",
        "Médiation de l’offre",
        2,
        _ALL,
        ("raccordements",),
    ),
    Commitment(
        "E7",
        "Equipement et médiation autour d’un équipement",
        "Équipement",
        None,
        _ALL,
        ("materiel",),
        needs_axis=1,
    ),
    Commitment(
        "E8",
        "Formation et transfert de compétence",
        "Formation",
        None,
        _ALL,
        ("formations",),
    ),
)

ANONYMAL_DUTIES = (
    Commitment(
        "A1",
        "La centralisation des différents diagnostics des besoins",
        "Centralisation des diagnostics",
        1,
        _ANONYMAL,
        ("diagnostics",),
    ),
    Commitment(
        "A2",
        "La récupération, le reconditionnement et la distribution du matériel sur les territoires ciblés",
        "Récupération, reconditionnement, distribution",
        1,
        _ANONYMAL,
        ("materiel",),
    ),
    Commitment(
        "A3",
        "L’accompagnement autour de l’équipement",
        "Accompagnement autour de l’équipement",
        1,
        _ANONYMAL,
        ("accompagnements",),
    ),
    Commitment(
        "A4",
        "Le transfert de compétences de médiation et l’acheminement du matériel auprès d’acteurs relais",
        "Transfert vers les acteurs relais",
        1,
        _ANONYMAL,
        ("formations", "materiel"),
    ),
)


# --- The deliberation CHL 009-10024/21/BM of 4 June 2021, as data: the only source of programme facts ----
# Each fact carries the article or paragraph that it comes from. What the text does not say
# (targets, thresholds, dates, identifiers, allocation keys) is absent here.


def is_voted(code: str) -> bool:
    """Whether the vote names this experiment: one that it does not name stands beside the programme, not in it."""
    return code in EXPERIMENTS


def voted_experiment(code: str) -> Experiment:
    """The experiment that the deliberation names ``code``, for the plugin that runs it.

    Raises UnknownName when the deliberation has no such experiment.
    """
    try:
        return EXPERIMENTS[code]
    except KeyError:
        known = ", ".join(EXPERIMENTS)
        raise UnknownName(
            f"La délibération ne compte pas d’expérimentation « {code} ». Choisissez parmi : {known}."
        ) from None
