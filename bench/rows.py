"""A million machines as a French office would write them, from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

ROWS = 1_000_000
SEED = 20_210_604
PLACES = {
    "anonymal": (("aix", "Aix-en-Provence"), ("gardanne", "Gardanne"), ("pertuis", "Pertuis"), ("salon", "Salon")),
    "ifac": (("frais-vallon", "Frais Vallon"), ("plan-d-aou", "Plan d’Aou")),
    "point-formation": (("martigues", "Martigues"), ("port-de-bouc", "Port de Bouc")),
}


def machines(association: str = "anonymal", count: int = ROWS) -> pl.DataFrame:
    """Typed rows of the equipment, all of them valid: 12 columns filled."""
    rng = np.random.default_rng(SEED)
    at = np.arange(count)
    received = np.datetime64("2021-09-01") + rng.integers(0, 200, count)
    handed = received + rng.integers(20, 90, count)
    given = rng.random(count) < 0.6
    student = rng.random(count) < 0.4
    spots = [code for code, _ in PLACES[association]]
    rows = pl.DataFrame(
        {
            "numero_inventaire": np.char.add(f"{association[:2].upper()}-", at.astype(str)),
            "type": np.where(rng.random(count) < 0.7, "ordinateur fixe", "écran"),
            "provenance": np.full(count, "Métropole"),
            "valeur_unitaire": rng.integers(0, 30_000, count),
            "date_reception": received,
            "preuve_effacement": np.full(count, "CERT-2021"),
            "date_reconditionnement": received + rng.integers(8, 20, count),
            "statut": np.where(given, "remis", "reconditionné"),
            "date_remise": handed,
            "lieu": np.array(spots)[rng.integers(0, len(spots), count)],
            "type_beneficiaire": np.where(student, "étudiant", "famille"),
            "en_qpv": np.full(count, True),
        }
    )
    dated = rows.with_columns(pl.col("date_reception", "date_reconditionnement", "date_remise").cast(pl.Date))
    handed_over = pl.col("statut") == "remis"
    blank = [pl.when(handed_over).then(pl.col(name)) for name in ("date_remise", "lieu", "type_beneficiaire", "en_qpv")]
    return dated.with_columns(blank)


def french_csv(rows: pl.DataFrame, path: Path) -> Path:
    """The rows as an office saves them: semicolons, jj/mm/aaaa, decimal comma, places by name."""
    names = {code: name for spots in PLACES.values() for code, name in spots}
    dates = [name for name, dtype in rows.schema.items() if dtype == pl.Date]
    written = rows.with_columns(
        pl.col(dates).dt.strftime("%d/%m/%Y"),
        (pl.col("valeur_unitaire") // 100).cast(pl.String)
        + pl.lit(",")
        + (pl.col("valeur_unitaire") % 100).cast(pl.String).str.zfill(2),
        pl.col("lieu").replace(names),
        pl.when(pl.col("en_qpv")).then(pl.lit("oui")).alias("en_qpv"),
    )
    written.write_csv(path, separator=";")
    return path
