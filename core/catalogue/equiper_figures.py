"""The figures of axis 1: what came, what works, what was handed over, to whom, at what price.

Codes in « a » count computers, those in « b » screens. Rates speak of computers, except the
two legal rules (EQ7, EQ8), which hold for every unit. A machine that goes from one
association to another keeps its number, and counts once for the programme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from core.catalogue.equiper import (
    AT_A_RELAY,
    FAMILY,
    GIVEN,
    GONE,
    IN_TRANSIT,
    METROPOLE,
    OTHER_ASSOCIATION,
    READY,
    SCREEN,
    STOCK,
    STUDENT,
    TO_TEST,
    WAITED,
    WAITING,
    handed_over,
)
from core.deliberation import EQUIPMENT
from core.domain.indicator import (
    Constant,
    CountDistinct,
    Direction,
    Indicator,
    Median,
    Programme,
    Sum,
    col,
    days_between,
)

_number = col("numero_inventaire")
_computer = col("type") != SCREEN
_screen = col("type") == SCREEN
_received = col("date_reception").is_not(None)
_from_metropole = sa.and_(col("provenance") == METROPOLE, _received)
# A unit that another association sent was tested and refurbished there.
_own_work = sa.func.coalesce(col("provenance"), "") != OTHER_ASSOCIATION
_tested = sa.and_(_computer, _own_work, col("date_test").is_not(None))
# Handed over stays true of a machine that came back, or was recycled years after.
_handed_over = handed_over({name: col(name) for name in ("statut", "date_remise", "date_retour")})
_refurbished = col("date_reconditionnement").is_not(None)
_refurbished_here = sa.and_(_computer, _own_work, _refurbished)
_to_student = col("type_beneficiaire") == STUDENT
_to_family = col("type_beneficiaire") == FAMILY


def _units(where: sa.ColumnElement[bool], date: str, *, people: bool = False, part_of: str = "") -> CountDistinct:
    return CountDistinct(source="materiel", expression=_number, where=where, date=date, people=people, part_of=part_of)


def _standing(where: sa.ColumnElement[bool], *states: str) -> CountDistinct:
    """The machines in one of these states, where they stand: a stock of the day, never cut by a period."""
    return CountDistinct(source=STOCK, expression=_number, where=sa.and_(where, col("etat").in_(states)))


def _from_metropole_of(code: str, word: str, kind: sa.ColumnElement[bool], voted: int, rank: int) -> Indicator:
    return Indicator(
        code=code,
        label=f"{word} reçus de la Métropole",
        definition=f"{word} cédés par la Métropole et arrivés dans une association, chacun compté une fois ; "
        f"le rapport aux {voted} de la délibération ne se lit qu’au niveau du programme.",
        numerator=_units(sa.and_(kind, _from_metropole), "date_reception"),
        denominator=Constant(value=voted, citation=EQUIPMENT.source.where, programme_only=True),
        unit=word.lower(),
        headline="numerator",
        axes=(1,),
        source="Délibération, première partie et axe 1 ; CGPPP, articles L3212-2 et L3212-3",
        rank=rank,
        programme=Programme.SUM,
    )


EQ1A = _from_metropole_of("EQ1a", "Ordinateurs", _computer, EQUIPMENT.computers, 10)
EQ1B = _from_metropole_of("EQ1b", "Écrans", _screen, EQUIPMENT.screens, 12)
EQ2 = Indicator(
    code="EQ2",
    label="Taux de diagnostic technique",
    definition="Part des ordinateurs reçus qui ont été testés.",
    numerator=_units(sa.and_(_tested, _received), "date_test"),
    denominator=_units(sa.and_(_computer, _own_work, _received), "date_reception"),
    unit="%",
    axes=(1,),
    cumulative=False,
    version=2,
    source="Proposé d’après Rouen Reboot",
    note="Les ordinateurs venus d’une autre association y ont été testés : ils ne comptent pas ici.",
    programme=Programme.RATIO,
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
    version=2,
    source="Repères : Rouen Reboot, 500 sur 1 000 ; ARC Perpignan, 60 %",
    note="Les écrans se lisent dans EQ5b : un écran prêt est un écran reconditionné.",
    programme=Programme.RATIO,
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
    version=2,
    source="Proposé d’après Ordi 3.0, exigence de traçabilité",
    note="Un ordinateur recyclé est daté du jour de son test.",
    programme=Programme.RATIO,
)


def _given(code: str, word: str, kind: sa.ColumnElement[bool], rank: int) -> Indicator:
    return Indicator(
        code=code,
        label=f"{word} remis",
        definition=f"{word} donnés à un étudiant ou à une famille, parmi ceux qui sont prêts là où ils sont : "
        "reconditionnés, ou reçus déjà reconditionnés, et pas transférés ailleurs.",
        numerator=_units(sa.and_(kind, _handed_over), "date_remise"),
        denominator=_standing(kind, GIVEN, READY),
        unit=word.lower(),
        headline="numerator",
        stands=True,
        axes=(1,),
        source="Repère : Rouen Reboot, environ 200 sur 500 en 18 mois",
        rank=rank,
        programme=Programme.SUM,
        version=2,
        note="Une machine ne compte qu’à un endroit : celui où elle est. En transit, ou chez un acteur relais, "
        "elle ne compte que pour le programme. Version 2 : les machines transférées ne comptent plus au départ.",
    )


EQ5A = _given("EQ5a", "Ordinateurs", _computer, 11)
EQ5B = _given("EQ5b", "Écrans", _screen, 13)
EQ6 = Indicator(
    code="EQ6",
    label="Couverture du besoin en équipement",
    definition="Ordinateurs remis à des familles, rapportés aux besoins en équipement diagnostiqués au même lieu ; "
    "ce sont deux comptes, aucune personne n’est suivie.",
    # Each went to a family: with the computers handed over, they would tell how many went to students.
    numerator=_units(sa.and_(_computer, _handed_over, _to_family), "date_remise", people=True, part_of="EQ5a"),
    denominator=Sum(source="diagnostics", expression=col("besoin_equipement"), date="mois", people=True),
    unit="%",
    axes=(1,),
    source="Engagement « diagnostic » de la délibération",
    shortlist="optionnel",
    programme=Programme.RATIO,
)
EQ7 = Indicator(
    code="EQ7",
    label="Conformité de la cible",
    definition="Part des remises, ordinateurs et écrans, faites à un étudiant "
    "ou à une famille d’un quartier prioritaire.",
    numerator=_units(
        sa.and_(_handed_over, sa.or_(_to_student, sa.and_(_to_family, col("en_qpv", sa.Boolean).is_(True)))),
        "date_remise",
        people=True,  # what they leave of the handovers are families that live elsewhere
    ),
    denominator=_units(_handed_over, "date_remise"),
    unit="%",
    axes=(1,),
    cumulative=False,
    version=2,
    source="Délibération : « exclusivement au bénéfice d’étudiants et de familles »",
    note="Une famille dont le quartier n’est pas renseigné n’est pas comptée conforme.",
    rank=20,
    programme=Programme.RATIO,
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
    programme=Programme.SUM,
)
EQ9 = Indicator(
    code="EQ9",
    label="Délai de remise en service",
    definition="Nombre médian de jours entre la première réception d’un ordinateur dans le programme, "
    "quelle que soit l’association, et sa remise : la moitié des remises ont été plus rapides.",
    numerator=Median(
        source=WAITED,
        expression=days_between(col("premiere_reception"), col("date_remise")),
        where=_computer,
        date="date_remise",
    ),
    unit="jours",
    axes=(1,),
    direction=Direction.DOWN,
    cumulative=False,
    source="Pratique de la filière",
    version=2,
    note="La même horloge pour toutes : un transfert ne la remet pas à zéro. "
    "Version 2 : le délai se comptait depuis la réception par l’association qui remet.",
)
EQ10 = Indicator(
    code="EQ10",
    label="Coût par ordinateur reconditionné",
    definition="Dépensé à ce jour sur les lignes qui ne financent que l’axe 1, par ordinateur que leur atelier "
    "a reconditionné, où qu’il soit remis ensuite.",
    numerator=Sum(source="depenses_ventilees", expression=col("montant"), where=col("axes") == "1"),
    denominator=_units(_refurbished_here, "date_reconditionnement"),
    unit="€ par ordinateur",
    axes=(1,),
    direction=Direction.DOWN,
    source="Compte rendu financier",
    shortlist="optionnel",
    version=2,
    note="Les autres lignes paient plusieurs axes : leur coût par ordinateur ne se calcule pas sans les diviser. "
    "Version 2 : le coût se rapportait aux ordinateurs remis.",
    programme=Programme.RATIO,
)


def _waiting(code: str, word: str, kind: sa.ColumnElement[bool]) -> Indicator:
    return Indicator(
        code=code,
        label=f"{word} prêts, sans bénéficiaire",
        definition=f"{word} prêts là où ils sont, et pas encore remis à un étudiant ou à une famille.",
        numerator=_standing(kind, READY),
        unit=word.lower(),
        axes=(1,),
        direction=Direction.DOWN,
        cumulative=False,
        source="Délibération, axe 1 : redistribution aux étudiants et aux familles",
        note="À la date du chiffre : une machine remise ou transférée ensuite y est encore.",
        programme=Programme.SUM,
    )


EQ11 = _waiting("EQ11", "Ordinateurs", _computer)
EQ11B = _waiting("EQ11b", "Écrans", _screen)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a machine’s way, or one place where it waits: its word, its meaning, and its two counts."""

    name: str
    meaning: str
    computers: Indicator
    screens: Indicator


