"""Whatever the rows, what the programme shows agrees with its experiments and with the rows behind it.

A few generated programmes grow deposit by deposit (machines that go from one association to another, needs,
buildings, money with and without a key, targets, dates, missing and late deposits); each is looked at after each
deposit, on a day of its year.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.catalogue import CATALOGUE
from core.domain.indicator import Computed, Constant, Programme, Sum
from core.domain.observation import Missing, Observation
from core.settings import sqlite_url
from tests.core.figures.rig import (
    AIX,
    FRAIS_VALLON,
    LEAD,
    MARTIGUES,
    PLAN_D_AOU,
    RECHERCHE,
    SALON,
    Rig,
    diagnostics,
    prepared_on_sqlite,
)
from tests.support.filled import copied
from tests.support.profile import cases

STORES = 5
STEPS = cases(200, 2000) // STORES
DAYS = (date(2021, 12, 31), date(2022, 3, 15), date(2022, 6, 30), date(2022, 7, 5))
FIRST = date(2021, 9, 1)
PLACES = {
    "anonymal": (("aix", AIX), ("pertuis", AIX), ("salon", SALON)),
    "ifac": (("frais-vallon", FRAIS_VALLON), ("plan-d-aou", PLAN_D_AOU)),
    "point-formation": (("martigues", MARTIGUES),),
    "arsenic": (("13041", RECHERCHE),),
}
SOMEBODY_ELSE = {"anonymal": ("ifac", "Point Formation", "Relais de quartier"), "ifac": ("Point Formation",)}
EQUIPPED = ("anonymal", "ifac", "point-formation")
MEDIANS = ("EQ9", "CO6")


class Told:
    """One generated programme."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rig, self.chance = rig, random.Random(seed)
        self.sent: dict[str, list[dict[str, Any]]] = {}

    def day(self, after: date = FIRST, most: int = 120) -> date:
        return after + timedelta(days=self.chance.randint(0, most))

    def on(self) -> date:
        return self.chance.choice((date(2021, 10, 2), date(2022, 1, 5), date(2022, 4, 2), date(2022, 7, 2)))

    def maybe(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def step(self) -> None:
        """Somebody hands something in."""
        what = self.chance.choice((self.machines, self.machines, self.needs, self.buildings, None))
        if what is None:
            self.chance.choice((self.money, self.held_by_the_lead))()
        else:
            what(self.chance.choice(tuple(PLACES) if what == self.needs else EQUIPPED))

    def held_by_the_lead(self) -> None:
        dates = [
            {"experience": code, "debut": self.day(date(2021, 7, 1), 150), "fin": self.day(date(2022, 5, 1), 300)}
            for code in (AIX, SALON, MARTIGUES, FRAIS_VALLON, PLAN_D_AOU, RECHERCHE)
            if self.maybe(0.7)
        ]
        self.rig.put(LEAD, "dates_experimentations", dates)
        goals = [
            {
                "experience": code,
                "indicateur": indicator,
                "valeur": float(self.chance.randint(1, 30)),
                "echeance": date(2022, 12, 31),
            }
            for code in (AIX, SALON, FRAIS_VALLON, None)
            for indicator in ("EQ5a", "AC6", "CO4")
            if self.maybe()
        ]
        self.rig.put(LEAD, "objectifs", goals)

    def machines(self, association: str) -> None:
        made = [self.machine(association, f"{association}-{number}") for number in range(self.chance.randint(0, 9))]
        for one in self.sent.pop(association, []):
            if self.maybe(0.7):
                made.append(self.came(association, one))
        if made and self.maybe(0.2):  # somebody mistypes a number: two associations claim it
            made[0] = {**made[0], "numero_inventaire": "anonymal-0"}
        unique = {row["numero_inventaire"]: row for row in made}
        self.rig.put(association, "materiel", list(unique.values()), on=self.on())

    def machine(self, association: str, number: str) -> dict[str, Any]:
        received = self.day()
        row: dict[str, Any] = {
            "numero_inventaire": number,
            "type": self.chance.choice(("ordinateur portable", "écran")),
            "provenance": "Métropole",
            "date_reception": received,
            "statut": "reçu",
            "affectation": self.chance.choice(PLACES[association])[1] if self.maybe(0.8) else None,
        }
        if self.maybe(0.8):
            row |= {"date_test": received + timedelta(days=3), "statut": "testé"}
            if self.maybe(0.2):
                return row | {"statut": "recyclé"}
            if self.maybe(0.8):
                row |= {"date_reconditionnement": received + timedelta(days=9), "statut": "reconditionné"}
                return self.onward(association, row, received + timedelta(days=10))
        return row

    def onward(self, association: str, row: dict[str, Any], after: date) -> dict[str, Any]:
        if association in SOMEBODY_ELSE and self.maybe(0.35):
            whom = self.chance.choice(SOMEBODY_ELSE[association])
            row |= {"statut": "transféré", "transfere_a": whom, "date_transfert": self.day(after, 60)}
            self.sent.setdefault(whom.lower().replace(" ", "-"), []).append(row)
        elif self.maybe(0.6):
            row |= {
                "statut": "remis",
                "date_remise": self.day(after, 120),
                "type_beneficiaire": "famille",
                "en_qpv": self.maybe(0.9),
                "lieu": self.chance.choice(PLACES[association])[0],
            }
        return row

    def came(self, association: str, row: dict[str, Any]) -> dict[str, Any]:
        arrived = row["date_transfert"] + timedelta(days=self.chance.randint(0, 40))
        found = {
            "numero_inventaire": row["numero_inventaire"],
            "type": row["type"],
            "provenance": "autre association",
            "date_reception": arrived,
            "statut": "reçu",
            "affectation": self.chance.choice(PLACES[association])[1],
        }
        return self.onward(association, found, arrived)

    def needs(self, association: str) -> None:
        rows = {}
        for place, _ in PLACES[association]:
            for month in (date(2021, 10, 1), date(2022, 2, 1), date(2022, 5, 1)):
                number = self.chance.randint(0, 20)
                levels = {"niveau_faible": number // 2, "niveau_moyen": number // 3} if self.maybe() else {}
                if self.maybe(0.7):
                    rows[place, month] = diagnostics(place, month, number, besoin_connexion=number // 4, **levels)
        self.rig.put(association, "diagnostics", list(rows.values()), on=self.on())

    def buildings(self, association: str) -> None:
        made = [
            {
                "code_immeuble": f"I{number}",
                "bailleur": "bailleur A",
                "lieu": self.chance.choice(PLACES[association])[0],
                "nb_logements": self.chance.randint(1, 60),
                "eligible_cable": self.chance.choice((True, True, False, None)),
                "date_diagnostic": self.day() if self.maybe(0.8) else None,
                "prix_mensuel_avant": 20_00 + 10 * self.chance.randint(0, 300),
                "prix_mensuel_apres": 5_00,
            }
            for number in range(self.chance.randint(1, 5))
        ]
        self.rig.put(association, "immeubles", made, on=self.on())
        if self.maybe(0.7):
            months = [
                {
                    "code_immeuble": one["code_immeuble"],
                    "mois": date(2022, 2, 1),
                    "accords": self.chance.randint(0, 9),
                    "mises_en_service": self.chance.randint(0, 4),
                }
                for one in made
            ]
            self.rig.put(association, "raccordements", months, on=self.on())

    def money(self) -> None:
        spent = {
            "anonymal-ct2": "anonymal",
            "anonymal-ct3": "anonymal",
            "ifac": "ifac",
            "arsenic-equiper-connecter": "arsenic",
        }
        for line, association in spent.items():
            if self.maybe(0.7):
                row = {"ligne_subvention": line, "date": self.day(), "montant": self.chance.randint(0, 2_000_000)}
                self.rig.put(association, "depenses_a_date", [row], on=self.on())
        if self.maybe():
            parts = self.chance.randint(1, 99)
            keys = ((FRAIS_VALLON, parts), (PLAN_D_AOU, 100 - parts))
            self.rig.put(
                LEAD,
                "cles",
                [
                    {"ligne": "ifac", "experience": code, "part": float(part), "decision": "Comité", "date": FIRST}
                    for code, part in keys
                ],
            )
        paid = [
            {
                "reference": f"M{number}",
                "ligne": line,
                "date": self.day(),
                "montant": self.chance.randint(1, 900_000),
                "nature": "avance",
            }
            for number, line in enumerate(spent)
        ]
        self.rig.put(LEAD, "versements", paid)


@contextmanager
def told(seed: int) -> Iterator[Told]:
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(sqlite_url(copied(prepared_on_sqlite(), Path(folder) / "some.sqlite3")))
        yield Told(rig, seed)
        rig.close()


@pytest.mark.generated
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(STORES))
def test_what_the_programme_shows_agrees_with_its_experiments_and_its_rows(seed: int) -> None:
    with told(seed) as made:
        for step in range(STEPS):
            made.step()
            day = made.chance.choice(DAYS)
            where = f"programme {seed}, deposit {step}, on {day}"
            parts_and_total(made, day, where)
            rows_behind(made, day, where)


def parts_and_total(made: Told, day: date, where: str) -> None:
    monitor = made.rig.monitor(DAYS[-1])
    found: dict[str, dict[str | None, Observation]] = {}
    for one in monitor.observe(list(CATALOGUE), until=day):
        found.setdefault(one.indicator, {})[one.experiment] = one
    for code, by in found.items():
        total = by.pop(None)
        assert total.missing_because is not Missing.ERROR, (where, code, total.reason)
        match CATALOGUE[code].programme:
            case Programme.SUM if not CATALOGUE[code].programme_only:
                adds_up(total, list(by.values()), f"{where}: {code}")
            case Programme.RATIO:
                lies_between(total, list(by.values()), f"{where}: {code}")
            case Programme.POOLED if code in MEDIANS:
                lies_between(total, list(by.values()), f"{where}: {code}")
            case Programme.WORST:
                is_the_worst(made, total, by, f"{where}: {code}")


def adds_up(total: Observation, parts: list[Observation], where: str) -> None:
    """Parts and named remainder are the total, above and below the line."""
    for side in ("numerator", "denominator"):
        whole = getattr(total, side)
        if whole is None or (side == "denominator" and isinstance(CATALOGUE[total.indicator].denominator, Constant)):
            continue
        shown = sum(getattr(one, side) or 0 for one in parts)
        named = sum(getattr(one, side) or 0 for one in total.apart)
        assert shown + named == pytest.approx(whole), (where, side, total.apart)
    assert all(one.words for one in total.apart), where


def lies_between(total: Observation, parts: list[Observation], where: str) -> None:
    values = [one.value for one in parts if one.value is not None]
    if total.value is not None and values:
        assert min(values) - 1e-9 <= total.value <= max(values) + 1e-9, (where, total.value, values)


def is_the_worst(made: Told, total: Observation, by: dict[str | None, Observation], where: str) -> None:
    dates = {row["experience"]: row for row in made.rig.store.rows(LEAD, "dates_experimentations").to_dicts()}
    owing = [
        one.value
        for code, one in by.items()
        if code not in dates or dates[code]["debut"] <= DAYS[-1] <= dates[code]["fin"]
    ]
    known = [age for age in owing if age is not None]
    assert total.value == max(known, default=None), where
    named = sum(one.numerator for one in total.apart)
    assert named == (len(owing) - len(known) if known else 0), (where, "who never gave anything is named")


def rows_behind(made: Told, day: date, where: str) -> None:
    """The rows behind a figure count to it, for the programme and for one experiment."""
    monitor = made.rig.monitor(DAYS[-1])
    for code in made.chance.sample(sorted(CATALOGUE), 4):
        for experiment in (None, made.chance.choice((AIX, SALON, FRAIS_VALLON))):
            (seen,) = monitor.observe([code], [experiment], until=day)
            for side in ("numerator", "denominator"):
                measure, number = getattr(CATALOGUE[code], side), getattr(seen, side)
                if number is None or measure is None or isinstance(measure, Computed | Constant):
                    continue
                if code in MEDIANS or seen.missing_because is not None:
                    continue
                behind = monitor.rows_behind(code, experiment, part=side, until=day)
                counted = behind.total if isinstance(measure, Sum) else behind.count
                assert counted == pytest.approx(number), (where, code, experiment, side)
