"""The annex of the equipment: its columns are the Métropole's, prefilled for the association, and not its to type.

Once the project lead has loaded the annex, the number, the type, the serial number, the value and
the batch of a machine are those of the annex; an association that types something else is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from core.axes.equiper.schema import METROPOLE as FROM_METROPOLE
from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.services.cross_checks import Finding
from core.storage import Store

ANNEX, DEEDS, MACHINES = "annexe_materiel", "lots_cession", "materiel"
HELD = ("type", "numero_serie", "valeur_unitaire", "lot")
"""The columns that the annex decides."""
_REMEDY = "Remettez la valeur de l’annexe, ou laissez la cellule vide ; si l’annexe se trompe, prévenez la Métropole."


def prefilled(store: Store, association: str) -> list[dict[str, Any]]:
    """The machines ceded to ``association`` that it has not entered yet, as rows to go on from.

    Empty for an association that the deliberation cedes nothing to, or while nothing is ceded.
    """
    if association != EQUIPMENT.beneficiary:
        return []
    ceded = store.rows(METROPOLE, DEEDS)["lot"]
    known = store.rows(association, MACHINES)["numero_inventaire"]
    annex = store.rows(METROPOLE, ANNEX)
    waiting = annex.filter(pl.col("lot").is_in(ceded.implode()) & ~pl.col("numero_inventaire").is_in(known.implode()))
    same = {"provenance": FROM_METROPOLE, "statut": "cédé"}
    return [row | same for row in waiting.select("numero_inventaire", *HELD).to_dicts()]


def differences(dataset: Dataset, association: str, rows: pl.DataFrame, annex: pl.DataFrame) -> Iterator[Finding]:
    """Each machine of ``rows`` that is not described as in the annex; a cell left blank says nothing else."""
    if annex.is_empty() or rows.is_empty():
        return
    listed = annex.select("numero_inventaire", pl.col(*HELD).name.suffix("_annexe"))
    both = rows.join(listed, on="numero_inventaire", how="inner").sort("numero_inventaire")
    for name in HELD:
        kind, title = dataset.by_name[name].kind, dataset.by_name[name].title
        for row in both.filter(pl.col(name) != pl.col(f"{name}_annexe")).iter_rows(named=True):
            number, said = row["numero_inventaire"], kind.show(row[f"{name}_annexe"])
            yield Finding(
                "annexe_differente", MACHINES, french.typeset(f"{number}, {title} : {kind.show(row[name])}"),
                french.typeset(f"L’annexe de la Métropole dit « {said} »."), french.typeset(_REMEDY),
                "numero_inventaire", number, association, row.get("_experiment"), row.get("_place"),
            )  # fmt: skip
