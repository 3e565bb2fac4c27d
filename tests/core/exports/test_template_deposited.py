"""Each template of each association, filled in LibreOffice, is deposited without a hand's turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.contract import schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, Role
from core.domain.programme import METROPOLE
from core.exports.description import DatasetDescription
from core.exports.table_schema import example
from core.storage import Store
from tests.core.exports.test_template import ALL, filled, registry
from tests.support.office import Convert

AT = datetime(2022, 7, 5, 9, 30, tzinfo=UTC)
GRANTED = ("immeubles", "raccordements", "concertations")


def who(association: str) -> Actor:
    if association == METROPOLE:
        return Actor("Karim", Role.LEAD)
    return Actor("Claire", Role.ASSOCIATION, association)


def in_order() -> list[tuple[str, str]]:
    """What others name comes before them: the Métropole's registers, then buildings before what happens in them."""
    return sorted(ALL, key=lambda one: (one[0] != METROPOLE, bool(registry().dataset(*one).references)))


def let_in(store: Store) -> None:
    """ARSENIC follows buildings where the Métropole let it, at Aix."""
    grants = [{"association": "arsenic", "dataset": code, "lieu": "aix"} for code in GRANTED]
    submit.save_rows(Scope(registry(), store, who(METROPOLE), AT), METROPOLE, "autorisations", grants)


@pytest.mark.slow
def test_every_template_filled_in_libreoffice_is_deposited(
    soffice: Convert, tmp_path: Path, sqlite_database_url: str
) -> None:
    files = {}
    for association, dataset in in_order():
        about = DatasetDescription.of(registry(), association, dataset)
        files[association, dataset] = tmp_path / f"{association}-{dataset}.xlsx"
        files[association, dataset].write_bytes(filled(about, [example(about)]))
    first, *others = files.values()
    soffice(first, "ods", outdir=tmp_path / "rendu", also=others)
    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(registry(), store, at=AT)
        let_in(store)
        for (association, dataset), file in files.items():
            data = (tmp_path / "rendu" / f"{file.stem}.ods").read_bytes()
            outcome = submit.submit(
                Scope(registry(), store, who(association), AT), data, f"{file.stem}.ods", association, dataset
            )
            assert (list(outcome.errors), outcome.added, outcome.rejected) == ([], 1, 0), (association, dataset)
        store.journal.verify()
