"""The machines of the story, one by one, and when each goes to whom: counted, never named."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.demonstration import story
from core.demonstration.people import days_over, shares
from core.demonstration.story import COMPUTER, CT2, CT3, QUARTERS, SCREEN, Quarterly, Transfer
from core.domain.dataset import RowDict

STUDENT, FAMILY = "étudiant", "famille"

SCREENS_HANDED_OVER: dict[str, Quarterly] = {
    "aix": (0, 9, 10, 9),
    "gardanne": (0, 3, 5, 5),
    "pertuis": (0, 0, 4, 6),
    "salon": (0, 5, 12, 16),
    "martigues": (0, 0, 4, 0),
    "frais-vallon": (0, 0, 6, 9),
    "plan-d-aou": (0, 0, 0, 8),
}
FIRST_DAYS = {
    ("aix", 2): date(2021, 10, 18),
    ("gardanne", 2): date(2021, 11, 15),
    ("salon", 2): date(2021, 12, 1),
    ("pertuis", 3): date(2022, 2, 7),  # no room to work in before
    ("martigues", 3): date(2022, 3, 1),
    ("frais-vallon", 3): date(2022, 2, 1),
    ("frais-vallon", 4): date(2022, 4, 26),
    ("plan-d-aou", 4): date(2022, 5, 18),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """A machine given to a student or a family; ``in_qpv`` is asked of families only."""

    day: date
    place: str
    beneficiary: str
    in_qpv: bool | None


def planned(rng: random.Random, experiment: str, kind: str) -> list[Handover]:
    """The handovers of one experiment over the year, live deposit left out, by day."""
    table = story.HANDED_OVER if kind == COMPUTER else SCREENS_HANDED_OVER
    given = [
        Handover(day, place, FAMILY, True)
        for place in story.PLACES_OF[experiment]
        for day in _days(rng, place, table.get(place, (0, 0, 0, 0)))
    ]
    given.sort(key=lambda handover: (handover.day, handover.place))
    outside = _outside(given) if experiment == CT2 and kind == COMPUTER else frozenset()
    return with_students(rng, given, _students(experiment, kind, len(given)), outside=outside)


def with_students(
    rng: random.Random, given: list[Handover], students: int, *, outside: frozenset[int] = frozenset()
) -> list[Handover]:
    """The same handovers, ``students`` of them to students; those at the ranks ``outside``, outside a QPV."""
    chosen = set(rng.sample([rank for rank in range(len(given)) if rank not in outside], students))
    return [_addressed(handover, rank in chosen, rank in outside) for rank, handover in enumerate(given)]


def _addressed(handover: Handover, student: bool, outside: bool) -> Handover:
    if student:
        return replace(handover, beneficiary=STUDENT, in_qpv=None)
    return replace(handover, in_qpv=not outside)


def _days(rng: random.Random, place: str, numbers: Quarterly) -> list[date]:
    found: list[date] = []
    for number, (quarter, how_many) in enumerate(zip(QUARTERS, numbers, strict=True), start=1):
        first = FIRST_DAYS.get((place, number), quarter.start + timedelta(days=4))
        found += days_over(rng, how_many, first, quarter.end - timedelta(days=1))
    return found


def _students(experiment: str, kind: str, total: int) -> int:
    students, families = story.STUDENTS_FAMILIES[experiment]
    return students if kind == COMPUTER else round(total * students / (students + families))


def _outside(given: list[Handover]) -> frozenset[int]:
    """The last handovers of the winter at Gardanne: three families who live elsewhere."""
    winter = [rank for rank, h in enumerate(given) if h.place == "gardanne" and h.day in QUARTERS[2]]
    return frozenset(winter[-story.OUTSIDE_QPV :])


# --- The one stock: each machine followed from the Métropole's delivery to a household, or aside ----
# ``stock`` works out the whole year of every unit; ``rows`` says what Anonymal knows of it on
# a given day, as its spreadsheets would.


SCREENS_TESTED = {CT2: (14, 50, 80, 99), CT3: (8, 32, 56, 72)}
SCREENS_GOOD = {CT2: (6, 36, 64, 82), CT3: (4, 25, 44, 60)}
TYPES = {COMPUTER: ("ordinateur fixe", "ordinateur portable"), SCREEN: ("écran",)}
VALUES = (3_500, 6_000, 9_000, 12_000, 15_000, 18_000)
"""Net unit values in cents, all under the 300 € of the law."""

REFURBISHING = (
    (date(2021, 9, 20), date(2021, 9, 29)),
    (date(2021, 10, 4), date(2021, 12, 10)),  # disks run short in December…
    (date(2022, 1, 24), date(2022, 3, 28)),  # … and come back in the winter
    (date(2022, 4, 4), date(2022, 6, 10)),
)


@dataclass(slots=True)
class Machine:
    """One computer or screen, and all that happens to it (None = it does not)."""

    number: str
    kind: str
    type: str
    pool: str
    lot: str
    received: date
    cents: int
    tested: date | None = None
    result: str | None = None
    recycled: date | None = None
    erased: date | None = None
    proof: str | None = None
    proof_known: date | None = None
    refurbished: date | None = None
    transfer: Transfer | None = None
    handover: Handover | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Every unit of the programme, and the annex units that were never ceded."""

    units: tuple[Machine, ...]
    kept_by_metropole: tuple[Machine, ...] = field(default=())

    def of_lot(self, lot: str) -> tuple[Machine, ...]:
        """The units of one delivery."""
        return tuple(unit for unit in self.units if unit.lot == lot)

    def entrusted(self, experiment: str) -> tuple[Machine, ...]:
        """The units transferred for one experiment, by date of transfer then number."""
        found = (u for u in self.units if u.transfer and u.transfer.experiment == experiment)
        return tuple(sorted(found, key=lambda unit: (_transfer(unit).day, unit.number)))


