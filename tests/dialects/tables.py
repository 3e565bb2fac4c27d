"""Known tables: typed rows of a few datasets, from a seed. What they hold is what must be read, or asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.contract import Registry
from core.domain.dataset import Dataset

PLACES = ("Aix-en-Provence", "Pertuis", "Gardanne", "Port-de-Bouc", "Martigues", "Salon-de-Provence", "Frais Vallon")
CODES = {
    "Aix-en-Provence": "aix",
    "Pertuis": "pertuis",
    "Gardanne": "gardanne",
    "Port-de-Bouc": "port-de-bouc",
    "Martigues": "martigues",
    "Salon-de-Provence": "salon",
    "Frais Vallon": "frais-vallon",
}
WORDS = ("Résidence", "Cité", "Tour", "forêt", "hôtel", "Les Pins", "côté", "Noël", "maïs", "l’Étang", "cœur", "Bât A")


@dataclass(frozen=True)
class Known:
    """A table whose right reading is known: values by column, as typed (a place by its name, money in cents)."""

    dataset: Dataset
    rows: tuple[dict[str, Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file has."""
        return tuple(self.rows[0])

    def expected(self) -> list[tuple[Any, ...]]:
        """The rows as the reading gives them, in order."""
        return [tuple(_read(name, row[name], self.dataset) for name in self.columns) for row in self.rows]


def _read(name: str, value: Any, dataset: Dataset) -> Any:
    if value is not None and dataset.by_name[name].kind.name == "lieu":
        return CODES[value]
    return value


def known_table(rng: random.Random, registry: Registry) -> Known:
    """One table of one dataset, of two to nine rows."""
    association, code, make = rng.choice(_MAKERS)
    dataset = registry.dataset(association, code)
    count = rng.randint(2, 9)
    return Known(dataset, tuple(make(rng, n) for n in range(count)))


def _text(rng: random.Random) -> str:
    return " ".join(rng.sample(WORDS, rng.randint(1, 2)))


def _day(rng: random.Random) -> date:
    return date(2021, 7, 1) + timedelta(days=rng.randint(0, 500))


def _month(rng: random.Random, n: int) -> date:
    return date(2021 + (6 + n) // 12, 1 + (6 + n) % 12, 1)


def _meeting(rng: random.Random, n: int) -> dict[str, Any]:
    return {
        "code_reunion": f"R{n:03d}",
        "date": _day(rng),
        "lieu": rng.choice(PLACES),
        "participants": rng.randint(0, 1999),
    }


def _machine(rng: random.Random, n: int) -> dict[str, Any]:
    return {
        "numero_inventaire": f"MET-{rng.choice(('PC', 'EC'))}-{n:04d}",
        "type": rng.choice(("ordinateur fixe", "ordinateur portable", "écran")),
        "valeur_unitaire": rng.choice((None, rng.randint(0, 29_999), 100 * rng.randint(1, 299))),
        "date_reception": rng.choice((None, _day(rng))),
        "statut": "reçu",
        "preuve_effacement": rng.choice((None, _text(rng))),
    }


def _support(rng: random.Random, n: int) -> dict[str, Any]:
    return {
        "lieu": rng.choice(PLACES),
        "mois": _month(rng, n),
        "structure": _text(rng),
        "individuels": rng.randint(0, 300),
        "participations_ateliers": rng.randint(0, 4000),
    }


def _building(rng: random.Random, n: int) -> dict[str, Any]:
    return {
        "code_immeuble": f"{_text(rng)} {n}",
        "lieu": rng.choice(PLACES),
        "bailleur": _text(rng),
        "nb_logements": rng.randint(1, 400),
        "date_diagnostic": rng.choice((None, _day(rng))),
        "date_vote": rng.choice((None, _day(rng))),
        "eligible_cable": rng.choice((True, False, None)),
        "prix_mensuel_avant": rng.choice((None, rng.randint(100, 9_999))),
    }


def _spent(rng: random.Random, n: int) -> dict[str, Any]:
    spent = rng.randint(0, 9_999_999)
    return {"ligne_subvention": "ifac", "date": date(2021, 7, 1) + timedelta(days=31 * n), "montant": spent}


_MAKERS: tuple[tuple[str, str, Callable[[random.Random, int], dict[str, Any]]], ...] = (
    ("ifac", "concertations", _meeting),
    ("anonymal", "materiel", _machine),
    ("ifac", "accompagnements", _support),
    ("anonymal", "immeubles", _building),
    ("ifac", "depenses_a_date", _spent),
)
