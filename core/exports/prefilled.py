"""The template of an association, with the rows that the Métropole already knows: the machines ceded to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.exports.description import Described
from core.exports.template import workbook
from core.exports.template_cells import Styles, Written
from core.registry import Registry
from core.services import annex
from core.storage import Store


def prefilled_template(
    registry: Registry, store: Store, association: str, dataset: str, *, created: datetime
) -> bytes:  # fmt: skip
    """The template of ``core.exports.template``, with the machines of the annex that the association has to enter.

    Raises UnknownName.
    """
    about = Described.of(registry, association, dataset)
    rows = annex.prefilled(store, association) if dataset == annex.MACHINES else []

    def below(sheet: Any, styles: Styles) -> None:
        for at, row in enumerate(rows, start=1):
            for place, column in enumerate(about.dataset.columns):
                if row.get(column.name) is not None:
                    Written(column, column.kind.write(row[column.name])).write(sheet, at, place, styles)

    return workbook(about, created=created, below=below if rows else None)
