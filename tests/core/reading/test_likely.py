"""A heading that nobody understood: the column that it most likely means is offered, never taken."""

from __future__ import annotations

import pytest

from core.catalogue import accompagner, connecter, transverse
from core.reading import likely

BY_CODE = {one.code: one for one in (*accompagner.DATASETS, *connecter.DATASETS, *transverse.DATASETS)}


@pytest.mark.parametrize(
    ("dataset", "heading", "column"),
    [
        ("concertations", "Nb participants présents", "participants"),
        ("diagnostics", "Nb de diagnostics réalisés", "diagnostics"),
        ("diagnostics", "Échanges faits", None),
        ("diagnostics", "Besoin", None),
    ],
)
def test_the_likeliest_column_is_offered(dataset: str, heading: str, column: str | None) -> None:
    assert likely(heading, BY_CODE[dataset].columns) == column