def stock(rng: random.Random) -> Stock:
    """The whole park: 409 computers and 180 screens ceded, 46 and 22 not yet."""
    numbers = {COMPUTER: _numbers("PC"), SCREEN: _numbers("EC")}
    units = [
        unit
        for delivery in story.DELIVERIES
        for pool in (CT2, CT3)
        for kind in (COMPUTER, SCREEN)
        for unit in _delivered(rng, delivery, pool, kind, numbers[kind])
    ]
    for pool in (CT2, CT3):
        for kind in (COMPUTER, SCREEN):
            _live_a_year(rng, [u for u in units if u.pool == pool and u.kind == kind], pool, kind)
    _set_aside_expensive(units)
    _lose_proofs(units)
    kept = [_new(rng, numbers[kind], kind) for kind, n in story.NOT_CEDED.items() for _ in range(n)]
    return Stock(tuple(units), tuple(kept))


def rows(units: Iterable[Machine], day: date, *, written: date | None = None) -> list[RowDict]:
    """What Anonymal knows on ``day`` of the units already received; proofs found up to ``written``."""
    return [_row(unit, day, written or day) for unit in units if unit.received <= day]


# --- one pool, one kind -------------------------------------------------------------------


def _live_a_year(rng: random.Random, units: Sequence[Machine], pool: str, kind: str) -> None:
    tested, good = _tables(pool, kind)
    _test(rng, units, tested)
    _judge(rng, units, tested, good, waiting=story.WAITING[pool] if kind == COMPUTER else 0)
    _refurbish(rng, units, good)
    _send_out(rng, units, pool, kind)


def _tables(pool: str, kind: str) -> tuple[story.Quarterly, story.Quarterly]:
    if kind == COMPUTER:
        return story.TESTED[pool], story.REFURBISHED[pool]
    return SCREENS_TESTED[pool], SCREENS_GOOD[pool]


def _test(rng: random.Random, units: Sequence[Machine], cumulated: Sequence[int]) -> None:
    done = 0
    for quarter, total in zip(QUARTERS, cumulated, strict=True):
        batch = units[done:total]
        last = quarter.end - timedelta(days=12)
        for unit, day in zip(batch, days_over(rng, len(batch), quarter.start + timedelta(days=3), last), strict=True):
            unit.tested = max(day, unit.received + timedelta(days=1))
        done = total


def _judge(
    rng: random.Random, units: Sequence[Machine], tested: Sequence[int], good: Sequence[int], waiting: int
) -> None:
    """Give each tested unit its result, enough good ones being tested in time each quarter."""
    sizes = [total - before for total, before in zip(tested, (0, *tested), strict=False)]
    keeps = shares(good[-1], sizes)
    aside = shares(waiting, (0, *sizes[1:]))
    start = 0
    for size, keep, wait in zip(sizes, keeps, aside, strict=True):
        results = ["fonctionnel"] * keep + ["hors service"] * (size - keep - wait)
        rng.shuffle(results)
        for index in range(wait):  # among the first of the quarter: the autumn's delivery has some
            results.insert(3 * index, "réparable")
        for unit, result in zip(units[start : start + size], results, strict=True):
            _conclude(unit, result)
        start += size


def _conclude(unit: Machine, result: str) -> None:
    unit.result = result
    if result != "hors service" or unit.tested is None:
        return
    unit.recycled = unit.tested + timedelta(days=8)
    if unit.kind == COMPUTER:
        unit.erased, unit.proof = unit.recycled, f"DES-{unit.recycled:%G-S%V}"


def _refurbish(rng: random.Random, units: Sequence[Machine], cumulated: Sequence[int]) -> None:
    good = sorted((u for u in units if u.result == "fonctionnel"), key=_tested)
    done = 0
    for window, quarter, total in zip(REFURBISHING, QUARTERS, cumulated, strict=True):
        batch = good[done:total]
        for unit, day in zip(batch, days_over(rng, len(batch), *window), strict=True):
            unit.refurbished = min(max(day, _tested(unit) + timedelta(days=4)), quarter.end)
            if unit.kind == COMPUTER:
                unit.erased = max(_tested(unit), unit.refurbished - timedelta(days=2))
                unit.proof = f"EFF-{unit.erased:%G-S%V}"
        done = total


