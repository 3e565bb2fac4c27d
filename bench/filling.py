"""A million rows spread over the associations and their datasets, from a seed, written straight to the store.

They come on top of the demonstration, which gives what the project lead holds (targets, periods,
payments, spending). The equipment takes seven rows in ten; one machine of IFAC in a hundred came
from Anonymal and keeps its number, so that distinct counts have something to find.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bench.rows import SEED, machines
from core.catalogue.keys import with_key
from core.checking.belonging import ExperimentAssigner
from core.contract import Registry
from core.demonstration import filling as story
from core.domain.access import Actor, Role
from core.domain.dataset import Dataset
from core.domain.programme import METROPOLE
from core.storage import Store

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
SOMEBODY = Actor("Mesure", Role.SYSTEM)
MONTHS = 12
COMMUNES = {"anonymal": ("13001", "13103"), "point-formation": ("13056", "13077"), "arsenic": ("13055", "13001")}
_TRAINED = ("inscrits_professionnels", "inscrits_benevoles", "termine_professionnels", "termine_benevoles")
# Of a million rows, how many each association gives of each dataset.
SHARES = {
    "materiel": {"anonymal": 280_000, "ifac": 200_000, "point-formation": 200_000},
    "accompagnements": {"anonymal": 25_000, "ifac": 25_000, "point-formation": 25_000, "arsenic": 25_000},
    "diagnostics": {"anonymal": 15_000, "ifac": 15_000, "point-formation": 15_000, "arsenic": 15_000},
    "immeubles": {"anonymal": 8_000, "ifac": 8_000, "point-formation": 4_000},
    "raccordements": {"anonymal": 32_000, "ifac": 32_000, "point-formation": 16_000},
    "formations": {"anonymal": 4_000, "ifac": 4_000, "point-formation": 4_000, "arsenic": 8_000},
    "acteurs": {"anonymal": 3_000, "point-formation": 3_000, "arsenic": 4_000},
    "concertations": {"anonymal": 2_000, "ifac": 2_000, "point-formation": 1_000},
    "communication": {"anonymal": 1_000, "ifac": 1_000, "point-formation": 1_000, "arsenic": 1_000},
    "jalons": {"anonymal": 300, "ifac": 300, "point-formation": 200, "arsenic": 200},
}


def fill(registry: Registry, store: Store, *, share: float = 1.0) -> int:
    """Fill a store with ``share`` of a million rows; how many were written beside the demonstration.

    The store is empty, or holds the demonstration already.
    """
    if not store.latest():
        story.fill(registry, store)
    written = 0
    with store.writing(SOMEBODY, AT) as writing:
        for code, counts in SHARES.items():
            for association, count in counts.items():
                dataset = registry.dataset(association, code)
                rows = rows_of(registry, association, dataset, max(1, int(count * share)))
                written += writing.save(association, dataset, rows).added
                if code == "immeubles":
                    thresholds = _thresholds(registry, association, rows)
                    written += writing.save(METROPOLE, "seuils", thresholds).added
    return written


def rows_of(registry: Registry, association: str, dataset: Dataset, count: int) -> pl.DataFrame:
    """Valid rows of one dataset, placed by the rule that deposits follow. Raises ValueError when one is refused."""
    rows = _MADE[dataset.code](association, _places(registry, association, dataset), count)
    placed, refused = ExperimentAssigner(registry, association, dataset).apply(
        with_key(rows, dataset).with_row_index("_line")
    )
    if refused:
        raise ValueError(f"{association}/{dataset.code}: {refused[0].problem(0)}")
    return placed.drop("_line")


def _places(registry: Registry, association: str, dataset: Dataset) -> list[str]:
    """Where the association may say that it acts, for this dataset."""
    own = [one for one in registry.experiments if one.association.code == association]
    return [p.code for one in own for p in one.places if dataset.axis is None or one.tries(dataset.axis, p.code)]


# --- the rows of each dataset ---------------------------------------------------------------


def _materiel(association: str, _places: list[str], count: int) -> pl.DataFrame:
    rows = machines(association, count)
    if association != "ifac":
        return rows
    came = pl.int_range(pl.len()) % 100 == 0
    number = pl.when(came).then("AN-" + pl.int_range(pl.len()).cast(pl.String)).otherwise("numero_inventaire")
    origin = pl.when(came).then(pl.lit("autre association")).otherwise("provenance")
    return rows.with_columns(number.alias("numero_inventaire"), origin.alias("provenance"))


def _buildings(association: str, places: list[str], count: int) -> pl.DataFrame:
    rng, at = _random(count)
    asked = np.datetime64("2021-09-01") + rng.integers(0, 250, count)
    return _dated(
        {
            "code_immeuble": _codes(association, "B", at),
            "lieu": np.array(places)[at % len(places)],
            "bailleur": np.full(count, "Bailleur"),
            "nb_logements": rng.integers(10, 90, count),
            "date_diagnostic": asked,
            "eligible_cable": rng.random(count) < 0.7,
            "logements_eligibles": rng.integers(5, 10, count),
            "fai": np.full(count, "Opérateur"),
            "date_convention": asked + 30,
            "prix_mensuel_avant": rng.integers(2_000, 4_000, count),
            "prix_mensuel_apres": rng.integers(500, 2_000, count),
        }
    )


def _connections(association: str, _places: list[str], count: int) -> pl.DataFrame:
    rng, at = _random(count)
    agreed = rng.integers(0, 6, count)
    return _dated(
        {
            # Four months for each building.
            "code_immeuble": _codes(association, "B", at // 4),
            "mois": _month(at % 4 + 6),
            "foyers_contactes": agreed + rng.integers(0, 20, count),
            "accords": agreed,
            "mises_en_service": agreed // 2,
            "dont_transferts": agreed // 3,
        }
    )


def _monthly(numbers: tuple[str, ...], association: str, places: list[str], count: int) -> pl.DataFrame:
    """Counts handed in by place, month and structure."""
    rng, at = _random(count)
    keys = {
        "lieu": np.array(places)[at % len(places)],
        "mois": _month(at // len(places) % MONTHS),
        "structure": _codes(association, "S", at // (len(places) * MONTHS)),
    }
    return _dated({**keys, **{name: rng.integers(0, 30, count) for name in numbers}})


def _events(
    key: str,
    place: str,
    numbers: dict[str, int],
    others: dict[str, Any],
    association: str,
    places: list[str],
    count: int,
) -> pl.DataFrame:
    """Things that happened one day at one place; ``numbers`` up to how many each counts."""
    rng, at = _random(count)
    day = np.datetime64("2021-09-01") + rng.integers(0, 300, count)
    first = {key: _codes(association, "E", at), "date": day, place: np.array(places)[at % len(places)]}
    made = {name: rng.integers(0, most, count) for name, most in numbers.items()}
    return _dated({**first, **made, **{name: np.full(count, value) for name, value in others.items()}})


def _actors(association: str, _places: list[str], count: int) -> pl.DataFrame:
    rng, at = _random(count)
    communes = np.array(COMMUNES[association])
    rows = {
        "id": _codes(association, "A", at),
        "pivot": np.full(count, "00000000000000"),
        "nom": _codes(association, "Lieu ", at),
        "commune": np.full(count, "Commune"),
        "code_postal": np.full(count, "13000"),
        "code_insee": communes[at % len(communes)],
        "adresse": np.full(count, "1 rue de la Mesure"),
        "date_maj": np.datetime64("2021-09-01") + rng.integers(0, 300, count),
        "type_acteur": np.array(["association", "travail social", "service public"])[at % 3],
        "relais": np.array(["oui", "possible", "non"])[at % 3],
    }
    return _dated(rows).with_columns(pl.when(pl.int_range(pl.len()) % 10 > 0).then("date_maj").alias("date_maj"))


def _milestones(association: str, places: list[str], count: int) -> pl.DataFrame:
    _, at = _random(count)
    return _dated(
        {
            "code_jalon": _codes(association, "J", at),
            "libelle": np.full(count, "Étape"),
            "date_prevue": np.datetime64("2021-09-01") + at % 300,
            "statut": np.full(count, "En cours"),
            "lieu": np.array(places)[at % len(places)],
        }
    )


_MADE: dict[str, Callable[[str, list[str], int], pl.DataFrame]] = {
    "materiel": _materiel,
    "immeubles": _buildings,
    "raccordements": _connections,
    "accompagnements": partial(
        _monthly,
        (
            "individuels",
            "participations_ateliers",
            "ateliers",
            "beneficiaires_suivis",
            "beneficiaires_anonymes",
            "orientations",
        ),
    ),
    "diagnostics": partial(_monthly, ("diagnostics", "besoin_equipement", "besoin_connexion", "besoin_accompagnement")),
    "formations": partial(
        _events,
        "code_session",
        "commune",
        dict.fromkeys(_TRAINED, 12),
        {"duree_jours": 1},
    ),
    "concertations": partial(_events, "code_reunion", "lieu", {"participants": 60}, {}),
    "communication": partial(_events, "code_action", "lieu", {"personnes_touchees": 90}, {"canal": "affichage"}),
    "acteurs": _actors,
    "jalons": _milestones,
}


def _thresholds(registry: Registry, association: str, buildings: pl.DataFrame) -> pl.DataFrame:
    """Half of the dwellings of each building have to agree."""
    rows = buildings.select(
        pl.lit(association).alias("association"),
        "code_immeuble",
        pl.lit(50.0).alias("part"),
        pl.lit("Mesure").alias("decision"),
    )
    return with_key(rows, registry.dataset(METROPOLE, "seuils"))


def _random(count: int) -> tuple[np.random.Generator, np.ndarray]:
    return np.random.default_rng(SEED), np.arange(count)


def _codes(association: str, letter: str, numbers: np.ndarray) -> np.ndarray:
    return np.char.add(f"{association[:2].upper()}-{letter}", numbers.astype(str))


def _month(rank: np.ndarray) -> np.ndarray:
    """The first day of a month, counted from July 2021."""
    return (np.datetime64("2021-07") + rank).astype("datetime64[D]")


def _dated(columns: dict[str, Any]) -> pl.DataFrame:
    rows = pl.DataFrame(columns)
    days = [name for name, dtype in rows.schema.items() if dtype == pl.Datetime or dtype == pl.Date]
    return rows.with_columns(pl.col(days).cast(pl.Date))
