"""A store made by hand in which every number of people is chosen: all between 1 and 4, or all easy to find again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count, cycle
from typing import Any

from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, Role
from core.domain.meeting import AgendaPoint, Verdict
from core.domain.programme import Experiment
from core.storage import Store
from tests.support.scopes import acting

LEAD = Actor("Karim", Role.LEAD)
COMMITTEE = Actor("Nadia", Role.COMMITTEE)
FIRST, LAST = date(2022, 3, 31), date(2022, 6, 30)
AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
TODAY = AT.date()
MONTHS = {FIRST: date(2022, 2, 1), LAST: date(2022, 5, 1)}
DWELLINGS = 900_000_011
ACCOUNTS = {"anonymal": "anonymal-ct2", "ifac": "ifac", "arsenic": "arsenic-accompagner"}
Numbers = Iterator[int]


def few() -> Numbers:
    """1, 2, 3, 4, and again."""
    return cycle((3, 1, 4, 2))


def telltale() -> Numbers:
    """Nine digits, each number unlike any other, any sum of them and any coordinate of a drawing."""
    return count(310_000_007, 1_000_003)


class Desk:
    """Gathers rows, and hands each table in at once."""

    def __init__(self, registry: Registry, store: Store, numbers: Numbers) -> None:
        self.registry, self.store, self._numbers = registry, store, numbers
        self.given: list[int] = []
        self._waiting: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def number(self) -> int:
        """One more number of people."""
        self.given.append(next(self._numbers))
        return self.given[-1]

    def save(self, association: str, dataset: str, *rows: dict[str, Any]) -> None:
        """Keep rows for the next time that tables are handed in."""
        self._waiting.setdefault((association, dataset), []).extend(rows)

    def hand_in(self) -> None:
        """Hand every waiting table in."""
        order = sorted(self._waiting, key=lambda pair: pair[1] != "immeubles")
        for association, dataset in order:
            actor = LEAD if association == "metropole" else Actor("Claire", Role.ASSOCIATION, association)
            rows = self._waiting[association, dataset]
            submit.save_rows(Scope(self.registry, self.store, actor, AT), association, dataset, rows)
        self._waiting.clear()


def fill(registry: Registry, store: Store, numbers: Numbers) -> list[int]:
    """Two quarters, a committee closed on the first and one prepared on the second; the numbers given."""
    desk = Desk(registry, store, numbers)
    desk.save("metropole", "periodes", *_periods())
    for association, line in ACCOUNTS.items():
        account = {"ligne_subvention": line, "exercice": 2022, "compte": "60.1", "realisation": 100}
        desk.save(association, "comptes", account)
    for code in ("AC6", "AC3a", "CO5"):
        desk.save("metropole", "objectifs", *_targets(code))
    for until, month in MONTHS.items():
        for one in registry.experiments:
            _experiment(one, month, desk.number, desk.save)
        desk.hand_in()
        _meeting(registry, store, until)
    return desk.given


def _periods() -> Iterator[dict[str, Any]]:
    for code, start, end in (("2022-T1", date(2022, 1, 1), FIRST), ("2022-T2", date(2022, 4, 1), LAST)):
        yield {"code": code, "debut": start, "fin": end, "echeance": end}


def _experiment(one: Experiment, month: date, number: Callable[[], int], save: Callable[..., None]) -> None:
    association, place = one.association.code, "13055" if one.covers_everything else one.places[0].code
    day, rank = month.replace(day=9), f"{one.code}-{month:%m}"
    *some, every = sorted(number() for _ in range(4))
    needs = dict(zip(("besoin_equipement", "besoin_connexion", "besoin_accompagnement"), some, strict=True))
    save(association, "diagnostics", {"lieu": place, "mois": month, "diagnostics": every, **needs})
    save(
        association,
        "accompagnements",
        {
            "lieu": place,
            "mois": month,
            "individuels": number(),
            "participations_ateliers": number(),
            "beneficiaires_suivis": number(),
            "beneficiaires_anonymes": number(),
            "orientations": number(),
        },
    )
    (done, enrolled), (helped, helping) = (sorted((number(), number())) for _ in range(2))
    save(
        association,
        "formations",
        {
            "code_session": f"S-{rank}",
            "date": day,
            "duree_jours": 1,
            "commune": place,
            "inscrits_professionnels": enrolled,
            "inscrits_benevoles": helping,
            "termine_professionnels": done,
            "termine_benevoles": helped,
        },
    )
    if one.covers_everything:
        return
    for letter in "ABC":
        _building(f"{one.code[:3].upper()}-{place[:2]}-{letter}", association, place, month, number, save)
    save(association, "materiel", *_machines(rank, place, day))


def _building(
    code: str, association: str, place: str, month: date, number: Callable[[], int], save: Callable[..., None]
) -> None:
    if month == MONTHS[FIRST]:
        save(
            association,
            "immeubles",
            {
                "code_immeuble": code,
                "lieu": place,
                "bailleur": "bailleur A",
                "nb_logements": DWELLINGS,
                "eligible_cable": True,
                "logements_eligibles": DWELLINGS,
                "date_diagnostic": month,
            },
        )
        save(
            "metropole",
            "seuils",
            {
                "association": association,
                "code_immeuble": code,
                "part": 50.0,
                "decision": "Comité n° 1",
            },
        )
    connected, agreed = sorted((number(), number()))
    save(
        association,
        "raccordements",
        {
            "code_immeuble": code,
            "mois": month,
            "accords": agreed,
            "mises_en_service": connected,
        },
    )
    save(
        association,
        "concertations",
        {
            "code_reunion": f"R-{code}-{month:%m}",
            "date": month.replace(day=12),
            "lieu": place,
            "code_immeuble": code,
            "participants": number(),
            **({"voisins_relais": number()} if association == "ifac" else {}),
        },
    )


def _machines(rank: str, place: str, day: date) -> Iterator[dict[str, Any]]:
    """Two families, one of which lives elsewhere, and one student: each is somebody."""
    for at, (whom, inside) in enumerate((("famille", True), ("famille", False), ("étudiant", None)), 1):
        yield {
            "numero_inventaire": f"{rank}-{at}",
            "type": "ordinateur fixe",
            "statut": "remis",
            "lieu": place,
            "provenance": "Métropole",
            "date_reception": day.replace(day=2),
            "date_test": day.replace(day=3),
            "date_effacement": day.replace(day=3),
            "preuve_effacement": f"P-{rank}-{at}",
            "date_reconditionnement": day.replace(day=4),
            "date_remise": day,
            "type_beneficiaire": whom,
            "en_qpv": inside,
        }


def _meeting(registry: Registry, store: Store, until: date) -> None:
    asked = {"actor": LEAD, "now": AT}
    point = AgendaPoint(
        "",
        "Les diagnostics",
        "Continuer ?",
        options=("Oui",),
        status_quo="Rien",
        experiment="ct2-pays-d-aix",
        indicator="AC6",
    )
    number = meetings.convene(Scope(registry, store, **asked), until.replace(day=28), [point])
    meetings.freeze(Scope(registry, store, **asked), number, until)
    deciding.open_session(acting(store, **asked), number)
    proposal = Proposal(Verdict.ACCEPTED, "Oui.", point="p1", experiment="ct2-pays-d-aix", indicator="AC6")
    deciding.decide(acting(store, **asked), number, proposal)
    if until == FIRST:
        deciding.close(acting(store, **asked), number)


def _targets(code: str) -> Iterator[dict[str, Any]]:
    for whom in ("ct2-pays-d-aix", "ct1-frais-vallon"):
        yield {
            "experience": whom,
            "indicateur": code,
            "valeur": 77.0,
            "echeance": date(2022, 12, 31),
            "decision": "Comité n° 1",
        }
