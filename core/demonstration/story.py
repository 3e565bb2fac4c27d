"""The numbers of the fictitious first year, as data: nothing here describes reality.

The generators read these tables; the tests compare them with the figures that come out of
the indicators. Quarters are numbered 1 to 4, from July 2021. « Before » and « after » speak
of the deposit that the demonstration makes live (Point Formation, fourth quarter).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.calendar import Period

TODAY = date(2022, 7, 5)
SEED = 20210604

QUARTERS: tuple[Period, ...] = tuple(
    Period.quarter(year, number) for year, number in ((2021, 3), (2021, 4), (2022, 1), (2022, 2))
)
DUE_DATES = (date(2021, 10, 7), date(2022, 1, 10), date(2022, 4, 11), date(2022, 7, 4))
START, END = date(2021, 7, 1), date(2022, 12, 31)
FIRST_END = date(2022, 6, 30)
"""The end set by the first committee, before the second one prolonged the follow-up."""
COMMITTEES = (date(2021, 10, 14), date(2022, 1, 20), date(2022, 4, 21), date(2022, 7, 7))

CT2, CT3, CT6 = "ct2-pays-d-aix", "ct3-pays-salonais", "ct6-pays-de-martigues"
FRAIS_VALLON, PLAN_D_AOU, RECHERCHE = "ct1-frais-vallon", "ct1-plan-d-aou", "recherche-action"
EXPERIMENTS = (CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU, RECHERCHE)

ANONYMAL, IFAC, ARSENIC, POINT_FORMATION = "anonymal", "ifac", "arsenic", "point-formation"
ASSOCIATIONS = (ANONYMAL, IFAC, ARSENIC, POINT_FORMATION)

COMPUTER, SCREEN = "ordinateur", "écran"
Quarterly = tuple[int, int, int, int]


# --- 2. the equipment ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """One batch from the Métropole to Anonymal: (computers, screens) meant for each experiment."""

    lot: str
    day: date
    ct2: tuple[int, int]
    ct3: tuple[int, int]

    def count(self, pool: str, kind: str) -> int:
        """How many units of ``kind`` go to the pool of one experiment."""
        pair = self.ct2 if pool == CT2 else self.ct3
        return pair[0] if kind == COMPUTER else pair[1]


DELIVERIES = (
    Delivery("L1", date(2021, 9, 16), (70, 36), (50, 24)),
    Delivery("L2", date(2021, 11, 18), (60, 30), (50, 22)),
    Delivery("L3", date(2022, 1, 27), (55, 22), (40, 18)),
    Delivery("L4", date(2022, 4, 14), (44, 16), (40, 12)),
)
CEDED = {COMPUTER: 409, SCREEN: 180}
NOT_CEDED = {COMPUTER: 46, SCREEN: 22}

RECEIVED_CUMULATED: Quarterly = (120, 230, 325, 409)
TESTED = {CT2: (26, 102, 171, 219), CT3: (12, 74, 129, 169)}
REFURBISHED = {CT2: (9, 58, 111, 149), CT3: (0, 40, 82, 113)}
RECYCLED = {CT2: 58, CT3: 46}
WAITING = {CT2: 12, CT3: 10}
TO_TEST = {CT2: 10, CT3: 11}
SCREENS_TESTED = {CT2: 99, CT3: 72}
SCREENS_GOOD = {CT2: 82, CT3: 60}
SCREENS_RECYCLED = {CT2: 17, CT3: 12}
SCREENS_TO_TEST = {CT2: 5, CT3: 4}


@dataclass(frozen=True, slots=True)
class Transfer:
    """Machines entrusted by Anonymal to another association; ``received`` None = not confirmed."""

    pool: str
    association: str
    experiment: str
    computers: int
    screens: int
    day: date
    received: date | None


TRANSFERS = (
    Transfer(CT2, IFAC, FRAIS_VALLON, 12, 8, date(2022, 1, 19), date(2022, 1, 21)),
    Transfer(CT3, POINT_FORMATION, CT6, 10, 5, date(2022, 2, 10), date(2022, 2, 15)),
    Transfer(CT2, IFAC, FRAIS_VALLON, 16, 10, date(2022, 4, 20), date(2022, 4, 22)),
    Transfer(CT2, IFAC, PLAN_D_AOU, 22, 12, date(2022, 5, 11), date(2022, 5, 13)),
    Transfer(CT3, POINT_FORMATION, CT6, 14, 9, date(2022, 5, 19), None),
)

HANDED_OVER: dict[str, Quarterly] = {
    "aix": (0, 14, 15, 17),
    "gardanne": (0, 5, 9, 7),
    "pertuis": (0, 0, 7, 10),
    "salon": (0, 8, 20, 24),
    "martigues": (0, 0, 6, 0),
    "frais-vallon": (0, 0, 10, 14),
    "plan-d-aou": (0, 0, 0, 13),
}
HANDED_OVER_LIVE = {"martigues": 5, "port-de-bouc": 7}
PLACES_OF = {
    CT2: ("aix", "gardanne", "pertuis"),
    CT3: ("salon",),
    CT6: ("martigues", "port-de-bouc"),
    FRAIS_VALLON: ("frais-vallon",),
    PLAN_D_AOU: ("plan-d-aou",),
}
STUDENTS_FAMILIES = {CT2: (31, 53), CT3: (12, 40), CT6: (2, 4), FRAIS_VALLON: (5, 19), PLAN_D_AOU: (3, 10)}
STUDENTS_FAMILIES_LIVE = (5, 7)
SCREENS_HANDED_OVER = {CT2: 51, CT3: 33, CT6: 4, FRAIS_VALLON: 15, PLAN_D_AOU: 8}
SCREENS_LIVE = 7
READY_NOT_HANDED_OVER = {CT2: 15, CT3: 37, FRAIS_VALLON: 4, PLAN_D_AOU: 9, CT6: 4}
IN_TRANSIT = {COMPUTER: 14, SCREEN: 9}

EXPENSIVE_CENTS = (34_000, 41_000)
"""Two machines of November, above the 300 € of the law, set aside among those waiting."""
OUTSIDE_QPV = 3
WITHOUT_PROOF = 6
PROOFS_BROUGHT_IN_APRIL = 4


# --- 3. the buildings ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryBuilding:
    """One building: what was found, agreed and put in service at the end of June 2022.

    ``eligible`` None = could not be visited. ``live_agreements`` and ``live_in_service`` come
    with the live deposit.
    """

    code: str
    place: str
    dwellings: int
    eligible: bool | None
    agreements: int = 0
    in_service: int = 0
    live_agreements: int = 0
    live_in_service: int = 0

    @property
    def has_threshold(self) -> bool:
        """Whether the committee's 50 % holds here: eligible, and under a landlord's convention."""
        return bool(self.eligible) and self.place != "martigues"


BUILDINGS = (
    StoryBuilding("FV-01", "frais-vallon", 60, True, 38, 34),
    StoryBuilding("FV-02", "frais-vallon", 54, True, 33, 29),
    StoryBuilding("FV-03", "frais-vallon", 52, True, 29, 24),
    StoryBuilding("FV-04", "frais-vallon", 50, True, 22, 2),
    StoryBuilding("FV-05", "frais-vallon", 48, True, 17, 0),
    StoryBuilding("FV-06", "frais-vallon", 48, False),
    StoryBuilding("PA-01", "plan-d-aou", 46, True, 19, 0),
    StoryBuilding("PA-02", "plan-d-aou", 44, True, 12, 0),
    StoryBuilding("PA-03", "plan-d-aou", 42, False),
    StoryBuilding("PA-04", "plan-d-aou", 36, None),
    StoryBuilding("AX-01", "aix", 52, True, 29, 18),
    StoryBuilding("AX-02", "aix", 48, True, 21, 0),
    StoryBuilding("AX-03", "aix", 46, True, 8, 0),
    StoryBuilding("AX-04", "aix", 50, False),
    StoryBuilding("AX-05", "aix", 44, False),
    StoryBuilding("SA-01", "salon", 48, True, 25, 21),
    StoryBuilding("SA-02", "salon", 44, True, 14, 0),
    StoryBuilding("SA-03", "salon", 40, False),
    StoryBuilding("MA-01", "martigues", 44, True, 9, 0, 6, 5),
    StoryBuilding("MA-02", "martigues", 40, True, 4, 0, 7, 4),
)
THRESHOLD_PERCENT = 50.0
AT_THRESHOLD = ("FV-01", "FV-02", "FV-03", "AX-01", "SA-01")
PRICE_CONVENTION, PRICE_PASS, PRICE_BEFORE_MEDIAN = 490, 600, 2_400
"""Monthly prices in cents: after under a convention, after with the pass, median before."""
MEETINGS = {
    "frais-vallon": (9, 214),
    "plan-d-aou": (4, 46),
    "aix": (5, 97),
    "salon": (4, 71),
    "martigues": (2, 28),
}


# --- 4. diagnostics and accompaniment -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """Diagnostics of one experiment by quarter, and the three needs over the year."""

    quarters: Quarterly
    equipment: int
    connection: int
    accompaniment: int


DIAGNOSTICS = {
    CT2: Diagnosed((22, 44, 53, 49), 118, 54, 97),
    CT3: Diagnosed((0, 31, 42, 39), 79, 37, 60),
    CT6: Diagnosed((0, 8, 16, 0), 16, 8, 15),
    FRAIS_VALLON: Diagnosed((12, 36, 44, 36), 61, 58, 81),
    PLAN_D_AOU: Diagnosed((9, 27, 19, 16), 38, 33, 44),
    RECHERCHE: Diagnosed((0, 40, 138, 207), 122, 96, 291),
}
DIAGNOSTICS_LIVE = Diagnosed((0, 0, 0, 22), 14, 9, 13)

ACTORS_CUMULATED: Quarterly = (61, 108, 142, 164)
ACTORS_COMMUNES = 41
ACTORS_BY_TYPE = {"association": 92, "travail social": 31, "service public": 34, "autre": 7}
ACTORS_BY_RELAY = {"oui": 38, "possible": 57, "non": 69}
ACTORS_COMPLETE = 131


@dataclass(frozen=True, slots=True)
class TrainingSession:
    """One training session: who enrolled and who finished, professionals then volunteers."""

    quarter: int
    days: int
    enrolled: tuple[int, int]
    finished: tuple[int, int]


SESSIONS = (
    TrainingSession(2, 1, (9, 4), (8, 3)),
    TrainingSession(2, 1, (7, 4), (6, 2)),
    TrainingSession(2, 2, (7, 4), (6, 3)),
    TrainingSession(3, 1, (7, 4), (6, 2)),
    TrainingSession(3, 1, (7, 4), (6, 2)),
    TrainingSession(3, 1, (6, 3), (5, 2)),
    TrainingSession(3, 2, (7, 4), (6, 3)),
    TrainingSession(3, 2, (7, 4), (6, 3)),
    TrainingSession(3, 3, (8, 4), (7, 3)),
    TrainingSession(4, 1, (6, 4), (6, 2)),
    TrainingSession(4, 1, (6, 4), (5, 3)),
    TrainingSession(4, 1, (6, 4), (6, 2)),
    TrainingSession(4, 2, (7, 4), (6, 4)),
    TrainingSession(4, 3, (7, 4), (5, 3)),
)
RELAY_STRUCTURES = 14
RELAY_STRUCTURES_SILENT_IN_T4 = 5
RELAY_STRUCTURES_ACCOMPANYING = 9
ACCOMPANIED_ALONE, WORKSHOP_PARTICIPATIONS, WORKSHOPS = 412, 768, 96
TECHNICAL_VISITS, RELAY_DEPOTS = 12, 3


# --- 5. targets and what they say ---------------------------------------------------------

TARGETS: dict[str, dict[str | None, int]] = {
    "EQ5a": {CT2: 100, CT3: 70, CT6: 25, FRAIS_VALLON: 30, PLAN_D_AOU: 25, None: 250},
    "CO4": {CT2: 3, FRAIS_VALLON: 4},
    "AC6": {CT2: 200, CT3: 140, CT6: 80, FRAIS_VALLON: 150, PLAN_D_AOU: 100, RECHERCHE: 600, None: 1270},
    "AC3a": {RECHERCHE: 160},
    "AC1": {RECHERCHE: 250},
}


# --- 1 and 6. the money, in cents ---------------------------------------------------------

SPENT: dict[str, tuple[int, ...]] = {
    "anonymal-ct2": (390_000, 980_000, 1_620_000, 2_190_000),
    "anonymal-ct3": (180_000, 610_000, 1_170_000, 1_670_000),
    "arsenic-equiper-connecter": (60_000, 290_000, 680_000, 1_120_000),
    "arsenic-accompagner": (200_000, 730_000, 1_420_000, 2_150_000),
    "point-formation": (0, 90_000, 190_000),
    "ifac": (260_000, 740_000, 1_190_000, 1_580_000),
}
SPENT_LIVE = 315_000
LINES_OF = {
    ANONYMAL: ("anonymal-ct2", "anonymal-ct3"),
    ARSENIC: ("arsenic-equiper-connecter", "arsenic-accompagner"),
    POINT_FORMATION: ("point-formation",),
    IFAC: ("ifac",),
}


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    """A convention as signed: first payment (line, cents), end of the accounting year, account due."""

    signed: date
    paid_on: date
    paid: tuple[tuple[str, int], ...]
    nature: str
    year_end: date
    account_due: date
    account_received: date | None = None


AGREEMENTS = {
    ANONYMAL: SignedAgreement(
        date(2021, 7, 12),
        date(2021, 8, 30),
        (("anonymal-ct2", 1_715_000), ("anonymal-ct3", 1_505_000)),
        "avance",
        date(2022, 6, 30),
        date(2022, 12, 31),
    ),
    IFAC: SignedAgreement(
        date(2021, 7, 20),
        date(2021, 9, 22),
        (("ifac", 1_400_000),),
        "avance",
        date(2021, 12, 31),
        date(2022, 6, 30),
    ),
    ARSENIC: SignedAgreement(
        date(2021, 9, 6),
        date(2021, 11, 29),
        (("arsenic-equiper-connecter", 1_260_000), ("arsenic-accompagner", 1_750_000)),
        "avance",
        date(2021, 12, 31),
        date(2022, 6, 30),
        date(2022, 6, 20),
    ),
    POINT_FORMATION: SignedAgreement(
        date(2021, 10, 4),
        date(2021, 11, 18),
        (("point-formation", 600_000),),
        "versement unique",
        date(2022, 8, 31),
        date(2023, 2, 28),
    ),
}
KEY_IFAC = {FRAIS_VALLON: 60.0, PLAN_D_AOU: 40.0}
KEY_DECIDED = COMMITTEES[1]

BUDGETS: dict[str, dict[str, int]] = {
    "anonymal-ct2": {
        "60.1": 240_000,
        "60.2": 80_000,
        "61.1": 150_000,
        "61.3": 90_000,
        "62.2": 40_000,
        "62.3": 150_000,
        "63.1": 30_000,
        "64.1": 1_420_000,
        "64.2": 550_000,
        "ind.1": 350_000,
        "74.4": 2_450_000,
        "74.5": 300_000,
        "75.1": 100_000,
        "prop": 250_000,
        "864": 420_000,
        "870": 420_000,
    },
    "point-formation": {
        "60.2": 60_000,
        "62.3": 50_000,
        "64.1": 385_000,
        "64.2": 145_000,
        "ind.1": 100_000,
        "74.4": 600_000,
        "prop": 140_000,
    },
    "arsenic-equiper-connecter": {
        "60.2": 90_000,
        "62.3": 160_000,
        "64.1": 1_120_000,
        "64.2": 380_000,
        "ind.1": 100_000,
        "74.4": 1_800_000,
        "prop": 50_000,
    },
    "arsenic-accompagner": {
        "60.2": 120_000,
        "61.3": 80_000,
        "62.2": 150_000,
        "62.3": 250_000,
        "64.1": 1_340_000,
        "64.2": 460_000,
        "ind.1": 200_000,
        "74.4": 2_500_000,
        "75.1": 100_000,
        "864": 180_000,
        "870": 180_000,
    },
}
"""What each action was to cost and to receive, balanced, in cents, account by account."""

ACTUALS: dict[str, dict[str, int]] = {
    "arsenic-equiper-connecter": {
        "60.2": 21_000,
        "62.3": 33_000,
        "64.1": 186_000,
        "64.2": 64_000,
        "ind.1": 26_000,
        "74.4": 1_800_000,
        "prop": 50_000,
    },
    "arsenic-accompagner": {
        "60.2": 54_000,
        "61.3": 31_000,
        "62.2": 42_000,
        "62.3": 89_000,
        "64.1": 413_000,
        "64.2": 141_000,
        "ind.1": 80_000,
        "74.4": 2_500_000,
        "75.1": 60_000,
        "864": 90_000,
        "870": 90_000,
    },
}
"""What it did, at the end of 2021, in the two intermediate reports that ARSENIC hands in: most of it is left."""