def _send_out(rng: random.Random, units: Sequence[Machine], pool: str, kind: str) -> None:
    """Transfers and handovers take the units that were ready first."""
    outgoing: list[tuple[date, Transfer | Handover]] = [(h.day, h) for h in planned(rng, pool, kind)]
    for transfer in story.TRANSFERS:
        if transfer.pool == pool:
            number = transfer.computers if kind == COMPUTER else transfer.screens
            outgoing += [(transfer.day, transfer)] * number
    outgoing.sort(key=lambda pair: pair[0])
    ready = sorted((u for u in units if u.refurbished), key=_ready)
    for (day, what), unit in zip(outgoing, ready, strict=False):
        if _ready(unit) > day:
            raise ValueError(f"{unit.number} is not ready on {day} in {pool}")
        if isinstance(what, Transfer):
            unit.transfer = what
        else:
            unit.handover = what


# --- the seeded oddities ------------------------------------------------------------------


def _set_aside_expensive(units: Sequence[Machine]) -> None:
    waiting = [u for u in units if u.pool == CT2 and u.lot == "L2" and u.result == "réparable"]
    for unit, cents in zip(waiting, story.EXPENSIVE_CENTS, strict=False):
        unit.cents = cents


def _lose_proofs(units: Sequence[Machine]) -> None:
    """Six computers handed over in the winter without proof; four proofs came in April."""
    given = [u for u in units if u.kind == COMPUTER and u.handover and u.handover.day in QUARTERS[2]]
    late = [u for u in given if u.handover and u.handover.place == "aix"][: story.PROOFS_BROUGHT_IN_APRIL]
    never = [u for u in given if u.handover and u.handover.place == "salon"]
    for unit in late:
        unit.proof_known = date(2022, 4, 26)
    for unit in never[: story.WITHOUT_PROOF - story.PROOFS_BROUGHT_IN_APRIL]:
        unit.proof = None


# --- what stands on a row -----------------------------------------------------------------


def _row(unit: Machine, day: date, written: date) -> RowDict:
    def known(when: date | None) -> date | None:
        return when if when is not None and when <= day else None

    tested, erased, transfer = known(unit.tested), known(unit.erased), _transferred(unit, day)
    proven = erased and (unit.proof_known or erased) <= written
    row: RowDict = {
        "numero_inventaire": unit.number,
        "type": unit.type,
        "provenance": "Métropole",
        "valeur_unitaire": unit.cents,
        "lot": unit.lot,
        "affectation": unit.pool,
        "date_reception": unit.received,
        "date_test": tested,
        "resultat_test": unit.result if tested else None,
        "date_effacement": erased,
        "preuve_effacement": unit.proof if proven else None,
        "date_reconditionnement": known(unit.refurbished),
        "statut": _status(unit, day),
        "transfere_a": transfer.association if transfer else None,
        "date_transfert": transfer.day if transfer else None,
    }
    return row | handover_cells(unit.handover, day)


def handover_cells(handover: Handover | None, day: date) -> RowDict:
    """The cells that say to whom a unit was handed over, blank as long as it was not."""
    given = handover if handover and handover.day <= day else None
    return {
        "date_remise": given.day if given else None,
        "lieu": given.place if given else None,
        "type_beneficiaire": given.beneficiary if given else None,
        "en_qpv": given.in_qpv if given else None,
        "prix_cession": 0 if given else None,
    }


def _status(unit: Machine, day: date) -> str:
    steps = (
        ("remis", unit.handover.day if unit.handover else None),
        ("transféré", unit.transfer.day if unit.transfer else None),
        ("reconditionné", unit.refurbished),
        ("recyclé", unit.recycled),
        ("testé", unit.tested),
    )
    return next((status for status, when in steps if when and when <= day), "reçu")


def _transferred(unit: Machine, day: date) -> Transfer | None:
    return unit.transfer if unit.transfer and unit.transfer.day <= day else None


# --- small things -------------------------------------------------------------------------


def _numbers(prefix: str) -> Iterable[str]:
    return (f"MET-{prefix}-{number:04d}" for number in range(1, 10_000))


def _delivered(
    rng: random.Random, delivery: story.Delivery, pool: str, kind: str, numbers: Iterable[str]
) -> list[Machine]:
    units = [_new(rng, numbers, kind) for _ in range(delivery.count(pool, kind))]
    for unit in units:
        unit.pool, unit.lot, unit.received = pool, delivery.lot, delivery.day
    return units


def _new(rng: random.Random, numbers: Iterable[str], kind: str) -> Machine:
    return Machine(next(iter(numbers)), kind, rng.choice(TYPES[kind]), "", "", date.max, rng.choice(VALUES))


def _tested(unit: Machine) -> date:
    return unit.tested or date.max


def _ready(unit: Machine) -> date:
    return unit.refurbished or date.max


def _transfer(unit: Machine) -> Transfer:
    if unit.transfer is None:
        raise ValueError(f"{unit.number} was not transferred")
    return unit.transfer