def _step(
    code: str,
    name: str,
    words: str,
    meaning: str,
    make: Callable[[sa.ColumnElement[bool]], CountDistinct],
    *,
    programme_only: bool = False,
    note: str = "",
) -> Step:
    def count(letter: str, word: str, kind: sa.ColumnElement[bool]) -> Indicator:
        return Indicator(
            code=f"{code}{letter}",
            label=f"{word} {words}",
            definition=f"{word} {words}, chacun compté une fois.",
            numerator=make(kind),
            unit=word.lower(),
            axes=(1,),
            source="Délibération, axe 1",
            shortlist="optionnel",
            note=note,
            programme=Programme.SUM,
            programme_only=programme_only,
        )

    return Step(name, meaning, count("a", "Ordinateurs", _computer), count("b", "Écrans", _screen))


TESTED = _step(
    "EQ12",
    "Testés",
    "testés",
    "Essayés ; le résultat est noté.",
    lambda kind: _units(sa.and_(kind, _own_work, col("date_test").is_not(None)), "date_test"),
)
REFURBISHED = _step(
    "EQ13",
    "Reconditionnés",
    "reconditionnés",
    "Effacés, remis en état, prêts à partir.",
    lambda kind: _units(sa.and_(kind, _own_work, _refurbished), "date_reconditionnement"),
)
TRANSFERRED = _step(
    "EQ14",
    "Transférés",
    "transférés",
    "Confiés à une autre association ou à un acteur relais.",
    lambda kind: _units(sa.and_(kind, col("date_transfert").is_not(None)), "date_transfert"),
)
RECYCLED = _step(
    "EQ15",
    "Recyclés",
    "recyclés",
    "Démontés pour pièces ou confiés à la filière des déchets électroniques.",
    lambda kind: _units(sa.and_(kind, _own_work, col("statut") == "recyclé"), "date_test"),
    note="Datés du jour de leur test.",
)
TO_BE_TESTED = _step(
    "EQ16", "À tester", "à tester", "Reçus, pas encore essayés.", lambda kind: _standing(kind, TO_TEST)
)
TO_BE_REPAIRED = _step(
    "EQ17",
    "En attente de pièces",
    "en attente de pièces",
    "Testés, ni reconditionnés ni recyclés.",
    lambda kind: _standing(kind, WAITING),
)
ON_THE_ROAD = _step(
    "EQ18",
    "En transit",
    "en transit",
    "Transférés ; leur réception n’est pas encore confirmée.",
    lambda kind: _standing(sa.and_(kind, col("ailleurs") == IN_TRANSIT), READY),
    programme_only=True,
)
AT_RELAYS = _step(
    "EQ19",
    "Chez un acteur relais",
    "confiés à un acteur relais",
    "Confiés à une structure qui n’est pas une association du programme ; ils attendent un bénéficiaire.",
    lambda kind: _standing(sa.and_(kind, col("ailleurs") == AT_A_RELAY), READY),
    programme_only=True,
)
_STEPS = (TESTED, REFURBISHED, TRANSFERRED, RECYCLED, TO_BE_TESTED, TO_BE_REPAIRED, ON_THE_ROAD, AT_RELAYS)

INDICATORS = (
    *(EQ1A, EQ1B, EQ2, EQ3, EQ4, EQ5A, EQ5B, EQ6, EQ7, EQ8, EQ9, EQ10, EQ11, EQ11B),
    *(one for step in _STEPS for one in (step.computers, step.screens)),
)
