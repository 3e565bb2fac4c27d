"""A dataset takes another code, or is parted: by named steps, tried first, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from core.domain import french
from core.domain.dataset import Dataset, FormerDataset
from core.errors import Refused
from core.storage.store import Store
from tests.core.storage.factories import COLUMNS, MATERIEL, NADIA, NOON, dataset, opened, row, save
from tests.core.storage.test_migrations import LATER, filled

RENAMED = dataset(code="machines", former=FormerDataset("materiel"))
SCREENS = dataset(
    code="ecrans",
    former=FormerDataset("materiel", "les écrans à part", lambda rows: rows.filter(pl.col("prix") > 1)),
)


def test_a_renamed_dataset_keeps_its_rows_its_past_and_its_history(database_url: str) -> None:
    filled(database_url)
    with Store.open(database_url) as store:
        with store.writing(NADIA, NOON) as writing:
            writing.enter("commentaire", "anonymal/materiel/A", {"texte": "vu"})
        store.prepare("anonymal", RENAMED, at=LATER)
        assert store.rows("anonymal", "machines")["prix"].to_list() == [3]
        assert store.rows("anonymal", "machines", 1)["prix"].to_list() == [1, 2]
        assert [one.revision for one in store.deposits(dataset="machines")] == [1, 2]
        assert len(store.entries("commentaire", "anonymal/machines/A")) == 1
        assert store.journal.verify().rows == 3
        store.prepare("anonymal", RENAMED, at=LATER)
        with store.writing(NADIA, LATER) as writing:
            writing.undo(2)
        assert store.rows("anonymal", "machines")["prix"].to_list() == [1, 2]
        store.journal.verify()
        assert store.keep_open({("anonymal", "machines")}) == ()


def test_it_is_renamed_twice_and_upgraded(database_url: str) -> None:
    filled(database_url)
    again = dataset({**COLUMNS, "lot": COLUMNS["numero"]}, code="parc", former=FormerDataset("machines"))
    with Store.open(database_url) as store:
        with store.writing(NADIA, NOON) as writing:
            writing.enter("commentaire", "anonymal/materiel", {"texte": "vu"})
        store.prepare("anonymal", RENAMED, at=LATER)
        store.prepare("anonymal", again, at=LATER)
        assert store.rows("anonymal", "parc").select("prix", "lot").rows() == [(3, None)]
        assert len(store.entries("commentaire", "anonymal/parc")) == 1
        assert store.journal.verify().rows == 3


def test_a_part_of_a_dataset_is_brought_over_and_the_whole_stays_readable(database_url: str) -> None:
    filled(database_url)
    with Store.open(database_url) as store:
        store.prepare("anonymal", SCREENS, at=LATER)
        assert store.rows("anonymal", "ecrans").select("_key", "prix", "_since").rows() == [("A", 3, 3)]
        assert store.deposits()[-1].action == "mise à niveau"
        (left,) = store.keep_open({("anonymal", "ecrans")})
        assert left.dataset.code == "materiel" and store.rows("anonymal", "materiel", 1).height == 2
        store.journal.verify()
        store.prepare("anonymal", SCREENS, at=LATER)
        assert store.latest() == 3


def explode(_rows: pl.DataFrame) -> pl.DataFrame:
    raise ZeroDivisionError("zéro")


@pytest.mark.parametrize(
    ("declared", "match"),
    [
        (replace(SCREENS, former=FormerDataset("materiel", "rate", explode)), "rate.* a échoué"),
        (replace(SCREENS, former=FormerDataset("materiel", "perd", lambda r: r.drop("prix"))), "la colonne « prix »"),
        (
            replace(SCREENS, former=FormerDataset("materiel", "double", lambda r: pl.concat([r, r]))),
            "vient deux fois",
        ),
    ],
)
def test_a_step_that_fails_changes_nothing(database_url: str, declared: Dataset, match: str) -> None:
    filled(database_url)
    with Store.open(database_url) as store:
        with pytest.raises(Refused, match=french.typeset(match)):
            store.prepare("anonymal", declared, at=LATER)
        store.prepare("anonymal", MATERIEL, at=LATER)
        assert store.rows("anonymal", "materiel").height == 1


@pytest.mark.parametrize(("declared", "after"), [(RENAMED, [3]), (SCREENS, [3])], ids=["renamed", "parted"])
def test_a_rehearsal_shows_the_rows_and_keeps_nothing(database_url: str, declared: Dataset, after: list[int]) -> None:
    with opened(database_url) as store:
        save(store, row("A", 3))
        lines = store.journal.verify().lines
        (found,) = store.rehearse("anonymal", declared, at=LATER)
        assert (found.origin, found.refusal) == ("materiel", None)
        assert found.before["prix"].to_list() == [3] and found.after["prix"].to_list() == after
        assert store.journal.verify().lines == lines and store.latest() == 1
        assert store.rehearse("anonymal", MATERIEL, at=LATER) == []
