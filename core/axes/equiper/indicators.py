"""The figures of axis 1: what came, what works, what was handed over, to whom, at what price.

Codes in « a » count computers, those in « b » screens. Rates speak of computers, except the
two legal rules (EQ7, EQ8), which hold for every unit. A machine that goes from one
association to another keeps its number, and counts once for the programme.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.axes.equiper.derived import GONE, READY
from core.axes.equiper.schema import FAMILY, METROPOLE, OTHER_ASSOCIATION, SCREEN, STUDENT
from core.deliberation import EQUIPMENT
from core.domain.indicator import Constant, CountDistinct, Direction, Indicator, Median, Sum, col, days_between

_number = col("numero_inventaire")
_computer = col("type") != SCREEN
_screen = col("type") == SCREEN
_received = col("date_reception").is_not(None)
_from_metropole = sa.and_(col("provenance") == METROPOLE, _received)
# A unit that another association sent was tested and refurbished there.
_own_work = sa.func.coalesce(col("provenance"), "") != OTHER_ASSOCIATION
_tested = sa.and_(_computer, _own_work, col("date_test").is_not(None))
# Handed over stays true of a machine that was recycled years after.
_handed_over = sa.and_(col("statut").in_(("remis", "recyclé")), col("date_remise").is_not(None))
_to_student = col("type_beneficiaire") == STUDENT
_to_family = col("type_beneficiaire") == FAMILY


def _units(where: sa.ColumnElement[bool], date: str) -> CountDistinct:
    return CountDistinct(source="materiel", expression=_number, where=where, date=date)


def _ready(where: sa.ColumnElement[bool]) -> CountDistinct:
    return CountDistinct(source=READY, expression=_number, where=where, date="date_pret")


EQ1A = Indicator(
    code="EQ1a",
    label="Ordinateurs reçus de la Métropole",
    definition="Ordinateurs cédés par la Métropole et arrivés dans une association, chacun compté une fois ; "
    "le rapport aux 455 de la délibération ne se lit qu’au niveau du programme.",
    numerator=_units(sa.and_(_computer, _from_metropole), "date_reception"),
    denominator=Constant(value=EQUIPMENT.computers, citation=EQUIPMENT.source.where, programme_only=True),
    unit="ordinateurs",
    headline="numerator",
    axes=(1,),
    source="Délibération, première partie et axe 1 ; CGPPP, articles L3212-2 et L3212-3",
    rank=10,
)
EQ1B = Indicator(
    code="EQ1b",
    label="Écrans reçus de la Métropole",
    definition="Écrans cédés par la Métropole et arrivés dans une association, chacun compté une fois ; "
    "le rapport aux 202 de la délibération ne se lit qu’au niveau du programme.",
    numerator=_units(sa.and_(_screen, _from_metropole), "date_reception"),
    denominator=Constant(value=EQUIPMENT.screens, citation=EQUIPMENT.source.where, programme_only=True),
    unit="écrans",
    headline="numerator",
    axes=(1,),
    source="Délibération, première partie et axe 1 ; CGPPP, articles L3212-2 et L3212-3",
    rank=12,
)
EQ2 = Indicator(
    code="EQ2",
    label="Taux de diagnostic technique",
    definition="Part des ordinateurs reçus qui ont été testés.",
    numerator=_units(sa.and_(_tested, _received), "date_test"),
    denominator=_units(sa.and_(_computer, _own_work, _received), "date_reception"),
    unit="%",
    axes=(1,),
    cumulative=False,
    source="Proposé d’après Rouen Reboot",
    note="Les ordinateurs venus d’une autre association y ont été testés : ils ne comptent pas ici.",
)
EQ3 = Indicator(
    code="EQ3",
    label="Taux de réemploi",
    definition="Part des ordinateurs testés qui ont été reconditionnés, quoi qu’ils soient devenus ensuite.",
    numerator=_units(sa.and_(_tested, col("date_reconditionnement").is_not(None)), "date_reconditionnement"),
    denominator=_units(_tested, "date_test"),
    unit="%",
    axes=(1,),
    cumulative=False,
    source="Repères : Rouen Reboot, 500 sur 1 000 ; ARC Perpignan, 60 %",
    note="Les écrans se lisent dans EQ5b : un écran prêt est un écran reconditionné.",
)
EQ4 = Indicator(
    code="EQ4",
    label="Effacement des données prouvé",
    definition="Part des ordinateurs sortis du stock (remis, transférés, recyclés) avec une preuve d’effacement ; "
    "un écran ne contient pas de données.",
    numerator=CountDistinct(
        source=GONE,
        expression=_number,
        where=sa.and_(_computer, col("preuve_effacement").is_not(None)),
        date="date_sortie",
    ),
    denominator=CountDistinct(source=GONE, expression=_number, where=_computer, date="date_sortie"),
    unit="%",
    axes=(1,),
    cumulative=False,
    source="Proposé d’après Ordi 3.0, exigence de traçabilité",
    note="Un ordinateur recyclé est daté du jour de son test.",
)
EQ5A = Indicator(
    code="EQ5a",
    label="Ordinateurs remis",
    definition="Ordinateurs donnés à un étudiant ou à une famille, parmi ceux qui sont prêts "
    "(reconditionnés, ou reçus déjà reconditionnés d’une autre association), chacun compté une fois.",
    numerator=_units(sa.and_(_computer, _handed_over), "date_remise"),
    denominator=_ready(_computer),
    unit="ordinateurs",
    headline="numerator",
    stands=True,
    axes=(1,),
    source="Repère : Rouen Reboot, environ 200 sur 500 en 18 mois",
    rank=11,
)
EQ5B = Indicator(
    code="EQ5b",
    label="Écrans remis",
    definition="Écrans donnés à un étudiant ou à une famille, parmi ceux qui sont prêts "
    "(reconditionnés, ou reçus déjà reconditionnés d’une autre association), chacun compté une fois.",
    numerator=_units(sa.and_(_screen, _handed_over), "date_remise"),
    denominator=_ready(_screen),
    unit="écrans",
    headline="numerator",
    stands=True,
    axes=(1,),
    source="Repère : Rouen Reboot, environ 200 sur 500 en 18 mois",
    rank=13,
)
EQ6 = Indicator(
    code="EQ6",
    label="Couverture du besoin en équipement",
    definition="Ordinateurs remis à des familles, rapportés aux besoins en équipement diagnostiqués au même lieu ; "
    "ce sont deux comptes, aucune personne n’est suivie.",
    numerator=_units(sa.and_(_computer, _handed_over, _to_family), "date_remise"),
    denominator=Sum(source="diagnostics", expression=col("besoin_equipement"), date="mois", people=True),
    unit="%",
    axes=(1,),
    source="Engagement « diagnostic » de la délibération",
    shortlist="optionnel",
)
EQ7 = Indicator(
    code="EQ7",
    label="Conformité de la cible",
    definition="Part des remises, ordinateurs et écrans, faites à un étudiant "
    "ou à une famille d’un quartier prioritaire.",
    numerator=_units(
        sa.and_(_handed_over, sa.or_(_to_student, sa.and_(_to_family, col("en_qpv", sa.Boolean).is_(True)))),
        "date_remise",
    ),
    denominator=_units(_handed_over, "date_remise"),
    unit="%",
    axes=(1,),
    cumulative=False,
    source="Délibération : « exclusivement au bénéfice d’étudiants et de familles »",
    note="Une famille dont le quartier n’est pas renseigné n’est pas comptée conforme.",
    rank=20,
)
EQ8 = Indicator(
    code="EQ8",
    label="Remises vendues",
    definition="Ordinateurs et écrans remis contre de l’argent : la délibération exclut toute revente.",
    numerator=_units(sa.and_(_handed_over, col("prix_cession") > 0), "date_remise"),
    unit="remises",
    axes=(1,),
    direction=Direction.DOWN,
    source="Délibération : « Aucune revente de matériel ne sera possible »",
    rank=21,
)
EQ9 = Indicator(
    code="EQ9",
    label="Délai de remise en service",
    definition="Nombre médian de jours entre la réception d’un ordinateur et sa remise : "
    "la moitié des remises ont été plus rapides.",
    numerator=Median(
        source="materiel",
        expression=days_between(col("date_reception"), col("date_remise")),
        where=sa.and_(_computer, _handed_over, _received),
        date="date_remise",
    ),
    unit="jours",
    axes=(1,),
    direction=Direction.DOWN,
    cumulative=False,
    source="Pratique de la filière",
)
EQ10 = Indicator(
    code="EQ10",
    label="Coût par ordinateur remis",
    definition="Dépensé à ce jour sur les lignes qui ne financent que l’axe 1, par ordinateur remis.",
    numerator=Sum(source="depenses_ventilees", expression=col("montant"), where=col("axes") == "1"),
    denominator=_units(sa.and_(_computer, _handed_over), "date_remise"),
    unit="€ par ordinateur",
    axes=(1,),
    direction=Direction.DOWN,
    source="Compte rendu financier",
    shortlist="optionnel",
    note="Les autres lignes paient plusieurs axes : leur coût par ordinateur ne se calcule pas sans les diviser.",
)

INDICATORS = (EQ1A, EQ1B, EQ2, EQ3, EQ4, EQ5A, EQ5B, EQ6, EQ7, EQ8, EQ9, EQ10)
